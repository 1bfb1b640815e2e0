/* SPDX-License-Identifier: Apache-2.0 */
/*
 * As a library (-DLIBRARY), a libc that tells nothing of its frames, as musl is built. Without, a program that uses it.
 */
#include <sys/syscall.h>

int bare_pipe2(int *ends, int flags);

#ifdef LIBRARY
int bare_pipe2(int *ends, int flags)
{
#ifdef __x86_64__
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(SYS_pipe2), "D"(ends), "S"(flags)
			 : "rcx", "r11", "memory");
#else
	register long number __asm__("x8") = SYS_pipe2;
	register long result __asm__("x0") = (long)ends;
	register long second __asm__("x1") = flags;

	__asm__ volatile("svc 0" : "+r"(result) : "r"(number), "r"(second) : "memory");
#endif
	return result;
}
#else
__attribute__((noinline)) int user_piped(void)
{
	int ends[2];
	int failed = bare_pipe2(ends, 0);

	__asm__ volatile("" ::: "memory");
	return failed;
}

int main(void)
{
	int failed = user_piped();

	__asm__ volatile("" ::: "memory");
	return failed;
}
#endif
