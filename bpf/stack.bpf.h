/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where a descriptor is made: registers, a walk along frame pointers, and a piece of the user stack for code without them.
 * For kinds that tell of a child, or that only libraries make; plain files, the bulk, go without. */
#ifndef GHOSTFD_STACK_H
#define GHOSTFD_STACK_H

static __always_inline bool has_stack(__u8 kind)
{
	return kind != KIND_NONE && kind != KIND_FILE && kind != KIND_DIRECTORY && kind != KIND_DEVICE;
}

static __always_inline void fill_stack_registers(struct stack_event *event)
{
	struct pt_regs *registers = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());

	if (bpf_core_field_exists(((struct pt_regs___x86 *)registers)->orig_ax)) {
		struct pt_regs___x86 *x86 = (void *)registers;

		event->instruction = x86->ip;
		event->stack = x86->sp;
		event->frame = x86->bp;
		event->link = 0;
	} else {
		struct pt_regs___with_link *arm = (void *)registers;

		event->instruction = arm->pc;
		event->stack = arm->sp;
		event->frame = arm->regs[29];
		event->link = arm->regs[30];
	}
}

/* The most of the stack that can be read: it may end before the copy would. */
static __always_inline __u32 copy_stack(struct stack_event *event)
{
	const void *from = (const void *)event->stack;

	if (!bpf_probe_read_user(event->bytes, STACK_BYTES, from))
		return STACK_BYTES;
	if (!bpf_probe_read_user(event->bytes, STACK_BYTES / 4, from))
		return STACK_BYTES / 4;
	return bpf_probe_read_user(event->bytes, STACK_BYTES / 16, from) ? 0 : STACK_BYTES / 16;
}

/* A story's detail: while the reader is behind, there are more important things to tell. */
static __always_inline void emit_stack(void *ctx, __u32 fd, __s32 second)
{
	struct stack_event *event;
	struct file *file;
	__u64 table;
	long size;

	if (!config.stacks || !bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_task_pt_regs) ||
	    bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) > config.wakeup_bytes / 2)
		return;
	file = current_file(fd, &table, NULL);
	if (!file)
		return;
	/* Not through reserve(): that a stack found no room is no loss of state. */
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return;
	fill_header(&event->header, EVENT_STACK, table, fd);
	event->file = identity(file);
	event->second_file = second < 0 ? 0 : identity(current_file(second, &table, NULL));
	event->second = second;
	event->pad = 0;
	fill_stack_registers(event);
	size = bpf_get_stack(ctx, event->walk, sizeof(event->walk), BPF_F_USER_STACK);
	event->frames = size > 0 ? size / sizeof(event->walk[0]) : 0;
	event->length = copy_stack(event);
	submit(event);
}

#endif
