/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reading a descriptor table: which file a number stands for, and what that file is. */
#ifndef GHOSTFD_TABLE_H
#define GHOSTFD_TABLE_H

#define CENSUS_WORDS 256 /* of 64 descriptors each; a bound for the verifier, because 5.10 has no bpf_loop */

/* The verifier walks every iteration of a loop, but a global function only once; not inlined, that is. So a long loop calls a
 * global function with a loop of so many iterations. */
#define LOOP_STEP 16

/* linux/stat.h, linux/major.h, linux/magic.h */
#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFREG 0100000
#define S_IFBLK 0060000
#define S_IFDIR 0040000
#define S_IFCHR 0020000
#define S_IFIFO 0010000
#define MINOR_BITS 20
#define TTYAUX_MAJOR 5
#define PTMX_MINOR 2
#define UNIX98_PTY_MASTER_MAJOR 128
#define UNIX98_PTY_SLAVE_LAST 143
#define PIPEFS_MAGIC 0x50495045
#define ANON_INODE_FS_MAGIC 0x09041934
#define PID_FS_MAGIC 0x50494446 /* pidfds live there since 6.9, cb12fd8e0dab */
#define SECRETMEM_MAGIC 0x5345434d
#define AF_UNIX 1
#define TMPFS_MAGIC 0x01021994
#define HUGETLBFS_MAGIC 0x958458f6

/* The first eight bytes of a name, as the number that a little-endian load of them gives. */
#define TAG(a, b, c, d, e, f, g, h)                                                                                    \
	((__u64)(a) | (__u64)(b) << 8 | (__u64)(c) << 16 | (__u64)(d) << 24 | (__u64)(e) << 32 | (__u64)(f) << 40 |     \
	 (__u64)(g) << 48 | (__u64)(h) << 56)

struct description {
	__u64 inode;
	__u64 file;
	__u16 flags;
	__u8 kind;
};

/* One-to-one (xor, odd multiplication and xor-shift each are), keyed, so that no kernel address leaves the kernel. */
static __always_inline __u64 identity(const void *pointer)
{
	__u64 x = ((__u64)pointer ^ config.identity_key) * 0x9E3779B97F4A7C15ull;

	return pointer ? x ^ x >> 32 : 0;
}

/* Read by the helper even where a direct load would do: the verifier forbids arithmetic on a pointer it knows. */
static __always_inline __u64 table_of(struct task_struct *task)
{
	return identity(BPF_CORE_READ(task, files));
}

/* How many tasks share its table. */
static __always_inline int table_users(struct task_struct *task)
{
	return BPF_CORE_READ(task, files, count.counter);
}

static __always_inline struct file *file_at(struct file **slots, __u32 fd)
{
	struct file *file = NULL;

	bpf_probe_read_kernel(&file, sizeof(file), &slots[fd]);
	return file;
}

/* The verifier forbids arithmetic on a pointer it knows, and forgets what it knows once it has been in a record's memory. */
static __always_inline __u64 number_of(volatile __u64 *cell, const void *pointer)
{
	*cell = (__u64)pointer;
	return *cell;
}

/* The file behind a descriptor of the current task, NULL when there is none; and the table's identity. Direct loads, and
 * scratch, which is eight bytes of a reserved record, spare calls of helpers. */
static __always_inline struct file *current_file(__u32 fd, __u64 *table, __u64 *scratch)
{
#ifdef GHOSTFD_DIRECT_LOADS
	if (scratch) {
		struct files_struct *files = bpf_get_current_task_btf()->files;
		struct fdtable *fdt = files->fdt;

		*table = identity((void *)number_of(scratch, files));
		if (fd >= fdt->max_fds)
			return NULL;
		/* Of whatever type, a pointer stands there. */
		return (void *)number_of(scratch, LOAD(struct hlist_head, &fdt->fd[fd], first));
	}
#endif
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf)) {
		struct task_struct *task = bpf_get_current_task_btf();
		struct fdtable *fdt = task->files->fdt;

		*table = table_of(task);
		return fd < fdt->max_fds ? file_at(fdt->fd, fd) : NULL;
	}
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fdtable *fdt = BPF_CORE_READ(task, files, fdt);

	*table = table_of(task);
	return fd < BPF_CORE_READ(fdt, max_fds) ? file_at(BPF_CORE_READ(fdt, fd), fd) : NULL;
}

static __always_inline __u64 current_table(void)
{
	return table_of((struct task_struct *)bpf_get_current_task());
}

/* Which of 64 numbers from index * 64 on are open in the current table; and how many such words it has. */
static __always_inline unsigned long open_word(__u32 index, __u32 *words)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fdtable *fdt = BPF_CORE_READ(task, files, fdt);
	unsigned long *open_fds = BPF_CORE_READ(fdt, open_fds);
	unsigned long word = 0;

	*words = BPF_CORE_READ(fdt, max_fds) / 64;
	if (index < *words)
		bpf_probe_read_kernel(&word, sizeof(word), &open_fds[index]);
	return word;
}

static __always_inline bool close_on_exec(struct task_struct *task, __u32 fd)
{
	unsigned long *bits = BPF_CORE_READ(task, files, fdt, close_on_exec);
	unsigned long word = 0;

	bpf_probe_read_kernel(&word, sizeof(word), &bits[fd / 64]);
	return word >> (fd & 63) & 1;
}

static __always_inline __u64 name_tag(struct file *file)
{
	struct dentry *dentry = LOAD(struct file, file, f_path.dentry);
	const unsigned char *name = LOAD(struct dentry, dentry, d_name.name);
	__u64 tag = 0;

	bpf_probe_read_kernel(&tag, sizeof(tag), name);
	return tag;
}

/* Files of the anonymous inode are told apart by the name their maker gave them. */
static __always_inline __u8 anonymous_kind(struct file *file)
{
	switch (name_tag(file)) {
	case TAG('[', 'e', 'v', 'e', 'n', 't', 'f', 'd'):
		return KIND_EVENTFD;
	case TAG('[', 'e', 'v', 'e', 'n', 't', 'p', 'o'):
		return KIND_EVENTPOLL;
	case TAG('[', 't', 'i', 'm', 'e', 'r', 'f', 'd'):
		return KIND_TIMERFD;
	case TAG('[', 's', 'i', 'g', 'n', 'a', 'l', 'f'):
		return KIND_SIGNALFD;
	case TAG('i', 'n', 'o', 't', 'i', 'f', 'y', 0):
		return KIND_INOTIFY;
	case TAG('[', 'f', 'a', 'n', 'o', 't', 'i', 'f'):
		return KIND_FANOTIFY;
	case TAG('[', 'i', 'o', '_', 'u', 'r', 'i', 'n'):
		return KIND_IO_URING;
	case TAG('[', 'p', 'e', 'r', 'f', '_', 'e', 'v'):
		return KIND_PERF_EVENT;
	case TAG('[', 'u', 's', 'e', 'r', 'f', 'a', 'u'):
		return KIND_USERFAULTFD;
	case TAG('[', 'p', 'i', 'd', 'f', 'd', ']', 0):
		return KIND_PIDFD;
	case TAG('b', 'p', 'f', '-', 'm', 'a', 'p', 0):
	case TAG('b', 'p', 'f', '-', 'p', 'r', 'o', 'g'):
	case TAG('b', 'p', 'f', '_', 'l', 'i', 'n', 'k'):
	case TAG('b', 'p', 'f', '_', 'i', 't', 'e', 'r'):
	case TAG('b', 't', 'f', 0, 0, 0, 0, 0):
		return KIND_BPF;
	}
	return KIND_ANON;
}

/* memfd_create names its files "memfd:…" on an internal tmpfs mount where each is its own root; a user's file of such a
 * name on a mounted tmpfs has a parent folder. */
static __always_inline bool is_memfd(struct file *file)
{
	struct dentry *dentry = LOAD(struct file, file, f_path.dentry);

	return (name_tag(file) & 0xffffffffffffull) == TAG('m', 'e', 'm', 'f', 'd', ':', 0, 0) &&
	       LOAD(struct dentry, dentry, d_parent) == dentry;
}

static __always_inline unsigned long file_system(struct inode *inode)
{
	struct super_block *super = LOAD(struct inode, inode, i_sb);

	return LOAD(struct super_block, super, s_magic);
}

static __always_inline __u8 regular_kind(struct file *file, struct inode *inode)
{
	switch (file_system(inode)) {
	case ANON_INODE_FS_MAGIC: /* a regular file only since 6.16, cfd86ef7e8e7; without a type before */
		return anonymous_kind(file);
	case PID_FS_MAGIC:
		return KIND_PIDFD;
	case SECRETMEM_MAGIC:
		return KIND_MEMFD;
	case TMPFS_MAGIC:
	case HUGETLBFS_MAGIC:
		return is_memfd(file) ? KIND_MEMFD : KIND_FILE;
	}
	return KIND_FILE;
}

static __always_inline __u32 character_class(struct inode *inode)
{
	__u32 device = LOAD(struct inode, inode, i_rdev);
	__u32 major = device >> MINOR_BITS;

	if (major == TTYAUX_MAJOR && (device & ((1 << MINOR_BITS) - 1)) == PTMX_MINOR)
		return KIND_PTY | FLAG_MASTER << 8;
	return major >= UNIX98_PTY_MASTER_MAJOR && major <= UNIX98_PTY_SLAVE_LAST ? KIND_PTY : KIND_DEVICE;
}

/* Connected without a name at either end: only socketpair does that. */
static __always_inline bool is_paired(struct file *file)
{
	struct socket *socket = LOAD(struct file, file, private_data);
	struct unix_sock *self = (void *)LOAD(struct socket, socket, sk);
	struct unix_sock *peer;

	if (LOAD(struct unix_sock, self, sk.__sk_common.skc_family) != AF_UNIX || LOAD(struct unix_sock, self, addr))
		return false;
	peer = (void *)LOAD(struct unix_sock, self, peer);
	return peer && !LOAD(struct unix_sock, peer, addr);
}

/* Kind in the low byte, flags above it. A global function, so that the verifier walks its branches once and not once per
 * path of every caller; its arguments can only be numbers on 5.10. */
__noinline __u32 classify(__u64 address)
{
	struct file *file = (void *)address;
	struct inode *inode = LOAD(struct file, file, f_inode);

	switch (LOAD(struct inode, inode, i_mode) & S_IFMT) {
	case S_IFREG:
	case 0:
		return regular_kind(file, inode);
	case S_IFDIR:
		return KIND_DIRECTORY;
	case S_IFCHR:
		return character_class(inode);
	case S_IFIFO:
		return file_system(inode) == PIPEFS_MAGIC ? KIND_PIPE : KIND_FIFO;
	case S_IFSOCK:
		return KIND_SOCKET | (is_paired(file) ? FLAG_PAIR << 8 : 0);
	}
	return KIND_DEVICE;
}

static __always_inline void describe(struct file *file, struct description *out)
{
	__u32 class = classify((__u64)file);
	struct inode *inode = LOAD(struct file, file, f_inode);
	__u32 mode = LOAD(struct file, file, f_mode);

	out->inode = LOAD(struct inode, inode, i_ino);
	out->file = identity(file);
	out->kind = class;
	out->flags = class >> 8 | (mode & (FLAG_READ | FLAG_WRITE)); /* FMODE_READ 1, FMODE_WRITE 2 */
}

#endif
