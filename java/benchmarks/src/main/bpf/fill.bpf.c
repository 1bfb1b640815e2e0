/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Fills a ring buffer with records of the size of an EVENT_OPEN, for KernelRingBenchmark; run by BPF_PROG_TEST_RUN. */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#define RECORDS 1024

struct record {
	__u64 words[6];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16 << 20);
} events SEC(".maps");

SEC("raw_tp")
int fill(void *context)
{
	for (__u64 i = 0; i < RECORDS; i++) {
		struct record *record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);

		if (!record)
			return i;
		for (int word = 0; word < 6; word++)
			record->words[word] = i + word;
		bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	}
	return RECORDS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
