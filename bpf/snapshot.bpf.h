/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The kernel's own state, read by iterators: every task, every descriptor, and whether its other end still lives. */
#ifndef GHOSTFD_SNAPSHOT_H
#define GHOSTFD_SNAPSHOT_H

#define SOCK_DEAD 0      /* bit in skc_flags, net/sock.h */
#define EXIT_ZOMBIE 0x20 /* linux/sched.h */
#define RLIMIT_NOFILE 7
#define PIDTYPE_PID 0
#define PIDTYPE_TGID 1
#define PIDFD_THREAD 0x80 /* O_EXCL; 6.9, 64bef697d33b */
#define TTY_OTHER_CLOSED 2 /* bit, linux/tty.h: set when the last one closes the other side, cleared when it is opened */
#define SOCKET_BUFFERS 64  /* messages looked at for unread bytes */
#define PIPE_BUFFERS 256 /* slots looked at for unread bytes: a 1 MiB pipe, the most that pipe-max-size allows by default */

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct snapshot_filter);
} filter SEC(".maps");

/* Inodes that the next snapshot of candidates lists whatever their state; written by the reader. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, __u64);
} watched SEC(".maps");

/* Bytes in the slots from one number on. Numbers grow for ever; the mask makes them places in the array. */
__noinline int slot_bytes(__u64 slots, __u32 mask, __u32 from, __u32 to)
{
	__u32 bytes = 0;

	for (__u32 i = 0; i < LOOP_STEP && from + i != to; i++) {
		struct pipe_buffer *slot = (void *)slots + ((from + i) & mask) * bpf_core_type_size(struct pipe_buffer);

		bytes += BPF_CORE_READ(slot, len);
	}
	return bytes;
}

__noinline int unread_pipe_bytes(__u64 slots, __u32 mask, __u32 tail, __u32 head)
{
	__u32 bytes = 0;

	for (__u32 i = 0; i < PIPE_BUFFERS && i < head - tail; i += LOOP_STEP)
		bytes += slot_bytes(slots, mask, tail + i, head);
	return bytes;
}

static __always_inline void read_pipe(struct inode *inode, struct descriptor_snapshot *out)
{
	struct pipe_inode_info *pipe = BPF_CORE_READ(inode, i_pipe);
	struct pipe_buffer *slots = BPF_CORE_READ(pipe, bufs);
	__u32 mask = BPF_CORE_READ(pipe, ring_size) - 1;
	__u32 head = BPF_CORE_READ(pipe, head), tail = BPF_CORE_READ(pipe, tail);

	out->readers = BPF_CORE_READ(pipe, readers);
	out->writers = BPF_CORE_READ(pipe, writers);
	out->consumed = tail;
	out->buffered = unread_pipe_bytes((__u64)slots, mask, tail, head);
}

/* The queue is a ring through its head. */
__noinline int unread_socket_bytes(__u64 address)
{
	struct sock *sk = (void *)address;
	struct sk_buff *head = (void *)sk + bpf_core_field_offset(sk->sk_receive_queue);
	struct sk_buff *buffer = BPF_CORE_READ(sk, sk_receive_queue.next);
	__u32 bytes = 0;

	for (__u32 i = 0; i < SOCKET_BUFFERS && buffer && buffer != head; i++) {
		bytes += BPF_CORE_READ(buffer, len);
		buffer = BPF_CORE_READ(buffer, next);
	}
	return bytes;
}

static __always_inline void read_unix_socket(struct file *file, struct descriptor_snapshot *out)
{
	struct socket *socket = BPF_CORE_READ(file, private_data);
	struct unix_sock *self = (void *)BPF_CORE_READ(socket, sk);
	struct unix_sock *peer;

	if (BPF_CORE_READ(self, sk.__sk_common.skc_family) != AF_UNIX)
		return;
	peer = (void *)BPF_CORE_READ(self, peer);
	out->self = identity(self);
	out->peer = identity(peer);
	out->buffered = unread_socket_bytes((__u64)&self->sk);
	if (!peer)
		return;
	/* The survivor keeps a reference to the socket that was closed; sock_orphan() has marked that one. */
	if (BPF_CORE_READ(peer, sk.__sk_common.skc_flags) >> SOCK_DEAD & 1)
		out->flags |= FLAG_PEER_CLOSED;
}

static __always_inline void read_pty(struct file *file, struct descriptor_snapshot *out)
{
	struct tty_file_private *private = BPF_CORE_READ(file, private_data);

	if (BPF_CORE_READ(private, tty, flags) >> TTY_OTHER_CLOSED & 1)
		out->flags |= FLAG_PEER_CLOSED;
}

/* A pid whose process was reaped has no task any more; a zombie still has. That of a thread other than the first never was
 * a process's: of a pidfd for one thread only whether the thread is gone counts. */
static __always_inline void read_pidfd(struct file *file, struct inode *inode, struct descriptor_snapshot *out)
{
	bool own_inode = BPF_CORE_READ(inode, i_sb, s_magic) == PID_FS_MAGIC;
	struct pid *pid = own_inode ? BPF_CORE_READ(inode, i_private) : BPF_CORE_READ(file, private_data);
	struct hlist_node *link = BPF_CORE_READ(pid, tasks[PIDTYPE_TGID].first);
	struct task_struct *task = NULL;

	out->peer = BPF_CORE_READ(pid, numbers[0].nr);
	if (BPF_CORE_READ(file, f_flags) & PIDFD_THREAD) {
		if (!BPF_CORE_READ(pid, tasks[PIDTYPE_PID].first))
			out->flags |= FLAG_PEER_CLOSED;
		return;
	}
	task = (void *)link - bpf_core_field_offset(task->pid_links) - PIDTYPE_TGID * bpf_core_type_size(struct hlist_node);
	if (!link || (BPF_CORE_READ(task, exit_state) && !BPF_CORE_READ(task, signal, live.counter)))
		out->flags |= FLAG_PEER_CLOSED;
}

static __always_inline bool wanted(struct task_struct *task, struct snapshot_filter **out)
{
	__u32 zero = 0;
	struct snapshot_filter *only = bpf_map_lookup_elem(&filter, &zero);

	*out = only;
	return only && (!only->tgid || only->tgid == (__u32)task->tgid) &&
	       (only->choice & OUT_OF_SCOPE_TOO || in_scope(task, task->tgid));
}

static __always_inline bool is_candidate(const struct descriptor_snapshot *record)
{
	if ((record->kind == KIND_PIPE || record->kind == KIND_FIFO) && (!record->readers || !record->writers))
		return true;
	return record->flags & FLAG_PEER_CLOSED || bpf_map_lookup_elem(&watched, &record->inode);
}

static __always_inline void read_peer(struct file *file, struct descriptor_snapshot *record)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);

	switch (record->kind) {
	case KIND_FIFO:
		if (BPF_CORE_READ(inode, i_nlink))
			record->flags |= FLAG_LINKED;
		/* fall through */
	case KIND_PIPE:
		read_pipe(inode, record);
		break;
	case KIND_SOCKET:
		read_unix_socket(file, record);
		break;
	case KIND_PTY:
		if (record->flags & FLAG_MASTER)
			read_pty(file, record);
		break;
	case KIND_PIDFD:
		read_pidfd(file, inode, record);
		break;
	}
}

static __always_inline int snapshot_descriptor(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct descriptor_snapshot record = {};
	struct snapshot_filter *only;
	struct description what;
	struct file *file = NULL;

	/* Read by the helper: the verifier forbids arithmetic on a pointer it knows, and identity() needs it. */
	bpf_probe_read_kernel(&file, sizeof(file), &ctx->file);
	if (!task || !file || !wanted(task, &only))
		return 0;
	describe(file, &what);
	record.time = bpf_ktime_get_boot_ns();
	record.table = table_of(task);
	record.inode = what.inode;
	record.file = what.file;
	record.tgid = task->tgid;
	record.tid = task->pid;
	record.fd = ctx->fd;
	record.kind = what.kind;
	record.flags = what.flags;
	if (close_on_exec(task, ctx->fd))
		record.flags |= FLAG_CLOEXEC;
	read_peer(file, &record);
	if (!(only->choice & ONLY_CANDIDATES) || is_candidate(&record))
		bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}

static __always_inline __u32 pid_in_namespace(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, group_leader, thread_pid);
	__u32 level = BPF_CORE_READ(pid, level);
	struct upid *own = (void *)pid + bpf_core_field_offset(pid->numbers) + level * bpf_core_type_size(struct upid);

	return BPF_CORE_READ(own, nr);
}

static __always_inline int snapshot_task(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct task_snapshot record = {};
	struct snapshot_filter *only;

	if (!task || !wanted(task, &only))
		return 0;
	if (task->pid != task->tgid && task->files == BPF_CORE_READ(task, group_leader, files))
		return 0;
	record.time = bpf_ktime_get_boot_ns();
	record.table = table_of(task);
	record.start = BPF_CORE_READ(task, group_leader, start_boottime);
	record.cgroup = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id);
	record.soft_limit = BPF_CORE_READ(task, signal, rlim[RLIMIT_NOFILE].rlim_cur);
	record.hard_limit = BPF_CORE_READ(task, signal, rlim[RLIMIT_NOFILE].rlim_max);
	record.tgid = task->tgid;
	record.tid = task->pid;
	record.parent = BPF_CORE_READ(task, real_parent, tgid);
	record.ns_pid = pid_in_namespace(task);
	/* A first thread that exited before its siblings looks like a zombie too, but cannot be reaped yet. */
	if (task->exit_state == EXIT_ZOMBIE && !BPF_CORE_READ(task, signal, live.counter)) {
		record.flags |= FLAG_ZOMBIE;
		record.status = wait_status(task);
	}
	BPF_CORE_READ_STR_INTO(&record.comm, task, comm);
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}

#endif
