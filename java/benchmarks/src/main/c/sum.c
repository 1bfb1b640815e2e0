/* SPDX-License-Identifier: Apache-2.0 */
/* A ring buffer of the kernel, filled by fill.bpf.c, and libbpf's consumer of it. For KernelRingBenchmark; one thread. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stddef.h>
#include <stdint.h>

static struct bpf_object *object;
static struct ring_buffer *ring;
static int program;
static volatile uint64_t sum;

static int add(void *context, void *record, size_t length)
{
	(void)context;
	(void)length;
	sum += *(uint64_t *)record;
	return 0;
}

/* The ring's descriptor; negative: it failed. */
int open_ring(const char *path)
{
	int map;

	object = bpf_object__open_file(path, NULL);
	if (!object || bpf_object__load(object))
		return -1;
	program = bpf_program__fd(bpf_object__find_program_by_name(object, "fill"));
	map = bpf_map__fd(bpf_object__find_map_by_name(object, "events"));
	ring = ring_buffer__new(map, add, NULL, NULL);
	return ring ? map : -1;
}

/* Adds records until there are as many; returns how many were added. */
int fill_ring(int records)
{
	int added = 0;

	while (added < records) {
		LIBBPF_OPTS(bpf_test_run_opts, options);

		if (bpf_prog_test_run_opts(program, &options) || !options.retval)
			break;
		added += options.retval;
	}
	return added;
}

/* Reads all there is; returns how many records. */
int consume_ring(void)
{
	return ring_buffer__consume(ring);
}

void close_ring(void)
{
	ring_buffer__free(ring);
	bpf_object__close(object);
}
