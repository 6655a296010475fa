/* SPDX-License-Identifier: Apache-2.0 */
/* Any document at all: it is judged, and the laws of tests/laws.h hold for what comes out. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness.h"
#include "laws.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void obey(const char *broken)
{
	if (!broken)
		return;
	fprintf(stderr, "harden: %s\n", broken);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *(*const laws[])(struct arena * arena,
					   const struct task *task) = { law_grants, law_twice,
									law_kept, law_off };
	struct arena *arena = arena_new();
	struct error err;
	struct policy policy;
	/* One law and one profile an input, chosen by its length: all of them would be eight times slower. */
	struct task task = {
		.boundary = AT_CREATE,
		.name = "config.json",
		.text = arena_strndup(arena, (const char *)data, size),
		.len = size,
		.policy = &policy,
		.host = host_facts(arena, json_new(arena, JSON_OBJECT), &err),
		.floor = size & 4 ? PROFILE_RESTRICTED : PROFILE_BASELINE,
	};

	policy_of(arena, "built-in", NULL, &policy);
	obey(task.host ? laws[size & 3](arena, &task) : err.msg);
	arena_free(arena);
	return 0;
}
