/* SPDX-License-Identifier: Apache-2.0 */
/* Prints those of its arguments (prog_id:N, map_id:N, link_id:N) that the kernel still has. */
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		char *colon = strchr(argv[i], ':');
		union bpf_attr attributes = {.prog_id = colon ? strtoul(colon + 1, NULL, 10) : 0};
		int command = argv[i][0] == 'p' ? BPF_PROG_GET_FD_BY_ID
			    : argv[i][0] == 'm' ? BPF_MAP_GET_FD_BY_ID
						: BPF_LINK_GET_FD_BY_ID;
		int fd = syscall(SYS_bpf, command, &attributes, sizeof(attributes));

		if (fd >= 0) {
			puts(argv[i]);
			close(fd);
		}
	}
	return 0;
}
