/* SPDX-License-Identifier: Apache-2.0 */
/* A mount table, and every place of it asked for its other names: each has to be a path or a kind. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/container/host_parts.h"

/* Names grow with the square of the rows. */
#define SIZE_MAX_READ 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_name(void *data, const char *name)
{
	(void)data;
	if (!name || !*name) {
		fprintf(stderr, "mountinfo: a place with an empty name\n");
		abort();
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct mount_row *rows;

	if (size > SIZE_MAX_READ)
		size = SIZE_MAX_READ;
	rows = mounts_parse(arena, arena_strndup(arena, (const char *)data, size));
	for (const struct mount_row *row = rows; row; row = row->next) {
		struct alias_question question = { .real = row->point,
						   .deep = true,
						   .bad = is_name };

		if (!row->device || !row->root || !row->point || !row->kind || !row->options)
			abort();
		mounts_aliases(arena, rows, row->id, 0, &question);
	}
	arena_free(arena);
	return 0;
}
