/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The list of programs. Bodies stand in probes/ by what they watch; dev.ghostfd.kernel.Probe says which tracepoint each
 * is attached to. Only tracepoints, BTF tracepoints and iterators: locked-down nodes refuse fentry, kprobe and LSM.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "events.h"
#include "emit.bpf.h"
#include "load.bpf.h"
#include "scope.bpf.h"
#include "table.bpf.h"
#include "calls.bpf.h"
#include "stack.bpf.h"
#include "probes/open.bpf.h"
#include "probes/close.bpf.h"
#include "probes/dup.bpf.h"
#include "probes/pair.bpf.h"
#include "probes/process.bpf.h"
#include "probes/clone.bpf.h"
#include "probes/receive.bpf.h"
#include "snapshot.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* clang describes in BTF only what a map, a variable or a signature refers to. This refers to the whole wire contract, so
 * that a test can hold it against the reader's side; nothing reads it. */
union contract {
	struct event_header header;
	struct descriptor_event descriptor;
	struct census_event census;
	struct close_range_event close_range;
	struct table_copy_event table_copy;
	struct fork_event fork;
	struct exec_event exec;
	struct exit_event exit;
	struct free_event free;
	struct pair_event pair;
	struct stack_event stack;
	struct descriptor_snapshot descriptor_snapshot;
	struct task_snapshot task_snapshot;
	enum event_type type;
	enum descriptor_kind kind;
	enum record_flag flag;
	enum lost_reason reason;
	enum snapshot_choice choice;
};
const volatile union contract *const volatile contract SEC(".rodata.contract");

#define RETURN(name, body)                                                                                             \
	SEC("tp") int name(struct trace_event_raw_sys_exit *ctx)                                                       \
	{                                                                                                              \
		return body;                                                                                           \
	}

RETURN(on_descriptor, descriptor_returned(ctx))
RETURN(on_descriptor_or_zero, descriptor_or_zero_returned(ctx))

RETURN(on_pipe, pair_returned(ctx, 0, 0))
RETURN(on_socketpair, pair_returned(ctx, 3, FLAG_PAIR))
RETURN(on_fcntl, fcntl_returned(ctx))
RETURN(on_close, close_returned(ctx))
RETURN(on_close_range, close_range_returned(ctx))
RETURN(on_unshare, unshare_returned(ctx))
RETURN(on_recvmsg, recvmsg_returned(ctx))
RETURN(on_recvmmsg, recvmmsg_returned(ctx))
RETURN(on_clone, clone_returned(ctx))
RETURN(on_clone3, clone3_returned(ctx))

SEC("tp") int on_call(struct trace_event_raw_sys_enter *ctx)
{
	return call_entered(ctx);
}

SEC("tp_btf/sched_process_fork") int BPF_PROG(on_fork, struct task_struct *caller, struct task_struct *child)
{
	return forked(caller, child);
}

SEC("tp_btf/sched_process_exec") int BPF_PROG(on_exec, struct task_struct *task)
{
	return executed(task);
}

SEC("tp_btf/sched_process_exit") int BPF_PROG(on_exit, struct task_struct *task)
{
	return exited(task);
}

SEC("tp_btf/sched_process_free") int BPF_PROG(on_free, struct task_struct *task)
{
	return freed(task);
}

SEC("iter/task_file") int descriptor_iterator(struct bpf_iter__task_file *ctx)
{
	return snapshot_descriptor(ctx);
}

SEC("iter/task") int task_iterator(struct bpf_iter__task *ctx)
{
	return snapshot_task(ctx);
}
