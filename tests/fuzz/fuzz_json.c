/* SPDX-License-Identifier: Apache-2.0 */
/* What the JSON reader accepts it prints without loss: reading the print gives the same tree. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void broken(const char *what)
{
	fprintf(stderr, "json: %s\n", what);
	abort();
}

static struct json *read_again(struct arena *arena, const struct json *json, unsigned flags)
{
	struct error err;
	size_t len;
	char *text = json_print(arena, json, flags, &len);
	struct json *again;

	if (strlen(text) != len)
		broken("the printed text holds a NUL");
	again = json_parse(arena, text, len, 0, &err);
	if (!again)
		broken(err.msg);
	return again;
}

/* Every node is found by its own pointer. */
static void check_pointers(struct arena *arena, const struct json *root, const struct json *json)
{
	if (json_at(root, json_pointer(arena, json)) != json)
		broken("a pointer leads elsewhere");
	json_each(each, json)
		check_pointers(arena, root, each);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct error err;

	for (unsigned flags = 0; flags <= JSON_COMMENTS; flags++) {
		struct json *json = json_parse(arena, (const char *)data, size, flags, &err);

		if (!json)
			continue;
		if (!json_equal(json, read_again(arena, json, 0)) ||
		    !json_equal(json, read_again(arena, json, JSON_PRETTY)) ||
		    !json_equal(json, json_clone(arena, json)))
			broken("another tree than before");
		if (size < 4096)
			check_pointers(arena, json, json);
	}
	arena_free(arena);
	return 0;
}
