/* SPDX-License-Identifier: Apache-2.0 */
/* Annotations that a runtime below us or a hook obeys: input like any other, never a label. */
#include <string.h>

#include "rules.h"

/* A name that ends in "." or "=" stands for everything that begins with it. */
static const struct obeyed {
	const char *name, *why;
} obeyed[] = {
	{ "bundle", "makes runc exec read another directory's config" },
	{ "bundle=", "makes runc exec read another directory's config" },
	{ "org.systemd.property.", "sets any property of the container's systemd unit" },
	{ "org.criu.", "names a file that CRIU reads as root" },
	{ "run.oci.", "changes what crun does, up to the seccomp filter" },
	{ "krun.", "changes the virtual machine that crun starts" },
	{ "module.wasm.", "makes crun run another engine without these protections" },
	{ "io.containers.trace-syscall", "makes a hook write a file as root" },
	{ "io.katacontainers.", "names programs and kernels of the host for Kata" },
	{ "dev.gvisor.", "weakens gVisor's own protections" },
};

static bool uint64_text(const char *value)
{
	size_t len;

	if (strncmp(value, "uint64 ", 7) != 0)
		return false;
	len = strspn(value + 7, "0123456789");
	return len > 0 && len <= 20 && value[7 + len] == '\0';
}

/* What CRI-O itself writes, value for value; a unit with these is the unit everybody gets. */
static bool of_crio(const char *key, const char *value)
{
	static const struct {
		const char *key, *value;
	} own[] = {
		{ "DefaultDependencies", "true" },
		{ "DefaultDependencies", "'true'" },
		{ "After", "['crio.service']" },
		{ "CollectMode", "'inactive-or-failed'" },
	};
	static const char property[] = "org.systemd.property.";

	if (!value || strncmp(key, property, sizeof(property) - 1) != 0)
		return false;
	key += sizeof(property) - 1;
	if (strcmp(key, "TimeoutStopUSec") == 0)
		return uint64_text(value);
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (strcmp(own[i].key, key) == 0 && strcmp(own[i].value, value) == 0)
			return true;
	return false;
}

static bool is_obeyed(const char *name, const char *key)
{
	size_t len = strlen(name);
	char end = name[len - 1];

	if (end == '.' || end == '=')
		return strncmp(key, name, len) == 0;
	return strcmp(key, name) == 0;
}

/* crun counts the type that containerd writes on every pod's containers: there it is nobody else's. */
static bool of_cri(const struct judge *judge, const char *key)
{
	return judge->workload->engine == ENGINE_CRI && strncmp(key, "io.kubernetes.cri.", 18) == 0;
}

static const char *why_obeyed(const struct judge *judge, const char *key)
{
	for (size_t i = 0; i < sizeof(obeyed) / sizeof(*obeyed); i++)
		if (is_obeyed(obeyed[i].name, key))
			return obeyed[i].why;
	json_each(name, judge->annotations)
		if (is_obeyed(name->text, key) && !of_cri(judge, key))
			return "is one that the runtime itself calls unsafe";
	return NULL;
}

static const char *check_annotation(struct judge *judge, const struct place *place)
{
	const char *why = place->key ? why_obeyed(judge, place->key) : NULL;

	if (!why || of_crio(place->key, json_string(place->node)))
		return NULL;
	return arena_printf(judge->arena, "%.80s %s", place->key, why);
}

static const struct rule rules[] = {
	{
		.id = "annotations",
		.title = TOLD("No annotations that command the runtime"),
		.why = TOLD(
			"Anybody who starts a container writes annotations. Some replace the seccomp "
			"filter, the unit's properties or the config that exec reads."),
		.want = "annotations that runtimes do not obey",
		.refs = TOLD("CVE-2024-3154; ATT&CK T1610, T1611"),
		.path = "/annotations/*",
		.check = check_annotation,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
		.flags = RULE_ALWAYS,
	},
};

const struct rule_table rules_annotations = { "annotations", rules,
					      sizeof(rules) / sizeof(*rules) };
