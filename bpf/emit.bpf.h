/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The ring buffer: reserve a record in place, fill it, submit it. Nothing is built elsewhere and copied: a per-CPU
 * scratch record would be corrupted by preemption between fill and copy. */
#ifndef GHOSTFD_EMIT_H
#define GHOSTFD_EMIT_H

const volatile struct config config SEC(".rodata.config");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16 << 20); /* resized by the reader before loading */
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct losses);
} losses SEC(".maps");

/* The kernel keeps no count of failed reserves, so every dropped record is counted here. */
static __always_inline void lose(enum lost_reason reason)
{
	__u32 zero = 0;
	struct losses *lost = bpf_map_lookup_elem(&losses, &zero);

	if (lost)
		__sync_fetch_and_add(&lost->count[bpf_get_smp_processor_id() & (LOST_CPUS - 1)][reason], 1);
}

static __always_inline void *reserve(__u64 size)
{
	void *record = bpf_ringbuf_reserve(&events, size, 0);

	if (!record)
		lose(LOST_RING_FULL);
	return record;
}

/* The reader polls; it is woken only when it falls behind, because a wakeup per event costs more than the event. */
static __always_inline void submit(void *record)
{
	bool behind = bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) > config.wakeup_bytes;

	bpf_ringbuf_submit(record, behind ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP);
}

static __always_inline void fill_header(struct event_header *header, enum event_type type, __u64 table, __s32 fd)
{
	__u64 who = bpf_get_current_pid_tgid();

	header->time = bpf_ktime_get_boot_ns();
	header->table = table;
	header->tgid = who >> 32;
	header->tid = (__u32)who;
	header->fd = fd;
	header->flags = 0;
	header->type = type;
	header->kind = KIND_NONE;
}

#endif
