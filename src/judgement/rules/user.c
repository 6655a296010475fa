/* SPDX-License-Identifier: Apache-2.0 */
/* Who the process is: user, groups, umask. */
#include <string.h>

#include "rules.h"

/* Kernel and runtimes take 4294967295 for "leave it as it is", which is root (crun 1.8). */
#define ID_MAX INT32_MAX

static bool has_user_namespace(const struct json *doc)
{
	json_each(namespace, json_at(doc, "/linux/namespaces"))
		if (json_is(json_member(namespace, "type"), "user"))
			return true;
	return false;
}

static const char *check_root(struct judge *judge, const struct place *place)
{
	uint64_t uid = 0;

	/* absent is 0 to every runtime */
	if ((place->node && (!json_u64(place->node, &uid) || uid != 0)) ||
	    has_user_namespace(judge->doc))
		return NULL;
	return "runs as root, and without a user namespace that is the host's root";
}

static bool in_range(const struct json *node)
{
	uint64_t id;

	return !node || node->type == JSON_NULL || (json_u64(node, &id) && id <= ID_MAX);
}

static const char *check_range(struct judge *judge, const struct place *place)
{
	static const char *const ids[] = { "uid", "gid" };

	for (size_t i = 0; i < 2; i++) {
		judge->culprit = json_member(place->node, ids[i]);
		if (!in_range(judge->culprit))
			return "is beyond 2147483647: runtimes may run it as root";
	}
	json_each(gid, json_member(place->node, "additionalGids")) {
		judge->culprit = gid;
		if (!in_range(gid))
			return "is beyond 2147483647: runtimes may take it for root's";
	}
	judge->culprit = NULL;
	return NULL;
}

static bool of_host(const struct judge *judge, const struct json *gid)
{
	return gid && gid->type == JSON_NUMBER && param_word(judge, "deny", gid->text);
}

static const char *check_groups(struct judge *judge, const struct place *place)
{
	judge->culprit = json_member(place->node, "gid");
	if (of_host(judge, judge->culprit))
		return "is the number of a group with power over the host";
	json_each(gid, json_member(place->node, "additionalGids")) {
		judge->culprit = gid;
		if (of_host(judge, gid))
			return "is the number of a group with power over the host";
	}
	judge->culprit = NULL;
	return NULL;
}

/* The primary group cannot be dropped: what would the files then belong to. */
static void fix_groups(struct judge *judge, const struct place *place)
{
	json_each(gid, json_member(place->node, "additionalGids"))
		if (of_host(judge, gid))
			json_remove(gid);
}

#define UMASK_MIN 022u

static const char *check_umask(struct judge *judge, const struct place *place)
{
	uint64_t umask;

	(void)judge;
	if (!place->node || (json_u64(place->node, &umask) && (umask & UMASK_MIN) == UMASK_MIN))
		return NULL;
	return "lets others write what the process creates, in shared volumes too";
}

static void fix_umask(struct judge *judge, const struct place *place)
{
	uint64_t umask = 0;

	if (!json_u64(place->node, &umask) || umask > 0777)
		umask = 0;
	place_set(judge, place, json_new_u64(judge->arena, umask | UMASK_MIN));
}

static const struct rule rules[] = {
	{
		.id = "user-root",
		.title = TOLD("Not root without a user namespace"),
		.why = TOLD(
			"Root inside is root outside wherever a mount, a socket or a kernel bug "
			"lets it look."),
		.want = "a user id above 0, or a user namespace",
		.refs = TOLD(
			"PSS Running as Non-root user; NSA/CISA Kubernetes Hardening Guidance: "
			"non-root containers"),
		.path = "/process/user/uid",
		.check = check_root,
		.baseline = ACTION_OFF,
		.restricted = ACTION_REJECT,
	},
	{
		.id = "user-range",
		.title = TOLD("User and group ids in range"),
		.why = TOLD(
			"Ids above 2^31-1 overflow on the way: containerd and crun have run them "
			"as root."),
		.want = "ids up to 2147483647",
		.refs = TOLD("CVE-2024-40635; CVE-2026-46680"),
		.path = "/process/user",
		.check = check_range,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
	},
	{
		.id = "user-groups",
		.title = TOLD("None of the host's powerful groups"),
		.why = TOLD(
			"Group numbers are the host's: a process of group disk reads raw disks that "
			"are mounted or passed in, one of group docker commands the engine."),
		.want = "no group that has power over the host",
		.refs = TOLD("CVE-2022-2995"),
		.path = "/process/user",
		.check = check_groups,
		.fix = fix_groups,
		.baseline = ACTION_AUDIT,
		.restricted = ACTION_TIGHTEN,
		/* disk and kmem (6, 15; 9 on Fedora), kvm there, shadow on Debian. docker's
		 * number is given at installation: only the operator knows it. */
		.params = { { "deny", PARAM_WORDS, "6 9 15 36 42", "6 9 15 36 42",
			      "group ids to drop; add those of your docker, libvirt and kvm "
			      "groups" } },
	},
	{
		.id = "umask",
		.title = TOLD("New files are not writable by others"),
		.why = TOLD(
			"With umask 0 whoever shares a volume rewrites what the container creates."),
		.want = "absent, or at least 022 (18)",
		.path = "/process/user/umask",
		.check = check_umask,
		.fix = fix_umask,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
	},
};

const struct rule_table rules_user = { "user", rules, sizeof(rules) / sizeof(*rules) };
