/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles that an operator writes: the OCI object, or the format of moby and containers, in which rules
 * hold for some capabilities, architectures and kernels only. Every mistake is an error here: a name
 * that is misspelt would be skipped by the runtime without a word.
 */
#include <stdlib.h>
#include <string.h>

#include "syscalls_rules.h"

struct resolve {
	struct arena *arena;
	const struct syscalls_target *target;
	const char *text;
	size_t len;
	struct error *err;
};

static bool wrong(const struct resolve *resolve, const struct json *node, const char *what,
		  const char *expected)
{
	const char *found = json_string(node), *at = json_pointer(resolve->arena, node);
	struct text hint = { .arena = resolve->arena };
	unsigned line, column;

	json_position(resolve->text ? resolve->text : "", resolve->len, node->offset, &line,
		      &column);
	if (found)
		text_printf(&hint, " (found \"%.60s\"", found);
	if (expected)
		text_printf(&hint, "%sexpected %s", found ? ", " : " (", expected);
	return error_set(resolve->err, "%u:%u: %s: %s%s%s", line, column, *at ? at : "/", what,
			 hint.len ? hint.data : "", hint.len ? ")" : "");
}

/* Members of an object, all of them known and of one type each. */
struct shape {
	const char *name;
	enum json_type type;
};

static const struct shape top_shape[] = {
	{ "defaultAction", JSON_STRING }, { "defaultErrnoRet", JSON_NUMBER },
	{ "defaultErrno", JSON_STRING },  { "architectures", JSON_ARRAY },
	{ "archMap", JSON_ARRAY },	  { "flags", JSON_ARRAY },
	{ "listenerPath", JSON_STRING },  { "listenerMetadata", JSON_STRING },
	{ "syscalls", JSON_ARRAY },	  { NULL, JSON_NULL },
};

static const struct shape rule_shape[] = {
	{ "names", JSON_ARRAY },     { "name", JSON_STRING },	  { "action", JSON_STRING },
	{ "errnoRet", JSON_NUMBER }, { "errno", JSON_STRING },	  { "args", JSON_ARRAY },
	{ "comment", JSON_STRING },  { "includes", JSON_OBJECT }, { "excludes", JSON_OBJECT },
	{ NULL, JSON_NULL },
};

static const struct shape when_shape[] = {
	{ "caps", JSON_ARRAY },
	{ "arches", JSON_ARRAY },
	{ "minKernel", JSON_STRING },
	{ NULL, JSON_NULL },
};

static const struct shape map_shape[] = {
	{ "architecture", JSON_STRING },
	{ "subArchitectures", JSON_ARRAY },
	{ NULL, JSON_NULL },
};

static bool fits(const struct resolve *resolve, const struct json *node, const struct shape *shape)
{
	if (node->type != JSON_OBJECT)
		return wrong(resolve, node, "wrong type", "an object");
	json_each(member, node) {
		const struct shape *known = shape;

		while (known->name && strcmp(known->name, member->key) != 0)
			known++;
		if (!known->name)
			return wrong(resolve, member, "unknown member", NULL);
		if (member->type != known->type && member->type != JSON_NULL)
			return wrong(resolve, member, "wrong type", NULL);
	}
	return true;
}

static bool all_strings(const struct resolve *resolve, const struct json *array)
{
	json_each(node, array)
		if (node->type != JSON_STRING)
			return wrong(resolve, node, "wrong type", "a string");
	return true;
}

static bool known_architecture(const char *name)
{
	static const char *const names[] = {
		"X86",	   "X86_64",	  "X32",    "ARM",	"AARCH64",     "MIPS",
		"MIPS64",  "MIPS64N32",	  "MIPSEL", "MIPSEL64", "MIPSEL64N32", "PPC",
		"PPC64",   "PPC64LE",	  "S390",   "S390X",	"PARISC",      "PARISC64",
		"RISCV64", "LOONGARCH64", "M68K",   "SH",	"SHEB",
	};

	if (strncmp(name, "SCMP_ARCH_", 10) != 0)
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name + 10, names[i]) == 0)
			return true;
	return false;
}

static bool check_architectures(const struct resolve *resolve, const struct json *array)
{
	if (!all_strings(resolve, array))
		return false;
	json_each(node, array)
		if (!known_architecture(node->text))
			return wrong(resolve, node, "unknown architecture", "SCMP_ARCH_...");
	return true;
}

/* Without the text to point into, names that nobody knows are left to the runtime, which skips them. */
static bool known_call(const struct resolve *resolve, const struct json *name)
{
	return !resolve->text || names_find(NULL, name->text, name->len) != NAMES_NONE;
}

static bool check_names(const struct resolve *resolve, const struct json *rule)
{
	const struct json *names = json_member(rule, "names");
	const struct json *name = json_member(rule, "name");

	if (!all_strings(resolve, names))
		return false;
	if (name && name->len > 0 && names && names->len > 0)
		return wrong(resolve, name, "both name and names", NULL);
	if (name && name->len > 0 && !known_call(resolve, name))
		return wrong(resolve, name, "unknown system call", NULL);
	json_each(node, names)
		if (!known_call(resolve, node))
			return wrong(resolve, node, "unknown system call", NULL);
	return true;
}

static bool check_action(const struct resolve *resolve, const struct json *owner, const char *name,
			 const struct json **action)
{
	*action = json_member(owner, name);
	if (!*action)
		return wrong(resolve, owner, arena_printf(resolve->arena, "%s is missing", name),
			     "SCMP_ACT_...");
	if (act_of(json_string(*action)) == ACT_UNKNOWN)
		return wrong(resolve, *action, "unknown action",
			     "SCMP_ACT_ALLOW, _ERRNO, _KILL ...");
	if (act_of(json_string(*action)) == ACT_NOTIFY)
		return wrong(resolve, *action, "nobody listens for notifications here", NULL);
	return true;
}

static bool check_rule(const struct resolve *resolve, const struct json *rule)
{
	static const char *const when[] = { "includes", "excludes" };
	const struct json *action;

	if (!fits(resolve, rule, rule_shape) || !check_names(resolve, rule) ||
	    !check_action(resolve, rule, "action", &action))
		return false;
	json_each(arg, json_member(rule, "args")) {
		struct ways *ways = ways_new(resolve->arena);
		struct json *alone = json_new(resolve->arena, JSON_OBJECT);
		struct json *args = json_new(resolve->arena, JSON_ARRAY);

		json_append(args, json_clone(resolve->arena, arg));
		member_add(alone, "args", args);
		if (!ways_of_rule(ways, alone))
			return wrong(resolve, arg, "no condition",
				     "index 0 to 5, value, op SCMP_CMP_...");
	}
	for (size_t i = 0; i < 2; i++) {
		const struct json *node = json_member(rule, when[i]);

		if (node && node->type == JSON_OBJECT &&
		    (!fits(resolve, node, when_shape) ||
		     !all_strings(resolve, json_member(node, "caps")) ||
		     !all_strings(resolve, json_member(node, "arches"))))
			return false;
	}
	return true;
}

/* "4.8" as KERNEL(4, 8); 0 if it is none. */
static int kernel_of(const char *text)
{
	char *dot, *end;
	long version = strtol(text, &dot, 10), patch_level;

	if (dot == text || *dot != '.' || version < 0 || version > 99)
		return 0;
	patch_level = strtol(dot + 1, &end, 10);
	if (end == dot + 1 || *end || patch_level < 0 || patch_level > 999)
		return 0;
	return KERNEL((int)version, (int)patch_level);
}

static bool holds_for(const struct resolve *resolve, const struct json *rule)
{
	const struct json *in = json_member(rule, "includes"), *ex = json_member(rule, "excludes");
	const char *least = json_string(json_member(in, "minKernel"));
	const char *most = json_string(json_member(ex, "minKernel"));
	const struct json *arches = json_member(in, "arches");
	caps_set need = caps_of(json_member(in, "caps"));
	const struct json *caps = json_member(in, "caps");

	if (json_has(json_member(ex, "arches"), syscalls_arch) ||
	    caps_of(json_member(ex, "caps")) & resolve->target->caps ||
	    (most && resolve->target->kernel >= kernel_of(most)))
		return false;
	/* a capability without a name is held by nobody */
	json_each(cap, caps)
		if (caps_number(cap->text) < 0)
			return false;
	return !(arches && arches->len > 0 && !json_has(arches, syscalls_arch)) &&
	       (need & resolve->target->caps) == need &&
	       !(least && resolve->target->kernel < kernel_of(least));
}

/* The rule as runtimes know it. */
static struct json *plain_rule(struct arena *arena, const struct json *rule)
{
	static const char *const kept[] = { "errnoRet", "args" };
	const struct json *names = json_member(rule, "names");
	const struct json *name = json_member(rule, "name");
	struct json *plain = rule_new(arena, json_string(json_member(rule, "action")));

	json_each(node, names)
		rule_add_name(arena, plain, node->text, node->len);
	if (name && name->len > 0)
		rule_add_name(arena, plain, name->text, name->len);
	for (size_t i = 0; i < 2; i++) {
		const struct json *member = json_member(rule, kept[i]);

		if (member && member->type != JSON_NULL &&
		    !(member->type == JSON_ARRAY && !member->len))
			member_add(plain, kept[i], json_clone(arena, member));
	}
	return plain;
}

/* The ABIs that the profile opens on this machine; NULL if it is for other machines only. */
static struct json *own_abis(const struct resolve *resolve, const struct json *doc)
{
	struct json *abis = json_new(resolve->arena, JSON_ARRAY);
	const struct json *listed = json_member(doc, "architectures");

	json_each(map, json_member(doc, "archMap"))
		if (json_is(json_member(map, "architecture"), syscalls_native))
			listed = json_member(map, "subArchitectures");
	json_append(abis, text_node(resolve->arena, syscalls_native));
	for (size_t i = 1; syscalls_abis[i] && !resolve->target->native; i++)
		if (json_has(listed, syscalls_abis[i]))
			json_append(abis, text_node(resolve->arena, syscalls_abis[i]));
	return abis;
}

static bool check_machine(const struct resolve *resolve, const struct json *doc)
{
	const struct json *map = json_member(doc, "archMap");
	const struct json *flat = json_member(doc, "architectures");
	bool found = false;

	if (map && map->len > 0 && flat && flat->len > 0)
		return wrong(resolve, flat, "both architectures and archMap", NULL);
	if (!check_architectures(resolve, flat))
		return false;
	json_each(entry, map) {
		if (!fits(resolve, entry, map_shape) ||
		    !check_architectures(resolve, json_member(entry, "subArchitectures")))
			return false;
		found = found || json_is(json_member(entry, "architecture"), syscalls_native);
	}
	if ((map && map->len > 0 && !found) ||
	    (flat && flat->len > 0 && !json_has(flat, syscalls_native)))
		return wrong(resolve, flat && flat->len ? flat : map, "is for other machines only",
			     syscalls_native);
	return true;
}

static bool check_top(const struct resolve *resolve, const struct json *doc)
{
	const struct json *action;

	if (!fits(resolve, doc, top_shape) || !check_machine(resolve, doc) ||
	    !check_action(resolve, doc, "defaultAction", &action))
		return false;
	if (act_of(json_string(action)) != ACT_BLOCK)
		return wrong(resolve, action, "must deny what it does not name",
			     "SCMP_ACT_ERRNO, or a kill");
	if (json_string(json_member(doc, "listenerPath")))
		return wrong(resolve, json_member(doc, "listenerPath"), "no listener is allowed",
			     NULL);
	return true;
}

struct json *syscalls_resolve(struct arena *arena, const struct json *doc,
			      const struct syscalls_target *target, const char *text, size_t len,
			      struct error *err)
{
	struct resolve resolve = { arena, target, text, len, err };
	struct json *profile, *rules = json_new(arena, JSON_ARRAY);
	const struct json *code = json_member(doc, "defaultErrnoRet");
	const struct json *flags = json_member(doc, "flags");

	if (!check_top(&resolve, doc))
		return NULL;
	json_each(rule, json_member(doc, "syscalls")) {
		if (!check_rule(&resolve, rule))
			return NULL;
		if (holds_for(&resolve, rule))
			json_append(rules, plain_rule(arena, rule));
	}
	profile = json_new(arena, JSON_OBJECT);
	member_add(profile, "defaultAction",
		   text_node(arena, json_string(json_member(doc, "defaultAction"))));
	if (code && code->type == JSON_NUMBER)
		member_add(profile, "defaultErrnoRet", json_clone(arena, code));
	member_add(profile, "architectures", own_abis(&resolve, doc));
	if (flags && flags->type == JSON_ARRAY)
		member_add(profile, "flags", json_clone(arena, flags));
	member_add(profile, "syscalls", rules);
	return profile;
}
