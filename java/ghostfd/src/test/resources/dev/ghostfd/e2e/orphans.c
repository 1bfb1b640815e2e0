/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Leaks one pipe end per way of starting a child, and prints for each `LEAK how=H fd=F end=E child=P exit=E`; keeps some
 * innocent pipes beside them. Then pauses at the barrier "leaked", closes all of it, and pauses at "closed".
 */
#include "barrier.h"

static int leaked[32], leaks;

static void leak(const char *how, int fd, const char *end, pid_t child, int exit)
{
	leaked[leaks++] = fd;
	dprintf(1, "LEAK how=%s fd=%d end=%s child=%d exit=%d\n", how, fd, end, child, exit);
}

static void reap(pid_t child)
{
	CHECK(waitpid(child, NULL, 0));
}

static int maker_ends[2];

static int *new_pipe(void)
{
	CHECK(pipe2(maker_ends, O_CLOEXEC));
	return maker_ends;
}

static void fork_without_exec(void)
{
	int *p = new_pipe();
	pid_t child = CHECK(fork());

	if (child == 0) {
		close(p[0]);
		_exit(11);
	}
	CHECK(close(p[1]));
	reap(child);
	leak("fork-without-exec", p[0], "read", child, 11);
}

static void fork_exec(void)
{
	int *p = new_pipe();
	pid_t child = CHECK(fork());

	if (child == 0) {
		dup2(p[1], 1);
		execl("/bin/sh", "sh", "-c", "exit 12", NULL);
		_exit(96);
	}
	CHECK(close(p[1]));
	reap(child);
	leak("fork-exec", p[0], "read", child, 12);
}

static void vfork_exec(void)
{
	int *p = new_pipe();
	pid_t child = CHECK(vfork());

	if (child == 0) {
		dup2(p[1], 2);
		execl("/bin/sh", "sh", "-c", "exit 13", NULL);
		_exit(96);
	}
	CHECK(close(p[1]));
	reap(child);
	leak("vfork-exec", p[0], "read", child, 13);
}

static pid_t spawn(int from, int to, const char *script)
{
	posix_spawn_file_actions_t actions;
	pid_t child;

	CHECK(-posix_spawn_file_actions_init(&actions));
	CHECK(-posix_spawn_file_actions_adddup2(&actions, from, to));
	must_spawn(posix_spawn(
		&child, "/bin/sh", &actions, NULL, (char *[]){"sh", "-c", (char *)script, NULL}, environ));
	posix_spawn_file_actions_destroy(&actions);
	return child;
}

static void spawn_stdout(void)
{
	int *p = new_pipe();
	pid_t child = spawn(p[1], 1, "exit 14");

	CHECK(close(p[1]));
	reap(child);
	leak("posix-spawn", p[0], "read", child, 14);
}

/* Nobody can read any more what this would write. */
static void spawn_stdin(void)
{
	int *p = new_pipe();
	pid_t child = spawn(p[0], 0, "exit 15");

	CHECK(close(p[0]));
	reap(child);
	leak("stdin", p[1], "write", child, 15);
}

static void *spawn_from_thread(void *unused)
{
	int *p = new_pipe();
	pid_t child = spawn(p[1], 1, "exit 16");

	(void)unused;
	CHECK(close(p[1]));
	reap(child);
	leak("thread", p[0], "read", child, 16);
	return NULL;
}

static void *exec_shell(void *end)
{
	dup2(*(int *)end, 1);
	execl("/bin/sh", "sh", "-c", "exit 17", NULL);
	_exit(96);
}

static void exec_from_thread(void)
{
	int *p = new_pipe();
	pid_t child = CHECK(fork());
	pthread_t thread;

	if (child == 0) {
		CHECK(-pthread_create(&thread, NULL, exec_shell, &p[1]));
		pause();
	}
	CHECK(close(p[1]));
	reap(child);
	leak("exec-from-thread", p[0], "read", child, 17);
}

/* The end that stays was moved, as programs do that keep low numbers free. */
static void duplicated(void)
{
	int *p = new_pipe(), moved;
	pid_t child = spawn(p[1], 1, "exit 18");

	CHECK(close(p[1]));
	moved = CHECK(fcntl(p[0], F_DUPFD_CLOEXEC, 200));
	CHECK(close(p[0]));
	reap(child);
	leak("duplicated", moved, "read", child, 18);
}

static void killed(void)
{
	int *p = new_pipe();
	pid_t child = spawn(p[1], 1, "kill -9 $$");

	CHECK(close(p[1]));
	reap(child);
	leak("killed", p[0], "read", child, -9);
}

/* Both ends in one process: as if it were a self-pipe, although children have come and gone with copies of it. */
static void innocent_self_pipe(void)
{
	new_pipe();
	reap(spawn(0, 0, "exit 0"));
}

/* GNU make keeps a read end without a writer on purpose; no child ever had the writer. */
static void innocent_dead_stdin(void)
{
	int *p = new_pipe();

	CHECK(close(p[1]));
	reap(spawn(p[0], 0, "exit 0"));
}

int main(void)
{
	pthread_t thread;

	fork_without_exec();
	fork_exec();
	vfork_exec();
	spawn_stdout();
	spawn_stdin();
	CHECK(-pthread_create(&thread, NULL, spawn_from_thread, NULL));
	CHECK(-pthread_join(thread, NULL));
	exec_from_thread();
	duplicated();
	killed();
	innocent_self_pipe();
	innocent_dead_stdin();
	barrier("leaked");
	while (leaks > 0)
		CHECK(close(leaked[--leaks]));
	barrier("closed");
	return 0;
}
