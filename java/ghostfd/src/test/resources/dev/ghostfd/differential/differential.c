/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random operations on descriptors over several processes and threads, from a seed, with pauses in which nothing moves, for
 * a test to compare what it knows of the tables with the kernel's.
 *
 *   differential FOLDER       reads lines of stdin: SEED OPERATIONS OPERATIONS_BETWEEN_BARRIERS [only=A,B | without=A,B]
 *
 * For each it starts a conductor, which starts actors and lets them run until each has done its share of operations. Then it
 * prints, with one PID/TID/TABLE for each live thread that takes part, where equal TABLEs are one table,
 *
 *   BARRIER n PID/TID/TABLE …
 *
 * and reads a line: `go` on, or print the `log` of what was done since the last barrier. In the end: END seed status.
 * What runs is decided by the seed; how threads of one process interleave is not.
 */
#include "processes.h"

#include <linux/kcmp.h>
#include <sys/resource.h>

#define FIRST_ACTORS 4
#define HIGHEST_LIMIT 6000

static const struct operation {
	const char *name;
	int weight;
	bool own_table_only; /* fit for a process that lives briefly */
	void (*perform)(void);
} operations[] = {
	{ "open", 22, true, op_open },
	{ "pipe", 10, true, op_pipe },
	{ "socket", 8, true, op_socket },
	{ "accept", 5, true, op_accept },
	{ "dup", 22, true, op_dup },
	{ "close", 30, true, op_close },
	{ "close_range", 6, true, op_close_range },
	{ "flag", 6, true, op_flag },
	{ "anonymous", 14, true, op_anonymous },
	{ "exotic", 3, true, op_exotic },
	{ "pidfd", 5, true, op_pidfd },
	{ "send", 8, true, op_send },
	{ "receive", 8, true, op_receive },
	{ "unshare", 2, true, op_unshare },
	{ "fork", 2, false, op_fork },
	{ "clone", 2, false, op_clone },
	{ "clone_files", 2, false, op_clone_files },
	{ "fork_briefly", 4, false, op_fork_briefly },
	{ "spawn", 4, false, op_spawn },
	{ "thread", 5, false, op_thread },
	{ "thread_without_files", 2, false, op_thread_without_files },
	{ "exec", 3, false, op_exec },
	{ "exit_thread", 3, false, op_exit_thread },
	{ "exit", 2, false, op_exit },
	{ "reap", 3, false, op_reap },
};

#define OPERATIONS (sizeof(operations) / sizeof(*operations))

static void operate(bool own_table_only)
{
	int total = 0;

	for (unsigned i = 0; i < OPERATIONS; i++)
		if (stage->enabled >> i & 1 && operations[i].own_table_only >= own_table_only)
			total += operations[i].weight;
	if (!total)
		return;
	total = below(total);
	for (unsigned i = 0; i < OPERATIONS; i++) {
		if (!(stage->enabled >> i & 1) || operations[i].own_table_only < own_table_only)
			continue;
		total -= operations[i].weight;
		if (total < 0) {
			operations[i].perform();
			return;
		}
	}
}

static void operate_on_descriptors(void)
{
	operate(true);
}

/* Where an actor spends its life: operations while it has any left, and a pause until the next round. */
static void act(void)
{
	for (;;) {
		uint32_t round = stage->round;
		int running = RUNNING;

		while (self->quota-- > 0 && self->state == RUNNING)
			operate(false);
		atomic_compare_exchange_strong(&self->state, &running, PARKED);
		announce();
		while (stage->round == round) {
			futex_wait(&stage->round, round, 1000);
			if (kill(stage->conductor, 0))
				_exit(94);
		}
		if (stage->stopping)
			_exit(0);
	}
}

/* Gone from every table: no such thread, or a zombie without siblings. */
static bool is_gone(pid_t pid, pid_t tid)
{
	char path[64], stat[512];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", pid, tid ? tid : pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return true;
	length = read(fd, stat, sizeof(stat) - 1);
	close(fd);
	stat[length > 0 ? length : 0] = 0;
	char *name_end = strrchr(stat, ')');

	return !name_end || name_end[2] == 'Z' || name_end[2] == 'X';
}

static void await_quiet(void)
{
	for (;;) {
		uint32_t changes = stage->changes;
		bool quiet = true;

		while (waitpid(-1, NULL, WNOHANG | __WALL) > 0)
			;
		for (int i = 0; i < ACTORS; i++) {
			struct actor *actor = &stage->actors[i];

			if (actor->state == DEAD && (!actor->pid || is_gone(actor->pid, actor->tid)))
				set_free(actor);
			quiet &= actor->state != RUNNING && actor->state != DEAD;
		}
		if (quiet)
			return;
		futex_wait(&stage->changes, changes, 20);
	}
}

static void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void print(const char *format, ...)
{
	static char buffer[8192];
	va_list list;

	va_start(list, format);
	size_t length = vsnprintf(buffer, sizeof(buffer), format, list);

	va_end(list);
	if (write(1, buffer, length < sizeof(buffer) ? length : sizeof(buffer)) < 0)
		_exit(95);
}

static bool read_line(char *line, size_t size)
{
	size_t length = 0;

	while (read(0, line + length, 1) == 1) {
		if (line[length] == '\n') {
			line[length] = 0;
			return true;
		}
		length += length + 1 < size;
	}
	return false;
}

static void print_log(void)
{
	uint32_t count = stage->entries < LOG_ENTRIES ? stage->entries : LOG_ENTRIES;

	for (uint32_t i = 0; i < count; i++) {
		const struct entry *entry = &stage->log[i];

		print("LOG %llu.%09llu %d/%d %s(%ld, %ld) = %ld%s%s\n", (unsigned long long)entry->time / 1000000000,
		      (unsigned long long)entry->time % 1000000000, entry->pid, entry->tid, entry->operation, entry->a,
		      entry->b, entry->result, entry->error ? " " : "", entry->error ? strerror(entry->error) : "");
	}
	print("LOG END of %u\n", stage->entries);
}

/* Says who lives, and waits until it may go on; false when nobody listens any more. */
static bool barrier(int number)
{
	char who[4096], line[64];
	int length = 0, count = 2;
	pid_t pids[ACTORS + 2] = { getppid(), getpid() }, tids[ACTORS + 2] = { getppid(), getpid() };

	for (int i = 0; i < ACTORS; i++) {
		if (stage->actors[i].state == PARKED) {
			pids[count] = stage->actors[i].pid;
			tids[count++] = stage->actors[i].tid;
		}
	}
	for (int i = 0; i < count; i++) {
		int table = 0;

		while (table < i && syscall(SYS_kcmp, tids[table], tids[i], KCMP_FILES, 0, 0))
			table++;
		length += snprintf(who + length, sizeof(who) - length, " %d/%d/%d", pids[i], tids[i], table);
	}
	print("BARRIER %d%s\n", number, who);
	while (read_line(line, sizeof(line))) {
		if (!strcmp(line, "go"))
			return true;
		if (!strcmp(line, "log"))
			print_log();
	}
	return false;
}

static void populate(void)
{
	int live = live_actors();

	for (; live < FIRST_ACTORS; live++) {
		struct actor *actor = new_actor(0);

		if (!actor)
			return;
		actor->random = stage->actors[0].random ^ (stage->round * 1000003ull + live + 1) * 0x9E3779B97F4A7C15u;
		creating = 1;
		if (!fork())
			become(actor);
	}
	await_quiet();
}

static void start_round(int share)
{
	stage->entries = 0;
	for (int i = 0; i < ACTORS; i++) {
		if (stage->actors[i].state == PARKED) {
			stage->actors[i].quota = share;
			stage->actors[i].state = RUNNING;
		}
	}
	atomic_fetch_add(&stage->round, 1);
	futex_wake(&stage->round);
}

static uint64_t enabled_by(const char *choice)
{
	uint64_t named = 0;
	const char *names = choice ? strchr(choice, '=') : NULL;

	if (!names)
		return ~0ull;
	for (const char *name = names + 1; *name; name += *name == ',') {
		size_t length = strcspn(name, ",");
		unsigned i = 0;

		while (i < OPERATIONS && (strlen(operations[i].name) != length || strncmp(operations[i].name, name, length)))
			i++;
		if (i == OPERATIONS) {
			print("UNKNOWN operation %s\n", name);
			_exit(96);
		}
		named |= 1ull << i;
		name += length;
	}
	return strncmp(choice, "only=", 5) ? ~named : named;
}

static int conduct(uint64_t seed, int total, int between, const char *choice)
{
	struct rlimit limit;
	bool heard = true;

	alarm(SECONDS_AT_MOST);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max < HIGHEST_LIMIT ? limit.rlim_max : HIGHEST_LIMIT;
	setrlimit(RLIMIT_NOFILE, &limit);
	stage->conductor = getpid();
	stage->enabled = enabled_by(choice);
	stage->actors[0].random = seed * 0x9E3779B97F4A7C15u;
	for (int number = 0, done = 0; heard && done < total; number++, done += between) {
		populate();
		start_round(between / live_actors());
		await_quiet();
		heard = barrier(number);
	}
	stage->stopping = 1;
	start_round(0);
	for (int i = 0; i < ACTORS; i++)
		if (stage->actors[i].state != FREE)
			stage->actors[i].state = DEAD;
	await_quiet();
	return !heard;
}

static void resume(char **arguments)
{
	map_stage(arguments[2], 0);
	self = &stage->actors[atoi(arguments[3])];
	if (!strcmp(arguments[1], "briefly")) {
		creating = 1;
		live_briefly();
	}
	/* An exec ended all other threads of the process. */
	for (int i = 0; i < ACTORS; i++)
		if (stage->actors[i].pid == getpid() && &stage->actors[i] != self && stage->actors[i].state != FREE)
			set_free(&stage->actors[i]);
	become(self);
}

int main(int count, char **arguments)
{
	char line[512], path[300];

	signal(SIGPIPE, SIG_IGN);
	if (count == 4)
		resume(arguments);
	if (count != 2)
		return 2;
	signal(SIGCHLD, SIG_DFL);
	snprintf(path, sizeof(path), "%s/stage", arguments[1]);
	map_stage(path, O_CREAT | O_TRUNC);
	snprintf(stage->folder, sizeof(stage->folder), "%s", arguments[1]);
	if (readlink("/proc/self/exe", stage->program, sizeof(stage->program) - 1) < 0)
		return 2;
	snprintf(path, sizeof(path), "%s/fifo", arguments[1]);
	mkfifo(path, 0600);
	while (read_line(line, sizeof(line))) {
		unsigned long long seed;
		int total, between, status = -1;
		char choice[400] = "";
		pid_t conductor;

		if (sscanf(line, "%llu %d %d %399s", &seed, &total, &between, choice) < 3 || between <= 0)
			return 2;
		memset(stage->actors, 0, sizeof(stage->actors));
		stage->stopping = 0;
		conductor = fork();
		if (!conductor)
			_exit(conduct(seed, total, between, *choice ? choice : NULL));
		waitpid(conductor, &status, 0);
		print("END %llu %d\n", seed, status);
	}
	return 0;
}
