/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A descriptor goes. Told at entry: once the call has freed the number another thread may be given it, and its open must
 * come after this close in the stream. The number is free even when close returns EINTR or EIO. */
#ifndef GHOSTFD_PROBES_CLOSE_H
#define GHOSTFD_PROBES_CLOSE_H

/* linux/close_range.h */
#define CLOSE_RANGE_UNSHARE 2

static __always_inline int close_entered(struct trace_event_raw_sys_enter *ctx)
{
	__u32 fd = ctx->args[0];
	struct event_header *event;
	__u64 table;

	/* Programs that close every number up to their limit would fill the ring with closes of nothing. */
	if (!current_in_scope() || !current_file(fd, &table))
		return 0;
	event = reserve(sizeof(*event));
	if (!event)
		return 0;
	fill_header(event, EVENT_CLOSE, table, fd);
	submit(event);
	return 0;
}

static __always_inline void emit_close_range(__u64 table, __u32 first, __u32 last)
{
	struct close_range_event *event = reserve(sizeof(*event));

	if (!event)
		return;
	fill_header(&event->header, EVENT_CLOSE_RANGE, table, first);
	event->last = last;
	event->pad = 0;
	submit(event);
}

static __always_inline int close_range_entered(struct trace_event_raw_sys_enter *ctx)
{
	__u32 first = ctx->args[0], last = ctx->args[1], flags = ctx->args[2];
	struct call call = { .pointer = current_table(), .first = first, .last = last };

	/* With CLOEXEC nothing is closed; other flags make the call fail. */
	if (first > last || flags & ~CLOSE_RANGE_UNSHARE || !current_in_scope())
		return 0;
	/* Under UNSHARE the table that loses descriptors exists only when the call returns. */
	if (flags & CLOSE_RANGE_UNSHARE)
		remember(&call);
	else
		emit_close_range(call.pointer, first, last);
	return 0;
}

static __always_inline void emit_table_copy(__u64 source, __u64 copy)
{
	struct table_copy_event *event;

	if (source == copy)
		return;
	event = reserve(sizeof(*event));
	if (!event)
		return;
	fill_header(&event->header, EVENT_TABLE_COPY, copy, -1);
	if (BPF_CORE_READ((struct task_struct *)bpf_get_current_task(), signal, live.counter) == 1)
		event->header.flags = FLAG_LAST_THREAD;
	event->source = source;
	submit(event);
}

static __always_inline int close_range_returned(struct trace_event_raw_sys_exit *ctx)
{
	struct call call;
	__u64 table;

	if (!recall(&call) || ctx->ret)
		return 0;
	table = current_table();
	emit_table_copy(call.pointer, table);
	emit_close_range(table, call.first, call.last);
	return 0;
}

/* linux/sched.h */
#define CLONE_FILES 0x400

static __always_inline int unshare_entered(struct trace_event_raw_sys_enter *ctx)
{
	struct call call = { .pointer = current_table() };

	if (ctx->args[0] & CLONE_FILES && current_in_scope())
		remember(&call);
	return 0;
}

static __always_inline int unshare_returned(struct trace_event_raw_sys_exit *ctx)
{
	struct call call;

	if (recall(&call) && !ctx->ret)
		emit_table_copy(call.pointer, current_table());
	return 0;
}

#endif
