/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a profile's rules alone prove. A filter should allow a call only if its default action does or some
 * allowing rule matches: so a profile all of whose allowing rules lie within the default is strong. libseccomp
 * merges rules wrongly where they ask for several arguments of one call (ways_plain): then who compiles
 * filters is asked too. The reverse does not hold: a denial may stand in front.
 */
#include <string.h>

#include "syscalls_rules.h"

#define SEARCHES_MAX 16
/* Conditions that are worth compiling: libseccomp takes the square of their number. */
#define CONDITIONAL_MAX 1024

/* All rules on a call that the default filters by argument: what libseccomp merges. */
struct mixed {
	uint32_t id;
	struct ways *ways;
	bool allows; /* one of them does */
	struct mixed *next;
};

struct look {
	struct arena *arena;
	const struct syscalls_target *target;
	const struct book *book;
	const struct json *rules;
	const char **reason;
	struct mixed *mixed;
	size_t conditional; /* calls that rules name with arguments */
	bool unknown;	    /* something cannot be told */
	unsigned searches;  /* for denials; each goes over all rules */
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

static struct mixed *mixed_on(struct look *look, uint32_t id)
{
	struct mixed *mixed = look->mixed;

	while (mixed && mixed->id != id)
		mixed = mixed->next;
	if (mixed)
		return mixed;
	mixed = arena_alloc(look->arena, sizeof(*mixed));
	*mixed = (struct mixed){ id, ways_new(look->arena), false, look->mixed };
	look->mixed = mixed;
	return mixed;
}

/* A rule on a call that the default filters by argument: if it allows, it must lie within. */
static enum strength look_at_arguments(struct look *look, const struct json *rule,
				       const struct json *name, uint32_t id)
{
	const struct ways *ours = book_ways(look->arena, look->book, look->target, id);
	struct mixed *mixed = mixed_on(look, id);
	struct ways *ways = mixed->ways;
	size_t before = ways->count;
	bool allows = rule_act(rule) != ACT_BLOCK;

	if (!ways_of_rule(ways, rule)) {
		say(look, "", name, " by rules that are not understood, or too many");
		return STRENGTH_WEAK;
	}
	mixed->allows = mixed->allows || allows;
	for (size_t i = before; allows && i < ways->count; i++) {
		if (way_fits(&ways->way[i], ours))
			continue;
		say(look, "arguments of ", name, " that the default refuses");
		return STRENGTH_WEAK;
	}
	return STRENGTH_STRONG;
}

/* An allowing rule for a call that the default does not allow whole. */
static enum strength look_at_name(struct look *look, const struct json *rule,
				  const struct json *name)
{
	uint32_t id = names_find(name->text, name->len);
	enum standing standing = id == NAMES_NONE ? CALL_BLOCKED : look->book->standing[id];

	if (id == NAMES_NONE) {
		/* a misspelt one, or one that a newer libseccomp below a runtime knows */
		say(look, "", name, ", which is not known here");
		return STRENGTH_WEAK;
	}
	if (standing == CALL_FOREIGN)
		return STRENGTH_STRONG;
	if (standing == CALL_FILTERED)
		return look_at_arguments(look, rule, name, id);
	say(look, "", name, ", which the default refuses");
	if (!rule_has_args(rule) && look->searches++ < SEARCHES_MAX && denied_somewhere(look, name))
		look->unknown = true;
	else
		return STRENGTH_WEAK;
	return STRENGTH_UNKNOWN;
}

static enum strength look_at_denial(struct look *look, const struct json *rule)
{
	if (!rule_has_args(rule))
		return STRENGTH_STRONG;
	json_each(name, json_member(rule, "names")) {
		uint32_t id =
			name->type == JSON_STRING ? names_find(name->text, name->len) : NAMES_NONE;

		look->conditional++;
		if (id != NAMES_NONE && look->book->standing[id] == CALL_FILTERED &&
		    look_at_arguments(look, rule, name, id) == STRENGTH_WEAK)
			return STRENGTH_WEAK;
	}
	return STRENGTH_STRONG;
}

/*
 * Engines resolve these before they write a config. Runtimes do not know them and take the rule without,
 * whatever condition was meant.
 */
static const char *condition_ignored(const struct json *rule)
{
	json_each(member, rule)
		if (strcmp(member->key, "includes") == 0 || strcmp(member->key, "excludes") == 0 ||
		    strcmp(member->key, "name") == 0)
			return member->key;
	return NULL;
}

static enum strength look_at_rule(struct look *look, const struct json *rule)
{
	enum act act = rule_act(rule);
	const char *ignored = condition_ignored(rule);

	if (ignored) {
		*look->reason = arena_printf(
			look->arena, "has a rule with \"%s\", which runtimes ignore", ignored);
		return STRENGTH_WEAK;
	}
	if (act == ACT_UNKNOWN) {
		look->unknown = true;
		*look->reason = "has an action that is not known";
	}
	if (act == ACT_BLOCK || act == ACT_UNKNOWN)
		return look_at_denial(look, rule);
	if (rule_has_args(rule))
		look->conditional +=
			json_member(rule, "names") ? json_member(rule, "names")->len : 0;
	json_each(name, json_member(rule, "names")) {
		if (name->type != JSON_STRING ||
		    book_standing(look->book, name->text, name->len) == CALL_ALLOWED)
			continue;
		if (look_at_name(look, rule, name) == STRENGTH_WEAK)
			return STRENGTH_WEAK;
	}
	return STRENGTH_STRONG;
}

/* Of a call whose every allowing rule lies within the default libseccomp may still make more. */
static void look_at_mixed(struct look *look)
{
	for (const struct mixed *mixed = look->mixed; mixed; mixed = mixed->next) {
		struct name name = names_at(mixed->id);

		if (!mixed->allows || ways_plain(mixed->ways))
			continue;
		look->unknown = true;
		*look->reason = arena_printf(look->arena,
					     "allows \"%s\" by conditions that are merged wrongly",
					     name.text);
	}
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
	if (json_member(seccomp, "archMap"))
		return "has an \"archMap\", which runtimes ignore";
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
	look_at_mixed(&look);
	if (!look.unknown)
		return STRENGTH_STRONG;
	return look.conditional > CONDITIONAL_MAX ? STRENGTH_WEAK : STRENGTH_UNKNOWN;
}
