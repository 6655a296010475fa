/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is mounted beside the config's own mounts: the shields that runtimes put over /proc and /sys, the
 * few mounts they make themselves, and nothing else.
 */
#include <string.h>

#include "host.h"
#include "mountinfo.h"
#include "verify_parts.h"
#include "words.h"

/* Bound from the host where mknod(2) is not to be had: in user namespaces. */
#define DEVICES "/dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty /dev/ptmx"

static bool ends(const char *text, const char *tail)
{
	size_t len = strlen(text), most = strlen(tail);

	return len >= most && strcmp(text + len - most, tail) == 0;
}

static struct kernel_spot spot_of(const struct compare *compare, const char *path)
{
	return compare->kernel->at(compare->kernel, compare->arena, path);
}

/*
 * Something without contents stands at the path, and none can be put there: the null device itself (a file
 * may have any name), an own tmpfs, or the empty directory that newer crun keeps beside its
 * containers and uses for all of them.
 */
static bool is_masked(const struct compare *compare, const char *path,
		      const struct kernel_spot *spot)
{
	const struct mount_row *row = spot->mount;

	if (!row || !spot->mount_root)
		return false;
	if (spot->null)
		return true;
	/* The mount's own flag, or that of the file system. */
	return (verify_has_flag(row->flags, "ro") ||
		(strcmp(row->kind, "tmpfs") == 0 && verify_has_flag(row->options, "ro"))) &&
	       (strcmp(row->kind, "tmpfs") == 0 ? verify_is_made(compare, row)
						: ends(row->root, "/.empty-directory")) &&
	       compare->kernel->empty(compare->kernel, compare->arena, path);
}

/* Seen from above: what another mount at the same point hides does not matter. */
static bool is_mask(const struct compare *compare, const struct mount_row *row)
{
	struct kernel_spot spot = spot_of(compare, row->point);

	return is_masked(compare, row->point, &spot);
}

void verify_masks(const struct compare *compare)
{
	json_each(path, json_at(compare->config, "/linux/maskedPaths")) {
		struct kernel_spot spot = spot_of(compare, path->text);

		if (spot.exists && !is_masked(compare, path->text, &spot))
			verify_differs(
				compare, "masked-paths", json_pointer(compare->arena, path), "open",
				"masked",
				arena_printf(compare->arena, "%.80s is left open", path->text));
	}
	json_each(path, json_at(compare->config, "/linux/readonlyPaths")) {
		struct kernel_spot spot = spot_of(compare, path->text);

		if (spot.exists && (!spot.mount || !verify_has_flag(spot.mount->flags, "ro")))
			verify_differs(
				compare, "readonly-paths", json_pointer(compare->arena, path),
				"writable", "read-only",
				arena_printf(compare->arena, "%.80s can be written", path->text));
	}
}

/* The mount stands where one of the paths leads; most paths are what they say. */
static bool is_at(const struct compare *compare, const struct mount_row *row, const char *pointer)
{
	const struct json *paths = json_at(compare->config, pointer);

	json_each(path, paths)
		if (json_is(path, row->point))
			return true;
	json_each(path, paths)
		if (json_string(path) && spot_of(compare, path->text).mount == row)
			return true;
	return false;
}

/* What is mounted is what would be there anyway: a read-only path is bound onto itself. */
static bool is_itself(const struct compare *compare, const struct mount_row *row)
{
	const struct mount_row *parent = NULL;
	size_t len = 0;
	struct kernel_spot spot = { .real = row->point };

	for (const struct mount_row *each = compare->kernel->mounts; each; each = each->next) {
		if (each == row || !host_below(row->point, each->point) ||
		    strlen(each->point) < len || strcmp(each->point, row->point) == 0)
			continue;
		parent = each;
		len = strlen(each->point);
	}
	spot.mount = parent;
	return parent && verify_has_flag(row->flags, "ro") &&
	       strcmp(verify_place_of(compare->arena, &spot),
		      verify_place_mounted(compare->arena, row)) == 0;
}

static bool is_same_on_host(const struct compare *compare, const struct mount_row *row,
			    const char *path)
{
	struct kernel_spot spot = compare->host->at(compare->host, compare->arena, path);
	const char *place = verify_place_of(compare->arena, &spot);

	return place && strcmp(place, verify_place_mounted(compare->arena, row)) == 0;
}

static bool is_device(const struct compare *compare, const struct mount_row *row)
{
	if (strcmp(row->point, "/dev/console") == 0 && strcmp(row->kind, "devpts") == 0)
		return true;
	if (word_in(DEVICES, row->point) && is_same_on_host(compare, row, row->point))
		return true;
	json_each(device, json_at(compare->config, "/linux/devices"))
		if (json_is(json_member(device, "path"), row->point) &&
		    is_same_on_host(compare, row, row->point))
			return true;
	return false;
}

/* What a mount of cgroups brings: the hierarchies of version 1 below it. */
static bool is_cgroup(const struct compare *compare, const struct mount_row *row)
{
	for (size_t i = 0; i < compare->count; i++) {
		const struct placed *placed = &compare->placed[i];

		if (verify_of_cgroup(placed->mount) && host_below(row->point, placed->destination))
			return !verify_cgroup_mount(compare, placed->mount, row);
	}
	return false;
}

/* Mounts that runtimes make themselves. */
static bool is_runtimes_own(const struct compare *compare, const struct mount_row *row)
{
	if (strcmp(row->point, "/") == 0 || is_device(compare, row))
		return true;
	if (is_cgroup(compare, row))
		return true;
	if (is_at(compare, row, "/linux/maskedPaths"))
		return is_mask(compare, row);
	return is_at(compare, row, "/linux/readonlyPaths") && is_itself(compare, row);
}

/* A mount of the table that stands at the path and leads to the same place; what it hides counts. */
static bool has_mount(const struct compare *compare, const struct mount_row *rows, const char *path,
		      const struct mount_row *like)
{
	const char *place = verify_place_mounted(compare->arena, like);

	for (; rows; rows = rows->next)
		if (strcmp(rows->point, path) == 0 &&
		    strcmp(verify_place_mounted(compare->arena, rows), place) == 0)
			return true;
	return false;
}

/* dir/rest without doubling the slash of "/". */
static const char *join(struct arena *arena, const char *dir, const char *rest)
{
	return arena_printf(arena, "%s%s", strcmp(dir, "/") == 0 ? "" : dir, rest);
}

/*
 * What the host has mounted below a bind's source comes along, at the same place. If the container's own
 * root lies there (node exporters bind "/"), so does what was mounted in that already.
 */
static bool came_along(const struct compare *compare, const struct placed *placed,
		       const struct mount_row *row)
{
	const char *point = placed->spot.mount->point, *path;

	if (!placed->source.real || !host_below(row->point, point))
		return false;
	path = join(compare->arena, placed->source.real, row->point + strlen(point));
	if (has_mount(compare, compare->host->mounts, path, row))
		return true;
	if (!compare->root || !host_below(path, compare->root))
		return false;
	path += strlen(compare->root);
	return has_mount(compare, compare->kernel->mounts, *path ? path : "/", row);
}

static bool is_named(const struct compare *compare, const struct mount_row *row)
{
	for (size_t i = 0; i < compare->count; i++) {
		const struct placed *placed = &compare->placed[i];

		/* What another mount at the same place hides does not matter. */
		if (strcmp(placed->destination, row->point) == 0 ||
		    (placed->spot.mount == row && placed->spot.exists) ||
		    (placed->spot.mount_root && strcmp(placed->spot.mount->point, row->point) == 0))
			return true;
	}
	for (size_t i = 0; i < compare->count; i++) {
		const struct placed *placed = &compare->placed[i];

		if (placed->bind && placed->spot.mount && came_along(compare, placed, row))
			return true;
	}
	return false;
}

/*
 * Hooks that the policy lets run before the start may mount what they are for: NVIDIA's brings the
 * driver's libraries. Ours and dockerd's own (the network's) mount nothing.
 */
bool verify_hooks_bring(const struct compare *compare)
{
	static const char *const lists[] = { "/hooks/prestart", "/hooks/createRuntime",
					     "/hooks/createContainer" };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		json_each(hook, json_at(compare->config, lists[i])) {
			const char *path = json_string(json_member(hook, "path"));

			if (path && !ends(path, "/seawall-hook") &&
			    !json_is(json_at(hook, "/args/0"), "libnetwork-setkey"))
				return true;
		}
	}
	return false;
}

/* Mounted over, by the path that leads there: only who may unmount could reach it. */
static bool is_hidden(const struct compare *compare, const struct mount_row *row)
{
	struct kernel_spot spot = spot_of(compare, row->point);

	return spot.exists ? spot.mount && spot.mount != row : true;
}

void verify_others(const struct compare *compare)
{
	bool noted = verify_hooks_bring(compare);

	for (const struct mount_row *row = compare->kernel->mounts; row; row = row->next) {
		struct finding *finding;

		if (is_named(compare, row) || is_runtimes_own(compare, row) ||
		    is_hidden(compare, row))
			continue;
		finding = verify_differs(compare, "mount-destination", "/mounts", row->point, NULL,
					 "a mount that the config does not name");
		if (noted)
			finding->outcome = OUTCOME_AUDITED;
	}
}
