/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The floor of the benchmark: a wrapper that does nothing but hand over to the program exit beside it. What
 * seawall-runtime costs is what it needs beyond this.
 */
#include <libgen.h>
#include <stdio.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv)
{
	char path[4096];
	int len;

	(void)argc;
	len = snprintf(path, sizeof(path), "%s/exit", dirname(argv[0]));
	if (len < 0 || (size_t)len >= sizeof(path))
		return 1;
	execve(path, argv, environ);
	perror(path);
	return 1;
}
