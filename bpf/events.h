/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The wire contract between the kernel side and its reader: record layouts, event types and their vocabulary, nothing
 * else. dev.ghostfd.event mirrors it; EventLayoutKernelTest compares the two through the object's BTF.
 *
 * All times are CLOCK_BOOTTIME nanoseconds. Tables, files and sockets are kernel pointers made opaque by a keyed
 * one-to-one hash (see identity() in table.bpf.h), so that two are equal exactly when the pointers are. Padding is
 * explicit, every record is a multiple of 8 bytes.
 */
#ifndef GHOSTFD_EVENTS_H
#define GHOSTFD_EVENTS_H

#define COMM_LENGTH 16

enum event_type {
	EVENT_NONE = 0,
	EVENT_OPEN = 1,        /* descriptor_event: a descriptor appeared in the table, or was replaced (dup2) */
	EVENT_CLOSE = 2,       /* event_header: the descriptor is about to go */
	EVENT_CLOSE_RANGE = 3, /* close_range_event: fd..last are about to go */
	EVENT_TABLE_COPY = 4,  /* table_copy_event: the thread left a shared table for a copy of its own */
	EVENT_FORK = 5,        /* fork_event: a new process, or a thread with a table of its own */
	EVENT_EXEC = 6,        /* exec_event: new program; one EVENT_CENSUS per surviving descriptor follows */
	EVENT_EXIT = 7,        /* exit_event: the last thread of a process, or a thread with a table of its own */
	EVENT_FREE = 8,        /* free_event: the process was reaped */
	EVENT_CENSUS = 9,      /* census_event: one descriptor of the table, at exec or at exit */
	EVENT_CENSUS_END = 10, /* event_header: the census is complete, unless FLAG_TRUNCATED */
	EVENT_PAIR = 11,       /* pair_event: two sockets made by one socketpair; their EVENT_OPENs stand before it */
	EVENT_STACK = 12,      /* stack_event: where one or two descriptors were made; their EVENT_OPENs stand before it */
	EVENT_TYPES = 13,
};

enum descriptor_kind {
	KIND_NONE = 0,
	KIND_FILE = 1,
	KIND_DIRECTORY = 2,
	KIND_DEVICE = 3,
	KIND_PIPE = 4,
	KIND_FIFO = 5,
	KIND_SOCKET = 6,
	KIND_PTY = 7,
	KIND_PIDFD = 8,
	KIND_EVENTFD = 9,
	KIND_EVENTPOLL = 10,
	KIND_TIMERFD = 11,
	KIND_SIGNALFD = 12,
	KIND_INOTIFY = 13,
	KIND_FANOTIFY = 14,
	KIND_MEMFD = 15,
	KIND_IO_URING = 16,
	KIND_BPF = 17,
	KIND_PERF_EVENT = 18,
	KIND_USERFAULTFD = 19,
	KIND_ANON = 20,
};

enum record_flag {
	/* a descriptor's */
	FLAG_READ = 1 << 0,    /* open for reading */
	FLAG_WRITE = 1 << 1,   /* open for writing */
	FLAG_CLOEXEC = 1 << 2, /* close-on-exec at that moment (snapshots, census at exit) */
	FLAG_PAIR = 1 << 3,    /* made by socketpair, or an unnamed unix socket with an unnamed peer */
	FLAG_LINKED = 1 << 4,  /* a FIFO that still has a name, so it can be opened again */
	FLAG_MASTER = 1 << 5,  /* the master side of a pty */
	FLAG_UNREAD = 1 << 6,  /* bytes lie in the pipe (census only) */
	/* a process event's */
	FLAG_THREAD = 1 << 8,       /* fork, exit: a thread, not a process */
	FLAG_LAST_THREAD = 1 << 9,  /* exit: no thread of the process is left; table copy: no other thread */
	FLAG_EXITING = 1 << 10,     /* census: taken at exit rather than exec */
	FLAG_TRUNCATED = 1 << 11,   /* census end: the table has more descriptors than were listed */
	FLAG_ZOMBIE = 1 << 12,      /* task snapshot: exited, not reaped */
	FLAG_SHARED = 1 << 14,      /* fork, exit: other tasks use the table, too */
	/* a snapshot descriptor's */
	FLAG_PEER_CLOSED = 1 << 13, /* the unix socket's peer, or the pty's other side, was open once and is closed everywhere;
				     * the pidfd's process has exited */
};

struct event_header {
	__u64 time;
	__u64 table;
	__u32 tgid;
	__u32 tid;
	__s32 fd;
	__u16 flags;
	__u8 type;
	__u8 kind;
};

struct descriptor_event {
	struct event_header header;
	__u64 inode;
	__u64 file;
};

/* readers and writers are the pipe's counts of open file descriptions, 0 for other kinds. */
struct census_event {
	struct event_header header;
	__u64 inode;
	__u64 file;
	__u32 readers;
	__u32 writers;
};

struct close_range_event {
	struct event_header header;
	__u32 last;
	__u32 pad;
};

struct table_copy_event {
	struct event_header header; /* table: the copy */
	__u64 source;
};

struct fork_event {
	struct event_header header; /* tgid, tid: who called fork; table: the child's */
	__u64 source;               /* the caller's table; equal to the child's under CLONE_FILES; 0 if it is the tracer's */
	__u64 start;
	__u32 child;                /* pid of the child's first thread; under FLAG_THREAD its tid */
	__u32 parent;               /* tgid of the child's parent (not the caller under CLONE_PARENT) */
};

struct exec_event {
	struct event_header header;
	__u64 start;
	char comm[COMM_LENGTH];
};

struct exit_event {
	struct event_header header;
	__u64 start;
	__u32 status; /* as wait(2) reports it */
	__u32 pad;
};

struct free_event {
	struct event_header header;
	__u64 start;
};

struct pair_event {
	struct event_header header;
	__u64 inode;
	__u64 peer;
};

#define STACK_FRAMES 16
#define STACK_BYTES 3072

/* The user stack of the thread, at the return of the call that made fd and, for a pair, second. The kernel's walk follows
 * frame pointers; for code built without them the reader unwinds the copy. */
struct stack_event {
	struct event_header header;
	__u64 file;
	__u64 second_file;
	__u64 instruction;
	__u64 stack;         /* the stack pointer, and the address of bytes */
	__u64 frame;         /* the frame pointer */
	__u64 link;          /* the link register, where there is one */
	__s32 second;        /* -1 for none */
	__u32 frames;        /* how many of walk are filled */
	__u32 length;        /* how many of bytes are filled */
	__u32 pad;
	__u64 walk[STACK_FRAMES];
	__u8 bytes[STACK_BYTES];
};

/* One descriptor read from the kernel by the iterator. For sockets, peer and self name the two ends (0 when unknown); for a
 * pidfd, peer is the pid of its process. */
struct descriptor_snapshot {
	__u64 time;
	__u64 table;
	__u64 inode;
	__u64 file;
	__u64 self;
	__u64 peer;
	__u32 tgid;
	__u32 tid;
	__s32 fd;
	__u16 flags;
	__u8 kind;
	__u8 pad;
	__u32 readers;
	__u32 writers;
	__u32 buffered; /* bytes waiting in the pipe or socket */
	__u32 consumed; /* the pipe's read position: a counter that moves with every buffer consumed */
};

/* One process (its first thread), or a thread whose table differs from it. */
struct task_snapshot {
	__u64 time;
	__u64 table; /* 0 for a zombie */
	__u64 start;
	__u64 cgroup;
	__u64 soft_limit; /* RLIMIT_NOFILE */
	__u64 hard_limit;
	__u32 tgid;
	__u32 tid;
	__u32 parent;
	__u32 ns_pid; /* the pid inside its own pid namespace */
	__u32 status; /* of a zombie, as wait(2) reports it */
	__u16 flags;
	__u16 pad;
	char comm[COMM_LENGTH];
};

enum lost_reason {
	LOST_RING_FULL = 0,   /* no room in the ring buffer */
	LOST_CALLS_FULL = 1,  /* no room to remember a system call's arguments */
	LOST_USER_READ = 2,   /* the caller's memory could not be read */
	LOST_SCOPE_FULL = 3,  /* more processes in scope than the scope table holds */
	LOST_TRUNCATED = 4,   /* a census stopped at its limit */
	LOST_REASONS = 8,
};

#define LOST_CPUS 1024

/* One cache line per CPU, so that counting a loss costs no contention; CPUs beyond LOST_CPUS share. */
struct losses {
	__u64 count[LOST_CPUS][LOST_REASONS];
};

#define SCOPE_CGROUPS 32

/* Set once before loading. */
struct config {
	__u64 identity_key;
	__u64 wakeup_bytes;
	__u32 self; /* the tracer's own tgid, never traced; 0 for none */
	__u32 scoped;
	__u32 cgroups;
	__u32 stacks; /* tell where descriptors are made */
	__u64 cgroup_id[SCOPE_CGROUPS];
	__u32 cgroup_level[SCOPE_CGROUPS];
};

enum snapshot_choice {
	ONLY_CANDIDATES = 1 << 0,  /* only what has lost its peer, and inodes that are watched */
	OUT_OF_SCOPE_TOO = 1 << 1, /* every process */
};

/* What the next snapshot should list; written by the reader before it starts one. */
struct snapshot_filter {
	__u32 tgid;   /* only this process; 0 for all */
	__u32 choice; /* bits of snapshot_choice */
};

#endif
