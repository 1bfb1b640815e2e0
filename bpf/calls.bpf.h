/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Arguments of a system call, at its return. That tracepoint does not carry them, but the registers that the call was made
 * with lie unchanged on the kernel stack, and since 5.15 (dd6e10fbd9fb) programs may read them there: one tracepoint instead
 * of two. Before that, and for what only the entry can see, the entry keeps them in a map; a thread is in one call at a
 * time. */
#ifndef GHOSTFD_CALLS_H
#define GHOSTFD_CALLS_H

struct call {
	__u64 args[4];
	__u64 table; /* of the caller at the entry; only from the map */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, struct call);
} calls SEC(".maps");

static __always_inline int call_entered(struct trace_event_raw_sys_enter *ctx)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid();
	struct call call;

	if (!current_in_scope())
		return 0;
	/* Not by direct loads: a program that looks at more arguments than a call has may not be attached to it. */
	bpf_probe_read_kernel(&call.args, sizeof(call.args), ctx->args);
	call.table = current_table();
	if (bpf_map_update_elem(&calls, &tid, &call, BPF_ANY))
		lose(LOST_CALLS_FULL);
	return 0;
}

/* What the entry kept; false when it kept nothing. */
static __always_inline bool recall(struct call *out)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid();
	struct call *call = bpf_map_lookup_elem(&calls, &tid);

	if (!call)
		return false;
	*out = *call;
	bpf_map_delete_elem(&calls, &tid);
	return true;
}

static __always_inline void read_registers(struct call *out)
{
	struct pt_regs *registers = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());

	if (bpf_core_field_exists(((struct pt_regs___x86 *)registers)->orig_ax)) {
		struct pt_regs___x86 *x86 = (void *)registers;

		out->args[0] = x86->di;
		out->args[1] = x86->si;
		out->args[2] = x86->dx;
		out->args[3] = x86->r10;
	} else {
		struct pt_regs___with_link *arm = (void *)registers;

		/* The first holds the return value by now. */
		out->args[0] = arm->orig_x0;
		out->args[1] = arm->regs[1];
		out->args[2] = arm->regs[2];
		out->args[3] = arm->regs[3];
	}
}

/* The arguments of a call that returns in a task in scope; false when there is nothing to tell. */
static __always_inline bool arguments(struct call *out)
{
	if (!bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_task_pt_regs))
		return recall(out);
	if (!current_in_scope())
		return false;
	read_registers(out);
	return true;
}

#endif
