/* SPDX-License-Identifier: Apache-2.0 */
/*
 * catcher CALL PROGRAM [ARGUMENT...]
 *
 * Runs a program until one of its threads returns from the named system call with success, and writes what a tracer sees at
 * that moment to stdout: a struct caught. The program stands still until stdin ends, then it is killed.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define STACK_BYTES 4096
#define WALK_DEPTH 16
#define THREADS 65536

struct caught {
	int64_t pid, ip, sp, fp, link, stack_bytes, walk_depth;
	int64_t walk[WALK_DEPTH];
	char stack[STACK_BYTES];
};

static const struct {
	const char *name;
	uint64_t number;
} calls[] = {{"pipe2", SYS_pipe2}, {"memfd_create", SYS_memfd_create}, {"clone3", SYS_clone3}};

/* The call that each thread has entered last. */
static uint64_t entered[THREADS];

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t number_of(const char *name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (strcmp(calls[i].name, name) == 0)
			return calls[i].number;
	fprintf(stderr, "unknown call %s\n", name);
	exit(2);
}

static long read_memory(pid_t pid, uint64_t address, void *into, size_t bytes)
{
	struct iovec local = {into, bytes}, remote = {(void *)address, bytes};

	return process_vm_readv(pid, &local, 1, &remote, 1, 0);
}

/* As the kernel does it for perf and BPF: the instruction pointer, then wherever frame pointers lead. */
static void walk(struct caught *caught)
{
	uint64_t frame[2], fp = caught->fp;

	caught->walk[caught->walk_depth++] = caught->ip;
	while (caught->walk_depth < WALK_DEPTH && fp % 8 == 0 &&
	       read_memory(caught->pid, fp, frame, sizeof(frame)) == sizeof(frame)) {
		caught->walk[caught->walk_depth++] = frame[1];
		if (frame[0] <= fp)
			break;
		fp = frame[0];
	}
}

static void report(pid_t program, pid_t tid)
{
	static struct caught caught;
	struct user_regs_struct registers;
	struct iovec room = {&registers, sizeof(registers)};

	if (ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &room) != 0)
		fail("registers");
	caught.pid = tid;
#ifdef __x86_64__
	caught.ip = registers.rip;
	caught.sp = registers.rsp;
	caught.fp = registers.rbp;
#else
	caught.ip = registers.pc;
	caught.sp = registers.sp;
	caught.fp = registers.regs[29];
	caught.link = registers.regs[30];
#endif
	walk(&caught);
	caught.stack_bytes = read_memory(tid, caught.sp, caught.stack, STACK_BYTES);
	if (write(1, &caught, sizeof(caught)) != sizeof(caught))
		fail("write");
	while (read(0, &room, sizeof(room)) > 0)
		;
	/* Whoever waits for the end of this one may rely on the end of all. */
	kill(program, SIGKILL);
	while (waitpid(-1, NULL, __WALL) > 0)
		;
	exit(0);
}

/* Whether a thread stands at the return of this call. */
static int is_caught(pid_t tid, uint64_t call)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof(info), &info) <= 0)
		return 0;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
		entered[tid % THREADS] = info.entry.nr;
	return info.op == PTRACE_SYSCALL_INFO_EXIT && !info.exit.is_error && entered[tid % THREADS] == call;
}

int main(int argc, char **argv)
{
	uint64_t call;
	int status;
	pid_t program, tid;

	if (argc < 3)
		return 2;
	call = number_of(argv[1]);
	program = tid = fork();
	if (program == 0) {
		if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0)
			_exit(3);
		raise(SIGSTOP);
		/* Its output would mix with the report. */
		dup2(2, 1);
		execv(argv[2], argv + 2);
		_exit(4);
	}
	if (waitpid(tid, &status, 0) != tid || !WIFSTOPPED(status))
		fail("start");
	if (ptrace(PTRACE_SETOPTIONS, tid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL) != 0)
		fail("options");
	for (;;) {
		int signal = 0;

		if (WIFSTOPPED(status)) {
			if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
				if (is_caught(tid, call))
					report(program, tid);
			} else if (WSTOPSIG(status) != SIGTRAP && WSTOPSIG(status) != SIGSTOP) {
				signal = WSTOPSIG(status);
			}
			ptrace(PTRACE_SYSCALL, tid, 0, signal);
		}
		tid = waitpid(-1, &status, __WALL);
		if (tid < 0 && errno == ECHILD) {
			fprintf(stderr, "%s ended without %s\n", argv[2], argv[1]);
			return 1;
		}
	}
}
