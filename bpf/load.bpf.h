/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Fields of kernel objects whose address is just a number: by plain loads where the kernel lets a program say what stands
 * there, a tenth of a helper call each. Both ways read 0 from an address that is no memory. */
#ifndef GHOSTFD_LOAD_H
#define GHOSTFD_LOAD_H

/* Two objects are built, and the reader asks the kernel which one it can load. One that merely may do without the function
 * would not load where it is missing: libbpf then looks through the types of all modules, for which it takes CAP_SYS_ADMIN. */
#ifdef GHOSTFD_DIRECT_LOADS
void *bpf_rdonly_cast(const void *object, __u32 type) __ksym; /* 6.2, a35b9af4ec2c */

#define LOAD(type, pointer, field) (((type *)bpf_rdonly_cast(pointer, bpf_core_type_id_kernel(type)))->field)
#else
#define LOAD(type, pointer, field) BPF_CORE_READ((type *)(pointer), field)
#endif

#endif
