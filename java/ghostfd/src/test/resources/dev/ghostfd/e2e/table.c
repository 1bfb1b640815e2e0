/* SPDX-License-Identifier: Apache-2.0 */
/* Opens, duplicates, closes, forks and execs itself; at each barrier its table must be the one that ghostfd lists. */
#include "barrier.h"

static void open_one_of_each(const char *directory)
{
	char path[4096];
	int pair[2], listener, port;
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	/* An abstract name, one per process. */
	socklen_t length = sizeof(sa_family_t) + 1 + sprintf(name.sun_path + 1, "ghostfd-e2e-%d", getpid());
	struct {
		uint64_t flags, mode, resolve;
	} how = {O_RDONLY, 0, 0};

	CHECK(open("/etc/passwd", O_RDONLY));
	CHECK(openat(AT_FDCWD, "/etc/passwd", O_RDONLY | O_CLOEXEC));
	CHECK(open("/etc", O_RDONLY | O_DIRECTORY));
	CHECK(open("/dev/null", O_RDWR));
	CHECK(syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", &how, sizeof(how)));
	snprintf(path, sizeof(path), "%s/created", directory);
	CHECK(creat(path, 0600));
	snprintf(path, sizeof(path), "%s/fifo", directory);
	CHECK(mkfifo(path, 0600));
	CHECK(open(path, O_RDWR));
	CHECK(open(path, O_RDONLY | O_NONBLOCK));
	CHECK(pipe(pair));
	CHECK(pipe2(pair, O_CLOEXEC | O_NONBLOCK));
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	CHECK(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	listener = CHECK(socket(AF_UNIX, SOCK_STREAM, 0));
	CHECK(bind(listener, (struct sockaddr *)&name, length));
	CHECK(listen(listener, 4));
	for (int i = 0; i < 2; i++)
		CHECK(connect(CHECK(socket(AF_UNIX, SOCK_STREAM, 0)), (struct sockaddr *)&name, length));
	CHECK(accept(listener, NULL, NULL));
	CHECK(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	CHECK(syscall(SYS_pidfd_open, getpid(), 0));
	CHECK(eventfd(0, EFD_CLOEXEC));
	CHECK(epoll_create1(0));
	port = CHECK(posix_openpt(O_RDWR | O_NOCTTY));
	CHECK(grantpt(port));
	CHECK(unlockpt(port));
	CHECK(open(ptsname(port), O_RDWR | O_NOCTTY));
}

static void duplicate(void)
{
	CHECK(dup(3));
	CHECK(dup2(5, 60));
	CHECK(dup2(6, 4));  /* closes what was there */
	CHECK(dup2(7, 7));  /* does nothing */
	CHECK(dup3(8, 61, O_CLOEXEC));
	CHECK(dup3(9, 10, 0));
	CHECK(fcntl(3, F_DUPFD, 100));
	CHECK(fcntl(5, F_DUPFD, 100));
	CHECK(fcntl(11, F_DUPFD_CLOEXEC, 200));
}

/* None of these may change anything, in the table or in ghostfd's copy of it. */
static void fail(void)
{
	CHECK(-(open("/nonexistent", O_RDONLY) >= 0));
	CHECK(-(dup(9999) >= 0));
	CHECK(-(dup2(9999, 5) >= 0));
	CHECK(-(dup2(5, -1) >= 0));
	CHECK(-(dup3(5, 5, 0) >= 0));
	CHECK(-(close(9999) == 0));
	CHECK(-(fcntl(9999, F_DUPFD, 3) >= 0));
	CHECK(-(fcntl(3, F_DUPFD, 1 << 30) >= 0));
	CHECK(-(syscall(SYS_pipe2, (void *)8, 0) == 0));
	CHECK(-(syscall(SYS_pipe2, (void *)8, 1) == 0));
	CHECK(-(syscall(SYS_close_range, 10, 5, 0) == 0));
	CHECK(-(syscall(SYS_close_range, 3, 9999, 1 << 20) == 0));
	CHECK(-(socketpair(AF_INET, SOCK_STREAM, 0, (int[2]){0, 0}) == 0));
	CHECK(-(accept(3, NULL, NULL) >= 0));
}

static void close_some(void)
{
	CHECK(close(4));
	CHECK(close(60));
	CHECK(open("/dev/zero", O_RDONLY)); /* takes 4 again */
	CHECK(close(200));
	CHECK(fcntl(3, F_DUPFD, 300));
	CHECK(fcntl(3, F_DUPFD, 301));
	CHECK(fcntl(3, F_DUPFD, 400));
	CHECK(syscall(SYS_close_range, 100, 300, 0));
	CHECK(syscall(SYS_close_range, 401, ~0U, 0));
}

static void fork_child(void)
{
	pid_t child = CHECK(fork());

	if (child == 0) {
		barrier("child-untouched");
		CHECK(close(3));
		CHECK(dup2(5, 500));
		CHECK(close(400));
		CHECK(open("/etc/passwd", O_RDONLY));
		barrier("child-changed");
		_exit(3);
	}
	CHECK(waitpid(child, NULL, 0));
}

/* More than fits in a first-sized table, so that it grows several times. */
static void many(void)
{
	for (int i = 0; i < 5000; i++)
		CHECK(fcntl(i % 2 ? 3 : 5, F_DUPFD, 1000));
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--again")) {
		barrier("after-exec");
		CHECK(close(3));
		CHECK(pipe((int[2]){0, 0}));
		CHECK(syscall(SYS_close_range, 1000, ~0U, 0));
		barrier("closed-after-exec");
		return 0;
	}
	barrier("start");
	open_one_of_each(argv[1]);
	barrier("opened");
	duplicate();
	barrier("duplicated");
	fail();
	barrier("failed");
	close_some();
	barrier("closed");
	fork_child();
	barrier("child-reaped");
	many();
	barrier("many");
	CHECK(execv("/proc/self/exe", (char *[]){argv[0], "--again", argv[1], NULL}));
}
