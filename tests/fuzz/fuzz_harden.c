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

static void judge(struct arena *arena, const struct host *host, enum profile floor,
		  const uint8_t *data, size_t size)
{
	struct policy policy;
	struct task task = {
		.boundary = AT_CREATE,
		.name = "config.json",
		.text = arena_strndup(arena, (const char *)data, size),
		.len = size,
		.policy = &policy,
		.host = host,
		.floor = floor,
	};

	policy_of(arena, "built-in", NULL, &policy);
	obey(law_twice(arena, &task));
	obey(law_grants(arena, &task));
	obey(law_off(arena, &task));
	obey(law_kept(arena, &task));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct error err;
	const struct host *host = host_facts(arena, json_new(arena, JSON_OBJECT), &err);

	if (!host)
		abort();
	judge(arena, host, PROFILE_BASELINE, data, size);
	judge(arena, host, PROFILE_RESTRICTED, data, size);
	arena_free(arena);
	return 0;
}
