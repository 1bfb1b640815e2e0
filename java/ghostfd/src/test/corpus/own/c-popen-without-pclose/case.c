/* popen() without pclose(): the stream and the zombie stay. */
#include "lc.h"
int main(int ac, char **av) {
    lc_init(ac, av);
    for (int i = 0; i < N; i++) { char b[16]; FILE *f = popen("echo hi", "r"); if (!f) die("popen"); fgets(b, sizeof b, f); fgetc(f); pace(); }
    ready(); hold(); return 0;
}
