/* SPDX-License-Identifier: Apache-2.0 */
/* Limits of the cgroup, at the start and when update changes them. */
#include <string.h>

#include "rules.h"

/* Below AT_UPDATE what is absent stays as it is. */
static bool unchanged(const struct judge *judge, const struct place *place)
{
	return judge->boundary == AT_UPDATE && (!place->node || place->node->type == JSON_NULL);
}

/* On cgroup v1 only root sets limits: runtimes refuse to start with one that they cannot set. */
static bool impossible(const struct judge *judge, const struct place *place)
{
	return judge->workload->rootless && judge->host->cgroup(judge->host) == 1 && !place->node;
}

/* A limit set through a file of cgroup v2 is written last and wins. */
static struct json *unified(const struct judge *judge, const char *file)
{
	return json_member(json_at(judge->doc, "/linux/resources/unified"), file);
}

static const char *check_limit(struct judge *judge, const struct place *place)
{
	uint64_t most = param_number(judge, "limit"), limit;

	judge->culprit = unified(judge, judge->rule->arg);
	if (judge->culprit)
		return "is set behind the limit's back";
	if (unchanged(judge, place) || impossible(judge, place))
		return NULL;
	if (!place->node || !json_u64(place->node, &limit) || limit == 0)
		return "no limit";
	if (most && limit > most)
		return arena_printf(judge->arena, "is above the policy's %llu",
				    (unsigned long long)most);
	return NULL;
}

static void fix_limit(struct judge *judge, const struct place *place)
{
	uint64_t most = param_number(judge, "limit"), limit;
	struct json *file = unified(judge, judge->rule->arg);

	if (file)
		json_remove(file);
	if (!most || unchanged(judge, place) ||
	    (json_u64(place->node, &limit) && limit > 0 && limit <= most))
		return;
	place_set(judge, place, json_new_u64(judge->arena, most));
}

/* Kubernetes counts processors in thousandths, and so does the policy. */
#define CPU	       1000
#define PERIOD_DEFAULT 100000

static uint64_t period(const struct judge *judge)
{
	uint64_t value;

	if (json_u64(json_at(judge->doc, "/linux/resources/cpu/period"), &value) && value > 0)
		return value;
	return PERIOD_DEFAULT;
}

static const char *check_cpu(struct judge *judge, const struct place *place)
{
	uint64_t most = param_number(judge, "limit"), quota;

	judge->culprit = unified(judge, "cpu.max");
	if (judge->culprit)
		return "is set behind the limit's back";
	if (unchanged(judge, place) || impossible(judge, place))
		return NULL;
	if (!place->node || !json_u64(place->node, &quota) || quota == 0)
		return "no limit";
	if (most && quota / period(judge) >= most / CPU && quota > most * period(judge) / CPU)
		return arena_printf(judge->arena, "is above the policy's %llu thousandths",
				    (unsigned long long)most);
	return NULL;
}

static void fix_cpu(struct judge *judge, const struct place *place)
{
	uint64_t most = param_number(judge, "limit");
	struct json *file = unified(judge, "cpu.max");

	if (file)
		json_remove(file);
	if (most && check_cpu(judge, place))
		place_set(judge, place, json_new_u64(judge->arena, most * period(judge) / CPU));
}

static const char *check_oom_killer(struct judge *judge, const struct place *place)
{
	(void)judge;
	if (!place->node || (place->node->type == JSON_BOOL && !place->node->boolean) ||
	    place->node->type == JSON_NULL)
		return NULL;
	return "the killer is off: out of memory, the container hangs with all that it holds";
}

/* controller.file, with nothing that leads out of the container's own cgroup. */
static const char *check_unified(struct judge *judge, const struct place *place)
{
	static const char controllers[] = "memory cpu io pids cpuset hugetlb rdma misc";
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_.";
	const char *name = place->key, *dot = name ? strchr(name, '.') : NULL;
	const char *value = json_string(place->node);

	if (!dot || !dot[1] || name[strspn(name, plain)] != '\0' || strstr(name, "..") ||
	    !word_in(controllers, arena_strndup(judge->arena, name, (size_t)(dot - name))))
		return arena_printf(judge->arena, "%.80s is no file of a resource controller",
				    name ? name : "it");
	if (!value || strpbrk(value, "\r\n"))
		return "is not one line of text";
	return NULL;
}

/* What the container's own config limits, or what only the start may give. */
static const struct lift {
	const char *pointer;
	const char *own; /* the limit that the container was started with */
	bool forbidden;	 /* whatever the value */
} lifts[] = {
	{ "/pids/limit", "/pids/limit", false },
	{ "/memory/limit", "/memory/limit", false },
	{ "/memory/swap", "/memory/swap", false },
	{ "/cpu/quota", "/cpu/quota", false },
	{ "/cpu/realtimeRuntime", NULL, true },
	{ "/memory/disableOOMKiller", NULL, true },
	/* Files of cgroup v2 are written last and win, in whatever way they say "max". */
	{ "/unified/pids.max", "/pids/limit", false },
	{ "/unified/memory.max", "/memory/limit", false },
	{ "/unified/memory.swap.max", "/memory/swap", false },
	{ "/unified/cpu.max", "/cpu/quota", false },
};

/* A number that no machine reaches is no limit. */
#define LIMITLESS (INT64_C(1) << 50)

/* A container always has a limit of processes: judgement saw to it. */
static bool is_limited(const struct judge *judge, const struct lift *lift)
{
	const struct json *own = json_at(json_at(judge->container, "/linux/resources"), lift->own);
	int64_t value;

	return strcmp(lift->own, "/pids/limit") == 0 || (json_i64(own, &value) && value > 0);
}

/* The member of the update that lifts a limit, or NULL. */
static struct json *lifted(const struct judge *judge, const struct json *update,
			   const struct lift *lift)
{
	struct json *node = json_at(update, lift->pointer);
	int64_t value = 0;

	if (!node || node->type == JSON_NULL || (node->type == JSON_BOOL && !node->boolean))
		return NULL;
	if (lift->forbidden)
		return json_i64(node, &value) && value == 0 ? NULL : node;
	if (json_i64(node, &value) && value > 0 && value < LIMITLESS)
		return NULL;
	/* 0 is "leave it" to the runtimes, except for pids where it is no limit to some. */
	if (json_i64(node, &value) && value == 0 && lift != lifts)
		return NULL;
	return is_limited(judge, lift) ? node : NULL;
}

static const char *check_update(struct judge *judge, const struct place *place)
{
	for (size_t i = 0; i < sizeof(lifts) / sizeof(*lifts); i++) {
		judge->culprit = lifted(judge, place->node, &lifts[i]);
		if (!judge->culprit)
			continue;
		if (judge->culprit->type == JSON_STRING)
			return "is set behind the limit's back";
		return lifts[i].forbidden ? "is nothing that an update may set"
					  : "is without limit, which the container had";
	}
	return NULL;
}

/* Taken out of the update, the limit stays what it was. */
static void fix_update(struct judge *judge, const struct place *place)
{
	for (size_t i = 0; i < sizeof(lifts) / sizeof(*lifts); i++) {
		struct json *node = lifted(judge, place->node, &lifts[i]);

		if (node)
			json_remove(node);
	}
}

static const struct rule rules[] = {
	{
		.id = "update-limits",
		.title = TOLD("update lifts no limits"),
		.why = TOLD(
			"Who may call update would undo, one moment after the start, what the start "
			"was judged for."),
		.want = "limits, where the container has limits",
		.refs = TOLD("ATT&CK T1609"),
		.path = "/linux/resources",
		.check = check_update,
		.fix = fix_update,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
		.flags = RULE_UPDATE_ONLY,
	},
	{
		.id = "pids-limit",
		.title = TOLD("A limit on processes"),
		.why = TOLD("One fork bomb without it takes the process table of the whole host."),
		.want = "a number up to the policy's",
		.refs = TOLD("CIS Docker 1.6 5.29; ATT&CK T1499"),
		.path = "/linux/resources/pids/limit",
		.check = check_limit,
		.fix = fix_limit,
		.arg = "pids.max",
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
		.params = { { "limit", PARAM_NUMBER, "4096", "4096", "most processes" } },
	},
	{
		.id = "memory-limit",
		.title = TOLD("A limit on memory"),
		.why = TOLD(
			"Without it one container takes all memory, and the kernel kills others."),
		.want = "a number of bytes, up to the policy's if it gives one",
		.refs = TOLD("CIS Docker 1.6 5.11; ATT&CK T1499"),
		.path = "/linux/resources/memory/limit",
		.check = check_limit,
		.fix = fix_limit,
		.arg = "memory.max",
		.baseline = ACTION_OFF,
		.restricted = ACTION_AUDIT,
		.params = { { "limit", PARAM_NUMBER, "", "", "most bytes of memory" } },
	},
	{
		.id = "cpu-limit",
		.title = TOLD("A limit on processor time"),
		.why = TOLD(
			"Without it one container takes every processor that is not busy at once."),
		.want = "a quota, up to the policy's if it gives one",
		.refs = TOLD("CIS Docker 1.6 5.12; ATT&CK T1499"),
		.path = "/linux/resources/cpu/quota",
		.check = check_cpu,
		.fix = fix_cpu,
		.baseline = ACTION_OFF,
		.restricted = ACTION_AUDIT,
		.params = { { "limit", PARAM_NUMBER, "", "",
			      "most processor time, in thousandths of one processor" } },
	},
	{
		.id = "oom-killer",
		.title = TOLD("Killed when its memory runs out"),
		.why = TOLD(
			"With the killer off a container at its limit hangs with all it holds, the "
			"kernel's locks included."),
		.want = "false or absent",
		.refs = TOLD("ATT&CK T1499"),
		.path = "/linux/resources/memory/disableOOMKiller",
		.check = check_oom_killer,
		.fix = fix_remove,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
	},
	{
		.id = "unified-resources",
		.title = TOLD("Only limits through cgroup files"),
		.why = TOLD("The runtime writes any text to any file name: cgroup.procs moves "
			    "processes, ../ leaves the container's cgroup."),
		.want = "controller.file of memory, cpu, io, pids, cpuset, hugetlb, rdma, misc",
		.path = "/linux/resources/unified/*",
		.check = check_unified,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
	},
};

const struct rule_table rules_resources = { "resources", rules, sizeof(rules) / sizeof(*rules) };
