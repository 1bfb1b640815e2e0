/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Fields of kernel objects whose address is just a number: by plain loads where the kernel lets a program say what stands
 * there, a tenth of a helper call each. Both ways read 0 from an address that is no memory. */
#ifndef GHOSTFD_LOAD_H
#define GHOSTFD_LOAD_H

void *bpf_rdonly_cast(const void *object, __u32 type) __ksym __weak; /* 6.2, a35b9af4ec2c */

/* The reader asks the kernel for the function: a program cannot, with the libbpf of Debian 12. */
#define LOAD(type, pointer, field)                                                                                     \
	(config.direct_loads ? ((type *)bpf_rdonly_cast(pointer, bpf_core_type_id_kernel(type)))->field                \
			     : BPF_CORE_READ((type *)(pointer), field))

#endif
