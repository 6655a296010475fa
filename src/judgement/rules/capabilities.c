/* SPDX-License-Identifier: Apache-2.0 */
/* Capabilities: the privileged combination and the five sets. */
#include "caps.h"
#include "rules.h"

#include <string.h>

/* The 13 of the Pod Security Standards. */
#define BASELINE_CAPS                                              \
	"AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD " \
	"NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT"

static bool empty(const struct json *node)
{
	return !node || node->type < JSON_ARRAY || !node->child;
}

static bool holds(caps_set set, const char *name)
{
	int number = caps_number(name);

	return number >= 0 && (set >> number & 1);
}

/* True if the last word on all devices at once is "allow". */
static bool devices_open(const struct json *rules)
{
	bool open = false;

	json_each(rule, rules) {
		const char *type = json_string(json_member(rule, "type"));
		const char *access = json_string(json_member(rule, "access"));
		int64_t number;

		if (type && strcmp(type, "a") != 0)
			continue;
		if (json_i64(json_member(rule, "major"), &number) && number != -1)
			continue;
		if (access && strchr(access, 'r') && strchr(access, 'w'))
			open = json_true(json_member(rule, "allow"));
	}
	return open;
}

/*
 * No engine writes down that a container is privileged, but none else gets this combination. Which
 * capabilities "all" are depends on the engine's version and on what it was started with itself;
 * these three are always among them, and each alone owns the host once devices and masks are gone.
 */
static const char *check_privileged(struct judge *judge, const struct place *place)
{
	const struct json *linux_ = json_member(judge->doc, "linux");
	caps_set caps;

	if (judge->boundary == AT_EXEC || !empty(json_member(linux_, "maskedPaths")) ||
	    !empty(json_member(linux_, "readonlyPaths")) ||
	    !devices_open(json_at(linux_, "/resources/devices")))
		return NULL;
	caps = caps_of(json_member(place->node, "bounding")) |
	       caps_of(json_member(place->node, "permitted"));
	if (!holds(caps, "SYS_ADMIN") || !holds(caps, "SYS_MODULE") || !holds(caps, "SYS_RAWIO"))
		return NULL;
	return "the container is privileged: all capabilities, all devices, nothing masked";
}

static bool is_set(const char *key)
{
	return key && word_in("bounding effective permitted inheritable ambient", key);
}

/* Spelt so that every runtime reads the same capability. */
static bool canonical(const char *name)
{
	if (strncmp(name, "CAP_", 4) != 0)
		return false;
	for (const char *c = name; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			return false;
	return true;
}

static bool handed_on(const char *set)
{
	return word_in("inheritable ambient", set);
}

/* What the list "allow" names; read once for all sets. */
static caps_set allowed_caps(struct judge *judge)
{
	if (!judge->allowed_known)
		judge->allowed = caps_of(param_list(judge, "allow"));
	judge->allowed_known = true;
	return judge->allowed;
}

/*
 * What is inherited over execve without a file's consent is allowed to nobody. The policy may name a
 * capability that is younger than this program.
 */
static bool allowed(struct judge *judge, const char *set, const char *name)
{
	int number;

	if (handed_on(set))
		return false;
	number = caps_number(name);
	if (number >= 0)
		return allowed_caps(judge) >> number & 1;
	return canonical(name) && param_word(judge, "allow", name + 4);
}

static const char *check_capabilities(struct judge *judge, const struct place *place)
{
	const struct json *odd = NULL;
	caps_set bad = 0;

	if (!is_set(place->key))
		return NULL;
	json_each(name, place->node) {
		bool good = json_string(name) && allowed(judge, place->key, name->text);
		int number = good || !json_string(name) ? -1 : caps_number(name->text);

		if (number >= 0)
			bad |= (caps_set)1 << number;
		else if (!good || !canonical(name->text))
			odd = name;
	}
	if (bad)
		return arena_printf(judge->arena, "%s %s not allowed%s",
				    caps_brief(judge->arena, bad), bad & (bad - 1) ? "are" : "is",
				    handed_on(place->key) ? " here" : "");
	judge->culprit = odd;
	return odd ? "is not how all runtimes spell a capability" : NULL;
}

static void fix_capabilities(struct judge *judge, const struct place *place)
{
	struct json *list = json_new(judge->arena, JSON_ARRAY);

	json_each(name, place->node) {
		const char *text = json_string(name);

		if (!text || !allowed(judge, place->key, text))
			continue;
		if (!canonical(text))
			text = caps_name(caps_number(text));
		json_append(list, json_new_string(judge->arena, text));
	}
	place_set(judge, place, list);
}

static const struct rule rules[] = {
	{
		.id = "privileged",
		.title = TOLD("No privileged containers"),
		.why = TOLD(
			"All capabilities, all devices and no masks together are root on the host "
			"with extra steps: one mount of the disk and the container is out."),
		.want = "capabilities, devices and masks as of an ordinary container",
		.refs = TOLD(
			"CIS Docker 1.6 5.5; PSS Privileged Containers; NSA/CISA Kubernetes "
			"Hardening Guidance: preventing privileged containers; ATT&CK T1610, T1611"),
		.path = "/process/capabilities",
		.check = check_privileged,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
	},
	{
		.id = "capabilities",
		.title = TOLD("Only capabilities that stay inside the container"),
		.why = TOLD(
			"SYS_ADMIN, SYS_MODULE, SYS_PTRACE, DAC_READ_SEARCH and others are ways to "
			"the host; NET_RAW forges packets. Inheritable and ambient sets pass "
			"capabilities on to programs that were never given any."),
		.want = "a subset of the allowed capabilities, spelt CAP_NAME; inheritable and "
			"ambient empty",
		.refs = TOLD("CIS Docker 1.6 5.4; PSS Capabilities; ATT&CK T1611; CVE-2022-24769; "
			     "CVE-2022-29162"),
		.path = "/process/capabilities/*",
		.check = check_capabilities,
		.fix = fix_capabilities,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
		.flags = RULE_PRIVILEGED,
		.params = { { "allow", PARAM_WORDS, BASELINE_CAPS, "NET_BIND_SERVICE",
			      "capabilities that may stay in the bounding, effective and permitted "
			      "sets" } },
	},
};

const struct rule_table rules_capabilities = { "capabilities", rules,
					       sizeof(rules) / sizeof(*rules) };
