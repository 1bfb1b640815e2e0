/* forkpty() per session; the master stays open after the session. */
#include "lc.h"
#include <pty.h>
int main(int ac, char **av) {
    lc_init(ac, av);
    for (int i = 0; i < N; i++) {
        int master; pid_t p = forkpty(&master, NULL, NULL, NULL); if (p < 0) die("forkpty");
        if (!p) { execlp("true", "true", (char *)0); _exit(127); }
        waitpid(p, NULL, 0); pace();
    }
    ready(); hold(); return 0;
}
