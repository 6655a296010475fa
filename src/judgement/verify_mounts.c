/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is mounted, against what the config names. Every mount must be where it should, lead where it
 * should and be as closed as it should.
 */
#include <string.h>

#include "host.h"
#include "mountinfo.h"
#include "verify_parts.h"
#include "words.h"

/* Flags that take something away; the config's own word for each is the kernel's. */
static const char closing[] = "ro nosuid nodev noexec";

bool verify_has_flag(const char *flags, const char *word)
{
	size_t len = strlen(word);

	while (flags && *flags) {
		size_t each = strcspn(flags, ",");

		if (each == len && memcmp(flags, word, len) == 0)
			return true;
		flags += each + (flags[each] == ',');
	}
	return false;
}

/* crun takes the type alone for a bind, too. */
static bool is_bind(const struct json *mount)
{
	const struct json *options = json_member(mount, "options");

	return json_has(options, "bind") || json_has(options, "rbind") ||
	       json_is(json_member(mount, "type"), "bind");
}

/* "rro" is "ro" for whatever is mounted below, too. */
static bool wants(const struct json *options, const char *word)
{
	return json_has(options, word) || (strcmp(word, "ro") == 0 && json_has(options, "rro"));
}

/*
 * runc makes /sys/fs/cgroup of version 1 as a tmpfs it leaves writable (there is nothing in it) with the
 * hierarchies mounted below it: these are what must be closed.
 */
static bool has_closed(const struct compare *compare, const struct mount_row *row, const char *word)
{
	bool hierarchies = false;

	for (const struct mount_row *each = compare->kernel->mounts; each; each = each->next) {
		if (strcmp(each->kind, "cgroup") != 0 || !host_below(each->point, row->point))
			continue;
		if (!verify_has_flag(each->flags, word))
			return false;
		hierarchies = true;
	}
	return hierarchies || verify_has_flag(row->flags, word);
}

/* "rro": the first of what is mounted below that can be written, or NULL. */
static const char *written_below(const struct compare *compare, const struct placed *placed)
{
	const char *point = placed->spot.mount->point;

	if (!json_has(json_member(placed->mount, "options"), "rro"))
		return NULL;
	for (const struct mount_row *row = compare->kernel->mounts; row; row = row->next) {
		bool own = false;

		/* What stands at the same point is hidden below: /dev/shm of CRI's sandboxes. */
		if (strcmp(row->point, point) == 0 || !host_below(row->point, point) ||
		    verify_has_flag(row->flags, "ro"))
			continue;
		for (size_t i = 0; i < compare->count; i++)
			own = own || compare->placed[i].spot.mount == row;
		if (!own)
			return row->point;
	}
	return NULL;
}

/* Both ways: what is mounted in the container, and what the host mounts later. */
static void verify_propagation(const struct compare *compare, const char *pointer,
			       const struct placed *placed)
{
	const struct mount_row *row = placed->spot.mount;
	const struct json *options = json_member(placed->mount, "options");
	bool apart = (json_has(options, "private") || json_has(options, "rprivate")) &&
		     !json_has(options, "slave") && !json_has(options, "rslave");

	if (row->shared && !json_has(options, "shared") && !json_has(options, "rshared") &&
	    !word_in("shared rshared", verify_text(compare, "/linux/rootfsPropagation")))
		verify_differs(compare, "mount-propagation", pointer, "shared", "private",
			       "what is mounted there appears on the host");
	else if (placed->bind && row->slave && apart)
		verify_differs(compare, "mount-propagation", pointer, "slave", "private",
			       "what the host mounts there appears in the container");
}

static void verify_flags(const struct compare *compare, const char *pointer,
			 const struct placed *placed)
{
	const struct mount_row *row = placed->spot.mount;
	bool cgroup = verify_of_cgroup(placed->mount);
	const struct json *options = json_member(placed->mount, "options");
	const char *words = closing, *word, *below = written_below(compare, placed);
	size_t len;

	while ((word = word_next(&words, &len))) {
		const char *flag = arena_strndup(compare->arena, word, len);

		if (wants(options, flag) &&
		    !(cgroup ? has_closed(compare, row, flag) : verify_has_flag(row->flags, flag)))
			verify_differs(
				compare, "mount-options", pointer, row->flags, flag,
				arena_printf(compare->arena, "it is mounted without %s", flag));
	}
	if (below)
		verify_differs(compare, "mount-options", pointer, below, "rro",
			       "what is mounted below it can be written");
	verify_propagation(compare, pointer, placed);
}

/* A file that was replaced since has "//deleted" behind its name. */
static size_t root_len(const struct mount_row *row)
{
	size_t len = strlen(row->root);

	if (len > 9 && strcmp(row->root + len - 9, "//deleted") == 0)
		len -= 9;
	return len == 1 ? 0 : len;
}

const char *verify_place_of(struct arena *arena, const struct kernel_spot *spot)
{
	const struct mount_row *row = spot->mount;
	const char *rest;

	if (!row || !spot->real || !host_below(spot->real, row->point))
		return NULL;
	rest = strcmp(row->point, "/") == 0 ? spot->real : spot->real + strlen(row->point);
	return arena_printf(arena, "%s%.*s%s", row->device, (int)root_len(row), row->root,
			    strcmp(rest, "/") == 0 ? "" : rest);
}

const char *verify_place_mounted(struct arena *arena, const struct mount_row *row)
{
	return arena_printf(arena, "%s%.*s", row->device, (int)root_len(row), row->root);
}

static void verify_source(const struct compare *compare, const char *pointer,
			  const struct kernel_spot *source, const struct mount_row *row,
			  const char *rule)
{
	const char *want = verify_place_of(compare->arena, source);
	const char *found = verify_place_mounted(compare->arena, row);

	if (!want || strcmp(want, found) != 0)
		verify_differs(compare, rule, pointer, found, want ? want : "what is gone by now",
			       "something else is mounted there");
}

/* The last part of a path; NULL if it is the only one. */
static const char *name_below(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash > path ? slash + 1 : NULL;
}

/*
 * A program that may rename the directories above a mount moves it: what it leads to is looked for
 * elsewhere, by the same name, for the mount point itself cannot be renamed. Only for its own harm could
 * it hide one.
 */
static const struct mount_row *moved(const struct compare *compare, const struct placed *placed)
{
	const char *want = verify_place_of(compare->arena, &placed->source);
	const char *name = name_below(placed->destination);

	if (!compare->kernel->started || !want || !name)
		return NULL;
	for (const struct mount_row *row = compare->kernel->mounts; row; row = row->next) {
		const char *now = name_below(row->point);

		if (now && strcmp(now, name) == 0 &&
		    strcmp(verify_place_mounted(compare->arena, row), want) == 0)
			return row;
	}
	return NULL;
}

/* False, with a finding, unless the right thing is mounted at the mount's destination. */
static bool verify_place(const struct compare *compare, struct placed *placed, const char *pointer)
{
	struct kernel_spot *spot = &placed->spot;

	if (!spot->mount_root || !spot->mount) {
		spot->mount = placed->bind ? moved(compare, placed) : NULL;
		if (!spot->mount)
			verify_differs(compare, "mount-destination", pointer, NULL,
				       placed->destination, "nothing is mounted there");
		return spot->mount;
	}
	if (placed->bind)
		verify_source(compare, pointer, &placed->source, spot->mount, "host-path");
	else
		verify_kind(compare, pointer, placed);
	return true;
}

/*
 * Where a path leads on the host. Who may write a directory on the way can put a symbolic link there after
 * the judgement, take it away once it is followed, and put it back for whoever looks again: so the path
 * is the one that was judged, and it must still be free of links.
 */
static struct kernel_spot source_of(const struct compare *compare, const char *path)
{
	const struct kernel_spot nowhere = { .exists = false };
	const char *real = path;
	struct kernel_spot spot;

	if (compare->judged)
		real = compare->judged->path(compare->judged, compare->arena, path).real;
	spot = compare->host->at(compare->host, compare->arena, real);
	if (compare->judged && (!spot.real || strcmp(spot.real, real) != 0))
		return nowhere;
	return spot;
}

static void verify_root(struct compare *compare)
{
	const char *path = verify_text(compare, "/root/path");
	const char *propagation = verify_text(compare, "/linux/rootfsPropagation");
	struct kernel_spot spot = compare->kernel->at(compare->kernel, compare->arena, "/");
	struct kernel_spot source = source_of(compare, path);

	compare->root = source.real;
	if (!spot.mount) {
		verify_differs(compare, "root-path", "/root/path", NULL, path,
			       "the process's root cannot be told");
		return;
	}
	/* A relative path is one below the bundle, which the caller has made absolute. */
	if (*path == '/')
		verify_source(compare, "/root/path", &source, spot.mount, "root-path");
	if (json_true(json_at(compare->config, "/root/readonly")) &&
	    !verify_has_flag(spot.mount->flags, "ro"))
		verify_differs(compare, "root-readonly", "/root/readonly", "writable", "read-only",
			       "the root file system can be written");
	if (spot.mount->shared && !word_in("shared rshared", propagation))
		verify_differs(compare, "root-propagation", "/linux/rootfsPropagation", "shared",
			       "private", "what is mounted in the container appears on the host");
}

/*
 * A later mount hides an earlier one at the same place or below it. Names alone do not tell: /var/run
 * is /run in most images, so both then lead into the later mount.
 */
static bool is_hidden(const struct compare *compare, size_t index)
{
	const struct placed *placed = &compare->placed[index];

	for (size_t i = index + 1; i < compare->count; i++) {
		const struct placed *later = &compare->placed[i];

		if (host_below(placed->destination, later->destination) ||
		    (later->spot.mount_root && placed->spot.mount == later->spot.mount))
			return true;
	}
	return false;
}

/*
 * What stands at a path. If nothing does, the mount in which it is missing: a later one may hide what was
 * mounted there.
 */
static struct kernel_spot spot_of(const struct compare *compare, const char *path)
{
	struct kernel_spot spot = compare->kernel->at(compare->kernel, compare->arena, path);
	struct kernel_spot above = spot;
	const char *slash;

	while (!above.exists && (slash = strrchr(path, '/')) != NULL && slash > path) {
		path = arena_strndup(compare->arena, path, (size_t)(slash - path));
		above = compare->kernel->at(compare->kernel, compare->arena, path);
	}
	if (!spot.exists)
		spot.mount = above.mount;
	return spot;
}

/* Each destination is looked at once. */
static void place_all(struct compare *compare)
{
	const struct json *mounts = json_member(compare->config, "mounts");

	compare->placed = arena_alloc(compare->arena,
				      ((mounts ? mounts->len : 0) + 1) * sizeof(*compare->placed));
	json_each(mount, mounts) {
		const char *destination = json_string(json_member(mount, "destination"));
		const char *source = json_string(json_member(mount, "source"));
		struct placed *placed = &compare->placed[compare->count++];

		placed->mount = mount;
		placed->destination = destination ? destination : "";
		placed->bind = is_bind(mount);
		placed->spot = spot_of(compare, placed->destination);
		if (placed->bind && source)
			placed->source = source_of(compare, source);
	}
	for (size_t i = 0; i < compare->count; i++)
		compare->placed[i].hidden = is_hidden(compare, i);
}

void verify_mounts(struct compare *compare, bool all)
{
	place_all(compare);
	if (all)
		verify_root(compare);
	for (size_t i = 0; i < compare->count; i++) {
		struct placed *placed = &compare->placed[i];
		const char *pointer = json_pointer(compare->arena, placed->mount);

		if (!placed->hidden && verify_place(compare, placed, pointer) && all)
			verify_flags(compare, pointer, placed);
	}
	if (!all)
		return;
	verify_masks(compare);
	verify_devices(compare);
	if (!verify_may(compare, "CAP_SYS_ADMIN"))
		verify_others(compare);
}
