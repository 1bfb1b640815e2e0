/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opens descriptors until its soft limit stops it, says FULL, keeps trying, and says ON when it gets on, ten a second.
 * limited SOFT HARD
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int full = 0;

	if (argc != 3)
		return 2;
	struct rlimit limit = {strtoul(argv[1], NULL, 10), strtoul(argv[2], NULL, 10)};

	if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
		perror("setrlimit");
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("READY pid=%d\n", getpid());
	for (;;) {
		if (open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0) {
			if (full)
				printf("ON\n");
			if (!full)
				continue;
		} else if (errno != EMFILE) {
			perror("open");
			return 1;
		} else if (!full) {
			printf("FULL\n");
			full = 1;
		}
		usleep(100000);
	}
}
