/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A descriptor goes. A table that no other task shares changes by this call alone, so that is told at entry. In a shared one
 * it is told at the return, and only if the number is free then: if another thread has been given it, that thread's open says
 * so, wherever it stands in the ring (see open.bpf.h). The number is free even when close returns EINTR or EIO. */
#ifndef GHOSTFD_PROBES_CLOSE_H
#define GHOSTFD_PROBES_CLOSE_H

/* linux/close_range.h */
#define CLOSE_RANGE_CLOEXEC 4

static __always_inline void emit_close(__u32 fd, __u64 table, bool only_if_free)
{
	struct event_header *event = reserve(sizeof(*event));

	if (!event)
		return;
	if (only_if_free && current_file(fd, &table)) {
		bpf_ringbuf_discard(event, BPF_RB_NO_WAKEUP);
		return;
	}
	fill_header(event, EVENT_CLOSE, table, fd);
	submit(event);
}

static __always_inline int close_entered(struct trace_event_raw_sys_enter *ctx)
{
	struct call call = { .first = ctx->args[0] };
	__u64 table;

	/* Programs that close every number up to their limit would fill the ring with closes of nothing. */
	if (!current_in_scope() || !current_file(call.first, &table))
		return 0;
	if (table_users((struct task_struct *)bpf_get_current_task()) > 1)
		remember(&call);
	else
		emit_close(call.first, table, false);
	return 0;
}

static __always_inline int close_returned(struct trace_event_raw_sys_exit *ctx)
{
	struct call call;

	if (recall(&call))
		emit_close(call.first, 0, true);
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

int reopened_descriptor(__u32 fd)
{
	emit_open(fd, 0);
	return 0;
}

/* What is open now of 64 numbers; returns how many words the table has. Global, as the census in process.bpf.h is. */
int reopened_word(__u32 index, __u32 first, __u32 last)
{
	__u32 words;
	unsigned long word = open_word(index, &words);

	for (__u32 bit = 0; bit < 64 && word; bit++) {
		__u32 fd = index * 64 + bit;

		if (word >> bit & 1 && fd >= first && fd <= last)
			reopened_descriptor(fd);
	}
	return words;
}

static __always_inline int close_range_entered(struct trace_event_raw_sys_enter *ctx)
{
	__u32 first = ctx->args[0], last = ctx->args[1], flags = ctx->args[2];
	struct call call = { .pointer = current_table(), .first = first, .last = last };

	/* With CLOEXEC alone nothing changes. */
	if (first <= last && flags != CLOSE_RANGE_CLOEXEC && current_in_scope()) {
		call.keeps = flags & CLOSE_RANGE_CLOEXEC;
		remember(&call);
	}
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
	int words = 1;

	if (!recall(&call) || ctx->ret)
		return 0;
	table = current_table();
	emit_table_copy(call.pointer, table);
	if (call.keeps)
		return 0;
	emit_close_range(table, call.first, call.last);
	/* Numbers that other threads were given since: their records may stand before this one. */
	if (table_users((struct task_struct *)bpf_get_current_task()) > 1)
		for (__u32 i = 0; i < CENSUS_WORDS && (int)i < words; i++)
			words = reopened_word(i, call.first, call.last);
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
