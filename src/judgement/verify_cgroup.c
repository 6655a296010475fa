/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Control groups: that the process is in the one the config names, and that no other's is mounted. Paths
 * in /proc/PID/cgroup and roots in mountinfo are both told relative to the reader's own cgroup namespace.
 */
#include <string.h>

#include "host.h"
#include "mountinfo.h"
#include "verify_parts.h"
#include "words.h"

/* Those of version 1 that every runtime moves a process in; newer ones (rdma, misc) are left alone. */
#define CONTROLLERS                                                                            \
	"cpuset cpu cpuacct memory devices freezer net_cls net_prio blkio perf_event hugetlb " \
	"pids name=systemd"

/* A line of /proc/PID/cgroup: "4:cpu,cpuacct:/docker/ID"; no controllers: version 2. */
struct line {
	const char *controllers, *path;
};

static bool line_next(struct arena *arena, const char **cursor, struct line *line)
{
	const char *first = strchr(*cursor, ':');
	const char *second = first ? strchr(first + 1, ':') : NULL;
	size_t len;

	if (!second)
		return false;
	len = strcspn(second, "\n");
	line->controllers = arena_strndup(arena, first + 1, (size_t)(second - first - 1));
	line->path = arena_strndup(arena, second + 1, len - 1);
	*cursor = second + len;
	return true;
}

/* Every controller of the line is among the words. */
static bool all_in(struct arena *arena, const char *controllers,
		   bool (*in)(const char *words, const char *word), const char *words)
{
	while (*controllers) {
		size_t len = strcspn(controllers, ",");

		if (!in(words, arena_strndup(arena, controllers, len)))
			return false;
		controllers += len + (controllers[len] == ',');
	}
	return true;
}

/* The row mounts the line's hierarchy. */
static bool is_of(struct arena *arena, const struct mount_row *row, const struct line *line)
{
	if (!*line->controllers)
		return strcmp(row->kind, "cgroup2") == 0;
	return strcmp(row->kind, "cgroup") == 0 &&
	       all_in(arena, line->controllers, verify_has_flag, row->options);
}

static bool line_of(const struct compare *compare, const char *text, const struct mount_row *row,
		    struct line *line)
{
	while (line_next(compare->arena, &text, line))
		if (is_of(compare->arena, row, line))
			return true;
	return false;
}

/* Only what is mounted can be written to by a runtime. */
static bool is_mounted(const struct compare *compare, const struct line *line)
{
	for (const struct mount_row *row = compare->host->mounts; row; row = row->next)
		if (is_of(compare->arena, row, line))
			return true;
	return false;
}

/* The last part of a cgroup path of either driver: "/docker/ID" or "slice:prefix:ID". */
static const char *tail_of(const struct compare *compare)
{
	const char *path = verify_text(compare, "/linux/cgroupsPath");
	const char *slash = strrchr(path, '/'), *colon = strrchr(path, ':');
	const char *last = slash > colon ? slash : colon;

	return last ? last + 1 : path;
}

/* The tail as a part of its own: "/docker/ID", "crio-ID.scope". */
static bool has_part(const char *path, const char *tail)
{
	for (const char *at = strstr(path, tail); at; at = strstr(at + 1, tail))
		if (at > path && strchr("/-:", at[-1]) && strchr("/.", at[strlen(tail)]))
			return true;
	return false;
}

/* Who is root of a user namespace only may have been given no cgroup to write in. */
static bool is_full(const struct compare *compare)
{
	return strcmp(compare->host->uid_map, "0 0 4294967295\n") == 0;
}

/*
 * Each hierarchy has limits of its own: all must have the process where the config wants it. Beside
 * version 1, the hierarchy of version 2 has no controllers, and runc with the cgroupfs driver leaves it.
 */
void verify_cgroup(const struct compare *compare)
{
	const char *text = compare->kernel->cgroup, *tail = tail_of(compare);
	bool first = false, second = false, wrong = false;
	struct line line;

	if (!is_full(compare) || !*tail)
		return;
	while (line_next(compare->arena, &text, &line)) {
		bool right = has_part(line.path, tail);

		if (!*line.controllers)
			second = right;
		else if (right)
			first = true;
		else if (all_in(compare->arena, line.controllers, word_in, CONTROLLERS) &&
			 is_mounted(compare, &line))
			wrong = true;
	}
	if (wrong || (!first && !second))
		verify_differs(compare, "cgroups-path", "/linux/cgroupsPath",
			       compare->kernel->cgroup, verify_text(compare, "/linux/cgroupsPath"),
			       "the process is in another cgroup");
}

bool verify_of_cgroup(const struct json *mount)
{
	const char *type = json_string(json_member(mount, "type"));

	return type && word_in("cgroup cgroup2", type);
}

/* The reader, who is the host, is in the mounted cgroup or below it. */
static bool has_host(const struct compare *compare, const struct mount_row *row)
{
	struct line line;

	return line_of(compare, compare->host->cgroup, row, &line) &&
	       host_below(line.path, row->root);
}

/*
 * Without a cgroup namespace a runtime mounts version 2 as a whole. Beside version 1 none mounts it.
 */
static bool may_be_whole(const struct compare *compare, const struct mount_row *row)
{
	return strcmp(row->kind, "cgroup2") == 0 && strcmp(row->root, "/") == 0 &&
	       strncmp(compare->kernel->cgroup, "0::", 3) == 0 &&
	       !verify_namespace(compare->config, "cgroup");
}

static bool is_own(const struct compare *compare, const struct mount_row *row)
{
	struct line line;
	const char *tail = tail_of(compare);

	if (!line_of(compare, compare->kernel->cgroup, row, &line))
		return false;
	if (strcmp(line.path, row->root) == 0)
		return verify_has_flag(row->flags, "ro") || !is_full(compare) ||
		       !all_in(compare->arena, line.controllers, word_in, CONTROLLERS) ||
		       !has_host(compare, row);
	/* A container's own init may have moved on into a group below. */
	if (compare->kernel->started && host_below(line.path, row->root) &&
	    (*tail ? has_part(row->root, tail) : !has_host(compare, row)))
		return true;
	return may_be_whole(compare, row);
}

const char *verify_cgroup_mount(const struct compare *compare, const struct json *mount,
				const struct mount_row *row)
{
	if (!word_in("cgroup cgroup2 tmpfs", row->kind))
		return "another kind of file system is mounted there";
	/* Version 1: a tmpfs with the hierarchies below it, writable in runc (it is empty). */
	if (strcmp(row->kind, "tmpfs") == 0)
		return verify_is_made(compare, row) ? NULL : "a tmpfs of the host's is there";
	if (json_has(json_member(mount, "options"), "ro") && !verify_has_flag(row->flags, "ro"))
		return "it can be written";
	return is_own(compare, row) ? NULL : "another's cgroup is mounted there";
}
