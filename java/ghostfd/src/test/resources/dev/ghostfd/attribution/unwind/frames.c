/* SPDX-License-Identifier: Apache-2.0 */
/* frames SCENE: makes a descriptor below functions of known names; with frames of the shapes that compilers make. */
#define _GNU_SOURCE
#include <alloca.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))
/* What follows a call, so that it is none at the function's end, which compilers make a jump. */
#define AFTER __asm__ volatile("" ::: "memory")

volatile int sink;

NOINLINE int make_descriptor(void)
{
	int fd = memfd_create("frames", 0);

	AFTER;
	return fd;
}

NOINLINE int user_plain(int depth)
{
	int fd = make_descriptor() + depth;

	AFTER;
	return fd;
}

/* A frame whose size is known only when it runs. */
NOINLINE int user_variable(int bytes)
{
	char *room = alloca(bytes);

	memset(room, 1, bytes);
	sink += room[bytes / 2];
	int fd = user_plain(bytes);
	sink += room[bytes / 3];
	return fd;
}

/* A frame that is aligned more than the stack is. */
NOINLINE int user_aligned(int n)
{
	volatile int room[16] __attribute__((aligned(128))) = {0};

	room[n & 15] = user_variable(n);
	return room[n & 15];
}

static inline __attribute__((always_inline)) int merged(int n)
{
	return user_plain(n) + 1;
}

NOINLINE int user_inlining(int n)
{
	int fd = merged(n) + merged(n + 1);

	AFTER;
	return fd;
}

/* Gone from the stack when it has called: what it calls returns to its caller. */
NOINLINE int jumps(int n)
{
	return user_plain(n + 1);
}

NOINLINE int user_tail(int n)
{
	int fd = jumps(n) * 2;

	AFTER;
	return fd;
}

NOINLINE int user_popen(void)
{
	FILE *stream = popen("exit 0", "r");

	AFTER;
	return stream != NULL;
}

NOINLINE int user_spawn(void)
{
	extern char **environ;
	char *arguments[] = {"true", NULL};
	pid_t pid;
	int failed = posix_spawnp(&pid, "true", NULL, NULL, arguments, environ);

	AFTER;
	return failed;
}

static int user_compare(const void *a, const void *b)
{
	sink += user_plain(3);
	return *(const int *)a - *(const int *)b;
}

/* Through libc and back into the program. */
NOINLINE int user_sort(void)
{
	int numbers[] = {3, 1, 2};

	qsort(numbers, 3, sizeof(int), user_compare);
	AFTER;
	return numbers[0];
}

static void user_handler(int signal)
{
	sink += user_plain(signal);
}

NOINLINE int user_interrupted(void)
{
	signal(SIGUSR1, user_handler);
	raise(SIGUSR1);
	AFTER;
	return 0;
}

static void *user_thread(void *unused)
{
	(void)unused;
	sink += user_plain(4);
	return NULL;
}

NOINLINE int user_threaded(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, user_thread, NULL);
	pthread_join(thread, NULL);
	return 0;
}

/* Deeper than what is copied. */
NOINLINE int user_deep(int depth)
{
	volatile char room[400];

	room[depth] = 1;
	int fd = depth == 0 ? user_plain(5) : user_deep(depth - 1);
	sink += room[depth];
	return fd;
}

int main(int argc, char **argv)
{
	const char *scene = argc > 1 ? argv[1] : "plain";
	int result = 0;

	if (strcmp(scene, "plain") == 0)
		result = user_plain(1);
	else if (strcmp(scene, "variable") == 0)
		result = user_aligned(argc * 100);
	else if (strcmp(scene, "inlining") == 0)
		result = user_inlining(argc);
	else if (strcmp(scene, "tail") == 0)
		result = user_tail(argc);
	else if (strcmp(scene, "popen") == 0)
		result = user_popen();
	else if (strcmp(scene, "spawn") == 0)
		result = user_spawn();
	else if (strcmp(scene, "sort") == 0)
		result = user_sort();
	else if (strcmp(scene, "signal") == 0)
		result = user_interrupted();
	else if (strcmp(scene, "thread") == 0)
		result = user_threaded();
	else if (strcmp(scene, "deep") == 0)
		result = user_deep(20);
	AFTER;
	return result != 0;
}
