/* The innocent twin: the first process of the namespace waits for whatever it is left with. */
#include "lc.h"
#include <sys/prctl.h>
int main(int ac, char **av) {
    lc_init(ac, av); if (unshare(CLONE_NEWPID)) die("unshare");
    pid_t init = fork(); if (init < 0) die("fork");
    if (!init) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (int i = 0; i < N; i++) { pid_t p = fork(); if (!p) { pid_t g = fork(); if (!g) { nap(0.2); _exit(0); } _exit(0); } }
        for (;;) if (wait(NULL) < 0) nap(0.1);
    }
    holder(init, "init"); ready(); hold(); kill(init, SIGKILL); waitpid(init, NULL, 0); return 0;
}
