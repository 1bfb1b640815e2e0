/* pipe() without close-on-exec: a long-lived sibling started in between keeps the write end of another child's output. */
#include "lc.h"
int main(int ac, char **av) {
    lc_init(ac, av); pid_t *d = calloc(N + 1, sizeof *d);
    for (int i = 0; i < N; i++) {
        int p[2]; if (pipe(p)) die("pipe");
        if (!(d[i] = fork())) { for (int k = 3; k < p[0]; k++) close(k); close(p[0]); execlp("sleep", "sleep", secs_str(30), (char *)0); _exit(127); }
        pid_t c = fork();
        if (!c) { dup2(p[1], 1); for (int k = 3; k <= p[1]; k++) close(k); execlp("true", "true", (char *)0); _exit(127); }
        close(p[1]); holder(d[i], "sibling"); waitpid(c, NULL, 0); pace();
    }
    ready(); hold();
    for (int i = 0; i < N; i++) { kill(d[i], SIGKILL); waitpid(d[i], NULL, 0); }
    return 0;
}
