/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Arguments of a system call kept from its entry to its return. A thread is in one call at a time. */
#ifndef GHOSTFD_CALLS_H
#define GHOSTFD_CALLS_H

struct call {
	__u64 pointer;
	__u32 first;
	__u32 last;
	__u32 keeps; /* close_range closes nothing */
	__u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, struct call);
} calls SEC(".maps");

static __always_inline void remember(const struct call *call)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid();

	if (bpf_map_update_elem(&calls, &tid, call, BPF_ANY))
		lose(LOST_CALLS_FULL);
}

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

#endif
