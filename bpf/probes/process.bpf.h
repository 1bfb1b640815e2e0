/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The life of processes, and the census of their descriptors at exec and at exit. */
#ifndef GHOSTFD_PROBES_PROCESS_H
#define GHOSTFD_PROBES_PROCESS_H

#define SIGNAL_GROUP_EXIT 4 /* linux/sched/signal.h */

/* One record per descriptor: a record with an array of them makes the verifier explode. A global function is verified
 * once, however often the loop below calls it. */
__noinline int census_descriptor(__u32 fd, __u32 flags)
{
	struct description what;
	struct census_event *event;
	__u64 table;
	struct file *file;

	event = reserve(sizeof(*event));
	if (!event)
		return 0;
	file = current_file(fd, &table, &event->file);
	if (!file) {
		bpf_ringbuf_discard(event, BPF_RB_NO_WAKEUP);
		return 0;
	}
	fill_header(&event->header, EVENT_CENSUS, table, fd);
	describe(file, &what);
	event->header.flags = what.flags | flags;
	/* After an exec there is none left. */
	if (flags & FLAG_EXITING && close_on_exec((struct task_struct *)bpf_get_current_task(), fd))
		event->header.flags |= FLAG_CLOEXEC;
	event->header.kind = what.kind;
	event->inode = what.inode;
	event->file = what.file;
	event->readers = 0;
	event->writers = 0;
	if (what.kind == KIND_PIPE || what.kind == KIND_FIFO) {
		struct inode *inode = LOAD(struct file, file, f_inode);
		struct pipe_inode_info *pipe = LOAD(struct inode, inode, i_pipe);

		event->readers = LOAD(struct pipe_inode_info, pipe, readers);
		event->writers = LOAD(struct pipe_inode_info, pipe, writers);
		if (LOAD(struct pipe_inode_info, pipe, head) != LOAD(struct pipe_inode_info, pipe, tail))
			event->header.flags |= FLAG_UNREAD;
	}
	submit(event);
	return 0;
}

/* 64 descriptors; returns how many words the table has. Global for the same reason. */
__noinline int census_word(__u32 index, __u32 flags)
{
	__u32 words;
	unsigned long word = open_word(index, &words);

	for (__u32 bit = 0; bit < 64 && word >> bit; bit++) {
		if (word >> bit & 1)
			census_descriptor(index * 64 + bit, flags);
	}
	return words;
}

__noinline int census_words(__u32 first, __u32 flags)
{
	int words = first + 1;

	for (__u32 i = 0; i < LOOP_STEP && (int)(first + i) < words; i++)
		words = census_word(first + i, flags);
	return words;
}

__noinline int census(__u32 flags)
{
	struct event_header *event;
	int words = 1;

	for (int first = 0; first < CENSUS_WORDS && first < words; first += LOOP_STEP)
		words = census_words(first, flags);
	event = reserve(sizeof(*event));
	if (!event)
		return 0;
	fill_header(event, EVENT_CENSUS_END, current_table(), -1);
	event->flags = flags | (words > CENSUS_WORDS ? FLAG_TRUNCATED : 0);
	/* At exit nobody needs the rest; after an exec it is what the table is. */
	if (words > CENSUS_WORDS && !(flags & FLAG_EXITING))
		lose(LOST_TRUNCATED);
	submit(event);
	return 0;
}

static __always_inline int tell_freed(__u32 tgid, __u64 start)
{
	struct free_event *event = reserve(sizeof(*event));

	if (!event)
		return 0;
	fill_header(&event->header, EVENT_FREE, 0, -1);
	event->header.tgid = tgid;
	event->header.tid = tgid;
	event->start = start;
	submit(event);
	return 0;
}

/* Threads that share their process's table tell nothing new. */
static __always_inline int forked(struct task_struct *caller, struct task_struct *child)
{
	bool thread = child->tgid == caller->tgid, born_in_scope = false, traced;
	struct fork_event *event;
	__u64 earlier;

	if (thread && child->files == caller->files)
		return 0;
	if (!thread)
		born_in_scope = scope_follow(caller->tgid, child->tgid, child->start_boottime);
	if (!thread && !born_in_scope) {
		earlier = scope_leave(child->tgid);
		if (earlier)
			tell_freed(child->tgid, earlier);
	}
	traced = in_scope(caller, caller->tgid);
	if (!traced && !born_in_scope)
		return 0;
	event = reserve(sizeof(*event));
	if (!event)
		return 0;
	fill_header(&event->header, EVENT_FORK, table_of(child), -1);
	event->header.flags = (thread ? FLAG_THREAD : 0) |
			      (child->files != caller->files && table_users(caller) > 1 ? FLAG_SHARED : 0);
	event->source = traced ? table_of(caller) : 0;
	event->start = child->start_boottime;
	event->child = child->pid;
	event->parent = BPF_CORE_READ(child, real_parent, tgid);
	submit(event);
	return 0;
}

/* Close-on-exec has been applied and a shared table left by now, so the census is exactly what the program received. */
static __always_inline int executed(struct task_struct *task)
{
	struct exec_event *event;

	if (!in_scope(task, task->tgid))
		return 0;
	event = reserve(sizeof(*event));
	if (event) {
		fill_header(&event->header, EVENT_EXEC, table_of(task), -1);
		event->start = BPF_CORE_READ(task, group_leader, start_boottime);
		BPF_CORE_READ_STR_INTO(&event->comm, task, comm);
		submit(event);
	}
	census(0);
	return 0;
}

static __always_inline __u32 wait_status(struct task_struct *task)
{
	if (BPF_CORE_READ(task, signal, flags) & SIGNAL_GROUP_EXIT)
		return BPF_CORE_READ(task, signal, group_exit_code);
	return BPF_CORE_READ(task, group_leader, exit_code);
}

/* task->files is still there: exit_files() comes after the tracepoint. */
static __always_inline int exited(struct task_struct *task)
{
	bool last = !BPF_CORE_READ(task, signal, live.counter);
	struct exit_event *event;

	if (!in_scope(task, task->tgid))
		return 0;
	/* The first thread stands for its process: that it goes alone is told even if others stay with the table. */
	if (!last && table_users(task) > 1 &&
	    (task->pid != task->tgid || BPF_CORE_READ(task, signal, flags) & SIGNAL_GROUP_EXIT))
		return 0;
	if (last)
		census(FLAG_EXITING);
	event = reserve(sizeof(*event));
	if (!event)
		return 0;
	fill_header(&event->header, EVENT_EXIT, table_of(task), -1);
	event->header.flags = (last ? FLAG_LAST_THREAD : FLAG_THREAD) | (table_users(task) > 1 ? FLAG_SHARED : 0);
	event->start = BPF_CORE_READ(task, group_leader, start_boottime);
	event->status = wait_status(task);
	event->pad = 0;
	submit(event);
	return 0;
}

/* After an RCU grace period, when the pid may already belong to another process: hence the start time. The current task
 * is whoever runs the callback. */
static __always_inline int freed(struct task_struct *task)
{
	if (task->pid != task->tgid || !in_scope(task, task->tgid))
		return 0;
	scope_forget(task->tgid, task->start_boottime);
	return tell_freed(task->tgid, task->start_boottime);
}

#endif
