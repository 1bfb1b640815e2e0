/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A system call returned a new descriptor: what stands behind the number is read from the table itself, so the same code
 * serves every such call, and a return value that is no descriptor (an ABI version, say) tells nothing false. */
#ifndef GHOSTFD_PROBES_OPEN_H
#define GHOSTFD_PROBES_OPEN_H

static __always_inline void emit_open(__u32 fd, __u16 flags)
{
	struct description what;
	struct descriptor_event *event;
	__u64 table;
	struct file *file = current_file(fd, &table);

	if (!file)
		return;
	event = reserve(sizeof(*event));
	if (!event)
		return;
	fill_header(&event->header, EVENT_OPEN, table, fd);
	describe(file, &what);
	event->header.flags = what.flags | flags;
	event->header.kind = what.kind;
	event->inode = what.inode;
	event->file = what.file;
	submit(event);
}

/* At exit, not at entry: only then is there a number, and only if the call succeeded. */
static __always_inline int descriptor_returned(struct trace_event_raw_sys_exit *ctx)
{
	if (ctx->ret >= 0 && current_in_scope())
		emit_open(ctx->ret, 0);
	return 0;
}

#endif
