/* SPDX-License-Identifier: Apache-2.0 */
/* Operations that make and end processes and threads. */
#ifndef PROCESSES_H
#define PROCESSES_H

#include "descriptors.h"

#include <linux/sched.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define FEWEST 4 /* live actors: below it none exits of its own accord */
#define STACK (256 << 10)

extern char **environ;

/* The child of a raw clone never makes threads: glibc does not know that it has forked. */
static bool raw;

static void operate_on_descriptors(void);
static void act(void) __attribute__((noreturn));

static int share_of_quota(void)
{
	int share = self->quota / 2;

	self->quota -= share;
	return share;
}

static void become(struct actor *actor)
{
	self = actor;
	self->tid = thread_id();
	self->pid = getpid();
	created();
	alarm(SECONDS_AT_MOST);
	signal(SIGCHLD, chance(50) ? SIG_IGN : SIG_DFL);
	act();
}

/* A few operations between fork and exit, while the maker waits. */
static void live_briefly(void) __attribute__((noreturn));
static void live_briefly(void)
{
	for (int i = below(8); i > 0; i--)
		operate_on_descriptors();
	_exit(0);
}

static long raw_clone(unsigned long flags)
{
	int pidfd = -1;
	long child;

	if (chance(30))
		flags |= CLONE_PIDFD;
	/* With one signal number for both calls; clone3 takes it in a field of its own. */
	if (chance(50)) {
		struct clone_args args = { .flags = flags, .pidfd = (uintptr_t)&pidfd,
					   .exit_signal = flags & CLONE_PARENT ? 0 : SIGCHLD };

		child = syscall(SYS_clone3, &args, sizeof(args));
	} else {
		child = syscall(SYS_clone, flags | SIGCHLD, 0, &pidfd, 0, 0);
	}
	if (child)
		note(flags & CLONE_PIDFD ? "clone_pidfd" : "clone", flags, pidfd, child);
	return child;
}

static void fork_actor(const char *name, bool with_glibc, unsigned long flags)
{
	struct actor *actor;
	pid_t child;

	if (!may_create())
		return;
	actor = new_actor(share_of_quota());
	if (!actor) {
		created();
		return;
	}
	child = with_glibc ? fork() : raw_clone(flags);
	if (!child) {
		raw |= !with_glibc;
		become(actor);
	}
	note(name, child, flags, 0);
	/* The child enters its own pid: by now it may be gone, and the slot another's. */
	if (child < 0)
		dies(actor);
	created();
}

static void op_fork(void)
{
	fork_actor("fork", true, 0);
}

static void op_clone(void)
{
	fork_actor("raw clone", false, chance(20) ? CLONE_PARENT : 0);
}

static void op_clone_files(void)
{
	fork_actor("clone_files", false, CLONE_FILES);
}

static void op_fork_briefly(void)
{
	pid_t child;

	if (!may_create())
		return;
	child = raw_clone(chance(30) ? CLONE_FILES : 0);
	if (!child)
		live_briefly();
	waitpid(child, NULL, 0);
	created();
}

static char *const *arguments(const char *role, const struct actor *actor)
{
	static __thread char number[12];
	static __thread const char *vector[5];

	snprintf(number, sizeof(number), "%d", (int)(actor - stage->actors));
	vector[0] = stage->program;
	vector[1] = role;
	vector[2] = stage_path;
	vector[3] = number;
	return (char *const *)vector;
}

/* vfork or posix_spawn, with some of its own descriptors moved before exec; the new program lives on, or briefly. */
static void op_spawn(void)
{
	posix_spawn_file_actions_t actions;
	bool stays = chance(40);
	struct actor *actor = self;
	int from = pick(), to = pick(), closed = pick(), error = 0;
	pid_t child = -1;

	if (!may_create())
		return;
	if (stays)
		actor = new_actor(share_of_quota());
	if (!actor) {
		created();
		return;
	}
	char *const *vector = arguments(stays ? "actor" : "briefly", actor);

	if (chance(50)) {
		child = vfork();
		if (!child) {
			dup2(from, to);
			close(closed);
			execve(stage->program, vector, environ);
			_exit(92);
		}
		note("vfork", child, 0, child);
	} else {
		posix_spawn_file_actions_init(&actions);
		posix_spawn_file_actions_addclose(&actions, closed);
		posix_spawn_file_actions_addopen(&actions, to, "/dev/null", O_RDONLY, 0);
		if (chance(30))
			posix_spawn_file_actions_addclosefrom_np(&actions, 10 + from);
		error = posix_spawn(&child, stage->program, &actions, NULL, vector, environ);
		posix_spawn_file_actions_destroy(&actions);
		note("posix_spawn", child, error, 0);
	}
	if (!stays)
		waitpid(child, NULL, 0);
	else if (child < 0 || error)
		dies(actor);
	created();
}

static void *start_thread(void *actor)
{
	self = actor;
	self->tid = thread_id();
	act();
}

static void op_thread(void)
{
	pthread_attr_t attributes;
	pthread_t thread;
	struct actor *actor;

	if (raw || !may_create())
		return;
	actor = new_actor(share_of_quota());
	if (actor) {
		actor->pid = getpid();
		pthread_attr_init(&attributes);
		pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
		pthread_attr_setstacksize(&attributes, STACK);
		if (note("thread", 0, 0, pthread_create(&thread, &attributes, start_thread, actor)))
			dies(actor);
		pthread_attr_destroy(&attributes);
	}
	created();
}

static _Atomic uint32_t own_table_thread;

static int act_as_thread(void *actor)
{
	self = actor;
	for (int i = 1 + below(6); i > 0; i--)
		operate_on_descriptors();
	syscall(SYS_exit, 0);
	return 0;
}

/* A thread that starts with a table of its own. It borrows its maker's thread-local storage, so its maker waits. */
static void op_thread_without_files(void)
{
	char *stack;
	int flags = CLONE_VM | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_CHILD_SETTID |
		    CLONE_CHILD_CLEARTID;

	if (!may_create())
		return;
	stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (stack != MAP_FAILED) {
		own_table_thread = 1;
		if (note("own table", 0, 0, clone(act_as_thread, stack + STACK, flags, self, NULL, NULL, &own_table_thread)) > 0)
			for (uint32_t tid = own_table_thread; tid; tid = own_table_thread)
				futex_wait(&own_table_thread, tid, 100);
		munmap(stack, STACK);
	}
	created();
}

/* Every other thread of the process ends; from another thread than the first, this one takes over its pid. */
static void op_exec(void)
{
	if (!may_create())
		return;
	if (chance(15)) {
		note("exec of nothing", 0, 0, execve("/nothing/here", arguments("actor", self), environ));
	} else {
		note("exec", self->tid == self->pid, 0, 0);
		execve(stage->program, arguments("actor", self), environ);
		_exit(93);
	}
	created();
}

static void op_exit_thread(void)
{
	if (raw || live_actors() <= FEWEST || !may_create())
		return;
	created();
	note("thread exit", self->tid == self->pid, 0, 0);
	dies(self);
	syscall(SYS_exit, 0);
}

static void op_exit(void)
{
	if (live_actors() <= FEWEST || !may_create())
		return;
	note("exit", 0, 0, 0);
	for (int i = 0; i < ACTORS; i++)
		if (stage->actors[i].pid == self->pid && &stage->actors[i] != self)
			stage->actors[i].state = DEAD;
	dies(self);
	_exit(0);
}

static void op_reap(void)
{
	note("waitpid", 0, 0, waitpid(-1, NULL, WNOHANG | __WALL));
}

#endif
