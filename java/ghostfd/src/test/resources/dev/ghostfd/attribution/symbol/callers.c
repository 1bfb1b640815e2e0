/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells who calls whom: a line "NAME ADDRESS..." of return addresses for each stack, then "ready"; ends with its input.
 * The lines that tests ask for are marked.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <execinfo.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define DEPTH 16

static void *stack[DEPTH];

static inline __attribute__((always_inline)) int take(void)
{
    return backtrace(stack, DEPTH); /* line: take */
}

__attribute__((noinline)) int run_job(int job)
{
    int depth = take(); /* line: run_job */
    return depth > job ? depth : job;
}

static void tell(const char *name, void *const *addresses, int depth)
{
    printf("%s", name);
    for (int i = 0; i < depth; i++) {
        printf(" %p", addresses[i]);
    }
    printf("\n");
}

int main(void)
{
    int depth = run_job(0); /* line: main */
    tell("job", stack, depth);

    /* As a system call's wrapper stands in front of whoever calls it. */
    void *wrapped[] = {(char *)dlsym(RTLD_DEFAULT, "pipe") + 1, stack[0]};
    tell("pipe", wrapped, 2);
    tell("libc", wrapped, 1);

    void *vdso = dlopen("linux-vdso.so.1", RTLD_LAZY | RTLD_NOLOAD);
    char *clock = vdso ? dlsym(vdso, "__vdso_clock_gettime") : NULL;
    if (!clock && vdso) {
        clock = dlsym(vdso, "__kernel_clock_gettime");
    }
    void *in_vdso[] = {clock ? clock + 1 : NULL};
    tell("vdso", in_vdso, 1);

    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    void *in_page[] = {(char *)page + 1};
    tell("compiled", in_page, 1);

    /* What walking by a register that is no frame pointer can lead to: among it functions nobody is in. */
    void *wild[] = {stack[0], (void *)0x10, (void *)-1L, stack, (void *)run_job, dlsym(RTLD_DEFAULT, "pipe"), stack[1]};
    tell("wild", wild, 7);

    printf("ready\n");
    fflush(stdout);
    while (getchar() != EOF) {
    }
    return 0;
}
