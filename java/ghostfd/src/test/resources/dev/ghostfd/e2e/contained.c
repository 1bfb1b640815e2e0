/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A container's first process: contained PIPES ZOMBIES [wait]. Keeps the read ends of so many pipes whose writers have
 * exited, and so many zombies that fell to it when their parents exited, since it is an init that does not reap. With a
 * third argument it begins once there is a line on its stdin. Linked statically, so that it needs no files but itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int check(int result, const char *what)
{
	if (result < 0) {
		perror(what);
		exit(1);
	}
	return result;
}

static void leak_pipe(void)
{
	int ends[2];
	pid_t child;

	check(pipe(ends), "pipe");
	child = check(fork(), "fork");
	if (child == 0)
		_exit(0);
	check(close(ends[1]), "close");
	check(waitpid(child, NULL, 0), "waitpid");
}

static void leave_zombie(void)
{
	int gone[2];
	char end;
	pid_t child;

	check(pipe(gone), "pipe");
	child = check(fork(), "fork");
	if (child == 0) {
		if (check(fork(), "fork") == 0) {
			/* Ends once its parent has: only then is init the one that has to wait. */
			close(gone[1]);
			_exit((int)read(gone[0], &end, 1));
		}
		_exit(0);
	}
	check(close(gone[0]), "close");
	check(waitpid(child, NULL, 0), "waitpid");
	check(close(gone[1]), "close");
}

int main(int argc, char **argv)
{
	if (argc > 3)
		getchar();
	for (int i = 0; argc > 1 && i < atoi(argv[1]); i++)
		leak_pipe();
	for (int i = 0; argc > 2 && i < atoi(argv[2]); i++)
		leave_zombie();
	printf("READY pid=%d\n", getpid());
	fflush(stdout);
	for (;;)
		pause();
}
