/* SPDX-License-Identifier: Apache-2.0 */
/* Operations on the caller's own descriptor table. None may block: another thread may put anything under any number. */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

#include "stage.h"

#include <linux/bpf.h>
#include <linux/close_range.h>
#include <linux/openat2.h>
#include <linux/perf_event.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>

#define HIGH 5000         /* the highest number ever asked for */
#define CROWDED 200       /* numbers above it, but below those asked for, are closed again */
#define ASKED_FROM 1000
#define RIGHTS_AT_ONCE 4

static int pick(void)
{
	int kind = below(100);

	return kind < 80 ? below(40) : kind < 97 ? below(CROWDED) : ASKED_FROM + below(HIGH - ASKED_FROM);
}

static int cloexec(int flag)
{
	return chance(50) ? flag : 0;
}

static void trim(long newest)
{
	if (newest > CROWDED && newest < ASKED_FROM)
		note("trim", CROWDED / 4, ASKED_FROM - 1, syscall(SYS_close_range, CROWDED / 4, ASKED_FROM - 1, 0));
}

static void op_open(void)
{
	static const char *const names[] = { "/dev/null", "/dev/zero", "/", "/proc/self/status", "/dev/ptmx", "file", "fifo",
					     "nothing/here" };
	const char *name = names[below(sizeof(names) / sizeof(*names))];
	struct open_how how = { .flags = O_RDWR | O_NONBLOCK | O_NOCTTY | cloexec(O_CLOEXEC) };
	char path[300];
	long fd;

	snprintf(path, sizeof(path), "%s%s%s", *name == '/' ? "" : stage->folder, *name == '/' ? "" : "/", name);
	if (!strcmp(name, "/"))
		how.flags = O_DIRECTORY | cloexec(O_CLOEXEC);
	else if (!strncmp(name, "/proc", 5))
		how.flags = O_RDONLY;
	else if (chance(10))
		how.flags = O_PATH;
	/* creat would wait for the other side of a FIFO. */
	switch (below(strcmp(name, "fifo") ? 4 : 3)) {
#ifdef SYS_open
	case 0:
		fd = note("open", 0, 0, syscall(SYS_open, path, (int)how.flags, 0600));
		break;
	case 3:
		fd = note("creat", 0, 0, syscall(SYS_creat, path, 0600));
		break;
#endif
	case 1:
		fd = note("openat2", 0, 0, syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how)));
		break;
	default:
		fd = note("openat", 0, 0, syscall(SYS_openat, AT_FDCWD, path, (int)how.flags, 0600));
	}
	trim(fd);
}

static void op_pipe(void)
{
	int fds[2] = { -1, -1 };
	long result;

#ifdef SYS_pipe
	result = chance(30) ? syscall(SYS_pipe, fds) : pipe2(fds, O_NONBLOCK | cloexec(O_CLOEXEC));
#else
	result = pipe2(fds, O_NONBLOCK | cloexec(O_CLOEXEC));
#endif
	note("pipe", fds[0], fds[1], result);
	trim(fds[1]);
}

static void op_socket(void)
{
	int fds[2] = { -1, -1 };

	if (chance(50)) {
		fds[1] = note("socket", 0, 0, socket(chance(50) ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
	} else {
		int type = (chance(50) ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | cloexec(SOCK_CLOEXEC);
		long result = socketpair(AF_UNIX, type, 0, fds);

		note("socketpair", fds[0], fds[1], result);
	}
	trim(fds[1]);
}

static void op_accept(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	socklen_t length = sizeof(name);
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	int client = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	note("listener", listener, client, 0);
	/* Bound to a family only, the kernel chooses the name. */
	if (bind(listener, (void *)&name, sizeof(sa_family_t)) || listen(listener, 1) ||
	    getsockname(listener, (void *)&name, &length))
		return;
	connect(client, (void *)&name, length);
	trim(note("accept", listener, client,
		  chance(50) ? accept4(listener, NULL, NULL, cloexec(SOCK_CLOEXEC)) : accept(listener, NULL, NULL)));
}

static void op_dup(void)
{
	int from = pick(), to = pick(), variant = below(5);

	switch (variant) {
	case 0:
		trim(note("dup", from, 0, dup(from)));
		break;
#ifdef SYS_dup2
	case 1:
		note("dup2", from, to, syscall(SYS_dup2, from, to));
		break;
#endif
	case 2:
		note("F_DUPFD", from, to, fcntl(from, F_DUPFD, to));
		break;
	case 3:
		note("F_DUPFD_CLOEXEC", from, to, fcntl(from, F_DUPFD_CLOEXEC, to));
		break;
	default:
		note("dup3", from, to, dup3(from, to, cloexec(O_CLOEXEC)));
	}
}

static void op_close(void)
{
	for (int i = 1 + below(3); i > 0; i--) {
		int fd = pick();

		note("close", fd, 0, close(fd));
	}
}

static void op_close_range(void)
{
	static const unsigned flags[] = { 0, 0, CLOSE_RANGE_CLOEXEC, CLOSE_RANGE_UNSHARE,
					  CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC };
	unsigned flag = flags[below(5)], first = pick(), last = first + below(12);

	if (chance(10)) {
		first = 20 + below(CROWDED);
		last = ~0U;
	}
	note(flag & CLOSE_RANGE_UNSHARE ? "range_unshare" : flag ? "range_cloexec" : "close_range", first, last,
	     syscall(SYS_close_range, first, last, flag));
}

static void op_flag(void)
{
	int fd = pick();

	switch (below(3)) {
	case 0:
		note("F_SETFD", fd, 0, fcntl(fd, F_SETFD, cloexec(FD_CLOEXEC)));
		break;
	case 1:
		note("FIOCLEX", fd, 0, ioctl(fd, FIOCLEX));
		break;
	default:
		note("FIONCLEX", fd, 0, ioctl(fd, FIONCLEX));
	}
}

static void op_anonymous(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	switch (below(6)) {
	case 0:
		trim(note("eventfd", 0, 0, eventfd(0, EFD_NONBLOCK | cloexec(EFD_CLOEXEC))));
		break;
	case 1:
		trim(note("epoll_create", 0, 0, epoll_create1(cloexec(EPOLL_CLOEXEC))));
		break;
	case 2:
		trim(note("timerfd_create", 0, 0, timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK)));
		break;
	case 3: {
		int old = chance(50) ? -1 : pick();

		trim(note("signalfd", old, 0, signalfd(old, &signals, SFD_NONBLOCK | cloexec(SFD_CLOEXEC))));
		break;
	}
	case 4:
		trim(note("inotify_init", 0, 0, inotify_init1(IN_NONBLOCK | cloexec(IN_CLOEXEC))));
		break;
	default:
		trim(note("memfd_create", 0, 0, memfd_create("differential", cloexec(MFD_CLOEXEC))));
	}
}

/* What few programs make; errors for lack of support or permission are as good as anything. */
static void op_exotic(void)
{
	union bpf_attr map = { .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1 };
	struct perf_event_attr counter = { .type = PERF_TYPE_SOFTWARE, .size = sizeof(counter),
					   .config = PERF_COUNT_SW_DUMMY, .disabled = 1 };

	switch (below(6)) {
	case 0:
		trim(note("userfaultfd", 0, 0, syscall(SYS_userfaultfd, O_NONBLOCK)));
		break;
	case 1:
		trim(note("fanotify_init", 0, 0, fanotify_init(FAN_CLASS_NOTIF | FAN_NONBLOCK, O_RDONLY)));
		break;
	case 2:
		trim(note("perf_event_open", 0, 0, syscall(SYS_perf_event_open, &counter, 0, -1, -1, 0)));
		break;
	case 3:
		trim(note("bpf", 0, 0, syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof(map))));
		break;
	case 4:
		trim(note("fsopen", 0, 0, syscall(SYS_fsopen, "tmpfs", 0)));
		break;
	default:
		trim(note("open_tree", 0, 0, syscall(SYS_open_tree, AT_FDCWD, "/", 1 /* OPEN_TREE_CLONE */)));
	}
}

static struct actor *any_actor(void)
{
	struct actor *actor = &stage->actors[below(ACTORS)];

	return actor->state == RUNNING && actor->pid ? actor : self;
}

static void op_pidfd(void)
{
	pid_t pid = any_actor()->pid;
	int pidfd = note("pidfd_open", pid, 0, syscall(SYS_pidfd_open, pid, 0));

	if (pidfd >= 0 && chance(60)) {
		int fd = pick();

		note("pidfd_getfd", pidfd, fd, syscall(SYS_pidfd_getfd, pidfd, fd, 0));
	}
	trim(pidfd);
}

static socklen_t mailbox_name(const struct actor *actor, struct sockaddr_un *name)
{
	name->sun_family = AF_UNIX;
	memset(name->sun_path, 0, sizeof(name->sun_path));
	return offsetof(struct sockaddr_un, sun_path) + 1 +
	       snprintf(name->sun_path + 1, sizeof(name->sun_path) - 1, "ghostfd-differential-%d-%d-%u", stage->conductor,
			(int)(actor - stage->actors), actor->mailboxes);
}

static void make_mailbox(void)
{
	struct sockaddr_un name;

	self->mailbox = note("mailbox", 0, 0, socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0));
	atomic_fetch_add(&self->mailboxes, 1);
	bind(self->mailbox, (void *)&name, mailbox_name(self, &name));
	trim(self->mailbox);
}

static void op_send(void)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(RIGHTS_AT_ONCE * sizeof(int))];
	} control = {};
	struct sockaddr_un name;
	struct iovec byte = { "x", 1 };
	struct msghdr message = { .msg_name = &name, .msg_iov = &byte, .msg_iovlen = 1, .msg_control = &control };
	struct actor *to = any_actor();
	int count = 0, *fds = (int *)CMSG_DATA(&control.header), socket_fd = self->mailbox;

	if (to->mailbox < 0)
		to = self;
	if (self->mailbox < 0)
		make_mailbox();
	for (int i = 0; i < 4 * RIGHTS_AT_ONCE && count < RIGHTS_AT_ONCE; i++) {
		int fd = pick();

		if (fcntl(fd, F_GETFD) >= 0)
			fds[count++] = fd;
	}
	message.msg_namelen = mailbox_name(to, &name);
	message.msg_controllen = CMSG_SPACE(count * sizeof(int));
	control.header = (struct cmsghdr){ CMSG_LEN(count * sizeof(int)), SOL_SOCKET, SCM_RIGHTS };
	note("sendmsg", to->pid, count, sendmsg(socket_fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL));
}

/* Also cut short (fewer descriptors than were sent), peeked at (they are installed all the same) and several at once. */
static void op_receive(void)
{
	char space[3][CMSG_SPACE(RIGHTS_AT_ONCE * sizeof(int))], byte[3];
	struct iovec bytes[3];
	struct mmsghdr messages[3] = {};
	int flags = MSG_DONTWAIT | cloexec(MSG_CMSG_CLOEXEC) | (chance(20) ? MSG_PEEK : 0);
	int fd = self->mailbox;
	long result;

	for (int i = 0; i < 3; i++) {
		bytes[i] = (struct iovec){ &byte[i], 1 };
		messages[i].msg_hdr = (struct msghdr){ .msg_iov = &bytes[i], .msg_iovlen = 1, .msg_control = space[i],
						       .msg_controllen = chance(80) ? sizeof(space[i]) : CMSG_LEN(4) };
	}
	if (chance(50))
		result = note("recvmsg", fd, flags, recvmsg(fd, &messages[0].msg_hdr, flags));
	else
		result = note("recvmmsg", fd, flags, recvmmsg(fd, messages, 3, flags, NULL));
	if (result < 0 && (errno != EAGAIN || chance(12)))
		make_mailbox();
	for (int i = 0; i < 3 && result > 0; i++) {
		struct cmsghdr *header = CMSG_FIRSTHDR(&messages[i].msg_hdr);

		if (header && header->cmsg_type == SCM_RIGHTS && header->cmsg_len >= CMSG_LEN(sizeof(int))) {
			note("received", *(int *)CMSG_DATA(header), header->cmsg_len, 0);
			trim(*(int *)CMSG_DATA(header));
		}
	}
}

static void op_unshare(void)
{
	note("unshare", 0, 0, unshare(CLONE_FILES));
}

#endif
