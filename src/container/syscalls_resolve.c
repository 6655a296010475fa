/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles that an operator writes: the OCI object, or the format of moby and containers, in which rules
 * hold for some capabilities, architectures and kernels only.
 */
#include <string.h>

#include "syscalls_resolve.h"

/* NULL also for a text that is empty, which is how Go leaves it out. */
static const char *version_of(const struct json *when)
{
	const char *version = json_string(json_member(when, "minKernel"));

	return version && *version ? version : NULL;
}

static bool holds_for(const struct resolve *resolve, const struct json *rule)
{
	const struct json *in = json_member(rule, "includes"), *ex = json_member(rule, "excludes");
	const char *least = version_of(in), *most = version_of(ex);
	const struct json *arches = json_member(in, "arches");
	caps_set need = caps_of(json_member(in, "caps"));

	if (json_has(json_member(ex, "arches"), syscalls_arch) ||
	    caps_of(json_member(ex, "caps")) & resolve->target->caps ||
	    (most && resolve->target->kernel >= resolve_kernel(most)))
		return false;
	return !(arches && arches->len > 0 && !json_has(arches, syscalls_arch)) &&
	       (need & resolve->target->caps) == need &&
	       !(least && resolve->target->kernel < resolve_kernel(least));
}

/* The rule as runtimes know it. */
static struct json *resolved_rule(struct arena *arena, const struct json *rule)
{
	const struct json *names = json_member(rule, "names");
	const struct json *name = json_member(rule, "name");
	const struct json *error = json_member(rule, "errno");
	struct json *plain = rule_plain(arena, rule);

	json_each(node, names)
		rule_add_name(arena, plain, node->text, node->len);
	if (name && name->len > 0)
		rule_add_name(arena, plain, name->text, name->len);
	if (resolve_errno(error) >= 0)
		json_set(arena, plain, "errnoRet",
			 number_node(arena, (uint64_t)resolve_errno(error)));
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

struct json *syscalls_resolve(struct arena *arena, const struct json *doc,
			      const struct syscalls_target *target, const char *text, size_t len,
			      struct error *err)
{
	struct resolve resolve = { arena, target, text, len, err };
	struct json *profile, *rules = json_new(arena, JSON_ARRAY);
	const struct json *code = json_member(doc, "defaultErrnoRet");
	const struct json *flags = json_member(doc, "flags");
	int error = resolve_errno(json_member(doc, "defaultErrno"));

	if (!resolve_check_top(&resolve, doc))
		return NULL;
	json_each(rule, json_member(doc, "syscalls")) {
		if (!resolve_check_rule(&resolve, rule))
			return NULL;
		if (holds_for(&resolve, rule))
			json_append(rules, resolved_rule(arena, rule));
	}
	profile = json_new(arena, JSON_OBJECT);
	member_add(profile, "defaultAction",
		   text_node(arena, json_string(json_member(doc, "defaultAction"))));
	if (error >= 0)
		member_add(profile, "defaultErrnoRet", number_node(arena, (uint64_t)error));
	else if (code && code->type == JSON_NUMBER)
		member_add(profile, "defaultErrnoRet", json_clone(arena, code));
	member_add(profile, "architectures", own_abis(&resolve, doc));
	if (flags && flags->type == JSON_ARRAY)
		member_add(profile, "flags", json_clone(arena, flags));
	member_add(profile, "syscalls", rules);
	return profile;
}
