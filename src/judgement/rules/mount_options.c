/* SPDX-License-Identifier: Apache-2.0 */
/* Mount options, and the rule about them: only known ones, none that contradict, the protecting ones always. */
#include <string.h>

#include "mount.h"

/* The length is known to be the word's: the compiler makes it one comparison of numbers or two. */
#define IS(word) (memcmp(text, word, sizeof(word) - 1) == 0)

/* Asked of each option by each rule about mounts. */
static unsigned option_bit(const struct json *option)
{
	const char *text = option->text;

	switch (option->len) {
	case 2:
		return IS("ro") ? OPTION_RO : IS("rw") ? OPTION_RW : 0;
	case 3:
		return IS("rro") ? OPTION_RRO : IS("rrw") ? OPTION_RW : IS("dev") ? OPTION_DEV : 0;
	case 4:
		return IS("bind")   ? OPTION_BIND
		       : IS("suid") ? OPTION_SUID
		       : IS("rdev") ? OPTION_DEV
		       : IS("sync") ? OPTION_SYNC
				    : 0;
	case 5:
		return IS("rbind")   ? OPTION_BIND | OPTION_RBIND
		       : IS("rsuid") ? OPTION_SUID
		       : IS("nodev") ? OPTION_NODEV
		       : IS("async") ? OPTION_ASYNC
		       : IS("slave") ? OPTION_SLAVE
				     : 0;
	case 6:
		return IS("nosuid")   ? OPTION_NOSUID
		       : IS("shared") ? OPTION_SHARED
		       : IS("rslave") ? OPTION_SLAVE
				      : 0;
	case 7:
		return IS("rshared") ? OPTION_SHARED : 0;
	case 9:
		return IS("symfollow") ? OPTION_SYMFOLLOW : 0;
	case 10:
		return IS("rsymfollow") ? OPTION_SYMFOLLOW : 0;
	case 11:
		return IS("nosymfollow") ? OPTION_NOSYMFOLLOW : 0;
	case 12:
		return IS("rnosymfollow") ? OPTION_NOSYMFOLLOW : 0;
	default:
		return 0;
	}
}

unsigned mount_options(const struct json *mount)
{
	unsigned options = 0;

	json_each(option, json_member(mount, "options"))
		if (json_string(option))
			options |= option_bit(option);
	return options;
}

/*
 * Flags that runc and crun both understand, by their length. What they do not goes to the file system as
 * data.
 */
static const char *const flags[] = {
	[2] = "ro rw",
	[3] = "rro rrw dev",
	[4] = "bind suid rdev exec sync mand loud",
	[5] = "nodev rbind rsuid rexec async atime slave idmap",
	[6] = "nosuid noexec rslave rnodev nomand ratime silent shared ridmap",
	[7] = "private rnosuid rnoexec dirsync noatime rshared",
	[8] = "rprivate relatime rnoatime diratime lazytime iversion defaults",
	[9] = "rdiratime rrelatime symfollow",
	[10] = "nodiratime norelatime nolazytime noiversion rsymfollow unbindable",
	[11] = "strictatime rnodiratime rnorelatime nosymfollow runbindable",
	[12] = "rstrictatime rnosymfollow",
	[13] = "nostrictatime",
	[14] = "rnostrictatime",
};

static bool is_flag(const struct json *option)
{
	return option->len < sizeof(flags) / sizeof(*flags) &&
	       word_in(flags[option->len], option->text);
}

/* Data that a file system takes, by its type: "mode=755". */
static const struct data {
	const char *kind, *names;
} data[] = {
	{ "tmpfs", "mode= size= nr_inodes= nr_blocks= uid= gid= tmpcopyup inode32 inode64 noswap" },
	{ "devpts", "newinstance ptmxmode= mode= uid= gid= max=" },
	{ "proc", "hidepid= subset= gid=" },
};

/* Runtimes differ in which of two wins: with "ro,rw" runc mounts writable, crun read-only. */
static const unsigned opposites[][2] = {
	{ OPTION_RO | OPTION_RRO, OPTION_RW },
	{ OPTION_SYNC, OPTION_ASYNC },
	{ OPTION_NOSYMFOLLOW, OPTION_SYMFOLLOW },
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

		if (text && is_flag(option))
			continue;
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
		if (!is_data(kind, text) && !param_word(judge, "allow", text))
			return "is an unknown option";
	}
	judge->culprit = NULL;
	return NULL;
}

static const char *check_opposites(unsigned options)
{
	for (size_t i = 0; i < sizeof(opposites) / sizeof(*opposites); i++)
		if ((options & opposites[i][0]) && (options & opposites[i][1]))
			return "are options that contradict each other";
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
static bool needs_rro(const struct judge *judge, unsigned options)
{
	int kernel = judge->host->kernel;

	return (options & OPTION_RBIND) && (options & OPTION_RO) && (!kernel || kernel >= 5012);
}

void mount_readonly(struct judge *judge, struct json *mount)
{
	mount_drop(mount, "rw rrw");
	mount_add(judge, mount, "ro");
	if (needs_rro(judge, mount_options(mount)))
		mount_add(judge, mount, "rro");
}

const char *mount_check_options(struct judge *judge, const struct place *place)
{
	const struct json *mount = place->parent;
	const char *reason = check_words(judge, mount);
	unsigned options = mount_options(mount);

	if (!reason)
		reason = check_opposites(options);
	if (reason)
		return reason;
	if (!(options & OPTION_NOSUID) || (options & OPTION_SUID))
		return "the option nosuid is missing";
	if ((!(options & OPTION_NODEV) || (options & OPTION_DEV)) && needs_nodev(judge, mount))
		return "the option nodev is missing";
	if (needs_rro(judge, options) && !(options & OPTION_RRO))
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
	if (needs_rro(judge, mount_options(mount)))
		mount_add(judge, mount, "rro");
}
