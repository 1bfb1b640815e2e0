/* A server at work: a pipe and a file for each request, closed with it. */
#include "lc.h"
int main(int ac, char **av) {
    lc_init(ac, av);
    for (int i = 0; i < N; i++) {
        int p[2]; if (pipe2(p, O_CLOEXEC)) die("pipe2");
        int f = open("/dev/null", O_RDONLY | O_CLOEXEC); pace(); close(f); close(p[0]); close(p[1]);
    }
    ready(); hold(); return 0;
}
