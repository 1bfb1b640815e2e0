/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One thing over and over, timed. Reads orders from stdin, a line each, until it ends:
 *
 *   open-close SECONDS   open("/dev/null") and close
 *   spawn SECONDS        pipe2, posix_spawn of true with the pipe as its stdout, read to the end, wait
 *   unrelated SECONDS    getppid, which has nothing to do with descriptors
 *
 * and answers each with a line: how many it did, and nanoseconds for each.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void open_close(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die("open");
	close(fd);
}

static void unrelated(void)
{
	syscall(SYS_getppid);
}

static void spawn(void)
{
	char *arguments[] = {"true", NULL}, buffer[16];
	posix_spawn_file_actions_t actions;
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC))
		die("pipe2");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	if (posix_spawn(&child, "/bin/true", &actions, NULL, arguments, environ))
		die("posix_spawn");
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	while (read(ends[0], buffer, sizeof(buffer)) > 0)
		;
	close(ends[0]);
	waitpid(child, NULL, 0);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*once)(void);
		int batch; /* between two looks at the clock */
	} loops[] = {{"open-close", open_close, 100}, {"spawn", spawn, 1}, {"unrelated", unrelated, 1000}};
	char line[64], name[32];
	double seconds;

	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "%31s %lf", name, &seconds) != 2)
			return 2;
		for (size_t i = 0; i < sizeof(loops) / sizeof(*loops); i++) {
			double started = now(), ended = started;
			long done = 0;

			if (strcmp(loops[i].name, name))
				continue;
			alarm(10 * seconds + 60); /* never runs away */
			for (; ended - started < seconds; ended = now(), done += loops[i].batch)
				for (int one = 0; one < loops[i].batch; one++)
					loops[i].once();
			printf("%ld %.1f\n", done, (ended - started) * 1e9 / done);
			fflush(stdout);
		}
	}
	return 0;
}
