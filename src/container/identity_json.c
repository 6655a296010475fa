/* SPDX-License-Identifier: Apache-2.0 */
/* A workload as reports and the decision log show it. */
#include "identity.h"

static void add_fact(struct arena *arena, struct json *object, const char *key, const char *value)
{
	if (value)
		json_set(arena, object, key, json_new_string(arena, value));
}

struct json *identity_json(struct arena *arena, const struct workload *workload)
{
	static const struct {
		unsigned bit;
		const char *name;
	} facts[] = {
		{ TRUST_ENGINE, "engine" }, { TRUST_NAMESPACE, "namespace" },
		{ TRUST_POD, "pod" },	    { TRUST_CONTAINER, "container" },
		{ TRUST_IMAGE, "image" },   { TRUST_DIGEST, "digest" },
		{ TRUST_LABELS, "labels" }, { TRUST_USER, "user" },
		{ TRUST_ID, "id" },
	};
	struct json *object = json_new(arena, JSON_OBJECT), *trusted = json_new(arena, JSON_ARRAY);

	add_fact(arena, object, "engine", engine_name(workload->engine));
	add_fact(arena, object, "namespace", workload->namespace);
	add_fact(arena, object, "pod", workload->pod);
	add_fact(arena, object, "container", workload->container);
	add_fact(arena, object, "image", workload->image);
	add_fact(arena, object, "digest", workload->digest);
	add_fact(arena, object, "id", workload->id);
	if (workload->sandbox)
		json_set(arena, object, "sandbox", json_new_bool(arena, true));
	if (workload->rootless)
		json_set(arena, object, "rootless", json_new_bool(arena, true));
	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++)
		if (workload->trusted & facts[i].bit)
			json_append(trusted, json_new_string(arena, facts[i].name));
	json_set(arena, object, "trusted", trusted);
	return object;
}
