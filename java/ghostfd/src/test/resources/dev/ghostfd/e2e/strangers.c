/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Processes of one program get the pids of another's children as soon as those are reaped, before the kernel has told that
 * they were freed. `strangers maker FIFO` makes children that exit at once and writes their pids to the FIFO; pauses at
 * "begin" and at "end". `strangers taker FIFO` forks a process with each of these pids, which opens files and exits, and
 * prints `TAKEN n` at the end.
 */
#include "barrier.h"

#define ROUNDS 200

static void make(int fifo)
{
	barrier("begin");
	for (int i = 0; i < ROUNDS; i++) {
		pid_t child = CHECK(fork());

		if (child == 0)
			_exit(0);
		CHECK(waitpid(child, NULL, 0));
		CHECK(write(fifo, &child, sizeof(child)));
		usleep(3000);
	}
	CHECK(close(fifo));
	barrier("end");
}

static void take(int fifo)
{
	int taken = 0;
	pid_t pid;

	while (read(fifo, &pid, sizeof(pid)) == sizeof(pid)) {
		pid_t child = fork_as(pid);

		if (child == 0) {
			for (int i = 0; i < 8; i++)
				CHECK(open("/dev/null", O_RDONLY));
			_exit(0);
		}
		/* Another process of the machine may have been first. */
		if (child > 0) {
			CHECK(waitpid(child, NULL, 0));
			taken++;
		}
	}
	dprintf(1, "TAKEN %d\n", taken);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "maker"))
		make(CHECK(open(argv[2], O_WRONLY)));
	else if (argc == 3 && !strcmp(argv[1], "taker"))
		take(CHECK(open(argv[2], O_RDONLY)));
	else
		return 2;
	return 0;
}
