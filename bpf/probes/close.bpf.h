/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A descriptor has gone: told at the return, and only if the number is free then. If another thread has been given it, that
 * thread's open says so, wherever it stands in the ring (see open.bpf.h). */
#ifndef GHOSTFD_PROBES_CLOSE_H
#define GHOSTFD_PROBES_CLOSE_H

/* linux/close_range.h */
#define CLOSE_RANGE_CLOEXEC 4

/* linux/errno.h */
#define EBADF 9

/* Programs that close every number up to their limit would fill the ring with closes of nothing. Any other error leaves the
 * number free: EINTR and EIO tell of the file. */
static __always_inline int close_returned(struct trace_event_raw_sys_exit *ctx)
{
	struct event_header *event;
	struct call call;
	__u64 table;

	if (!arguments(&call) || ctx->ret == -EBADF)
		return 0;
	event = reserve(sizeof(*event));
	if (!event)
		return 0;
	if (current_file(call.args[0], &table, &event->table)) {
		bpf_ringbuf_discard(event, BPF_RB_NO_WAKEUP);
		return 0;
	}
	fill_header(event, EVENT_CLOSE, table, call.args[0]);
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

__noinline int reopened_descriptor(__u32 fd)
{
	emit_open(fd, 0);
	return 0;
}

/* What is open now of 64 numbers; returns how many words the table has. Global, as the census in process.bpf.h is. */
__noinline int reopened_word(__u32 index, __u32 first, __u32 last)
{
	__u32 words;
	unsigned long word = open_word(index, &words);

	for (__u32 bit = 0; bit < 64 && word >> bit; bit++) {
		__u32 fd = index * 64 + bit;

		if (word >> bit & 1 && fd >= first && fd <= last)
			reopened_descriptor(fd);
	}
	return words;
}

__noinline int reopened_words(__u32 index, __u32 first, __u32 last)
{
	int words = index + 1;

	for (__u32 i = 0; i < LOOP_STEP && (int)(index + i) < words; i++)
		words = reopened_word(index + i, first, last);
	return words;
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

/* The table it had at the entry tells whether it got one of its own. */
static __always_inline int close_range_returned(struct trace_event_raw_sys_exit *ctx)
{
	struct call call;
	__u32 first, last;
	__u64 table;
	int words = 1;

	if (!recall(&call) || ctx->ret)
		return 0;
	first = call.args[0];
	last = call.args[1];
	table = current_table();
	emit_table_copy(call.table, table);
	if (call.args[2] & CLOSE_RANGE_CLOEXEC)
		return 0;
	emit_close_range(table, first, last);
	/* Numbers that other threads were given since: their records may stand before this one. */
	if (table_users((struct task_struct *)bpf_get_current_task()) > 1)
		for (int index = 0; index < CENSUS_WORDS && index < words; index += LOOP_STEP)
			words = reopened_words(index, first, last);
	return 0;
}

static __always_inline int unshare_returned(struct trace_event_raw_sys_exit *ctx)
{
	struct call call;

	if (recall(&call) && !ctx->ret)
		emit_table_copy(call.table, current_table());
	return 0;
}

#endif
