/* SPDX-License-Identifier: Apache-2.0 */
/* Any policy: it is refused with a place, or it answers for every workload, and what it shows is a policy. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void broken(const char *what)
{
	fprintf(stderr, "policy: %s\n", what);
	abort();
}

static void ask(struct arena *arena, const struct policy *policy, const struct workload *workload)
{
	struct selection *selection = arena_alloc(arena, sizeof(*selection));
	const struct json *allow;
	const struct rule *rule;

	for (enum profile floor = PROFILE_PRIVILEGED; floor <= PROFILE_RESTRICTED; floor++) {
		policy_select(arena, policy, workload, floor, selection);
		for (size_t i = 0; (rule = rule_at(i)); i++) {
			if ((rule->flags & RULE_ALWAYS) &&
			    selection->settings[i].action == ACTION_OFF)
				broken("a rule that is always on was switched off");
			(void)policy_exempts(policy, workload, rule->id, "2026-11-22", &allow);
		}
	}
}

static void show(struct arena *arena, const struct policy *policy, const struct workload *workload)
{
	struct selection *selection = arena_alloc(arena, sizeof(*selection));
	struct source source = { .name = "shown" };
	struct policy again;
	struct error err;

	policy_select(arena, policy, workload, PROFILE_PRIVILEGED, selection);
	source.text =
		json_print(arena, policy_show(arena, policy, selection), JSON_PRETTY, &source.len);
	/* Profiles of their own stand in files of their own, which are not here. */
	if (!policy->profiles && !policy_parse(arena, &source, 1, &again, &err))
		broken(err.msg);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct source source = {
		.name = "policy.json",
		.text = arena_strndup(arena, (const char *)data, size),
		.len = size,
	};
	struct workload workload = {
		.engine = ENGINE_CRI,
		.namespace = "shop",
		.pod = "web-1",
		.container = "web",
		.image = "nginx:1.27",
		.id = "4f0c",
		.trusted = TRUST_ENGINE | TRUST_NAMESPACE | TRUST_POD | TRUST_CONTAINER | TRUST_ID,
	};
	struct policy policy;
	struct error err;

	if (policy_parse(arena, &source, 1, &policy, &err)) {
		ask(arena, &policy, &workload);
		show(arena, &policy, &workload);
	} else if (!*err.msg) {
		broken("refused without a word");
	}
	arena_free(arena);
	return 0;
}
