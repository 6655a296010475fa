/* SPDX-License-Identifier: Apache-2.0 */
/* What is measured, as measure.c is told on stdin. */
#ifndef SEAWALL_BENCH_CONTENDER_H
#define SEAWALL_BENCH_CONTENDER_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CONTENDERS_MAX = 16, ARGS_MAX = 32, PATH_LEN = 4096 };

struct contender {
	char line[PATH_LEN];
	const char *name, *program;
	char *config; /* contents, or NULL */
	size_t config_len;
	char *args[ARGS_MAX + 1];
	int64_t *samples;
};

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static char *read_all(const char *path, size_t *len)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *data;

	if (fd < 0 || fstat(fd, &st))
		die(path);
	data = malloc((size_t)st.st_size + 1);
	if (!data || read(fd, data, (size_t)st.st_size) != st.st_size)
		die(path);
	close(fd);
	*len = (size_t)st.st_size;
	return data;
}

static size_t read_contenders(struct contender *list)
{
	size_t count = 0;

	while (count < CONTENDERS_MAX && fgets(list[count].line, PATH_LEN, stdin)) {
		struct contender *it = &list[count++];
		char *rest = it->line, *field;
		int args = 0;

		it->line[strcspn(it->line, "\n")] = '\0';
		it->name = strsep(&rest, "\t");
		field = strsep(&rest, "\t");
		if (field && strcmp(field, "-") != 0)
			it->config = read_all(field, &it->config_len);
		it->program = strsep(&rest, "\t");
		if (!it->program)
			die("a line of stdin");
		it->args[args++] = (char *)it->program;
		while (args < ARGS_MAX && (field = strsep(&rest, "\t")))
			it->args[args++] = field;
	}
	return count;
}

#endif
