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
