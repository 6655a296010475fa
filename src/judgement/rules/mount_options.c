/* SPDX-License-Identifier: Apache-2.0 */
/* The rule about mount options: only known ones, none that contradict, the protecting ones always. */
#include <string.h>

#include "mount.h"

/*
 * Flags that runc and crun both understand. What they do not goes to the file system as data. Those that
 * engines write stand first.
 */
static const char flags[] =
	"nosuid nodev noexec rbind rprivate ro rw bind relatime strictatime private rslave "
	"rro rrw suid rsuid rnosuid dev rdev rnodev exec rexec rnoexec sync async dirsync mand "
	"nomand atime noatime ratime rnoatime diratime nodiratime rdiratime rnodiratime norelatime "
	"rrelatime rnorelatime nostrictatime rstrictatime rnostrictatime lazytime nolazytime "
	"iversion noiversion silent loud nosymfollow symfollow rnosymfollow rsymfollow slave shared "
	"rshared unbindable runbindable idmap ridmap defaults";

/* Data that a file system takes, by its type: "mode=755". */
static const struct data {
	const char *kind, *names;
} data[] = {
	{ "tmpfs", "mode= size= nr_inodes= nr_blocks= uid= gid= tmpcopyup inode32 inode64 noswap" },
	{ "devpts", "newinstance ptmxmode= mode= uid= gid= max=" },
	{ "proc", "hidepid= subset= gid=" },
};

/* Runtimes differ in which of two wins: with "ro,rw" runc mounts writable, crun read-only. */
static const char *const opposites[][2] = {
	{ "ro rro", "rw rrw" },
	{ "sync", "async" },
	{ "nosymfollow rnosymfollow", "symfollow rsymfollow" },
};

static bool is_data(const char *kind, const char *option)
{
	const char *equals = strchr(option, '='), *cursor, *word;
	size_t name = equals ? (size_t)(equals - option) + 1 : strlen(option), len;

	for (size_t i = 0; i < sizeof(data) / sizeof(*data); i++) {
		if (strcmp(data[i].kind, kind) != 0)
			continue;
		cursor = data[i].names;
		while ((word = word_next(&cursor, &len)))
			if (len == name && memcmp(word, option, len) == 0)
				return !strchr(option, ',');
	}
	return false;
}

static const char *check_words(struct judge *judge, const struct json *mount)
{
	const char *kind = mount_kind(mount);

	json_each(option, json_member(mount, "options")) {
		const char *text = json_string(option);

		judge->culprit = option;
		if (!text)
			return "is no option";
		if (strcmp(text, "remount") == 0)
			return "is an option that changes an existing mount";
		if (word_in("src-nofollow dest-nofollow copy-symlink", text))
			return "is an option that changes what source and destination mean";
		/* mount-idmap says more of these. */
		if (strncmp(text, "idmap=", 6) == 0 || strncmp(text, "ridmap=", 7) == 0)
			continue;
		if (!word_in(flags, text) && !is_data(kind, text) &&
		    !param_word(judge, "allow", text))
			return "is an unknown option";
	}
	judge->culprit = NULL;
	return NULL;
}

static const char *check_opposites(const struct json *mount)
{
	for (size_t i = 0; i < sizeof(opposites) / sizeof(*opposites); i++)
		if (mount_has(mount, opposites[i][0]) && mount_has(mount, opposites[i][1])) {
			return "are options that contradict each other";
		}
	return NULL;
}

/* Devices must stay usable in the container's own /dev, and where the host's is bound all the same. */
static bool needs_nodev(struct judge *judge, const struct json *mount)
{
	const char *destination = mount_destination(judge->arena, mount);
	const char *source = json_string(json_member(mount, "source"));

	if (strcmp(mount_kind(mount), "devpts") == 0)
		return false;
	if (destination && word_in("/dev/shm /dev/mqueue /dev/termination-log", destination))
		return true;
	return !(destination && host_below(destination, "/dev")) &&
	       !(mount_is_bind(mount) && source && host_below(source, "/dev"));
}

/*
 * "ro" of a recursive bind leaves what is mounted below writable. mount_setattr, which can do better,
 * is in Linux since 5.12 and in runc since 1.1.
 */
static bool needs_rro(const struct judge *judge, const struct json *mount)
{
	int kernel = judge->host->kernel;

	return mount_has(mount, "rbind") && mount_has(mount, "ro") && (!kernel || kernel >= 5012);
}

void mount_readonly(struct judge *judge, struct json *mount)
{
	mount_drop(mount, "rw rrw");
	mount_add(judge, mount, "ro");
	if (needs_rro(judge, mount))
		mount_add(judge, mount, "rro");
}

const char *mount_check_options(struct judge *judge, const struct place *place)
{
	const struct json *mount = place->parent;
	const char *reason = check_words(judge, mount);

	if (!reason)
		reason = check_opposites(mount);
	if (reason)
		return reason;
	if (!mount_has(mount, "nosuid") || mount_has(mount, "suid rsuid"))
		return "the option nosuid is missing";
	if (needs_nodev(judge, mount) &&
	    (!mount_has(mount, "nodev") || mount_has(mount, "dev rdev")))
		return "the option nodev is missing";
	if (needs_rro(judge, mount) && !mount_has(mount, "rro"))
		return "what is mounted below stays writable";
	return NULL;
}

void mount_fix_options(struct judge *judge, const struct place *place)
{
	struct json *mount = place->parent;

	mount_drop(mount, "suid rsuid");
	mount_add(judge, mount, "nosuid");
	if (needs_nodev(judge, mount)) {
		mount_drop(mount, "dev rdev");
		mount_add(judge, mount, "nodev");
	}
	if (needs_rro(judge, mount))
		mount_add(judge, mount, "rro");
}
