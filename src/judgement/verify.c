/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel enforces for a process, against its config: credentials, limits, namespaces. */
#include "verify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "verify_parts.h"

void verify_differs(const struct compare *compare, const char *rule, const char *pointer,
		    const char *found, const char *want, const char *message)
{
	struct finding *finding =
		findings_add(compare->arena, compare->findings, rule, pointer);

	finding->found = found;
	finding->want = want;
	finding->message = message;
	finding->action = ACTION_REJECT;
	finding->outcome = OUTCOME_REJECTED;
}

static void verify_privileges(const struct compare *compare)
{
	const struct kernel *kernel = compare->kernel;
	const struct json *seccomp = json_at(compare->config, "/linux/seccomp");
	const char *mode = arena_printf(compare->arena, "mode %" PRIu64 ", %" PRIu64 " filters",
					kernel->seccomp, kernel->filters);

	if (json_true(json_at(compare->config, "/process/noNewPrivileges")) &&
	    !kernel->no_new_privs)
		verify_differs(compare, "no-new-privileges", "/process/noNewPrivileges", "0", "1",
			       "the kernel does not enforce no_new_privs");
	/* crun loads the filter of a process with no_new_privs last, just before its program. */
	if (seccomp && seccomp->type == JSON_OBJECT && seccomp->child &&
	    (kernel->seccomp != 2 || kernel->filters < 1))
		verify_differs(compare, "seccomp", "/linux/seccomp", mode, "mode 2",
			       "the kernel filters no system call");
}

static void verify_capabilities(const struct compare *compare)
{
	const struct kernel *kernel = compare->kernel;
	const struct {
		const char *name;
		caps_set set;
	} sets[] = {
		{ "bounding", kernel->bounding },   { "effective", kernel->effective },
		{ "permitted", kernel->permitted }, { "inheritable", kernel->inheritable },
		{ "ambient", kernel->ambient },
	};
	const struct json *wanted = json_at(compare->config, "/process/capabilities");

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		caps_set more = sets[i].set & ~caps_of(json_member(wanted, sets[i].name));
		const char *pointer = arena_printf(compare->arena, "/process/capabilities/%s",
						   sets[i].name);

		if (more)
			verify_differs(compare, "capabilities", pointer,
				       caps_text(compare->arena, sets[i].set),
				       caps_text(compare->arena,
						 caps_of(json_member(wanted, sets[i].name))),
				       arena_printf(compare->arena, "the process holds %s",
						    caps_text(compare->arena, more)));
	}
}

static void verify_id(const struct compare *compare, const char *pointer, const uint32_t ids[4])
{
	uint64_t want = 0;

	json_u64(json_at(compare->config, pointer), &want);
	for (int i = 0; i < 4; i++) {
		if (ids[i] == want)
			continue;
		verify_differs(compare, "user-range", pointer,
			       arena_printf(compare->arena, "%" PRIu32, ids[i]),
			       arena_printf(compare->arena, "%" PRIu64, want),
			       "the process runs as somebody else");
		return;
	}
}

static bool has_group(const struct compare *compare, uint64_t group)
{
	uint64_t gid = 0, each;

	json_u64(json_at(compare->config, "/process/user/gid"), &gid);
	if (group == gid)
		return true;
	json_each(node, json_at(compare->config, "/process/user/additionalGids"))
		if (json_u64(node, &each) && each == group)
			return true;
	return false;
}

/* /proc/PID/status shows ids as the reader's user namespace sees them: behind a map of the container's
 * own they say nothing that could be compared. */
static void verify_user(const struct compare *compare)
{
	const char *groups = compare->kernel->groups;
	char *end;

	if (json_at(compare->config, "/linux/uidMappings/0"))
		return;
	verify_id(compare, "/process/user/uid", compare->kernel->uid);
	verify_id(compare, "/process/user/gid", compare->kernel->gid);
	for (;; groups = end) {
		uint64_t group = strtoull(groups, &end, 10);

		if (end == groups)
			break;
		if (!has_group(compare, group))
			verify_differs(compare, "user-groups", "/process/user/additionalGids",
				       arena_printf(compare->arena, "%" PRIu64, group), NULL,
				       "the process is in a group that the config does not name");
	}
}

static void verify_map(const struct compare *compare, const char *pointer, const char *map)
{
	const struct json *rows = json_at(compare->config, pointer);
	struct text want = { .arena = compare->arena };

	if (!json_first(rows))
		return;
	json_each(row, rows) {
		uint64_t inside = 0, outside = 0, size = 0;

		json_u64(json_member(row, "containerID"), &inside);
		json_u64(json_member(row, "hostID"), &outside);
		json_u64(json_member(row, "size"), &size);
		text_printf(&want, "%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", inside, outside, size);
	}
	if (strcmp(want.data, map) != 0)
		verify_differs(compare, "id-mappings", pointer, map, want.data,
			       "the user namespace maps other ids");
}

static void verify_oom_score(const struct compare *compare)
{
	const struct json *wanted = json_at(compare->config, "/process/oomScoreAdj");
	int64_t want;

	if (json_i64(wanted, &want) && compare->kernel->oom_score_adj < want)
		verify_differs(compare, "oom-score", "/process/oomScoreAdj",
			       arena_printf(compare->arena, "%" PRId64,
					    compare->kernel->oom_score_adj),
			       arena_printf(compare->arena, "%" PRId64, want),
			       "the kernel spares the process more than it should");
}

/* The first words of lines of /proc/PID/limits, in the order of the kernel's table. */
static const struct {
	const char *type, *name;
} limits[] = {
	{ "RLIMIT_CPU", "Max cpu time" },	 { "RLIMIT_FSIZE", "Max file size" },
	{ "RLIMIT_DATA", "Max data size" },	 { "RLIMIT_STACK", "Max stack size" },
	{ "RLIMIT_CORE", "Max core file size" }, { "RLIMIT_RSS", "Max resident set" },
	{ "RLIMIT_NPROC", "Max processes" },	 { "RLIMIT_NOFILE", "Max open files" },
	{ "RLIMIT_MEMLOCK", "Max locked memory" }, { "RLIMIT_AS", "Max address space" },
	{ "RLIMIT_LOCKS", "Max file locks" },	 { "RLIMIT_SIGPENDING", "Max pending signals" },
	{ "RLIMIT_MSGQUEUE", "Max msgqueue size" }, { "RLIMIT_NICE", "Max nice priority" },
	{ "RLIMIT_RTPRIO", "Max realtime priority" }, { "RLIMIT_RTTIME", "Max realtime timeout" },
};

/* The hard limit: the second column behind the 26 characters of the name. */
static bool limit_hard(const char *text, const char *type, uint64_t *hard)
{
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		const char *line = strcmp(limits[i].type, type) == 0 ? strstr(text, limits[i].name)
								     : NULL;

		if (!line || strlen(line) < 48)
			continue;
		line += 47;
		line += strspn(line, " ");
		*hard = *line == 'u' ? UINT64_MAX : strtoull(line, NULL, 10);
		return true;
	}
	return false;
}

static void verify_limits(const struct compare *compare)
{
	json_each(limit, json_at(compare->config, "/process/rlimits")) {
		const char *type = json_string(json_member(limit, "type"));
		uint64_t want, hard;

		if (!type || !json_u64(json_member(limit, "hard"), &want) ||
		    !limit_hard(compare->kernel->limits, type, &hard) || hard <= want)
			continue;
		verify_differs(compare, "rlimits", json_pointer(compare->arena, limit),
			       arena_printf(compare->arena, "%" PRIu64, hard),
			       arena_printf(compare->arena, "%" PRIu64, want),
			       arena_printf(compare->arena, "%s is higher", type));
	}
}

static const struct json *namespace_entry(const struct json *config, const char *type)
{
	json_each(entry, json_at(config, "/linux/namespaces"))
		if (json_is(json_member(entry, "type"), type))
			return entry;
	return NULL;
}

/*
 * An own namespace is not the host's. One that is joined by path was compared with the host's before the
 * start; the path may be gone by now (Docker removes /run/docker/netns entries).
 */
static void verify_namespaces(const struct compare *compare)
{
	for (int i = 0; kernel_ns_name(i); i++) {
		const char *type = kernel_ns_name(i);
		const struct json *entry = namespace_entry(compare->config, type);
		const char *rule = arena_printf(compare->arena, "host-%s%s",
						strcmp(type, "mount") == 0 ? "mount-namespace" :
						strcmp(type, "cgroup") == 0 ? "cgroup-namespace" :
						strcmp(type, "user") == 0 ? "user-namespace" : type,
						"");

		if (!entry || !compare->kernel->ns[i] ||
		    compare->kernel->ns[i] != compare->host->ns[i])
			continue;
		verify_differs(compare, rule, json_pointer(compare->arena, entry), "the host's",
			       "its own",
			       arena_printf(compare->arena, "the process is in the host's %s namespace",
					    type));
	}
}

/* The last part of a cgroup path of either driver: "/docker/ID" or "slice:prefix:ID". */
static const char *cgroup_tail(const char *path)
{
	const char *slash = strrchr(path, '/'), *colon = strrchr(path, ':');
	const char *last = slash > colon ? slash : colon;

	return last ? last + 1 : path;
}

static void verify_cgroup(const struct compare *compare)
{
	const char *path = json_string(json_at(compare->config, "/linux/cgroupsPath"));
	const char *tail = path ? cgroup_tail(path) : "";
	/* In a cgroup namespace of its own the path is still the host's for us, who read it. */
	if (*tail && !strstr(compare->kernel->cgroup, tail))
		verify_differs(compare, "cgroups-path", "/linux/cgroupsPath",
			       compare->kernel->cgroup, path,
			       "the process is in another cgroup");
}

static void verify_label(const struct compare *compare)
{
	static const char *const pointers[] = { "/process/apparmorProfile",
						"/process/selinuxLabel" };
	static const char *const rules[] = { "apparmor", "selinux" };

	for (size_t i = 0; i < 2; i++) {
		const char *want = json_string(json_at(compare->config, pointers[i]));
		const char *label = compare->kernel->label;

		/* "docker-default (enforce)": the mode is not the config's to choose. */
		if (!want || !*want ||
		    (strncmp(label, want, strlen(want)) == 0 &&
		     (label[strlen(want)] == '\0' || label[strlen(want)] == ' ')))
			continue;
		verify_differs(compare, rules[i], pointers[i], label, want,
			       "the process carries another label");
	}
}

static struct compare compare_of(struct arena *arena, const struct verification *verification,
				 struct findings *findings)
{
	return (struct compare){
		.arena = arena,
		.config = verification->config,
		.kernel = verification->kernel,
		.host = verification->host,
		.findings = findings,
	};
}

void verify(struct arena *arena, const struct verification *verification,
	    struct findings *findings)
{
	const struct compare compare = compare_of(arena, verification, findings);

	verify_privileges(&compare);
	verify_capabilities(&compare);
	verify_user(&compare);
	verify_map(&compare, "/linux/uidMappings", compare.kernel->uid_map);
	verify_map(&compare, "/linux/gidMappings", compare.kernel->gid_map);
	verify_oom_score(&compare);
	verify_limits(&compare);
	verify_namespaces(&compare);
	verify_cgroup(&compare);
	verify_label(&compare);
	verify_mounts(&compare, true);
}

void verify_made(struct arena *arena, const struct verification *verification,
		 struct findings *findings)
{
	const struct compare compare = compare_of(arena, verification, findings);

	verify_mounts(&compare, false);
}
