/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* pipe, pipe2 and socketpair write two descriptors to the caller's memory: the address is an argument of the entry, the
 * numbers are there at the return. */
#ifndef GHOSTFD_PROBES_PAIR_H
#define GHOSTFD_PROBES_PAIR_H

static __always_inline int pair_entered(__u64 address)
{
	struct call call = { .pointer = address };

	if (current_in_scope())
		remember(&call);
	return 0;
}

static __always_inline int pair_returned(struct trace_event_raw_sys_exit *ctx, __u16 flags)
{
	struct call call;
	int fds[2];

	if (!recall(&call) || ctx->ret)
		return 0;
	if (bpf_probe_read_user(fds, sizeof(fds), (void *)call.pointer)) {
		lose(LOST_USER_READ);
		return 0;
	}
	emit_open(fds[0], flags);
	emit_open(fds[1], flags);
	return 0;
}

#endif
