/* One socketpair per worker; the worker is killed and reaped, the master's end stays open. */
#include "lc.h"
int main(int ac, char **av) {
    lc_init(ac, av);
    for (int i = 0; i < N; i++) {
        int s[2]; if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s)) die("socketpair");
        pid_t p = fork(); if (p < 0) die("fork");
        if (!p) { close(s[0]); char c; while (read(s[1], &c, 1) > 0); _exit(0); }
        close(s[1]); kill(p, SIGKILL); waitpid(p, NULL, 0); pace();
    }
    ready(); hold(); return 0;
}
