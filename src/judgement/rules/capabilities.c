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

/* What is inherited over execve without a file's consent is allowed to nobody. */
static caps_set allowed(const struct judge *judge, const struct place *place)
{
	if (word_in("inheritable ambient", place->key))
		return 0;
	return caps_of(param_list(judge, "allow"));
}

/* Spelt so that every runtime reads the same capability. */
static bool canonical(const char *name)
{
	if (strncmp(name, "CAP_", 4) != 0)
		return false;
	for (const char *c = name; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			return false;
	return caps_number(name) >= 0;
}

static const char *check_capabilities(struct judge *judge, const struct place *place)
{
	caps_set set = caps_of(place->node), bad;

	if (!is_set(place->key))
		return NULL;
	bad = set & ~allowed(judge, place);
	if (bad)
		return arena_printf(judge->arena, "%s %s not allowed%s",
				    caps_text(judge->arena, bad), bad & (bad - 1) ? "are" : "is",
				    allowed(judge, place) ? "" : " here");
	json_each(name, place->node)
		if (!json_string(name) || !canonical(name->text)) {
			judge->culprit = name;
			return "is not how all runtimes spell a capability";
		}
	return NULL;
}

static void fix_capabilities(struct judge *judge, const struct place *place)
{
	place_set(judge, place,
		  caps_json(judge->arena, caps_of(place->node) & allowed(judge, place)));
}

static const struct rule rules[] = {
	{
		.id = "privileged",
		.title = "No privileged containers",
		.why = "All capabilities, all devices and no masks together are root on the host "
		       "with extra steps: one mount of the disk and the container is out.",
		.want = "capabilities, devices and masks as of an ordinary container",
		.refs = "CIS Docker 1.6 5.5; PSS Privileged Containers; NSA/CISA Kubernetes "
			"Hardening Guidance: preventing privileged containers; ATT&CK T1610, T1611",
		.path = "/process/capabilities",
		.check = check_privileged,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
	},
	{
		.id = "capabilities",
		.title = "Only capabilities that stay inside the container",
		.why = "SYS_ADMIN, SYS_MODULE, SYS_PTRACE, DAC_READ_SEARCH and others are ways to "
		       "the host; NET_RAW forges packets. Inheritable and ambient sets pass "
		       "capabilities on to programs that were never given any.",
		.want = "a subset of the allowed capabilities, spelt CAP_NAME; inheritable and "
			"ambient empty",
		.refs = "CIS Docker 1.6 5.4; PSS Capabilities; ATT&CK T1611; CVE-2022-24769; "
			"CVE-2022-29162",
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
