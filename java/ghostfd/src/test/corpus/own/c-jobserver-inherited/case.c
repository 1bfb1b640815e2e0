/* make's jobserver, a readiness pipe and a lifeline: inherited on purpose, their maker holds the other side. */
#include "lc.h"
int main(int ac, char **av) {
    lc_init(ac, av); pid_t *w = calloc(N + 1, sizeof *w); int jobs[2], life[2];
    if (pipe(jobs) || pipe(life) || write(jobs[1], "++", 2) != 2) die("pipe");
    for (int i = 0; i < N; i++) {
        pid_t early = fork(); if (!early) { execlp("true", "true", (char *)0); _exit(127); }
        waitpid(early, NULL, 0);
        if (!(w[i] = fork())) { close(life[1]); execlp("sleep", "sleep", secs_str(30), (char *)0); _exit(127); }
        pace();
    }
    ready(); hold();
    for (int i = 0; i < N; i++) { kill(w[i], SIGKILL); waitpid(w[i], NULL, 0); }
    return 0;
}
