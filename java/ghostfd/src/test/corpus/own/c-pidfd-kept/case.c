/* clone with CLONE_PIDFD and pidfd_open for each child: both stay after waitpid. */
#include "lc.h"
int main(int ac, char **av) {
    lc_init(ac, av);
    for (int i = 0; i < N; i++) {
        int at_birth = -1; pid_t p = syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, &at_birth, 0, 0); if (p < 0) die("clone");
        if (!p) { nap(0.05); _exit(0); }
        if (syscall(SYS_pidfd_open, p, 0) < 0) die("pidfd_open");
        waitpid(p, NULL, 0); pace();
    }
    ready(); hold(); return 0;
}
