/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is mounted, against what the config names. Every mount must be where it should, lead where it
 * should and be as closed as it should, and there must be no other.
 */
#include <string.h>

#include "host.h"
#include "mountinfo.h"
#include "verify_parts.h"
#include "words.h"

/* Flags that take something away; the config's own word for each is the kernel's. */
static const char closing[] = "ro nosuid nodev noexec";

static bool has_flag(const char *flags, const char *word, size_t len)
{
	while (flags && *flags) {
		size_t each = strcspn(flags, ",");

		if (each == len && memcmp(flags, word, len) == 0)
			return true;
		flags += each + (flags[each] == ',');
	}
	return false;
}

static bool is_bind(const struct json *mount)
{
	const struct json *options = json_member(mount, "options");

	return json_has(options, "bind") || json_has(options, "rbind");
}

/* "rro" is "ro" for whatever is mounted below, too. */
static bool wants(const struct json *options, const char *word)
{
	return json_has(options, word) ||
	       (strcmp(word, "ro") == 0 && json_has(options, "rro"));
}

/*
 * runc makes /sys/fs/cgroup of version 1 as a tmpfs it leaves writable (there is nothing in it) with the
 * hierarchies mounted below it: these are what must be closed.
 */
static bool has_closed(const struct compare *compare, const struct mount_row *row,
		       const char *word, size_t len)
{
	bool hierarchies = false;

	for (const struct mount_row *each = compare->kernel->mounts; each; each = each->next) {
		if (strcmp(each->kind, "cgroup") != 0 || !host_below(each->point, row->point))
			continue;
		if (!has_flag(each->flags, word, len))
			return false;
		hierarchies = true;
	}
	return hierarchies || has_flag(row->flags, word, len);
}

static void verify_flags(const struct compare *compare, const char *pointer,
			 const struct json *mount, const struct mount_row *row)
{
	bool cgroup = json_is(json_member(mount, "type"), "cgroup");
	const struct json *options = json_member(mount, "options");
	const char *words = closing, *word;
	size_t len;

	while ((word = word_next(&words, &len))) {
		const char *flag = arena_strndup(compare->arena, word, len);

		if (wants(options, flag) &&
		    !(cgroup ? has_closed(compare, row, word, len) : has_flag(row->flags, word, len)))
			verify_differs(compare, "mount-options", pointer, row->flags, flag,
				       arena_printf(compare->arena, "it is mounted without %s",
						    flag));
	}
	if (row->shared && !json_has(options, "shared") && !json_has(options, "rshared"))
		verify_differs(compare, "mount-propagation", pointer, "shared", "private",
			       "what is mounted there appears on the host");
}

/* Where a spot lies in its file system: "major:minor/path", the same in every mount namespace. */
static const char *place_of(struct arena *arena, const struct kernel_spot *spot)
{
	const struct mount_row *row = spot->mount;
	const char *rest, *root;

	if (!row || !spot->real || !host_below(spot->real, row->point))
		return NULL;
	rest = strcmp(row->point, "/") == 0 ? spot->real : spot->real + strlen(row->point);
	root = strcmp(row->root, "/") == 0 ? "" : row->root;
	return arena_printf(arena, "%s%s%s", row->device, root, strcmp(rest, "/") == 0 ? "" : rest);
}

/* The same of a mount's root. A file that was replaced since has "//deleted" behind its name. */
static const char *place_mounted(struct arena *arena, const struct mount_row *row)
{
	size_t len = strlen(row->root);
	const char *deleted = strstr(row->root, "//deleted");

	if (deleted && deleted[9] == '\0')
		len = (size_t)(deleted - row->root);
	return arena_printf(arena, "%s%.*s", row->device, len == 1 ? 0 : (int)len, row->root);
}

static void verify_source(const struct compare *compare, const char *pointer, const char *source,
			  const struct mount_row *row, const char *rule)
{
	struct kernel_spot spot = compare->host->at(compare->host, compare->arena, source);
	const char *want = place_of(compare->arena, &spot);
	const char *found = place_mounted(compare->arena, row);

	if (!want || strcmp(want, found) != 0)
		verify_differs(compare, rule, pointer, found, want ? want : source,
			       "something else is mounted there");
}

/* cgroup v1 is a tmpfs with the hierarchies below it. */
static bool right_kind(const char *type, const char *kind)
{
	if (strcmp(type, "cgroup") == 0)
		return word_in("cgroup cgroup2 tmpfs", kind);
	return strcmp(type, kind) == 0;
}

/* A destination that is named again later is hidden by the later mount. */
static bool is_hidden(const struct json *mount)
{
	const char *destination = json_string(json_member(mount, "destination"));

	for (const struct json *later = mount->next; later; later = later->next)
		if (destination && json_is(json_member(later, "destination"), destination))
			return true;
	return false;
}

/* NULL, with a finding, unless the right thing is mounted at the mount's destination. */
static const struct mount_row *verify_place(const struct compare *compare,
					    const struct json *mount, const char *pointer)
{
	const char *destination = json_string(json_member(mount, "destination"));
	const char *type = json_string(json_member(mount, "type"));
	const char *source = json_string(json_member(mount, "source"));
	struct kernel_spot spot = compare->kernel->at(compare->kernel, compare->arena, destination);

	if (!spot.mount_root || !spot.mount) {
		verify_differs(compare, "mount-destination", pointer, NULL, destination,
			       "nothing is mounted there");
		return NULL;
	}
	if (is_bind(mount))
		verify_source(compare, pointer, source ? source : "", spot.mount, "host-path");
	else if (!right_kind(type ? type : "", spot.mount->kind))
		verify_differs(compare, "mount-type", pointer, spot.mount->kind, type,
			       "another kind of file system is mounted there");
	return spot.mount;
}

/* A mask is a mount of anything that is not the kernel's own file system: tmpfs, or /dev/null. */
static void verify_masks(const struct compare *compare)
{
	json_each(path, json_at(compare->config, "/linux/maskedPaths")) {
		struct kernel_spot spot =
			compare->kernel->at(compare->kernel, compare->arena, path->text);

		if (spot.exists && (!spot.mount || word_in("proc sysfs", spot.mount->kind)))
			verify_differs(compare, "masked-paths",
				       json_pointer(compare->arena, path), "open", "masked",
				       arena_printf(compare->arena, "%.80s is left open",
						    path->text));
	}
	json_each(path, json_at(compare->config, "/linux/readonlyPaths")) {
		struct kernel_spot spot =
			compare->kernel->at(compare->kernel, compare->arena, path->text);

		if (spot.exists && (!spot.mount || !has_flag(spot.mount->flags, "ro", 2)))
			verify_differs(compare, "readonly-paths",
				       json_pointer(compare->arena, path), "writable", "read-only",
				       arena_printf(compare->arena, "%.80s can be written",
						    path->text));
	}
}

static void verify_root(const struct compare *compare)
{
	const char *path = json_string(json_at(compare->config, "/root/path"));
	struct kernel_spot spot = compare->kernel->at(compare->kernel, compare->arena, "/");

	if (!spot.mount) {
		verify_differs(compare, "root-path", "/root/path", NULL, path,
			       "the process's root cannot be told");
		return;
	}
	/* A relative path is one below the bundle, which the caller has made absolute. */
	if (path && *path == '/')
		verify_source(compare, "/root/path", path, spot.mount, "root-path");
	if (json_true(json_at(compare->config, "/root/readonly")) &&
	    !has_flag(spot.mount->flags, "ro", 2))
		verify_differs(compare, "root-readonly", "/root/readonly", "writable", "read-only",
			       "the root file system can be written");
	if (spot.mount->shared)
		verify_differs(compare, "root-propagation", "/linux/rootfsPropagation", "shared",
			       "private", "what is mounted in the container appears on the host");
}

/* Mounts that runtimes make themselves: devices and the console, masks, cgroup hierarchies. */
static bool is_runtimes_own(const char *point)
{
	static const char *const places[] = { "/dev", "/proc", "/sys" };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (host_below(point, places[i]))
			return true;
	return strcmp(point, "/") == 0;
}

/* True if the mount is one of the config's, or came with what one of them mounts recursively. */
static bool is_named(const struct compare *compare, const struct mount_row *row)
{
	json_each(mount, json_member(compare->config, "mounts")) {
		const char *destination = json_string(json_member(mount, "destination"));
		struct kernel_spot spot;

		if (!destination)
			continue;
		if (strcmp(destination, row->point) == 0)
			return true;
		spot = compare->kernel->at(compare->kernel, compare->arena, destination);
		if (spot.mount && (spot.mount == row ||
				   (is_bind(mount) && host_below(row->point, spot.mount->point))))
			return true;
	}
	return false;
}

static void verify_no_others(const struct compare *compare)
{
	for (const struct mount_row *row = compare->kernel->mounts; row; row = row->next)
		if (!is_runtimes_own(row->point) && !is_named(compare, row))
			verify_differs(compare, "mount-destination", "/mounts", row->point, NULL,
				       "a mount that the config does not name");
}

void verify_mounts(const struct compare *compare, bool all)
{
	if (all)
		verify_root(compare);
	json_each(mount, json_member(compare->config, "mounts")) {
		const char *pointer = json_pointer(compare->arena, mount);
		const struct mount_row *row =
			is_hidden(mount) ? NULL : verify_place(compare, mount, pointer);

		if (row && all)
			verify_flags(compare, pointer, mount, row);
	}
	if (!all)
		return;
	verify_masks(compare);
	verify_no_others(compare);
}
