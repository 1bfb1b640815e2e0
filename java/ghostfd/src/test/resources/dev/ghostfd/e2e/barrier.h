/* SPDX-License-Identifier: Apache-2.0 */
/* What the end-to-end tests' programs share: pausing where the test wants to look at them. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define CHECK(call) \
	({ \
		long result_ = (long)(call); \
		if (result_ < 0) { \
			dprintf(2, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, strerror(errno)); \
			_exit(97); \
		} \
		result_; \
	})

/* Says where it is and waits for a line on stdin. No stdio: it must be usable after fork and while threads run. */
static inline void barrier(const char *name)
{
	char c = 0;

	dprintf(1, "AT %s pid=%d tid=%ld\n", name, getpid(), syscall(SYS_gettid));
	while (c != '\n')
		if (read(0, &c, 1) != 1)
			_exit(98); /* the test is gone */
}

/* posix_spawn returns its error instead of setting errno. */
static inline void must_spawn(int error)
{
	errno = error;
	CHECK(error ? -1 : 0);
}

/* struct clone_args of linux/sched.h up to set_tid_size, which is where its second version ends. */
struct clone_arguments {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size;
};

/* A child with exactly this pid, or with any when it is 0. */
static inline pid_t fork_as(pid_t pid)
{
	struct clone_arguments arguments = {.exit_signal = SIGCHLD};

	if (pid) {
		arguments.set_tid = (uintptr_t)&pid;
		arguments.set_tid_size = 1;
	}
	return syscall(SYS_clone3, &arguments, sizeof(arguments));
}
