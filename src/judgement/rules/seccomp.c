/* SPDX-License-Identifier: Apache-2.0 */
/* Rules on the system call filter: there is one, it filters, and nobody outside answers for it. */
#include <string.h>

#include "rules.h"
#include "syscalls.h"

/* What the container may hold once it runs: engines resolve their profiles for the bounding set. */
static caps_set final_caps(const struct judge *judge)
{
	static const char *const names[] = { "effective", "permitted", "ambient" };
	const struct json *sets = json_at(judge->doc, "/process/capabilities");
	const struct json *bounding = json_member(sets, "bounding");
	caps_set caps = caps_of(bounding);

	/* Engines write one list three times. */
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const struct json *list = json_member(sets, names[i]);

		if (!json_equal(list, bounding))
			caps |= caps_of(list);
	}
	return caps;
}

/* Made once: what a container may hold is settled before these rules are asked. */
static const struct syscalls_target *target_of(struct judge *judge)
{
	const struct json *abi = json_at(judge->policy, "/seccomp/abi");
	const struct host *host = judge->host;
	struct syscalls_target *target;
	struct error err = { .msg = "" };

	if (judge->target)
		return judge->target;
	target = arena_alloc(judge->arena, sizeof(*target));
	*target = (struct syscalls_target){
		.caps = final_caps(judge),
		/* a file judged without its host is meant for a kernel of today */
		.kernel = host->kernel || host->real ? host->kernel : KERNEL(99, 0),
		.book = arena_alloc(judge->arena, sizeof(*target->book)),
		.native = abi ? json_is(abi, "native") : judge->base == PROFILE_RESTRICTED,
	};
	/* checked when the policy was loaded: what would fail now leaves the default in place */
	if (judge->seccomp)
		target->own = syscalls_resolve(judge->arena, judge->seccomp, target, NULL, 0, &err);
	judge->target = target;
	return target;
}

static const char *default_action(const struct json *seccomp)
{
	const char *action = json_string(json_member(seccomp, "defaultAction"));

	return action ? action : "";
}

/* Both runtimes take {} and a profile without defaultAction and without rules for "no filter". */
static bool is_filter(const struct json *seccomp)
{
	const struct json *rules = json_member(seccomp, "syscalls");
	const char *action = default_action(seccomp);

	if (!seccomp || seccomp->type != JSON_OBJECT || *action == '\0')
		return false;
	return (rules && rules->len > 0) ||
	       (strcmp(action, "SCMP_ACT_ALLOW") != 0 && strcmp(action, "SCMP_ACT_LOG") != 0);
}

static const char *check_filter(struct judge *judge, const struct place *place)
{
	(void)judge;
	if (is_filter(place->node))
		return NULL;
	return place->node && place->node->type != JSON_NULL ? "is no filter"
							     : "there is no system call filter";
}

static void fix_filter(struct judge *judge, const struct place *place)
{
	judge->filter = syscalls_profile(judge->arena, target_of(judge));
	place_set(judge, place, judge->filter);
}

/*
 * What rules alone cannot tell, the host may: it asks who compiles filters. Unknown stays weak.
 * *replacement is then the stronger profile, if the host gave one.
 */
static const char *weakness(struct judge *judge, const struct json *seccomp,
			    const struct syscalls_target *target, struct json **replacement)
{
	const struct host *host = judge->host;
	const char *reason;
	enum strength strength = syscalls_strength(judge->arena, seccomp, target, &reason);

	*replacement = NULL;
	if (strength == STRENGTH_STRONG)
		return NULL;
	if (strength == STRENGTH_UNKNOWN && host->filter &&
	    host->filter(host, judge->arena, seccomp, target, replacement) == FACT_YES)
		return NULL;
	return reason;
}

/* What was made here for this target is strong by its making: to prove it again would take as long. */
static const char *check_strength(struct judge *judge, const struct place *place)
{
	if (!is_filter(place->node) || place->node == judge->filter)
		return NULL;
	return weakness(judge, place->node, target_of(judge), &judge->filter);
}

/* Runs right after the check, which has left the host's replacement, if there is one. */
static void fix_strength(struct judge *judge, const struct place *place)
{
	if (!judge->filter)
		judge->filter = syscalls_meet(judge->arena, place->node, target_of(judge));
	place_set(judge, place, judge->filter);
}

/* A listener outside decides each call, and may let the kernel carry on with it. */
static const char *check_listener(struct judge *judge, const struct place *place)
{
	static const char *const members[] = { "listenerPath", "listenerMetadata" };

	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		const struct json *member = json_member(place->node, members[i]);

		if (!member || (member->type == JSON_STRING && member->len == 0))
			continue;
		judge->culprit = member;
		return "hands system calls to a program outside the container";
	}
	if (strcmp(default_action(place->node), "SCMP_ACT_NOTIFY") == 0) {
		judge->culprit = json_member(place->node, "defaultAction");
		return "hands system calls to a program outside the container";
	}
	json_each(rule, json_member(place->node, "syscalls")) {
		if (!json_is(json_member(rule, "action"), "SCMP_ACT_NOTIFY"))
			continue;
		judge->culprit = json_member(rule, "action");
		return "hands system calls to a program outside the container";
	}
	return NULL;
}

static const struct rule rules[] = {
	{
		.id = "seccomp-listener",
		.title = TOLD("No seccomp listener"),
		.why = TOLD(
			"A notify action lets a program on the host answer for system calls, and let "
			"them through. The runtime connects to the socket as root."),
		.want = "no listenerPath, no listenerMetadata, no SCMP_ACT_NOTIFY",
		.refs = TOLD("seccomp_unotify(2)"),
		.path = "/linux/seccomp",
		.check = check_listener,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
	},
	{
		.id = "seccomp",
		.title = TOLD("A seccomp filter is there"),
		.why = TOLD(
			"Without a filter the whole of the kernel's system call interface is open. "
			"Runtimes take an empty object, or one that only names architectures, for no "
			"filter at all."),
		.want = "a filter; seawall's default profile is put in, for the final capabilities",
		.refs = TOLD("CIS Docker 1.6 5.22; PSS Seccomp"),
		.path = "/linux/seccomp",
		.check = check_filter,
		.fix = fix_filter,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
		.flags = RULE_PRIVILEGED,
	},
	{
		.id = "seccomp-weak",
		.title = TOLD("The seccomp filter filters"),
		.why = TOLD(
			"A filter that exists is not one that filters: a default action of allow or "
			"log, a rule for mount or bpf, a condition that always holds, or a profile "
			"made for capabilities that were dropped since open what the default blocks."),
		.want = "nothing allowed that seawall's default profile blocks",
		.refs = TOLD("CIS Docker 1.6 5.22; PSS Seccomp; CVE-2022-0185; CVE-2026-31431"),
		.path = "/linux/seccomp",
		.check = check_strength,
		.fix = fix_strength,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
		.flags = RULE_PRIVILEGED,
	},
};

const struct rule_table rules_seccomp = {
	.theme = "system call filter",
	.rules = rules,
	.count = sizeof(rules) / sizeof(*rules),
};
