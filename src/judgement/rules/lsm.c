/* SPDX-License-Identifier: Apache-2.0 */
/* Labels of AppArmor and SELinux. */
#include <string.h>

#include "rules.h"

#define PROFILES "docker-default cri-containerd.apparmor.d crio-default"
/* of the Pod Security Standards */
#define TYPES "container_t container_init_t container_kvm_t container_engine_t"

/*
 * The profile that the engine loads itself, so that naming it cannot fail. Podman's carries its
 * version in the name, and a rootless one cannot load any.
 */
static const char *engine_profile(const struct judge *judge)
{
	const struct json *given = param_list(judge, "default");

	if (given && given->child && json_string(given->child))
		return given->child->text;
	switch (judge->workload->engine) {
	case ENGINE_DOCKER:
		return "docker-default";
	case ENGINE_CRI:
		return "cri-containerd.apparmor.d";
	case ENGINE_CRIO:
		return "crio-default";
	default:
		return NULL;
	}
}

static bool known_profile(const struct judge *judge, const char *name)
{
	const char *own = engine_profile(judge);

	return word_in(PROFILES, name) || param_word(judge, "allow", name) ||
	       (own && strcmp(own, name) == 0) ||
	       strncmp(name, "containers-default-", strlen("containers-default-")) == 0;
}

static bool confined(const char *name)
{
	return name && *name && strcmp(name, "unconfined") != 0;
}

/* At exec: what the running container has; a process that says nothing gets it too. */
static const char *own_profile(const struct judge *judge)
{
	if (judge->boundary != AT_EXEC)
		return NULL;
	return json_string(json_at(judge->container, "/process/apparmorProfile"));
}

/*
 * Without the parser (a package of its own) engines load no profile, without securityfs (Docker in
 * Docker) runtimes set none, though the kernel has AppArmor; rootless engines may load none.
 */
static bool can_load(const struct judge *judge)
{
	static const char *const needs[] = { "/sbin/apparmor_parser",
					     "/sys/kernel/security/apparmor" };

	for (size_t i = 0; i < sizeof(needs) / sizeof(*needs); i++)
		if (judge->host->path(judge->host, judge->arena, needs[i]).type == PATH_MISSING)
			return false;
	return !judge->workload->rootless;
}

/*
 * containerd loads its profile with the first container, after the pod's sandbox: that one never
 * has a profile. Where nobody loads one, none can be asked for.
 */
static bool may_be_absent(const struct judge *judge)
{
	return judge->host->apparmor != FACT_YES || !can_load(judge) || judge->workload->sandbox ||
	       !engine_profile(judge) || confined(own_profile(judge));
}

static const char *check_apparmor(struct judge *judge, const struct place *place)
{
	const char *name = json_string(place->node);

	/* Without AppArmor runtimes refuse any name, and there is nothing to confine with. */
	if (judge->host->apparmor == FACT_NO)
		return NULL;
	if (!name || !*name)
		return may_be_absent(judge) ? NULL : "no profile, though the host has AppArmor";
	if (!confined(name)) {
		judge->unproven = judge->host->apparmor == FACT_UNKNOWN;
		return "is no confinement";
	}
	return known_profile(judge, name) ? NULL
					  : "is no engine's profile nor one that the policy lists";
}

static void fix_apparmor(struct judge *judge, const struct place *place)
{
	const char *own = own_profile(judge), *name = json_string(place->node);

	if (confined(name))
		return;
	if (!confined(own))
		own = engine_profile(judge);
	if (own)
		place_set(judge, place, json_new_string(judge->arena, own));
}

/* user:role:type:level, and the place of each; false if it is none. */
static bool label_parts(struct arena *arena, const char *label, const char *parts[3])
{
	for (int i = 0; i < 3; i++) {
		size_t len = strcspn(label, ":");

		if (len == 0 || label[len] == '\0')
			return false;
		parts[i] = arena_strndup(arena, label, len);
		label += len + 1;
	}
	/* The rest goes into a mount's options: nothing that ends them. */
	return *label && label[strspn(label, "sc0123456789:,.-")] == '\0';
}

/* container_file_t and its kin are what files and mounts of containers have. */
static const char *check_label(struct judge *judge, const char *label, bool files)
{
	const char *parts[3];

	if (!label_parts(judge->arena, label, parts))
		return "is no label";
	if (strcmp(parts[0], "system_u") != 0)
		return "has another user than engines give";
	if (strcmp(parts[1], files ? "object_r" : "system_r") != 0)
		return "has another role than engines give";
	if (files ? word_in("container_file_t container_ro_file_t svirt_sandbox_file_t", parts[2])
		  : param_word(judge, "allow", parts[2]))
		return NULL;
	return "has a type that does not confine";
}

static const char *check_selinux(struct judge *judge, const struct place *place)
{
	const char *label = json_string(place->node), *reason;

	reason = label && *label ? check_label(judge, label, false) : NULL;
	if (reason)
		return arena_printf(judge->arena, "\"%.80s\" %s", label, reason);
	judge->culprit = json_at(judge->doc, "/linux/mountLabel");
	label = json_string(judge->culprit);
	reason = label && *label && judge->boundary != AT_EXEC ? check_label(judge, label, true)
							       : NULL;
	if (reason)
		return arena_printf(judge->arena, "\"%.80s\" %s", label, reason);
	judge->culprit = NULL;
	return NULL;
}

static const struct rule rules[] = {
	{
		.id = "apparmor",
		.title = TOLD("An AppArmor profile where the host has AppArmor"),
		.why = TOLD(
			"The engines' profiles deny writing to /proc and /sys, mounting and tracing "
			"beyond the container; unconfined denies nothing."),
		.want = "the engine's profile, or one that the policy lists",
		.refs = TOLD("CIS Docker 1.6 5.2; PSS AppArmor; CVE-2023-28642"),
		.path = "/process/apparmorProfile",
		.check = check_apparmor,
		.fix = fix_apparmor,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
		.flags = RULE_PRIVILEGED,
		.params = { { "allow", PARAM_WORDS, PROFILES, PROFILES,
			      "further profiles that are loaded on your hosts" },
			    { "default", PARAM_WORDS, "", "",
			      "the profile to set, when it is not the engine's own" } },
	},
	{
		.id = "selinux",
		.title = TOLD("SELinux labels that confine"),
		.why = TOLD(
			"spc_t, unconfined_t and other users or roles are outside of what the policy "
			"for containers covers."),
		.want = "system_u:system_r:TYPE:LEVEL with a type for containers, or none",
		.refs = TOLD("CIS Docker 1.6 5.3; PSS SELinux"),
		.path = "/process/selinuxLabel",
		.check = check_selinux,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
		.flags = RULE_PRIVILEGED,
		.params = { { "allow", PARAM_WORDS, TYPES, TYPES, "further types for processes" } },
	},
};

const struct rule_table rules_lsm = { "lsm", rules, sizeof(rules) / sizeof(*rules) };
