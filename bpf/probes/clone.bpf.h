/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* clone and clone3 with CLONE_PIDFD put a pidfd into the caller's table and its number into the caller's memory. */
#ifndef GHOSTFD_PROBES_CLONE_H
#define GHOSTFD_PROBES_CLONE_H

/* linux/sched.h */
#define CLONE_PIDFD 0x1000

struct user_clone_args {
	__u64 flags;
	__u64 pidfd;
};

static __always_inline int clone_entered(__u64 flags, __u64 pidfd)
{
	struct call call = { .pointer = pidfd };

	if (flags & CLONE_PIDFD && current_in_scope())
		remember(&call);
	return 0;
}

static __always_inline int clone3_entered(__u64 address)
{
	struct user_clone_args args = {};

	if (bpf_probe_read_user(&args, sizeof(args), (void *)address))
		return 0;
	return clone_entered(args.flags, args.pidfd);
}

/* In the parent; the child returns 0 and remembers nothing. */
static __always_inline int clone_returned(struct trace_event_raw_sys_exit *ctx)
{
	struct call call;
	__u32 fd;

	if (!recall(&call) || ctx->ret <= 0)
		return 0;
	if (bpf_probe_read_user(&fd, sizeof(fd), (void *)call.pointer))
		lose(LOST_USER_READ);
	else
		emit_open(fd, 0);
	return 0;
}

#endif
