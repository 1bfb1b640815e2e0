/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* pipe, pipe2 and socketpair write two descriptors to the caller's memory: an argument says where. */
#ifndef GHOSTFD_PROBES_PAIR_H
#define GHOSTFD_PROBES_PAIR_H

static __always_inline void emit_pair(__u32 one, __u32 other)
{
	__u64 table;
	struct file *first = current_file(one, &table, NULL), *second = current_file(other, &table, NULL);
	struct pair_event *event = reserve(sizeof(*event));

	if (!event)
		return;
	fill_header(&event->header, EVENT_PAIR, table, one);
	event->inode = BPF_CORE_READ(first, f_inode, i_ino);
	event->peer = BPF_CORE_READ(second, f_inode, i_ino);
	submit(event);
}

static __always_inline int pair_returned(struct trace_event_raw_sys_exit *ctx, __u32 argument, __u16 flags)
{
	struct call call;
	int fds[2];

	if (!arguments(&call) || ctx->ret)
		return 0;
	if (bpf_probe_read_user(fds, sizeof(fds), (void *)call.args[argument])) {
		lose(LOST_USER_READ);
		return 0;
	}
	emit_open(fds[0], flags);
	emit_open(fds[1], flags);
	if (flags & FLAG_PAIR)
		emit_pair(fds[0], fds[1]);
	emit_stack(ctx, fds[0], fds[1]);
	return 0;
}

#endif
