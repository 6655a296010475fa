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

static void say_of(struct said *said, const struct json *name, const struct rule *rule,
		   struct rule_ref *ref)
{
	uint32_t id = names_put(&said->names, name->text, name->len);
	struct rule_refs *refs = &said->known[id];

	if (id >= names_known) {
		if (!said->added)
			said->added = arena_alloc(said->names.arena,
						  (said->names.room + 1) * sizeof(*said->added));
		refs = &said->added[id - names_known];
	}
	ref->rule = rule;
	if (refs->last)
		refs->last->next = ref;
	else
		refs->first = ref;
	refs->last = ref;
}

struct said said_of(struct arena *arena, const struct json *rules)
{
	struct said said = { .names = { .arena = arena } };
	struct rule_ref *refs;
	size_t count = 0;

	json_each(json, rules)
		if (json_member(json, "names"))
			count += json_member(json, "names")->len;
	said.names.room = count;
	said.known = arena_alloc(arena, names_known * sizeof(*said.known));
	refs = arena_alloc(arena, (count + 1) * sizeof(*refs));
	json_each(json, rules) {
		const struct rule *rule = read_rule(arena, json);

		json_each(name, json_member(json, "names"))
			if (name->type == JSON_STRING)
				say_of(&said, name, rule, refs++);
	}
	return said;
}

const struct rule_ref *said_on(const struct said *said, const char *name, size_t len)
{
	return said_first(said, names_find(&said->names, name, len));
}

const struct ways *said_ways(struct arena *arena, bool open, const struct rule_ref *first)
{
	struct ways *pass = ways_new(arena);
	const struct ways *left = pass;
	bool decided = false;

	if (open)
		ways_add_all(pass);
	for (const struct rule_ref *ref = first; ref; ref = ref->next) {
		enum act act = ref->rule->act;

		if (ref->rule->has_args) {
			if (act == ACT_PASS && !ways_of_rule(pass, ref->rule->json))
				return ways_new(arena);
		} else if (!decided) {
			if (act != ACT_PASS)
				return ways_new(arena);
			ways_add_all(pass);
			decided = true;
		}
	}
	for (const struct rule_ref *ref = first; ref; ref = ref->next) {
		struct ways *denied = ways_new(arena);

		if (!ref->rule->has_args || ref->rule->act == ACT_PASS)
			continue;
		if (!ways_of_rule(denied, ref->rule->json))
			return ways_new(arena);
		left = ways_without(arena, left, denied);
	}
	return left;
}
