/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which tasks are traced: all but the tracer, or the given process subtrees and cgroup subtrees (either admits). */
#ifndef GHOSTFD_SCOPE_H
#define GHOSTFD_SCOPE_H

/* Processes in scope by pid, with their start time so that a late free of an earlier process with the same pid cannot
 * remove its successor. Children are added at fork, before they can run. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, __u64);
} scope_processes SEC(".maps");

/* Two functions of their own: inlined, clang moves the offset of the field that this kernel lacks, which libbpf has made
 * an invalid instruction, ahead of the check that the field exists. */
static __noinline __u64 ancestor_id_by_pointer(struct cgroup *cgroup, __u32 level)
{
	struct cgroup *ancestor = NULL;

	bpf_probe_read_kernel(&ancestor, sizeof(ancestor),
			      (void *)cgroup + bpf_core_field_offset(cgroup->ancestors) + level * sizeof(ancestor));
	return BPF_CORE_READ(ancestor, kn, id);
}

static __noinline __u64 ancestor_id_by_value(struct cgroup___ids *cgroup, __u32 level)
{
	__u64 id = 0;

	bpf_probe_read_kernel(&id, sizeof(id),
			      (void *)cgroup + bpf_core_field_offset(cgroup->ancestor_ids) + level * sizeof(id));
	return id;
}

static __always_inline __u64 ancestor_id(struct cgroup *cgroup, __u32 level)
{
	if (bpf_core_field_exists(cgroup->ancestors))
		return ancestor_id_by_pointer(cgroup, level);
	return ancestor_id_by_value((void *)cgroup, level);
}

static __always_inline bool cgroup_in_scope(struct task_struct *task)
{
	struct cgroup *cgroup = BPF_CORE_READ(task, cgroups, dfl_cgrp);
	int level = BPF_CORE_READ(cgroup, level);

	for (__u32 i = 0; i < SCOPE_CGROUPS; i++) {
		if (i >= config.cgroups)
			break;
		if (level >= (int)config.cgroup_level[i] && ancestor_id(cgroup, config.cgroup_level[i]) == config.cgroup_id[i])
			return true;
	}
	return false;
}

static __always_inline bool in_scope(struct task_struct *task, __u32 tgid)
{
	if (tgid == config.self)
		return false;
	if (!config.scoped)
		return true;
	if (bpf_map_lookup_elem(&scope_processes, &tgid))
		return true;
	return config.cgroups && cgroup_in_scope(task);
}

static __always_inline bool current_in_scope(void)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;

	if (!config.scoped)
		return tgid != config.self;
	return in_scope((struct task_struct *)bpf_get_current_task(), tgid);
}

/* Whether the child is in scope because its caller is. */
static __always_inline bool scope_follow(__u32 caller, __u32 child, __u64 start)
{
	if (!config.scoped || !bpf_map_lookup_elem(&scope_processes, &caller))
		return false;
	if (bpf_map_update_elem(&scope_processes, &child, &start, BPF_ANY)) {
		lose(LOST_SCOPE_FULL);
		return false;
	}
	return true;
}

/* A pid that begins anew outside the scope belongs to nobody inside any more; returns when that one started, 0 if there was
 * none. Its end may still be told, or never will be: one in a thousand is not on Linux 6.18. */
static __always_inline __u64 scope_leave(__u32 tgid)
{
	__u64 *known, start;

	if (!config.scoped)
		return 0;
	known = bpf_map_lookup_elem(&scope_processes, &tgid);
	if (!known)
		return 0;
	start = *known;
	bpf_map_delete_elem(&scope_processes, &tgid);
	return start;
}

static __always_inline void scope_forget(__u32 tgid, __u64 start)
{
	__u64 *known;

	if (!config.scoped)
		return;
	known = bpf_map_lookup_elem(&scope_processes, &tgid);
	if (known && *known == start)
		bpf_map_delete_elem(&scope_processes, &tgid);
}

#endif
