/* SPDX-License-Identifier: Apache-2.0 */
/* Devices: the nodes made in the container, and what its cgroup lets it open. */
#include <string.h>

#include "rules.h"

#define ANY -1

/* One device, or all of a major number. */
struct device {
	char type; /* 'c' or 'b' */
	int64_t major, minor;
	const char *path; /* NULL: any */
};

/* What every container has; masks are made of /dev/null, so it must be the real one. */
static const struct device own_nodes[] = {
	{ 'c', 1, 3, "/dev/null" },   { 'c', 1, 5, "/dev/zero" },    { 'c', 1, 7, "/dev/full" },
	{ 'c', 1, 8, "/dev/random" }, { 'c', 1, 9, "/dev/urandom" }, { 'c', 5, 0, "/dev/tty" },
};

/* And what else engines write into the cgroup's list, or runtimes add themselves. */
static const struct device own_access[] = {
	{ 'c', 5, 1, NULL },	 /* console */
	{ 'c', 5, 2, NULL },	 /* ptmx */
	{ 'c', 136, ANY, NULL }, /* pts */
};

static int64_t number_of(const struct json *object, const char *name)
{
	int64_t value;

	return json_i64(json_member(object, name), &value) ? value : ANY;
}

static char type_of(const struct json *object)
{
	const char *type = json_string(json_member(object, "type"));

	if (!type || !*type)
		return 'a';
	if (type[1] != '\0')
		return '?';
	return *type == 'u' ? 'c' : *type; /* mknod's other word for a character device */
}

static bool covers(const struct device *device, char type, int64_t major, int64_t minor)
{
	return device->type == type && device->major == major &&
	       (device->minor == ANY || device->minor == minor);
}

/* A device number; false if none stands there. */
static bool read_number(const char **text, int64_t *value)
{
	const char *start = *text;

	for (*value = 0; **text >= '0' && **text <= '9' && *text - start < 10; (*text)++)
		*value = *value * 10 + (**text - '0');
	return *text > start;
}

/* "c 10:229" or "c 10:*", as the kernel's own lists spell it. */
static bool read_device(const char *text, struct device *device)
{
	device->path = NULL;
	device->type = *text;
	if ((*text != 'c' && *text != 'b') || text[1] != ' ')
		return false;
	text += 2;
	if (!read_number(&text, &device->major) || *text++ != ':')
		return false;
	if (strcmp(text, "*") == 0) {
		device->minor = ANY;
		return true;
	}
	return read_number(&text, &device->minor) && *text == '\0';
}

/* An entry of the policy: the text, or {"path", "type", "major", "minor"}; no minor is all. */
static bool entry_device(const struct json *entry, struct device *device)
{
	if (json_string(entry))
		return read_device(entry->text, device);
	device->type = type_of(entry);
	device->major = number_of(entry, "major");
	device->minor = number_of(entry, "minor");
	device->path = json_string(json_member(entry, "path"));
	return device->major >= 0 && device->minor >= ANY;
}

static bool policy_allows(const struct judge *judge, const char *path, char type, int64_t major,
			  int64_t minor)
{
	struct device device;

	json_each(entry, param_list(judge, "allow"))
		if (entry_device(entry, &device) && covers(&device, type, major, minor) &&
		    (!path || !device.path || strcmp(path, device.path) == 0))
			return true;
	return false;
}

static const struct device *own_node(const char *path)
{
	for (size_t i = 0; i < sizeof(own_nodes) / sizeof(*own_nodes); i++)
		if (strcmp(own_nodes[i].path, path) == 0)
			return &own_nodes[i];
	return NULL;
}

static const char *check_node(const struct judge *judge, const struct json *node)
{
	const char *path = json_string(json_member(node, "path"));
	const char *clean = path ? host_clean(judge->arena, path) : NULL;
	int64_t major = number_of(node, "major"), minor = number_of(node, "minor");
	char type = type_of(node);
	const struct device *own;

	if (!clean || strcmp(clean, path) != 0 || !host_below(path, "/dev") || !path[4])
		return "is no clean path below /dev";
	own = own_node(path);
	if (own)
		return covers(own, type, major, minor)
			       ? NULL
			       : "has the name of a standard device but another's number";
	if (policy_allows(judge, path, type, major, minor))
		return NULL;
	return "is not among the standard devices nor on the policy's list";
}

/* One finding for all: a privileged container has a hundred. */
static const char *check_devices(struct judge *judge, const struct place *place)
{
	const char *first = NULL;
	unsigned more = 0;

	json_each(node, place->node) {
		const char *reason = check_node(judge, node);

		if (!reason)
			continue;
		if (first) {
			more++;
			continue;
		}
		first = arena_printf(judge->arena, "%.80s %s",
				     json_string(json_member(node, "path")), reason);
		judge->culprit = node;
	}
	return more ? arena_printf(judge->arena, "%s, and %u more", first, more) : first;
}

/* mknod alone opens nothing: containerd and runc allow it for all devices. */
static bool only_mknod(const struct json *rule)
{
	char type = type_of(rule);

	return (type == 'c' || type == 'b') && json_is(json_member(rule, "access"), "m");
}

static bool has_node(const struct judge *judge, char type, int64_t major, int64_t minor)
{
	json_each(node, json_at(judge->doc, "/linux/devices"))
		if (type_of(node) == type && number_of(node, "major") == major &&
		    number_of(node, "minor") == minor)
			return true;
	return false;
}

/* A node that stands in /linux/devices has been judged by the rule "devices". */
static bool may_open(const struct judge *judge, const struct json *rule)
{
	int64_t major = number_of(rule, "major"), minor = number_of(rule, "minor");
	const char *access = json_string(json_member(rule, "access"));
	char type = type_of(rule);

	if (!access || !*access || access[strspn(access, "rwm")] != '\0')
		return false;
	for (size_t i = 0; i < sizeof(own_nodes) / sizeof(*own_nodes); i++)
		if (covers(&own_nodes[i], type, major, minor))
			return true;
	for (size_t i = 0; i < sizeof(own_access) / sizeof(*own_access); i++)
		if (covers(&own_access[i], type, major, minor))
			return true;
	return only_mknod(rule) || (major >= 0 && has_node(judge, type, major, minor)) ||
	       policy_allows(judge, NULL, type, major, minor);
}

static bool is_deny_all(const struct json *rule)
{
	const char *access = json_string(json_member(rule, "access"));

	return rule && !json_true(json_member(rule, "allow")) && type_of(rule) == 'a' &&
	       number_of(rule, "major") == ANY && number_of(rule, "minor") == ANY && access &&
	       strchr(access, 'r') && strchr(access, 'w') && strchr(access, 'm');
}

static const char *check_access(struct judge *judge, const struct place *place)
{
	const struct json *list =
		place->node && place->node->type == JSON_ARRAY ? place->node : NULL;

	/* An update that does not speak of devices leaves them as they are. */
	if (judge->boundary == AT_UPDATE && (!list || !list->child))
		return NULL;
	if (!list || !is_deny_all(list->child))
		return "does not deny everything first: what is open depends on the runtime";
	json_each(rule, list) {
		if (!json_true(json_member(rule, "allow")) || may_open(judge, rule))
			continue;
		judge->culprit = rule;
		return "opens devices that the container does not need";
	}
	return NULL;
}

static struct json *deny_all(struct arena *arena)
{
	struct json *rule = json_new(arena, JSON_OBJECT);

	json_set(arena, rule, "allow", json_new_bool(arena, false));
	json_set(arena, rule, "access", json_new_string(arena, "rwm"));
	return rule;
}

static void fix_access(struct judge *judge, const struct place *place)
{
	struct json *list = json_new(judge->arena, JSON_ARRAY);

	json_append(list, deny_all(judge->arena));
	json_each(rule, place->node)
		if (!is_deny_all(rule) &&
		    (!json_true(json_member(rule, "allow")) || may_open(judge, rule)))
			json_append(list, json_clone(judge->arena, rule));
	place_set(judge, place, list);
}

static const struct rule rules[] = {
	{
		.id = "devices",
		.title = TOLD("No device nodes of the host"),
		.why = TOLD(
			"The runtime makes the nodes as root, whatever the numbers say: a disk, "
			"/dev/mem, or a /dev/null that is something else, with which masks are made."),
		.want = "null, zero, full, random, urandom, tty, and what the policy lists",
		.refs = TOLD("CIS Docker 1.6 5.18; ATT&CK T1611; CVE-2025-31133"),
		.path = "/linux/devices",
		.check = check_devices,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
		.flags = RULE_PRIVILEGED,
		.params = { { "allow", PARAM_DEVICES, "", "",
			      "devices beyond the standard ones, as \"c 10:229\" or {\"path\", "
			      "\"type\", \"major\", \"minor\"}" } },
	},
	{
		.id = "device-cgroup",
		.title = TOLD("The cgroup denies all devices but the container's own"),
		.why = TOLD(
			"Whoever may open a device needs no node from the engine: mknod makes one. "
			"A list that does not begin with denying all is open on some runtimes."),
		.want = "deny all, then only devices that the container has",
		.refs = TOLD("CIS Docker 1.6 5.18; ATT&CK T1611"),
		.path = "/linux/resources/devices",
		.check = check_access,
		.fix = fix_access,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
		.flags = RULE_PRIVILEGED,
		.params = { { "allow", PARAM_DEVICES, "", "",
			      "devices that may be opened though no node is given, as \"c 10:229\" "
			      "or {\"type\", \"major\", \"minor\"}" } },
	},
};

const struct rule_table rules_devices = { "devices", rules, sizeof(rules) / sizeof(*rules) };
