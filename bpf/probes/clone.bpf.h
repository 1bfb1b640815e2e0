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

static __always_inline int pidfd_returned(void *ctx, __u64 address)
{
	__u32 fd;

	if (bpf_probe_read_user(&fd, sizeof(fd), (void *)address)) {
		lose(LOST_USER_READ);
		return 0;
	}
	emit_open_and_stack(ctx, fd);
	return 0;
}

/* In the parent; the child returns 0. */
static __always_inline int clone_returned(struct trace_event_raw_sys_exit *ctx)
{
	struct call call;

	if (!arguments(&call) || ctx->ret <= 0 || !(call.args[0] & CLONE_PIDFD))
		return 0;
	return pidfd_returned(ctx, call.args[2]);
}

static __always_inline int clone3_returned(struct trace_event_raw_sys_exit *ctx)
{
	struct user_clone_args args;
	struct call call;

	if (!arguments(&call) || ctx->ret <= 0)
		return 0;
	if (bpf_probe_read_user(&args, sizeof(args), (void *)call.args[0])) {
		lose(LOST_USER_READ);
		return 0;
	}
	return args.flags & CLONE_PIDFD ? pidfd_returned(ctx, args.pidfd) : 0;
}

#endif
