/* SPDX-License-Identifier: Apache-2.0 */
/*
 * swap A B: exchanges two names with each other until it is ended, as fast as the kernel does it: whoever
 * looks twice at a path may find a directory once and a symbolic link the other time.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define RENAME_EXCHANGE 2

int main(int argc, char *argv[])
{
	const struct timespec pause = { .tv_nsec = 20000 };

	if (argc != 3)
		return 2;
	for (;;) {
		if (syscall(SYS_renameat2, AT_FDCWD, argv[1], AT_FDCWD, argv[2], RENAME_EXCHANGE) <
		    0) {
			perror("swap");
			return 1;
		}
		nanosleep(&pause, NULL);
	}
}
