/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can be wrong in a profile that an operator writes. Every mistake is an error here: a name that is
 * misspelt would be skipped by the runtime without a word, and a condition hold or not hold unseen.
 */
#include "syscalls_resolve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ERRNO(name)         \
	{                   \
#name, name \
	}
#define ERRNO_MAX   4095 /* the kernel's */
#define FLAG_PREFIX "SECCOMP_FILTER_FLAG_"

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
	else if (node->type == JSON_NUMBER)
		text_printf(&hint, " (found %.20s", node->text);
	if (expected)
		text_printf(&hint, "%sexpected %s", hint.len ? ", " : " (", expected);
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
	return !resolve->text || names_find(name->text, name->len) != NAMES_NONE;
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

int resolve_errno(const struct json *name)
{
	static const struct {
		const char *name;
		int number;
	} numbers[] = {
		ERRNO(EPERM),	   ERRNO(ENOENT),	ERRNO(ESRCH),
		ERRNO(EINTR),	   ERRNO(EIO),		ERRNO(ENXIO),
		ERRNO(E2BIG),	   ERRNO(ENOEXEC),	ERRNO(EBADF),
		ERRNO(ECHILD),	   ERRNO(EAGAIN),	ERRNO(ENOMEM),
		ERRNO(EACCES),	   ERRNO(EFAULT),	ERRNO(EBUSY),
		ERRNO(EEXIST),	   ERRNO(ENODEV),	ERRNO(ENOTDIR),
		ERRNO(EINVAL),	   ERRNO(EMFILE),	ERRNO(ENOTTY),
		ERRNO(EFBIG),	   ERRNO(ENOSPC),	ERRNO(EROFS),
		ERRNO(ENOSYS),	   ERRNO(ENODATA),	ERRNO(EPROTO),
		ERRNO(EOVERFLOW),  ERRNO(EUSERS),	ERRNO(ENOPROTOOPT),
		ERRNO(EOPNOTSUPP), ERRNO(EAFNOSUPPORT), ERRNO(ECONNREFUSED),
		ERRNO(EADDRINUSE), ERRNO(ETIMEDOUT),	ERRNO(EPROTONOSUPPORT),
		ERRNO(ENOTSUP),	   ERRNO(EDESTADDRREQ), ERRNO(ENETUNREACH),
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (json_is(name, numbers[i].name))
			return numbers[i].number;
	return -1;
}

/* A number in range, a name that is known, or both of one meaning. */
static bool check_errno(const struct resolve *resolve, const struct json *owner, const char *number,
			const char *name)
{
	const struct json *code = json_member(owner, number), *word = json_member(owner, name);
	uint64_t value = 0;

	if (code && code->type == JSON_NUMBER && (!json_u64(code, &value) || value > ERRNO_MAX))
		return wrong(resolve, code, "is out of range", "0 to 4095");
	if (!json_string(word) || word->len == 0)
		return true;
	if (resolve_errno(word) < 0)
		return wrong(resolve, word, "unknown error", "EPERM, ENOSYS, EINVAL ...");
	if (code && code->type == JSON_NUMBER && value != (uint64_t)resolve_errno(word))
		return wrong(resolve, word, "is another error than the number beside it", NULL);
	return true;
}

static bool check_args(const struct resolve *resolve, const struct json *rule)
{
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
	return true;
}

static bool known_arch(const char *name)
{
	static const char *const names[] = {
		"386",	    "amd64",	   "arm",     "arm64",	  "loong64",   "loongarch64",
		"m68k",	    "mips",	   "mips64",  "mips64le", "mips64n32", "mipsel",
		"mipsel64", "mipsel64n32", "mipsle",  "parisc",	  "parisc64",  "ppc",
		"ppc64",    "ppc64le",	   "riscv64", "s390",	  "s390x",     "sh",
		"sheb",	    "x32",	   "x86",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Whether a rule holds must not hang on a word that nobody knows: what excludes it would be open. */
static bool check_when(const struct resolve *resolve, const struct json *when)
{
	const struct json *least = json_member(when, "minKernel");

	if (!when || when->type != JSON_OBJECT)
		return true;
	if (!fits(resolve, when, when_shape) || !all_strings(resolve, json_member(when, "caps")) ||
	    !all_strings(resolve, json_member(when, "arches")))
		return false;
	json_each(cap, json_member(when, "caps"))
		if (caps_number(cap->text) < 0)
			return wrong(resolve, cap, "unknown capability", "CAP_...");
	json_each(arch, json_member(when, "arches"))
		if (!known_arch(arch->text))
			return wrong(resolve, arch, "unknown architecture", "amd64, arm64 ...");
	if (json_string(least) && least->len > 0 && !resolve_kernel(least->text))
		return wrong(resolve, least, "is no version", "4.8");
	return true;
}

bool resolve_check_rule(const struct resolve *resolve, const struct json *rule)
{
	const struct json *action;

	return fits(resolve, rule, rule_shape) && check_names(resolve, rule) &&
	       check_action(resolve, rule, "action", &action) &&
	       check_errno(resolve, rule, "errnoRet", "errno") && check_args(resolve, rule) &&
	       check_when(resolve, json_member(rule, "includes")) &&
	       check_when(resolve, json_member(rule, "excludes"));
}

int resolve_kernel(const char *text)
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

static bool check_flags(const struct resolve *resolve, const struct json *flags)
{
	static const char *const known[] = { "TSYNC", "LOG", "WAIT_KILLABLE_RECV" };

	if (!all_strings(resolve, flags))
		return false;
	json_each(flag, flags) {
		size_t i = 0, count = sizeof(known) / sizeof(*known);

		if (strcmp(flag->text, SPEC_ALLOW) == 0)
			return wrong(resolve, flag, "switches a protection off", NULL);
		while (i < count &&
		       (strncmp(flag->text, FLAG_PREFIX, sizeof(FLAG_PREFIX) - 1) != 0 ||
			strcmp(flag->text + sizeof(FLAG_PREFIX) - 1, known[i]) != 0))
			i++;
		if (i == count)
			return wrong(resolve, flag, "unknown flag", FLAG_PREFIX "LOG ...");
	}
	return true;
}

bool resolve_check_top(const struct resolve *resolve, const struct json *doc)
{
	const struct json *action;

	if (!fits(resolve, doc, top_shape) || !check_machine(resolve, doc) ||
	    !check_action(resolve, doc, "defaultAction", &action) ||
	    !check_errno(resolve, doc, "defaultErrnoRet", "defaultErrno") ||
	    !check_flags(resolve, json_member(doc, "flags")))
		return false;
	if (act_of(json_string(action)) != ACT_BLOCK)
		return wrong(resolve, action, "must deny what it does not name",
			     "SCMP_ACT_ERRNO, or a kill");
	if (json_string(json_member(doc, "listenerPath")))
		return wrong(resolve, json_member(doc, "listenerPath"), "no listener is allowed",
			     NULL);
	return true;
}
