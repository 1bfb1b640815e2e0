/* The first process of a pid namespace, as in a container, does not collect what its children leave behind. */
#include "lc.h"
#include <sys/prctl.h>
int main(int ac, char **av) {
    lc_init(ac, av); if (unshare(CLONE_NEWPID)) die("unshare"); int up[2]; if (pipe2(up, O_CLOEXEC)) die("pipe2");
    pid_t init = fork(); if (init < 0) die("fork");
    if (!init) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); close(up[0]);
        for (int i = 0; i < N; i++) {
            pid_t p = fork(); if (!p) { pid_t g = fork(); if (!g) { nap(0.2); _exit(0); } _exit(0); }
            waitpid(p, NULL, 0); pace();
        }
        nap(0.5); write(up[1], "x", 1); close(up[1]); for (;;) pause();
    }
    close(up[1]); char c; if (read(up[0], &c, 1) != 1) die("read"); close(up[0]); holder(init, "init"); ready(); hold();
    kill(init, SIGKILL); waitpid(init, NULL, 0); return 0;
}
