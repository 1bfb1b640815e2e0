/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the self-test of scripts/kernels runs beside the end-to-end tests' programs:
 *   workload clean N        starts N children, each with a pipe for its output, and closes and reaps as it should
 *   workload flood SECONDS  opens and closes as fast as it can, and keeps some; then pauses
 */
#include "barrier.h"

#include <time.h>

static void read_to_the_end(int fd)
{
	char bytes[64];

	while (CHECK(read(fd, bytes, sizeof(bytes))) > 0)
		;
}

static void clean(int children)
{
	for (int i = 0; i < children; i++) {
		int ends[2];
		pid_t child;

		CHECK(pipe2(ends, O_CLOEXEC));
		child = CHECK(i % 2 ? fork() : vfork());
		if (child == 0) {
			dup2(ends[1], 1);
			execl("/bin/sh", "sh", "-c", "echo done", NULL);
			_exit(96);
		}
		CHECK(close(ends[1]));
		read_to_the_end(ends[0]);
		CHECK(close(ends[0]));
		CHECK(waitpid(child, NULL, 0));
	}
}

static void flood(int seconds)
{
	time_t end = time(NULL) + seconds;
	int kept = 0;

	for (unsigned i = 0; time(NULL) < end; i++) {
		int fd = CHECK(open("/dev/null", O_RDONLY));

		if (i % 1000 != 0 || kept++ >= 100)
			CHECK(close(fd));
	}
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "clean")) {
		clean(atoi(argv[2]));
	} else if (argc == 3 && !strcmp(argv[1], "flood")) {
		barrier("start");
		flood(atoi(argv[2]));
	} else {
		dprintf(2, "usage: %s clean CHILDREN | flood SECONDS\n", argv[0]);
		return 2;
	}
	barrier("done");
	return 0;
}
