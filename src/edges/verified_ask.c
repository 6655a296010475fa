/* SPDX-License-Identifier: Apache-2.0 */
/* Has filters compared by the seawall program, for who has no libseccomp. */
#include <linux/filter.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "file.h"
#include "program.h"
#include "verified.h"

#define SECONDS_MAX 3

/* More filters than anybody loads; the kernel takes their instructions together, 32768. */
#define FILTERS_MAX 16

/* A filter as the program reads it, open across execve; -1 if it cannot be made. */
static int file_of(const struct kernel_filter *filter)
{
	size_t len = filter->count * sizeof(*filter->code);
	int fd = memfd_create("filter", 0);

	if (fd < 0 || write(fd, filter->code, len) == (ssize_t)len)
		return fd;
	close(fd);
	return -1;
}

enum fact verified_ask(struct arena *arena, const struct json *seccomp,
		       const struct kernel_filter *list, struct error *err)
{
	const char *argv[4 + FILTERS_MAX + 1] = { "seawall", "seccomp", "compare", "-" };
	struct program program = { .argv = argv, .seconds = SECONDS_MAX };
	int files[FILTERS_MAX], status;
	size_t count = 0;

	for (; list && count < FILTERS_MAX; list = list->next) {
		files[count] = file_of(list);
		argv[4 + count] = arena_printf(arena, "/proc/self/fd/%d", files[count]);
		count++;
	}
	/* within a config, so that nothing in it is resolved */
	program.input = arena_printf(arena, "{\"ociVersion\":\"1.0.0\",\"linux\":{\"seccomp\":%s}}",
				     json_print(arena, seccomp, 0, &program.len));
	program.len = strlen(program.input);
	status = program_ask(arena, &program);
	while (count > 0)
		file_cleanup(&files[--count]);
	if (status == 0)
		return FACT_YES;
	if (status == 1)
		error_set(err, "no filter of the process is as strict as the config's");
	else
		error_set(err, "%s does not tell whether the filter of the process is the config's",
			  PROGRAM);
	return status == 1 ? FACT_NO : FACT_UNKNOWN;
}
