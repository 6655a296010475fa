/* SPDX-License-Identifier: Apache-2.0 */
/* What the rules of a profile say of each call. */
#include "syscalls_said.h"

static const struct rule *read_rule(struct arena *arena, const struct json *json)
{
	struct rule *rule = arena_alloc(arena, sizeof(*rule));

	rule->json = json;
	rule->action = json_string(json_member(json, "action"));
	rule->act = act_of(rule->action);
	rule->has_args = rule_has_args(json);
	rule->plain = rule->act == ACT_PASS && !rule->has_args;
	return rule;
}

static void say_of(struct said *said, uint32_t id, const struct rule *rule, struct rule_ref *ref)
{
	struct rule_refs *refs = &said->known[id];

	ref->rule = rule;
	if (refs->last)
		refs->last->next = ref;
	else
		refs->first = ref;
	refs->last = ref;
}

struct said said_of(struct arena *arena, const struct json *rules)
{
	struct said said;
	struct rule_ref *refs;
	size_t count = 0;

	json_each(json, rules)
		if (json_member(json, "names"))
			count += json_member(json, "names")->len;
	said.known = arena_alloc(arena, names_known * sizeof(*said.known));
	refs = arena_alloc(arena, (count + 1) * sizeof(*refs));
	json_each(json, rules) {
		const struct rule *rule = read_rule(arena, json);

		json_each(name, json_member(json, "names")) {
			uint32_t id = name->type == JSON_STRING ? names_find(name->text, name->len)
								: NAMES_NONE;

			if (id != NAMES_NONE)
				say_of(&said, id, rule, refs++);
		}
	}
	return said;
}

/* What rules allow: all of it, if a rule without arguments says so. False: nothing, whatever others say. */
static bool allowed_ways(struct ways *pass, const struct rule_ref *first)
{
	struct ways *read = ways_new(pass->arena);
	bool decided = false;

	for (const struct rule_ref *ref = first; ref; ref = ref->next) {
		enum act act = ref->rule->act;

		if (ref->rule->has_args) {
			if (act == ACT_PASS && !ways_of_rule(read, ref->rule->json))
				return false;
		} else if (!decided) {
			if (act != ACT_PASS)
				return false;
			ways_add_all(pass);
			decided = true;
		}
	}
	for (size_t i = 0; i < read->count; i++)
		ways_add(pass, &read->way[i]);
	return true;
}

const struct ways *said_ways(struct arena *arena, bool open, const struct rule_ref *first)
{
	struct ways *pass = ways_new(arena), *denied = ways_new(arena);

	if (open)
		ways_add_all(pass);
	if (!allowed_ways(pass, first))
		return ways_new(arena);
	for (const struct rule_ref *ref = first; ref; ref = ref->next)
		if (ref->rule->has_args && ref->rule->act != ACT_PASS &&
		    !ways_of_rule(denied, ref->rule->json))
			return ways_new(arena);
	return ways_without(arena, pass, denied);
}
