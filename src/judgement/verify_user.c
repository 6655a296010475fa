/* SPDX-License-Identifier: Apache-2.0 */
/* Who the process is to the kernel and what it may use up, against its config. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "verify_parts.h"

/* A map of every id to itself: the user namespace the machine started with. */
#define FULL_MAP "0 0 4294967295\n"
#define NOBODY	 65534 /* how an id is shown that the reader's user namespace has no number for */

/*
 * /proc/PID/status shows ids as the reader's user namespace has them; config.json names those of the
 * container's. False: the map has no such id.
 */
static bool outside(const struct compare *compare, const char *map, uint64_t id, uint64_t *shown)
{
	*shown = id;
	if (compare->kernel->ns[KERNEL_NS_USER] == compare->host->ns[KERNEL_NS_USER])
		return true;
	while (*map) {
		char *end;
		uint64_t inside = strtoull(map, &end, 10), first = strtoull(end, &end, 10);
		uint64_t size = strtoull(end, &end, 10);

		if (id >= inside && id - inside < size) {
			*shown = first + (id - inside);
			return true;
		}
		if (end == map)
			return false;
		map = end + strspn(end, "\n");
	}
	return false;
}

static void verify_id(const struct compare *compare, const char *pointer, const char *map,
		      const uint32_t ids[4])
{
	uint64_t id = 0, want;

	json_u64(json_at(compare->config, pointer), &id);
	if (!outside(compare, map, id, &want))
		return;
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

static bool is_group(const struct compare *compare, const struct json *node, uint64_t group)
{
	uint64_t id = 0, shown;

	return (json_u64(node, &id) || !node) &&
	       outside(compare, compare->kernel->gid_map, id, &shown) && shown == group;
}

static bool has_group(const struct compare *compare, uint64_t group)
{
	if (is_group(compare, json_at(compare->config, "/process/user/gid"), group))
		return true;
	json_each(node, json_at(compare->config, "/process/user/additionalGids"))
		if (is_group(compare, node, group))
			return true;
	/* Groups of whoever started a rootless engine, which it may be unable to give up. */
	return group == NOBODY && strcmp(compare->host->gid_map, FULL_MAP) != 0;
}

static void verify_groups(const struct compare *compare)
{
	const char *groups = compare->kernel->groups;
	char *end;

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

/* A set-user-id program is all it takes to be somebody else, unless no_new_privs holds. */
static bool may_change(const struct compare *compare, const char *capability)
{
	return verify_may(compare, capability) ||
	       (compare->kernel->started &&
		!json_true(json_at(compare->config, "/process/noNewPrivileges")));
}

/* The rows of a map in any order: the kernel sorts long ones. */
static void verify_map(const struct compare *compare, const char *pointer, const char *map)
{
	const struct json *rows = json_at(compare->config, pointer);
	const char *lines = arena_printf(compare->arena, "\n%s", map);
	struct text want = { .arena = compare->arena };
	bool equal = true;

	if (!json_first(rows))
		return;
	json_each(row, rows) {
		uint64_t inside = 0, first = 0, size = 0;
		const char *line;

		json_u64(json_member(row, "containerID"), &inside);
		json_u64(json_member(row, "hostID"), &first);
		json_u64(json_member(row, "size"), &size);
		line = arena_printf(compare->arena, "\n%" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
				    inside, first, size);
		text_printf(&want, "%s", line + 1);
		equal = equal && strstr(lines, line);
	}
	if (!equal || want.len != strlen(map))
		verify_differs(compare, "id-mappings", pointer, map, want.data,
			       "the user namespace maps other ids");
}

static void verify_oom_score(const struct compare *compare)
{
	const struct json *wanted = json_at(compare->config, "/process/oomScoreAdj");
	int64_t want;

	if (json_i64(wanted, &want) && compare->kernel->oom_score_adj < want)
		verify_differs(
			compare, "oom-score", "/process/oomScoreAdj",
			arena_printf(compare->arena, "%" PRId64, compare->kernel->oom_score_adj),
			arena_printf(compare->arena, "%" PRId64, want),
			"the kernel spares the process more than it should");
}

/* The first words of lines of /proc/PID/limits, in the order of the kernel's table. */
static const struct {
	const char *type, *name;
} limits[] = {
	{ "RLIMIT_CPU", "Max cpu time" },
	{ "RLIMIT_FSIZE", "Max file size" },
	{ "RLIMIT_DATA", "Max data size" },
	{ "RLIMIT_STACK", "Max stack size" },
	{ "RLIMIT_CORE", "Max core file size" },
	{ "RLIMIT_RSS", "Max resident set" },
	{ "RLIMIT_NPROC", "Max processes" },
	{ "RLIMIT_NOFILE", "Max open files" },
	{ "RLIMIT_MEMLOCK", "Max locked memory" },
	{ "RLIMIT_AS", "Max address space" },
	{ "RLIMIT_LOCKS", "Max file locks" },
	{ "RLIMIT_SIGPENDING", "Max pending signals" },
	{ "RLIMIT_MSGQUEUE", "Max msgqueue size" },
	{ "RLIMIT_NICE", "Max nice priority" },
	{ "RLIMIT_RTPRIO", "Max realtime priority" },
	{ "RLIMIT_RTTIME", "Max realtime timeout" },
};

/* The hard limit: the second column behind the 26 characters of the name. */
static bool limit_hard(const char *text, const char *type, uint64_t *hard)
{
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		const char *line =
			strcmp(limits[i].type, type) == 0 ? strstr(text, limits[i].name) : NULL;

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

void verify_user(const struct compare *compare)
{
	const struct kernel *kernel = compare->kernel;

	if (!may_change(compare, "CAP_SETUID"))
		verify_id(compare, "/process/user/uid", kernel->uid_map, kernel->uid);
	if (!may_change(compare, "CAP_SETGID")) {
		verify_id(compare, "/process/user/gid", kernel->gid_map, kernel->gid);
		verify_groups(compare);
	}
	verify_map(compare, "/linux/uidMappings", kernel->uid_map);
	verify_map(compare, "/linux/gidMappings", kernel->gid_map);
	verify_oom_score(compare);
	verify_limits(compare);
}
