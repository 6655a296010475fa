/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a profile's rules alone prove. A filter allows a call only if its default action does or some
 * allowing rule matches, in whatever order libseccomp merges them: so a profile all of whose allowing
 * rules lie within the default is strong. The reverse does not hold: a denial may stand in front.
 */
#include <string.h>

#include "syscalls_rules.h"

#define SEARCHES_MAX 16

struct look {
	struct arena *arena;
	const struct syscalls_target *target;
	const struct book *book;
	const struct json *rules;
	const char **reason;
	bool unknown;	   /* something cannot be told */
	unsigned searches; /* for denials; each goes over all rules */
};

/* "allows arguments of \"socket\" that the default refuses" */
static void say(struct look *look, const char *before, const struct json *name, const char *after)
{
	*look->reason = arena_printf(look->arena, "allows %s\"%.*s\"%s", before, (int)name->len,
				     name->text, after);
}

/* A denial of the call somewhere may undo what an allowing rule says. */
static bool denied_somewhere(const struct look *look, const struct json *name)
{
	json_each(rule, look->rules) {
		if (rule_act(rule) != ACT_BLOCK)
			continue;
		json_each(other, json_member(rule, "names"))
			if (other->len == name->len &&
			    memcmp(other->text, name->text, name->len) == 0)
				return true;
	}
	return false;
}

/* An allowing rule for a call that the default does not allow whole. */
static enum strength look_at_name(struct look *look, const struct json *rule,
				  const struct json *name)
{
	uint32_t id = names_find(&look->book->names, name->text, name->len);
	enum standing standing;
	struct ways *ways;

	if (id == NAMES_NONE) {
		/* no name at all, which runtimes skip, or a call newer than the table */
		say(look, "", name, ", which is not known here");
		look->unknown = true;
		return STRENGTH_UNKNOWN;
	}
	standing = look->book->standing[id];
	if (standing == CALL_FOREIGN)
		return STRENGTH_STRONG;
	if (standing == CALL_FILTERED) {
		ways = ways_new(look->arena);
		if (ways_of_rule(ways, rule) &&
		    ways_within(ways, book_ways(look->arena, look->book, look->target, id)))
			return STRENGTH_STRONG;
	}
	if (standing == CALL_FILTERED)
		say(look, "arguments of ", name, " that the default refuses");
	else
		say(look, "", name, ", which the default refuses");
	if (look->searches++ < SEARCHES_MAX && !denied_somewhere(look, name))
		return STRENGTH_WEAK;
	look->unknown = true;
	return STRENGTH_UNKNOWN;
}

static enum strength look_at_rule(struct look *look, const struct json *rule)
{
	enum act act = rule_act(rule);

	if (act == ACT_UNKNOWN) {
		look->unknown = true;
		*look->reason = "has an action that is not known";
	}
	if (act == ACT_BLOCK || act == ACT_UNKNOWN)
		return STRENGTH_STRONG;
	json_each(name, json_member(rule, "names")) {
		if (name->type != JSON_STRING ||
		    book_standing(look->book, name->text, name->len) == CALL_ALLOWED)
			continue;
		if (look_at_name(look, rule, name) == STRENGTH_WEAK)
			return STRENGTH_WEAK;
	}
	return STRENGTH_STRONG;
}

/* What lies outside the rules: default action, flags, ABIs. */
static const char *frame_weak(struct arena *arena, const struct json *seccomp, bool native)
{
	const char *action = json_string(json_member(seccomp, "defaultAction"));

	if (act_of(action) != ACT_BLOCK)
		return arena_printf(arena, "lets through what no rule names (defaultAction \"%s\")",
				    action ? action : "");
	if (json_has(json_member(seccomp, "flags"), SPEC_ALLOW))
		return "switches the protection against speculation off (flag SPEC_ALLOW)";
	json_each(abi, json_member(seccomp, "architectures"))
		if (native && !json_is(abi, syscalls_native))
			return "opens other ABIs than the native one";
	return NULL;
}

enum strength syscalls_strength(struct arena *arena, const struct json *seccomp,
				const struct syscalls_target *target, const char **reason)
{
	struct look look = {
		.arena = arena,
		.target = target,
		.reason = reason,
		.rules = json_member(seccomp, "syscalls"),
	};

	*reason = frame_weak(arena, seccomp, target->native);
	if (*reason)
		return STRENGTH_WEAK;
	look.book = book_default(arena, target);
	json_each(rule, look.rules)
		if (look_at_rule(&look, rule) == STRENGTH_WEAK)
			return STRENGTH_WEAK;
	return look.unknown ? STRENGTH_UNKNOWN : STRENGTH_STRONG;
}
