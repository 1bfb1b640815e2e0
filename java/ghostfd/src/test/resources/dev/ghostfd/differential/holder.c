/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Processes that hold very many descriptors: mostly duplicates of /dev/null, and one pipe in eight.
 *
 *   holder PROCESSES          reads lines of stdin and answers each when it is done:
 *     hold N                  every process opens until it holds N more descriptors      HELD
 *     churn N                 every process opens and closes one N times                 CHURNED
 *     drop                    every process closes what it holds                         DROPPED
 *     pids                    who they are                                               PIDS …
 *
 * Ends with its stdin.
 */
#include "futex.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define PIPE_EACH 16

struct orders {
	_Atomic uint32_t round, done;
	int hold, churn, failed;
	bool drop;
};

static struct orders *orders;

static void open_more(int count, int null)
{
	for (int held = 0; held < count && !orders->failed;) {
		int fds[2];

		if (held % PIPE_EACH == 0 && count - held >= 2) {
			orders->failed |= pipe2(fds, O_CLOEXEC) < 0;
			held += 2;
		} else {
			orders->failed |= dup(null) < 0;
			held++;
		}
	}
}

static void obey(int null)
{
	for (uint32_t round = 0;; round++) {
		while (orders->round == round)
			futex_wait(&orders->round, round, 1000);
		open_more(orders->hold, null);
		for (int i = 0; i < orders->churn; i++)
			close(dup(null));
		if (orders->drop)
			syscall(SYS_close_range, null + 1, ~0U, 0);
		atomic_fetch_add(&orders->done, 1);
		futex_wake(&orders->done);
	}
}

static void give(int processes, struct orders next, const char *answer)
{
	uint32_t done;

	orders->hold = next.hold;
	orders->churn = next.churn;
	orders->drop = next.drop;
	orders->done = 0;
	atomic_fetch_add(&orders->round, 1);
	futex_wake(&orders->round);
	while ((done = orders->done) < (uint32_t)processes)
		futex_wait(&orders->done, done, 1000);
	printf("%s\n", orders->failed ? "FAILED" : answer);
}

int main(int count, char **arguments)
{
	int processes = count == 2 ? atoi(arguments[1]) : 0, number;
	char line[64];
	struct rlimit limit;

	if (processes < 1 || processes > 4096)
		return 2;
	setlinebuf(stdout);
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	orders = mmap(NULL, sizeof(*orders), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (orders == MAP_FAILED)
		return 1;
	pid_t *pids = calloc(processes, sizeof(*pids));

	for (int i = 0; pids && i < processes; i++) {
		pids[i] = fork();
		if (!pids[i]) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			obey(open("/dev/null", O_RDWR | O_CLOEXEC));
		}
	}
	while (pids && fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "hold %d", &number) == 1) {
			give(processes, (struct orders){ .hold = number }, "HELD");
		} else if (sscanf(line, "churn %d", &number) == 1) {
			give(processes, (struct orders){ .churn = number }, "CHURNED");
		} else if (!strncmp(line, "drop", 4)) {
			give(processes, (struct orders){ .drop = true }, "DROPPED");
		} else if (!strncmp(line, "pids", 4)) {
			printf("PIDS");
			for (int i = 0; i < processes; i++)
				printf(" %d", pids[i]);
			printf("\n");
		} else {
			return 2;
		}
	}
	return 0;
}
