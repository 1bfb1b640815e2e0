/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One way to start a process or thread per scenario, pausing wherever there is a table to compare. Prints
 * `CHILD pid=P exit=E` for each child that ghostfd must list for the process at the barrier "parent".
 */
#include "barrier.h"

static const char *self = "/proc/self/exe";

static void report(pid_t child, int exit)
{
	int status;

	CHECK(waitpid(child, &status, 0));
	CHECK(-(!WIFEXITED(status) || WEXITSTATUS(status) != exit));
	dprintf(1, "CHILD pid=%d exit=%d\n", child, exit);
}

static void *churn(void *unused)
{
	unsigned int seed = (unsigned int)(uintptr_t)&unused;
	int mine[40], count = 0;

	for (int i = 0; i < 2000; i++) {
		if (count < 40 && (count == 0 || rand_r(&seed) % 2))
			mine[count++] = CHECK(rand_r(&seed) % 2 ? dup(0) : open("/dev/null", O_RDONLY));
		else
			CHECK(close(mine[--count]));
	}
	return NULL;
}

static void *outlive(void *leader)
{
	CHECK(-pthread_join(*(pthread_t *)leader, NULL));
	CHECK(open("/etc/passwd", O_RDONLY));
	barrier("leader-gone");
	_exit(0);
}

/* Threads share one table, and it lives on when the first of them, whose pid it goes by, has ended. */
static void threads(void)
{
	pthread_t thread[4], last;
	static pthread_t leader;

	for (int i = 0; i < 4; i++)
		CHECK(-pthread_create(&thread[i], NULL, churn, NULL));
	for (int i = 0; i < 4; i++)
		CHECK(-pthread_join(thread[i], NULL));
	barrier("parent");
	leader = pthread_self();
	CHECK(-pthread_create(&last, NULL, outlive, &leader));
	pthread_exit(NULL);
}

/* The child of vfork borrows the memory but has a table of its own. */
static void with_vfork(void)
{
	int keep = CHECK(open("/etc/passwd", O_RDONLY));
	pid_t child = CHECK(vfork());

	if (child == 0) {
		close(keep);
		_exit(3);
	}
	report(child, 3);
	child = CHECK(vfork());
	if (child == 0) {
		dup2(keep, 20);
		execl("/bin/sh", "sh", "-c", "exit 4", NULL);
		_exit(96);
	}
	report(child, 4);
	barrier("parent");
}

static void with_posix_spawn(void)
{
	posix_spawn_file_actions_t actions;
	pid_t child;
	int pair[2];

	CHECK(pipe2(pair, O_CLOEXEC));
	CHECK(-posix_spawn_file_actions_init(&actions));
	CHECK(-posix_spawn_file_actions_adddup2(&actions, pair[1], 30));
	CHECK(-posix_spawn_file_actions_addopen(&actions, 31, "/etc/passwd", O_RDONLY, 0));
	CHECK(-posix_spawn_file_actions_addclose(&actions, pair[0]));
	must_spawn(posix_spawn(&child, self, &actions, NULL, (char *[]){"spawned", "--pause", "5", NULL}, environ));
	posix_spawn_file_actions_destroy(&actions);
	report(child, 5);
	barrier("parent");
}

static void *exec_self(void *unused)
{
	(void)unused;
	CHECK(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
	CHECK(open("/etc/passwd", O_RDONLY));
	CHECK(execv(self, (char *[]){"threaded", "--pause", "6", NULL}));
	return NULL;
}

/* The thread that execs takes over the pid of the first one, which disappears without a process having ended. */
static void exec_from_thread(void)
{
	pid_t child = CHECK(fork());
	pthread_t thread;

	if (child == 0) {
		CHECK(-pthread_create(&thread, NULL, exec_self, NULL));
		pause();
	}
	report(child, 6);
	barrier("parent");
}

static void fork_without_exec(void)
{
	int pair[2];
	pid_t child;

	CHECK(pipe(pair));
	child = CHECK(fork());
	if (child == 0) {
		pid_t grandchild = CHECK(fork());

		if (grandchild == 0) {
			CHECK(close(pair[0]));
			barrier("grandchild");
			_exit(8);
		}
		CHECK(close(pair[1]));
		CHECK(open("/etc", O_RDONLY | O_DIRECTORY));
		report(grandchild, 8);
		barrier("child");
		_exit(7);
	}
	CHECK(close(pair[0]) + close(pair[1]));
	report(child, 7);
	barrier("parent");
}

/* Two processes with one pid, one after the other, with different tables and exits. */
static void pid_reuse(void)
{
	pid_t child = CHECK(fork_as(0)), second;

	if (child == 0) {
		for (int i = 0; i < 5; i++)
			CHECK(open("/etc/passwd", O_RDONLY));
		barrier("first");
		_exit(1);
	}
	report(child, 1);
	/* Another process of the machine may sit on the number for a moment. */
	for (int i = 0; (second = fork_as(child)) < 0 && errno == EEXIST && i < 1000; i++)
		usleep(5000);
	CHECK(second);
	if (second == 0) {
		CHECK(open("/etc", O_RDONLY | O_DIRECTORY));
		barrier("second");
		_exit(2);
	}
	report(second, 2);
	barrier("parent");
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} scenarios[] = {
		{"threads", threads},
		{"vfork", with_vfork},
		{"posix-spawn", with_posix_spawn},
		{"exec-from-thread", exec_from_thread},
		{"fork-without-exec", fork_without_exec},
		{"pid-reuse", pid_reuse},
	};

	if (argc == 3 && !strcmp(argv[1], "--pause")) {
		barrier(argv[0]);
		return atoi(argv[2]);
	}
	for (size_t i = 0; i < sizeof(scenarios) / sizeof(*scenarios); i++)
		if (argc == 2 && !strcmp(argv[1], scenarios[i].name)) {
			scenarios[i].run();
			return 0;
		}
	dprintf(2, "usage: %s SCENARIO\n", argv[0]);
	return 2;
}
