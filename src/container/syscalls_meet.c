/* SPDX-License-Identifier: Apache-2.0 */
/* What a profile and the default both allow. */
#include <string.h>

#include "syscalls_meet.h"
#include "syscalls_said.h"
#include "words.h"

/* ALLOW, LOG, TRACE */
#define WHOLE_MAX 3

/* What the result says of a call. */
enum __attribute__((packed)) given {
	GIVEN_NOTHING,
	GIVEN_SOME, /* allows it for the arguments of meet->some */
	GIVEN_ALL,  /* allows it, or repeats all that the profile says of it */
	GIVEN_REFUSAL,
};

/* The rules of the result on one call, allowing and denying: libseccomp must not merge them wrongly. */
struct some {
	uint32_t id;
	struct ways *ways;
	struct some *next;
};

/* Nodes that are made at once: one config names hundreds of calls. */
#define NODES_AT_ONCE 32

struct meet {
	struct arena *arena;
	const struct syscalls_target *target;
	const struct json *profile;
	const char *action; /* the profile's default action */
	bool open;	    /* it allows */
	bool kills;	    /* it ends the process, or may */
	bool muxed;	    /* i386 is open */
	struct book *ours;
	struct said theirs;
	enum given *given; /* by number of the call */
	struct some *some;
	struct json *spare, *spares_end; /* nodes not yet used */
	struct json *rules;		 /* of the result */
	struct {
		const char *action;
		struct json *names;
	} whole[WHOLE_MAX]; /* rules of the result for whole calls, by action */
};

/* Without a tracer TRACE refuses. */
static unsigned strictness(const char *action)
{
	if (strcmp(action, "SCMP_ACT_TRACE") == 0)
		return 2;
	return strcmp(action, "SCMP_ACT_LOG") == 0;
}

/* ALLOW, LOG or TRACE: the strictest that the profile has for this call. */
static const char *their_action(const struct meet *meet, const struct rule_ref *first)
{
	const char *action = NULL;
	bool whole = false;

	for (const struct rule_ref *ref = first; ref; ref = ref->next) {
		if (ref->rule->act != ACT_PASS)
			continue;
		whole = whole || !ref->rule->has_args;
		if (!action || strictness(ref->rule->action) > strictness(action))
			action = ref->rule->action;
	}
	if (!action || (meet->open && !whole && strictness(meet->action) > strictness(action)))
		action = meet->action;
	return action;
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
	struct name name = names_at(id);
	struct json *names = meet->whole[0].names && meet->whole[0].action == action
				     ? meet->whole[0].names
				     : whole_names(meet, action);

	if (meet->spare == meet->spares_end) {
		meet->spare = arena_alloc(meet->arena, NODES_AT_ONCE * sizeof(*meet->spare));
		meet->spares_end = meet->spare + NODES_AT_ONCE;
	}
	meet->given[id] = GIVEN_ALL;
	meet->spare->type = JSON_STRING;
	meet->spare->text = name.text;
	meet->spare->len = (uint32_t)name.len;
	if (names)
		json_push(names, meet->spare++);
}

/* Rules of the result on a call, one for each way. */
static void put_ways(struct meet *meet, uint32_t id, const char *action, const struct ways *ways)
{
	struct name name = names_at(id);

	for (size_t i = 0; i < ways->count; i++) {
		struct json *rule = rule_new(meet->arena, action);

		rule_add_name(meet->arena, rule, name.text, name.len);
		rule_add_args(meet->arena, rule, &ways->way[i]);
		if (strcmp(action, "SCMP_ACT_ERRNO") == 0)
			member_add(rule, "errnoRet", number_node(meet->arena, SYSCALLS_ERRNO));
		json_append(meet->rules, rule);
	}
}

static void allow_some(struct meet *meet, uint32_t id, const char *action, const struct ways *ways)
{
	struct some *some;

	ways = ways_made_plain(meet->arena, ways);
	if (ways->count == 0)
		return;
	some = arena_alloc(meet->arena, sizeof(*some));
	*some = (struct some){ id, ways_new(meet->arena), meet->some };
	ways_join(some->ways, ways);
	meet->some = some;
	meet->given[id] = GIVEN_SOME;
	put_ways(meet, id, action, ways);
}

/*
 * For i386 libseccomp also makes of a rule on these one on socketcall or ipc, with the call's number in place of
 * its first condition: an allowing and a denying rule that differ only in that are refused, and with them the
 * container.
 */
static bool goes_beside(const struct meet *meet, uint32_t id, const struct ways *denied)
{
	static const char calls[] =
		"socket bind connect listen accept accept4 getsockname getpeername socketpair send "
		"recv sendto recvfrom shutdown setsockopt getsockopt sendmsg recvmsg recvmmsg "
		"sendmmsg semop semget semctl semtimedop msgsnd msgrcv msgget msgctl shmat shmdt "
		"shmget shmctl";

	if (!meet->muxed || !word_in(calls, names_at(id).text))
		return true;
	for (size_t i = 0; i < denied->count; i++)
		if (!(denied->way[i].set & ~1u))
			return false;
	return true;
}

/* Where the default action kills, arguments that the profile allows are refused without. */
static void refuse_rest(struct meet *meet, uint32_t id, const struct ways *theirs)
{
	struct some *some = meet->some;
	const struct ways *rest;

	if (!meet->kills || meet->given[id] != GIVEN_SOME)
		return;
	rest = ways_without(meet->arena, theirs, some->ways);
	if (goes_beside(meet, id, rest) && ways_join(some->ways, rest))
		put_ways(meet, id, "SCMP_ACT_ERRNO", rest);
}

/*
 * What the default allows whole may have any arguments: all that the profile says of it is repeated, so that
 * the filter made of it is the same. True if that is so.
 */
static bool repeat(struct meet *meet, uint32_t id, const struct rule_ref *theirs)
{
	struct name name = names_at(id);

	if (meet->open || meet->ours->standing[id] != CALL_ALLOWED)
		return false;
	for (const struct rule_ref *ref = theirs; ref; ref = ref->next)
		if (!ref->rule->has_args)
			return false;
	meet->given[id] = GIVEN_ALL;
	for (const struct rule_ref *ref = theirs; ref; ref = ref->next) {
		struct json *rule;

		if (ref->rule->act != ACT_PASS && ref->rule->act != ACT_BLOCK)
			continue;
		rule = rule_plain(meet->arena, ref->rule->json);
		rule_add_name(meet->arena, rule, name.text, name.len);
		json_append(meet->rules, rule);
	}
	return true;
}

static void allow(struct meet *meet, uint32_t id)
{
	const struct rule_ref *first = said_first(&meet->theirs, id);
	const struct ways *ways, *theirs;

	if (plainly_allowed(meet->ours->standing[id], first)) {
		allow_whole(meet, id, first->rule->action);
		return;
	}
	if ((!first && !meet->open) || repeat(meet, id, first))
		return;
	theirs = said_ways(meet->arena, meet->open, first);
	ways = ways_meet(meet->arena, book_ways(meet->arena, meet->ours, meet->target, id), theirs);
	if (ways_hold_always(ways)) {
		allow_whole(meet, id, their_action(meet, first));
		return;
	}
	allow_some(meet, id, their_action(meet, first), ways);
	refuse_rest(meet, id, theirs);
}

/*
 * Whether a denial can stand beside what the result allows of the call: one with arguments only where
 * the result has arguments too, which are then others. Of a call that is not allowed at all no arguments need
 * be told: they may be ten thousand, or not understood.
 */
static bool fits_beside(const struct meet *meet, const struct json *rule, const struct json *name)
{
	uint32_t id = names_find(name->text, name->len);
	enum given given = id == NAMES_NONE ? GIVEN_NOTHING : meet->given[id];
	struct some *some = meet->some;
	struct ways *denied;

	if (given != GIVEN_SOME)
		return given == GIVEN_NOTHING && !rule_has_args(rule);
	if (!rule_has_args(rule))
		return false;
	while (some && some->id != id)
		some = some->next;
	if (!some)
		return false;
	denied = ways_new(meet->arena);
	return ways_of_rule(denied, rule) && goes_beside(meet, id, denied) &&
	       ways_join(some->ways, denied);
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
	kept = rule_plain(meet->arena, rule);
	json_set(meet->arena, kept, "names", names);
	json_append(denials, kept);
}

/* The default's word on clone3, unless the profile denies it in its own way. */
static bool wants_clone3(const struct meet *meet)
{
	uint32_t id = names_find("clone3", 6);

	if (meet->ours->standing[id] == CALL_ALLOWED)
		return false;
	for (const struct rule_ref *ref = said_first(&meet->theirs, id); ref; ref = ref->next)
		if (ref->rule->act == ACT_BLOCK && !ref->rule->has_args)
			return false;
	return true;
}

static bool denied_whole(const struct meet *meet, uint32_t id)
{
	for (const struct rule_ref *ref = said_first(&meet->theirs, id); ref; ref = ref->next)
		if (ref->rule->act == ACT_BLOCK && !ref->rule->has_args)
			return true;
	return false;
}

/* A call that the profile allows and the result does not: refused, not left to a default that kills. */
static bool is_taken(struct meet *meet, const struct json *name)
{
	uint32_t id = name->type == JSON_STRING ? names_find(name->text, name->len) : NAMES_NONE;

	if (id == NAMES_NONE)
		return name->type == JSON_STRING;
	if (meet->given[id] != GIVEN_NOTHING || denied_whole(meet, id))
		return false;
	meet->given[id] = GIVEN_REFUSAL;
	return true;
}

static void refuse_taken(struct meet *meet, struct json *denials)
{
	struct json *refusal = rule_new(meet->arena, "SCMP_ACT_ERRNO");
	struct json *names = json_member(refusal, "names");

	json_each(rule, json_member(meet->profile, "syscalls")) {
		if (rule_act(rule) != ACT_PASS)
			continue;
		json_each(name, json_member(rule, "names"))
			if (is_taken(meet, name))
				json_append(names, json_clone(meet->arena, name));
	}
	member_add(refusal, "errnoRet", number_node(meet->arena, SYSCALLS_ERRNO));
	if (names->len > 0)
		json_append(denials, refusal);
}

/* The profile's own denials, for their errno and their kills. */
static struct json *denials(struct meet *meet)
{
	struct json *denials = json_new(meet->arena, JSON_ARRAY);

	json_each(rule, json_member(meet->profile, "syscalls"))
		if (rule_act(rule) == ACT_BLOCK)
			keep_denial(meet, rule, denials);
	if (wants_clone3(meet)) {
		json_append(denials, rule_clone3(meet->arena));
		meet->given[names_find("clone3", 6)] = GIVEN_REFUSAL;
	}
	if (meet->kills)
		refuse_taken(meet, denials);
	return denials;
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
	result = meet_frame(arena, seccomp, target);
	meet.muxed = json_has(json_member(result, "architectures"), "SCMP_ARCH_X86");
	meet.ours = book_default(arena, target);
	meet.theirs = said_of(arena, json_member(seccomp, "syscalls"));
	meet.kills = act_of(meet.action) == ACT_BLOCK && strcmp(meet.action, "SCMP_ACT_ERRNO") != 0;
	meet.given = arena_alloc(arena, names_known * sizeof(*meet.given));
	meet.rules = json_new(arena, JSON_ARRAY);
	for (uint32_t id = 0; id < names_known; id++)
		if (meet.ours->standing[id] == CALL_ALLOWED ||
		    meet.ours->standing[id] == CALL_FILTERED)
			allow(&meet, id);
	rules = denials(&meet);
	while ((rule = meet.rules->child)) {
		json_remove(rule);
		json_append(rules, rule);
	}
	member_add(result, "syscalls", rules);
	return result;
}
