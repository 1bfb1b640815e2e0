/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A steady mixed load: short-lived children with pipes, and descriptors that come and go at random.
 * churn SECONDS SPAWNS_PER_MINUTE CHURN_PER_SECOND; prints "READY" once the load is up to its steady level, and at the end
 * returns to what it held then, prints "LEVEL" and waits for its stdin to end.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HELD 256
#define LAST_WORDS 60

extern char **environ;
static int held[HELD];

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
	if (posix_spawnp(&child, "true", &actions, NULL, arguments, environ))
		die("posix_spawn");
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	while (read(ends[0], buffer, sizeof(buffer)) > 0)
		;
	close(ends[0]);
	waitpid(child, NULL, 0);
}

static int create(int which)
{
	int pair[2];

	switch (which % 5) {
	case 0:
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	case 1:
		return eventfd(0, EFD_CLOEXEC);
	case 2:
		return epoll_create1(EPOLL_CLOEXEC);
	case 3:
		return dup(1);
	default:
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
			die("socketpair");
		close(pair[1]);
		return pair[0];
	}
}

static void churn(unsigned int *seed)
{
	int slot = rand_r(seed) % HELD;

	close(held[slot]);
	held[slot] = create(rand_r(seed));
	if (held[slot] < 0)
		die("create");
}

int main(int argc, char **argv)
{
	double end, started, spawns = 0, churns = 0;
	unsigned int seed = 1;
	char byte;

	if (argc != 4) {
		fprintf(stderr, "usage: %s SECONDS SPAWNS_PER_MINUTE CHURN_PER_SECOND\n", argv[0]);
		return 2;
	}
	alarm(atoi(argv[1]) + 2 * LAST_WORDS); /* never runs away */
	for (int i = 0; i < HELD; i++)
		held[i] = create(i);
	puts("READY");
	fflush(stdout);
	started = now();
	end = started + atoi(argv[1]);
	while (now() < end) {
		double elapsed = now() - started;
		struct timespec pause = {0, 2000000};

		for (; spawns < elapsed * atoi(argv[2]) / 60; spawns++)
			spawn();
		for (; churns < elapsed * atoi(argv[3]); churns++)
			churn(&seed);
		nanosleep(&pause, NULL);
	}
	puts("LEVEL");
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
	return 0;
}
