/* Masters whose terminal nobody has opened yet, and masters with a live shell. */
#include "lc.h"
#include <pty.h>
int main(int ac, char **av) {
    lc_init(ac, av); pid_t *p = calloc(N + 1, sizeof *p);
    for (int i = 0; i < N; i++) {
        int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC); if (master < 0 || grantpt(master) || unlockpt(master)) die("openpt");
        if ((p[i] = forkpty(&master, NULL, NULL, NULL)) < 0) die("forkpty");
        if (!p[i]) { execlp("sleep", "sleep", secs_str(30), (char *)0); _exit(127); }
        pace();
    }
    ready(); hold();
    for (int i = 0; i < N; i++) { kill(p[i], SIGKILL); waitpid(p[i], NULL, 0); }
    return 0;
}
