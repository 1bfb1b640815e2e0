/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* fcntl makes a descriptor only for two of its commands; dup, dup2 and dup3 always do and need nothing of their own. */
#ifndef GHOSTFD_PROBES_DUP_H
#define GHOSTFD_PROBES_DUP_H

/* linux/fcntl.h */
#define F_DUPFD 0
#define F_DUPFD_CLOEXEC 1030

static __always_inline int fcntl_returned(struct trace_event_raw_sys_exit *ctx)
{
	struct call call;
	__u32 command;

	if (!arguments(&call) || ctx->ret < 0)
		return 0;
	command = call.args[1];
	if (command == F_DUPFD || command == F_DUPFD_CLOEXEC)
		emit_open_and_stack(ctx, ctx->ret);
	return 0;
}

#endif
