/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compares what goes in with what comes out, member by member: does the output grant anything that
 * the input did not? Written against the runtime-spec and knows nothing of the rules, so that a rule
 * and this file are never wrong in the same way.
 */
#include <stdio.h>
#include <string.h>

#include "caps.h"
#include "laws.h"

/* Members that stay as they are, and members that stay or go. */
static const char *const process_same[] = { "/args",	 "/cwd",	  "/user/uid", "/user/gid",
					    "/terminal", "/selinuxLabel", NULL };
static const char *const process_less[] = { "/scheduler", "/ioPriority", "/commandLine",
					    "/execCPUAffinity", NULL };
static const char *const config_same[] = { "/hostname",		 "/domainname",
					   "/root/path",	 "/linux/cgroupsPath",
					   "/linux/uidMappings", "/linux/gidMappings",
					   "/linux/mountLabel",	 NULL };
static const char *const config_less[] = { "/vm",
					   "/windows",
					   "/solaris",
					   "/zos",
					   "/freebsd",
					   "/linux/intelRdt",
					   "/linux/personality",
					   "/linux/netDevices",
					   "/linux/timeOffsets",
					   "/linux/memoryPolicy",
					   "/linux/resources/rdma",
					   "/linux/resources/unified",
					   NULL };

static bool empty(const struct json *json)
{
	return !json || json->type == JSON_NULL || (json->type >= JSON_ARRAY && !json->len);
}

static const char *lists(struct arena *arena, const struct json *before, const struct json *after,
			 const char *const *same, const char *const *less)
{
	for (; *same; same++) {
		const struct json *a = json_at(before, *same), *b = json_at(after, *same);

		if (!(empty(a) && empty(b)) && !json_equal(a, b))
			return arena_printf(arena, "%s changed", *same);
	}
	for (; *less; less++) {
		const struct json *a = json_at(before, *less), *b = json_at(after, *less);

		if (!empty(b) && !json_equal(a, b))
			return arena_printf(arena, "%s changed and did not go", *less);
	}
	return NULL;
}

static bool holds_equal(const struct json *array, const struct json *value)
{
	json_each(each, array) {
		if (json_equal(each, value))
			return true;
	}
	return false;
}

/* Every element of after is one of before. */
static const char *subset(struct arena *arena, const struct json *before, const struct json *after,
			  const char *pointer)
{
	json_each(each, json_at(after, pointer)) {
		if (!holds_equal(json_at(before, pointer), each))
			return arena_printf(arena, "%s has a new element", pointer);
	}
	return NULL;
}

/* What was shielded of /proc and /sys still is. */
static const char *shields(struct arena *arena, const struct json *before, const struct json *after,
			   const char *pointer)
{
	json_each(each, json_at(before, pointer)) {
		const char *path = json_string(each);

		if (path && (host_below(path, "/proc") || host_below(path, "/sys")) &&
		    !holds_equal(json_at(after, pointer), each))
			return arena_printf(arena, "%s lost %s", pointer, path);
	}
	return NULL;
}

/* A process without capabilities of its own has, at exec, those of the container. */
static const char *capabilities(struct arena *arena, const struct json *before,
				const struct json *after, const struct json *container)
{
	static const char *const sets[] = { "bounding", "effective", "permitted", "inheritable",
					    "ambient" };
	const struct json *had = json_member(before, "capabilities");

	if (empty(had) && container)
		had = json_at(container, "/process/capabilities");
	for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++) {
		const char *pointer = arena_printf(arena, "/capabilities/%s", sets[i]);
		caps_set more =
			caps_of(json_at(after, pointer)) & ~caps_of(json_member(had, sets[i]));

		if (more)
			return arena_printf(arena, "%s gained %s", pointer, caps_text(arena, more));
	}
	return NULL;
}

/* A limit may come or shrink; it never grows and never goes. */
static const char *limit(struct arena *arena, const struct json *before, const struct json *after,
			 const char *pointer)
{
	const struct json *a = json_at(before, pointer), *b = json_at(after, pointer);
	int64_t was, is;

	if (empty(a) || json_equal(a, b) || !json_i64(a, &was) || was <= 0)
		return NULL;
	if (!json_i64(b, &is) || is <= 0 || is > was)
		return arena_printf(arena, "%s is lifted", pointer);
	return NULL;
}

static const char *oom(const struct json *before, const struct json *after)
{
	int64_t was = 0, is = 0;

	if (!json_i64(json_member(after, "oomScoreAdj"), &is))
		return NULL;
	(void)json_i64(json_member(before, "oomScoreAdj"), &was);
	return is < was ? "/oomScoreAdj is lower" : NULL;
}

static const char *confinement(const struct json *before, const struct json *after)
{
	const struct json *was = json_member(before, "apparmorProfile");
	const struct json *is = json_member(after, "apparmorProfile");

	if (json_true(json_member(before, "noNewPrivileges")) &&
	    !json_true(json_member(after, "noNewPrivileges")))
		return "/noNewPrivileges is gone";
	if (was && !json_is(was, "") && !json_is(was, "unconfined") && !json_equal(was, is))
		return "/apparmorProfile was replaced";
	return NULL;
}

/* The hard limits of a type that was limited. */
static const char *rlimits(struct arena *arena, const struct json *before, const struct json *after)
{
	json_each(is, json_member(after, "rlimits")) {
		json_each(was, json_member(before, "rlimits")) {
			uint64_t a, b;

			if (!json_equal(json_member(was, "type"), json_member(is, "type")) ||
			    !json_u64(json_member(was, "hard"), &a))
				continue;
			if (!json_u64(json_member(is, "hard"), &b) || b > a)
				return arena_printf(arena, "/rlimits: %s is lifted",
						    json_string(json_member(is, "type")));
		}
	}
	return NULL;
}

const char *grants_process(struct arena *arena, const struct json *before, const struct json *after,
			   const struct json *container)
{
	return lists(arena, before, after, process_same, process_less)
		       ?: capabilities(arena, before, after, container)
		       ?: confinement(before, after)
		       ?: oom(before, after)
		       ?: rlimits(arena, before, after)
		       ?: subset(arena, before, after, "/env")
		       ?: subset(arena, before, after, "/user/additionalGids");
}

/* Namespaces may come, made new; none may go, and none may start to be another one's. */
static const char *namespaces(struct arena *arena, const struct json *before,
			      const struct json *after)
{
	const struct json *had = json_at(before, "/linux/namespaces");
	const struct json *has = json_at(after, "/linux/namespaces");

	json_each(is, has) {
		if (!holds_equal(had, is) && !empty(json_member(is, "path")))
			return arena_printf(arena, "%s joins by a new path",
					    json_pointer(arena, is));
	}
	json_each(was, had) {
		bool found = false;

		json_each(is, has)
			found |= json_equal(json_member(was, "type"), json_member(is, "type"));
		if (!found)
			return arena_printf(arena, "%s is gone", json_pointer(arena, was));
	}
	return NULL;
}

/* The nodes that every runtime grants whatever the config says: null zero full random urandom tty console
 * ptmx and the terminals. */
static bool default_node(const struct json *rule)
{
	static const char *const nodes[] = {
		"1:3", "1:5", "1:7", "1:8", "1:9", "5:0", "5:1", "5:2"
	};
	int64_t major = -1, minor = -1;
	char text[64];

	if (!json_is(json_member(rule, "type"), "c") ||
	    !json_i64(json_member(rule, "major"), &major))
		return false;
	if (major == 136)
		return true;
	if (!json_i64(json_member(rule, "minor"), &minor))
		return false;
	snprintf(text, sizeof(text), "%lld:%lld", (long long)major, (long long)minor);
	for (size_t i = 0; i < sizeof(nodes) / sizeof(*nodes); i++) {
		if (!strcmp(text, nodes[i]))
			return true;
	}
	return false;
}

/* Creating nodes is not opening them: runtimes let everybody mknod. */
static bool only_mknod(const struct json *rule)
{
	return json_is(json_member(rule, "access"), "m");
}

static const char *device_cgroup(struct arena *arena, const struct json *before,
				 const struct json *after)
{
	const struct json *had = json_at(before, "/linux/resources/devices");

	json_each(rule, json_at(after, "/linux/resources/devices")) {
		if (json_true(json_member(rule, "allow")) && !holds_equal(had, rule) &&
		    !default_node(rule) && !only_mknod(rule))
			return arena_printf(arena, "%s is a new grant", json_pointer(arena, rule));
	}
	return NULL;
}

/* Every stage keeps only programs it had; seawall's own may come. */
static const char *hooks(struct arena *arena, const struct json *before, const struct json *after)
{
	json_each(stage, json_member(after, "hooks")) {
		const struct json *had = json_member(json_member(before, "hooks"), stage->key);

		json_each(hook, stage) {
			const char *path = json_string(json_member(hook, "path"));
			const char *name = path ? strrchr(path, '/') : NULL;
			bool known = name && !strcmp(name, "/seawall-hook");

			json_each(was, had)
				known |= json_equal(json_member(was, "path"),
						    json_member(hook, "path")) &&
					 json_equal(json_member(was, "args"),
						    json_member(hook, "args"));
			if (!known)
				return arena_printf(arena, "%s is new", json_pointer(arena, hook));
		}
	}
	return NULL;
}

static const char *entries(struct arena *arena, const struct json *before, const struct json *after,
			   const char *pointer)
{
	const struct json *had = json_at(before, pointer);

	json_each(each, json_at(after, pointer)) {
		if (strncmp(each->key, "io.seawall.", 11) &&
		    !json_equal(json_member(had, each->key), each))
			return arena_printf(arena, "%s is new or changed",
					    json_pointer(arena, each));
	}
	return NULL;
}

static const char *filter(const struct json *before, const struct json *after)
{
	const struct json *was = json_at(before, "/linux/seccomp/defaultAction");
	const struct json *is = json_at(after, "/linux/seccomp/defaultAction");

	if (!was || json_is(was, "") || json_equal(was, is))
		return NULL;
	if (!is || json_is(is, ""))
		return "/linux/seccomp is gone";
	return json_is(is, "SCMP_ACT_ALLOW") ? "/linux/seccomp allows by default" : NULL;
}

static const char *limits(struct arena *arena, const struct json *before, const struct json *after)
{
	return limit(arena, before, after, "/linux/resources/pids/limit")
		       ?: limit(arena, before, after, "/linux/resources/memory/limit")
		       ?: limit(arena, before, after, "/linux/resources/memory/swap")
		       ?: limit(arena, before, after, "/linux/resources/cpu/quota");
}

static const char *root(const struct json *before, const struct json *after)
{
	const struct json *was = json_at(before, "/linux/rootfsPropagation");
	const struct json *is = json_at(after, "/linux/rootfsPropagation");

	if (json_true(json_at(before, "/root/readonly")) &&
	    !json_true(json_at(after, "/root/readonly")))
		return "/root/readonly is gone";
	if ((json_is(is, "shared") || json_is(is, "rshared")) && !json_equal(was, is))
		return "/linux/rootfsPropagation is shared";
	return NULL;
}

const char *grants_config(struct arena *arena, const struct json *before, const struct json *after,
			  const struct host *host)
{
	return lists(arena, before, after, config_same, config_less)
		       ?: grants_process(arena, json_member(before, "process"),
					 json_member(after, "process"), NULL)
		       ?: root(before, after)
		       ?: grants_mounts(arena, before, after, host)
		       ?: hooks(arena, before, after)
		       ?: entries(arena, before, after, "/annotations")
		       ?: namespaces(arena, before, after)
		       ?: limits(arena, before, after)
		       ?: device_cgroup(arena, before, after)
		       ?: subset(arena, before, after, "/linux/devices")
		       ?: entries(arena, before, after, "/linux/sysctl")
		       ?: shields(arena, before, after, "/linux/maskedPaths")
		       ?: shields(arena, before, after, "/linux/readonlyPaths")
		       ?: filter(before, after);
}
