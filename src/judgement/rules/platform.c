/* SPDX-License-Identifier: Apache-2.0 */
/* What is no part of an ordinary Linux container: caches, interfaces, clocks, other systems. */
#include <string.h>

#include "rules.h"
#include "spec.h"

static bool nothing(const struct json *node)
{
	return !node || node->type == JSON_NULL || (node->type == JSON_OBJECT && !node->child);
}

/* A class that the operator made may be named; a class is not made, and its shares are not set. */
static const char *check_rdt(struct judge *judge, const struct place *place)
{
	if (nothing(place->node))
		return NULL;
	json_each(member, place->node) {
		const char *class = strcmp(member->key, "closID") == 0 ? json_string(member) : NULL;

		if (class && param_word(judge, "allow", class))
			continue;
		judge->culprit = member;
		return class ? "is no class that the policy lists"
			     : "is a share of the host's cache or memory bandwidth";
	}
	return NULL;
}

static const char *check_net_device(struct judge *judge, const struct place *place)
{
	if (!place->key || param_word(judge, "allow", place->key))
		return NULL;
	return arena_printf(judge->arena, "%.80s would be taken from the host", place->key);
}

static const char *check_platform(struct judge *judge, const struct place *place)
{
	static const char *const others[] = { "vm", "windows", "solaris", "zos", "freebsd" };

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		judge->culprit = json_member(place->node, others[i]);
		if (judge->culprit && judge->culprit->type != JSON_NULL)
			return arena_printf(judge->arena,
					    "%s is of another platform: runtimes that obey it "
					    "protect differently",
					    others[i]);
	}
	judge->culprit = NULL;
	return NULL;
}

struct unknown {
	struct judge *judge;
	const struct json *first;
	unsigned more;
};

static void count_unknown(void *data, const struct json *node)
{
	struct unknown *unknown = data;

	if (unknown->first)
		unknown->more++;
	else
		unknown->first = node;
}

static const char *check_unknown(struct judge *judge, const struct place *place)
{
	struct unknown unknown = { .judge = judge };

	if (judge->boundary == AT_EXEC)
		spec_unknown(json_member(place->node, "process"), "process", count_unknown,
			     &unknown);
	else
		spec_unknown(place->node, "config", count_unknown, &unknown);
	if (!unknown.first)
		return NULL;
	judge->culprit = unknown.first;
	if (unknown.more)
		return arena_printf(judge->arena, "%.80s and %u more are not known to this version",
				    unknown.first->key, unknown.more);
	return arena_printf(judge->arena, "%.80s is not known to this version", unknown.first->key);
}

static const struct rule rules[] = {
	{
		.id = "rdt",
		.title = TOLD("No shares of the host's cache"),
		.why = TOLD(
			"Classes and schemata are written as text below the host's resctrl, with the "
			"class as a file name; crun 1.8 takes \"../x\"."),
		.want = "absent, or a class that the policy lists",
		.path = "/linux/intelRdt",
		.check = check_rdt,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
		.params = { { "allow", PARAM_WORDS, "", "", "classes, by closID" } },
	},
	{
		.id = "net-devices",
		.title = TOLD("No interfaces of the host"),
		.why = TOLD(
			"The runtime moves the interface into the container: the host loses it, and "
			"the container reads the wire."),
		.want = "absent, or interfaces that the policy lists",
		.refs = TOLD("ATT&CK T1611"),
		.path = "/linux/netDevices/*",
		.check = check_net_device,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
		.params = { { "allow", PARAM_WORDS, "", "", "names of the host's interfaces" } },
	},
	{
		.id = "time-offsets",
		.title = TOLD("The host's clocks"),
		.why = TOLD("Shifted clocks confuse whoever compares logs and time limits."),
		.want = "absent",
		.path = "/linux/timeOffsets",
		.check = check_absent,
		.arg = "the container's clocks are shifted",
		.baseline = ACTION_AUDIT,
		.restricted = ACTION_REJECT,
	},
	{
		.id = "foreign-platform",
		.title = TOLD("A Linux container"),
		.why = TOLD(
			"Runtimes that obey these objects start programs and kernels of the host, "
			"outside of everything judged here."),
		.want = "neither vm, windows, solaris, zos nor freebsd",
		.path = "",
		.check = check_platform,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
	},
	{
		.id = "unknown-field",
		.title = TOLD("Nothing that is not understood"),
		.why = TOLD("What no runtime reads today the next one may obey."),
		.want = "members of the OCI runtime specification 1.3",
		.path = "",
		.check = check_unknown,
		.baseline = ACTION_AUDIT,
		.restricted = ACTION_REJECT,
		.flags = RULE_EXEC,
	},
};

const struct rule_table rules_platform = { "platform", rules, sizeof(rules) / sizeof(*rules) };
