/* SPDX-License-Identifier: Apache-2.0 */
/* What all processes of one run share: the actors (threads that perform operations), their rounds, and a log of what was
 * done since the last barrier. It lies in a file that is mapped and closed again, so that it survives exec. */
#ifndef STAGE_H
#define STAGE_H

#include "futex.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define ACTORS 24
#define LOG_ENTRIES 16384
#define SECONDS_AT_MOST 120 /* of life, for any process that takes part */

enum actor_state {
	FREE,    /* the slot may be taken */
	RUNNING, /* performs operations, or is about to be started */
	PARKED,  /* waits for the next round */
	DEAD,    /* has exited or is about to; freed by the conductor at a barrier */
};

struct actor {
	_Atomic int state;
	_Atomic pid_t pid, tid;
	uint64_t random;
	int quota;   /* operations left in this round */
	int mailbox; /* its datagram socket, -1 for none */
	_Atomic unsigned mailboxes;
};

struct entry {
	uint64_t time;
	pid_t pid, tid;
	char operation[16];
	long a, b, result;
	int error;
};

struct stage {
	_Atomic uint32_t round, changes, stopping;
	pid_t conductor;
	uint64_t enabled; /* one bit per operation */
	char folder[256], program[256];
	struct actor actors[ACTORS];
	_Atomic uint32_t entries;
	struct entry log[LOG_ENTRIES];
};

static struct stage *stage;
static char stage_path[300];
static __thread struct actor *self;

/* One thread at a time makes processes or threads, execs or exits its process, so that none is killed in the middle of
 * that. A forked child inherits it taken and frees it once it is an actor; one that never does makes nothing. */
static _Atomic int creating;

static bool may_create(void)
{
	int no = 0;

	return atomic_compare_exchange_strong(&creating, &no, 1);
}

static void created(void)
{
	creating = 0;
}

static pid_t thread_id(void)
{
	return syscall(SYS_gettid);
}

/* splitmix64 */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

static int below(int limit)
{
	return next_random(&self->random) % limit;
}

static bool chance(int percent)
{
	return below(100) < percent;
}

/* Logs one call and hands its result through. */
static long note(const char *operation, long a, long b, long result)
{
	uint32_t at = atomic_fetch_add(&stage->entries, 1);
	int error = errno;
	struct timespec now;

	if (at >= LOG_ENTRIES)
		return result;
	clock_gettime(CLOCK_BOOTTIME, &now);
	stage->log[at] = (struct entry){ .time = now.tv_sec * 1000000000ull + now.tv_nsec, .pid = getpid(),
					 .tid = thread_id(), .a = a, .b = b, .result = result,
					 .error = result < 0 ? error : 0 };
	snprintf(stage->log[at].operation, sizeof(stage->log[at].operation), "%s", operation);
	errno = error;
	return result;
}

static void announce(void)
{
	atomic_fetch_add(&stage->changes, 1);
	futex_wake(&stage->changes);
}

/* A slot for a new actor, with half of what its maker has left to do; NULL when all are taken. */
static struct actor *new_actor(int quota)
{
	for (int i = 0; i < ACTORS; i++) {
		struct actor *actor = &stage->actors[i];
		int none = FREE;

		if (!atomic_compare_exchange_strong(&actor->state, &none, RUNNING))
			continue;
		actor->random = self ? next_random(&self->random) : 0;
		actor->quota = quota;
		actor->mailbox = -1;
		return actor;
	}
	return NULL;
}

static void dies(struct actor *actor)
{
	actor->state = DEAD;
	announce();
}

/* Whoever looks for the actors of a process must not find one that is taken again for another. */
static void set_free(struct actor *actor)
{
	actor->pid = actor->tid = 0;
	actor->state = FREE;
}

static int live_actors(void)
{
	int live = 0;

	for (int i = 0; i < ACTORS; i++)
		live += stage->actors[i].state == RUNNING || stage->actors[i].state == PARKED;
	return live;
}

static void map_stage(const char *path, int flags)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | flags, 0600);

	if (fd < 0 || (flags && ftruncate(fd, sizeof(*stage))))
		_exit(90);
	stage = mmap(NULL, sizeof(*stage), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (stage == MAP_FAILED)
		_exit(91);
	close(fd);
	snprintf(stage_path, sizeof(stage_path), "%s", path);
}

#endif
