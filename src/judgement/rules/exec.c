/* SPDX-License-Identifier: Apache-2.0 */
/* exec: the new process may hold no more than the container that it enters. */
#include <string.h>

#include "caps.h"
#include "rules.h"

static const char *const sets[] = { "bounding", "effective", "permitted", "inheritable",
				    "ambient" };

/* What Docker and containerd write for any process, whatever was asked for. */
static bool usual(int number)
{
	static const char *const names[] = {
		"CHOWN",   "DAC_OVERRIDE", "FSETID",	       "FOWNER",
		"MKNOD",   "NET_RAW",	   "SETGID",	       "SETUID",
		"SETFCAP", "SETPCAP",	   "NET_BIND_SERVICE", "SYS_CHROOT",
		"KILL",	   "AUDIT_WRITE"
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (caps_number(names[i]) == number)
			return true;
	return false;
}

static const struct json *own_process(const struct judge *judge)
{
	return json_member(judge->container, "process");
}

/*
 * As another user the process may have in effect what the container's first one does not, but
 * nothing beyond the bounding set, which limits what anybody in the container can get.
 */
static caps_set own_caps(const struct judge *judge, const char *set)
{
	const struct json *caps = json_member(own_process(judge), "capabilities");

	return caps_of(json_member(caps, "bounding")) | caps_of(json_member(caps, set));
}

static caps_set beyond(const struct judge *judge, const struct json *process)
{
	const struct json *caps = json_member(process, "capabilities");
	caps_set more = 0;

	for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++)
		more |= caps_of(json_member(caps, sets[i])) & ~own_caps(judge, sets[i]);
	return more;
}

/*
 * Where asking is refused, only what somebody must have asked for counts: engines do not know what
 * we took from the container. The rest is taken off by exec-capabilities.
 */
static caps_set asked(const struct judge *judge, caps_set more)
{
	if (judge->setting.action != ACTION_REJECT)
		return more;
	for (int number = 0; number < 64; number++)
		if ((more >> number & 1) && usual(number))
			more &= ~((caps_set)1 << number);
	return more;
}

/* Runtimes give a process without a label the container's. */
static const struct json *other_label(const struct judge *judge, const struct json *process)
{
	static const char *const labels[] = { "apparmorProfile", "selinuxLabel" };

	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
		const struct json *label = json_member(process, labels[i]);
		const char *own = json_string(json_member(own_process(judge), labels[i]));

		if (json_string(label) && *label->text && !json_is(label, own ? own : ""))
			return label;
	}
	return NULL;
}

static bool gains(const struct judge *judge, const struct json *process)
{
	return json_true(json_member(own_process(judge), "noNewPrivileges")) &&
	       !json_true(json_member(process, "noNewPrivileges"));
}

static const char *check_exec(struct judge *judge, const struct place *place)
{
	caps_set more;

	if (!own_process(judge))
		return "the container's own process is not known";
	judge->culprit = other_label(judge, place->node);
	if (judge->culprit)
		return "is not the container's own label";
	more = asked(judge, beyond(judge, place->node));
	judge->culprit = json_member(place->node, "capabilities");
	if (more)
		return arena_printf(judge->arena, "%s: more than the container has",
				    caps_brief(judge->arena, more));
	judge->culprit = NULL;
	return gains(judge, place->node) ? "may gain privileges that the container may not" : NULL;
}

static void narrow(const struct judge *judge, struct json *caps)
{
	for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++) {
		struct json *set = json_member(caps, sets[i]);

		if (set)
			json_replace(set, caps_json(judge->arena,
						    caps_of(set) & own_caps(judge, sets[i])));
	}
}

static void fix_exec(struct judge *judge, const struct place *place)
{
	if (!own_process(judge))
		return;
	narrow(judge, json_member(place->node, "capabilities"));
	if (gains(judge, place->node))
		json_set(judge->arena, place->node, "noNewPrivileges",
			 json_new_bool(judge->arena, true));
}

static bool has_sets(const struct json *caps)
{
	return caps && caps->type == JSON_OBJECT && caps->child;
}

/* Without any, runc and crun take the container's own; written down, the next rules judge them. */
static const char *check_sets(struct judge *judge, const struct place *place)
{
	caps_set more = beyond(judge, json_member(judge->doc, "process"));

	if (more)
		return arena_printf(judge->arena, "%s: more than the container has",
				    caps_brief(judge->arena, more));
	if ((place->node && place->node->type == JSON_OBJECT) ||
	    !has_sets(json_member(own_process(judge), "capabilities")))
		return NULL;
	return "left out: the runtime decides which it gets";
}

static void fix_sets(struct judge *judge, const struct place *place)
{
	const struct json *own = json_member(own_process(judge), "capabilities");

	if (place->node && place->node->type == JSON_OBJECT)
		narrow(judge, place->node);
	else if (own)
		place_set(judge, place, json_clone(judge->arena, own));
}

static const struct rule rules[] = {
	{
		.id = "exec-privileges",
		.title = TOLD("exec enters with no more than the container has"),
		.why = TOLD(
			"docker exec --privileged, and whoever may write a process document, would "
			"hold inside what the container was denied. Nothing of the container's "
			"own is inherited: the document replaces it."),
		.want = "the container's capabilities, labels and noNewPrivileges, or less",
		.refs = TOLD("CIS Docker 1.6 5.23; ATT&CK T1609"),
		.path = "/process",
		.check = check_exec,
		.fix = fix_exec,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_REJECT,
		.flags = RULE_EXEC_ONLY,
	},
	{
		.id = "exec-capabilities",
		.title = TOLD("exec starts with the container's capabilities"),
		.why = TOLD(
			"Engines write the capabilities they once gave the container, not those it "
			"has. Left out, the runtime fills them in after the judgement: a container "
			"that was started unjudged would hand on all it has."),
		.want = "the container's own sets, or less, written down",
		.refs = TOLD("ATT&CK T1609"),
		.path = "/process/capabilities",
		.check = check_sets,
		.fix = fix_sets,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
		.flags = RULE_EXEC_ONLY,
	},
};

const struct rule_table rules_exec = { "exec", rules, sizeof(rules) / sizeof(*rules) };
