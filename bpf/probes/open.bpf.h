/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A system call returned a new descriptor: what stands behind the number is read from the table itself, so the same code
 * serves every such call, and a return value that is no descriptor (an ABI version, say) tells nothing false.
 *
 * Threads may change the same number at the same time. So whatever is told of a number is told after the change, by whoever
 * made it, and the number is looked at only once the record has its place in the ring: then the last record there was
 * given its place after the last change, and tells how it ended. */
#ifndef GHOSTFD_PROBES_OPEN_H
#define GHOSTFD_PROBES_OPEN_H

/* Returns the kind, KIND_NONE if there is nothing to tell. */
static __always_inline __u8 emit_open(__u32 fd, __u16 flags)
{
	struct description what;
	struct descriptor_event *event;
	struct file *file;
	__u64 table;

	event = reserve(sizeof(*event));
	if (!event)
		return KIND_NONE;
	file = current_file(fd, &table, &event->file);
	if (!file) {
		bpf_ringbuf_discard(event, BPF_RB_NO_WAKEUP);
		return KIND_NONE;
	}
	fill_header(&event->header, EVENT_OPEN, table, fd);
	describe(file, &what);
	event->header.flags = what.flags | flags;
	event->header.kind = what.kind;
	event->inode = what.inode;
	event->file = what.file;
	submit(event);
	return what.kind;
}

static __always_inline void emit_open_and_stack(void *ctx, __u32 fd)
{
	if (has_stack(emit_open(fd, 0)))
		emit_stack(ctx, fd, -1);
}

/* At exit, not at entry: only then is there a number, and only if the call succeeded. */
static __always_inline int descriptor_returned(struct trace_event_raw_sys_exit *ctx)
{
	if (ctx->ret >= 0 && current_in_scope())
		emit_open_and_stack(ctx, ctx->ret);
	return 0;
}

/* bpf and seccomp return 0 for most commands: then 0 is told of if it can be what they made; once more does no harm. */
static __always_inline int descriptor_or_zero_returned(struct trace_event_raw_sys_exit *ctx)
{
	struct file *file;
	__u64 table;
	__u8 kind;

	if (ctx->ret > 0)
		return descriptor_returned(ctx);
	if (ctx->ret < 0 || !current_in_scope())
		return 0;
	file = current_file(0, &table, NULL);
	if (!file)
		return 0;
	kind = classify((__u64)file);
	if (kind == KIND_BPF || kind == KIND_ANON)
		emit_open(0, 0);
	return 0;
}

#endif
