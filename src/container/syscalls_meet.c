/* SPDX-License-Identifier: Apache-2.0 */
/* What a profile and the default both allow. */
#include <string.h>

#include "syscalls_rules.h"
#include "syscalls_said.h"

/* ALLOW, LOG, TRACE */
#define WHOLE_MAX 3

/* What the result allows of a call. */
enum __attribute__((packed)) given { GIVEN_NOTHING, GIVEN_SOME, GIVEN_ALL };

/* Nodes that are made at once: one config names hundreds of calls. */
#define NODES_AT_ONCE 32

struct meet {
	struct arena *arena;
	const struct syscalls_target *target;
	const struct json *profile;
	const char *action; /* the profile's default action */
	bool open;	    /* it allows */
	struct book *ours;
	struct said theirs;
	enum given *given;		 /* by number of the call in ours */
	struct json *spare, *spares_end; /* nodes not yet used */
	struct json *rules;		 /* of the result */
	struct {
		const char *action;
		struct json *names;
	} whole[WHOLE_MAX]; /* rules of the result for whole calls, by action */
};

/* ALLOW, LOG or TRACE: as the profile has it for this call. */
static const char *their_action(const struct meet *meet, const struct rule_ref *first)
{
	for (const struct rule_ref *ref = first; ref; ref = ref->next)
		if (ref->rule->act == ACT_PASS)
			return ref->rule->action;
	return meet->action;
}

/* The names of the result's rule that allows whole calls with this action. */
static struct json *whole_names(struct meet *meet, const char *action)
{
	size_t i = 0;

	while (i < WHOLE_MAX - 1 && meet->whole[i].action && meet->whole[i].action != action &&
	       strcmp(meet->whole[i].action, action) != 0)
		i++;
	if (!meet->whole[i].action) {
		struct json *rule = rule_new(meet->arena, action);

		json_append(meet->rules, rule);
		meet->whole[i].action = action;
		meet->whole[i].names = json_member(rule, "names");
	}
	return meet->whole[i].names;
}

/* Most calls: allowed whole by both, with nothing else said of them. */
static bool plainly_allowed(enum standing ours, const struct rule_ref *theirs)
{
	return ours == CALL_ALLOWED && theirs && !theirs->next && theirs->rule->plain;
}

static inline void allow_whole(struct meet *meet, uint32_t id, const char *action)
{
	struct name name = names_at(&meet->ours->names, id);
	struct json *names =
		meet->whole[0].action == action ? meet->whole[0].names : whole_names(meet, action);

	if (meet->spare == meet->spares_end) {
		meet->spare = arena_alloc(meet->arena, NODES_AT_ONCE * sizeof(*meet->spare));
		meet->spares_end = meet->spare + NODES_AT_ONCE;
	}
	meet->given[id] = GIVEN_ALL;
	meet->spare->type = JSON_STRING;
	meet->spare->text = name.text;
	meet->spare->len = (uint32_t)name.len;
	json_push(names, meet->spare++);
}

static void allow(struct meet *meet, uint32_t id)
{
	struct name name = names_at(&meet->ours->names, id);
	/* Those of the tables have one number everywhere, an operator's own have not. */
	const struct rule_ref *theirs = id < names_known
						? said_first(&meet->theirs, id)
						: said_on(&meet->theirs, name.text, name.len);
	const struct ways *ways;
	const char *action;

	if (plainly_allowed(meet->ours->standing[id], theirs)) {
		allow_whole(meet, id, theirs->rule->action);
		return;
	}
	if (!theirs && !meet->open)
		return;
	action = their_action(meet, theirs);
	ways = ways_meet(meet->arena, book_ways(meet->arena, meet->ours, meet->target, id),
			 said_ways(meet->arena, meet->open, theirs));
	if (ways_hold_always(ways)) {
		allow_whole(meet, id, action);
		return;
	}
	for (size_t i = 0; i < ways->count; i++) {
		struct json *rule = rule_new(meet->arena, action);

		meet->given[id] = GIVEN_SOME;
		rule_add_name(meet->arena, rule, name.text, name.len);
		rule_add_args(meet->arena, rule, &ways->way[i]);
		json_append(meet->rules, rule);
	}
}

/*
 * Whether a denial can stand beside what the result allows of the call: one with arguments only where
 * the result has arguments too, which are then others.
 */
static bool fits_beside(const struct meet *meet, const struct json *rule, const struct json *name)
{
	uint32_t id = names_find(&meet->ours->names, name->text, name->len);
	enum given given = id == NAMES_NONE ? GIVEN_NOTHING : meet->given[id];

	return given == GIVEN_NOTHING || (given == GIVEN_SOME && rule_has_args(rule));
}

static void keep_denial(const struct meet *meet, const struct json *rule, struct json *denials)
{
	struct json *names = json_new(meet->arena, JSON_ARRAY);
	struct json *kept;

	json_each(name, json_member(rule, "names"))
		if (name->type == JSON_STRING && fits_beside(meet, rule, name))
			json_append(names, json_clone(meet->arena, name));
	if (names->len == 0)
		return;
	kept = json_clone(meet->arena, rule);
	json_set(meet->arena, kept, "names", names);
	json_append(denials, kept);
}

/* The default's word on clone3, unless the profile denies it in its own way. */
static bool wants_clone3(const struct meet *meet)
{
	if (book_standing(meet->ours, "clone3", 6) == CALL_ALLOWED)
		return false;
	for (const struct rule_ref *ref = said_on(&meet->theirs, "clone3", 6); ref; ref = ref->next)
		if (ref->rule->act == ACT_BLOCK && !ref->rule->has_args)
			return false;
	return true;
}

/* The profile's own denials, for their errno and their kills. */
static struct json *denials(const struct meet *meet)
{
	struct json *denials = json_new(meet->arena, JSON_ARRAY);

	json_each(rule, json_member(meet->profile, "syscalls"))
		if (rule_act(rule) == ACT_BLOCK)
			keep_denial(meet, rule, denials);
	if (wants_clone3(meet))
		json_append(denials, rule_clone3(meet->arena));
	return denials;
}

/* The ABIs that both open; a profile that names none means the native one. */
static struct json *abis(const struct meet *meet)
{
	struct json *array = json_new(meet->arena, JSON_ARRAY);
	const struct json *theirs = json_member(meet->profile, "architectures");

	for (size_t i = 0; syscalls_abis[i]; i++)
		if (json_has(theirs, syscalls_abis[i]) && !(meet->target->native && i > 0))
			json_append(array, json_new_string(meet->arena, syscalls_abis[i]));
	if (array->len == 0)
		json_append(array, json_new_string(meet->arena, syscalls_native));
	return array;
}

/* An empty list of flags keeps runtimes from adding SPEC_ALLOW themselves. */
static struct json *flags(const struct meet *meet, const struct json *theirs)
{
	struct json *kept = json_new(meet->arena, JSON_ARRAY);

	json_each(flag, theirs)
		if (!json_is(flag, SPEC_ALLOW))
			json_append(kept, json_clone(meet->arena, flag));
	return kept;
}

/* The result without rules. Members of the profile that nothing here is about stay as they are. */
static struct json *frame(const struct meet *meet)
{
	struct json *frame = json_new(meet->arena, JSON_OBJECT);

	json_each(member, meet->profile) {
		bool is_flags = strcmp(member->key, "flags") == 0;

		if (strcmp(member->key, "syscalls") == 0)
			continue;
		json_append(frame,
			    is_flags ? flags(meet, member) : json_clone(meet->arena, member));
		frame->last->key = member->key;
		frame->last->key_len = member->key_len;
	}
	if (act_of(meet->action) != ACT_BLOCK) {
		json_set(meet->arena, frame, "defaultAction",
			 text_node(meet->arena, "SCMP_ACT_ERRNO"));
		json_set(meet->arena, frame, "defaultErrnoRet",
			 number_node(meet->arena, SYSCALLS_ERRNO));
	}
	json_set(meet->arena, frame, "architectures", abis(meet));
	return frame;
}

struct json *syscalls_meet(struct arena *arena, const struct json *seccomp,
			   const struct syscalls_target *target)
{
	struct meet meet = { .arena = arena, .target = target, .profile = seccomp };
	struct json *result, *rules, *rule;

	if (!seccomp || seccomp->type != JSON_OBJECT)
		return syscalls_profile(arena, target);
	meet.action = json_string(json_member(seccomp, "defaultAction"));
	if (!meet.action)
		meet.action = "";
	meet.open = act_of(meet.action) == ACT_PASS;
	meet.ours = book_default(arena, target);
	meet.theirs = said_of(arena, json_member(seccomp, "syscalls"));
	meet.given = arena_alloc(arena, meet.ours->count * sizeof(*meet.given));
	meet.rules = json_new(arena, JSON_ARRAY);
	for (uint32_t id = 0; id < meet.ours->count; id++)
		if (meet.ours->standing[id] == CALL_ALLOWED ||
		    meet.ours->standing[id] == CALL_FILTERED)
			allow(&meet, id);
	rules = denials(&meet);
	while ((rule = meet.rules->child)) {
		json_remove(rule);
		json_append(rules, rule);
	}
	result = frame(&meet);
	member_add(result, "syscalls", rules);
	return result;
}
