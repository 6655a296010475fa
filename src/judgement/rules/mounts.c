/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about what is mounted where: types, destinations, propagation, id mappings, cgroup, sysfs. */
#include <string.h>

#include "mount.h"
#include "rules.h"

bool mount_is_bind(const struct json *mount)
{
	return mount_options(mount) & OPTION_BIND;
}

void mount_add(struct judge *judge, struct json *mount, const char *option)
{
	struct json *options = json_member(mount, "options");

	if (json_has(options, option))
		return;
	if (!options || options->type != JSON_ARRAY) {
		options = json_new(judge->arena, JSON_ARRAY);
		json_set(judge->arena, mount, "options", options);
	}
	json_append(options, json_new_string(judge->arena, option));
}

void mount_drop(struct json *mount, const char *words)
{
	struct json *options = json_member(mount, "options"), *next;

	if (!options || options->type != JSON_ARRAY)
		return;
	for (struct json *option = options->child; option; option = next) {
		next = option->next;
		if (json_string(option) && word_in(words, option->text))
			json_remove(option);
	}
}

const char *mount_destination(struct arena *arena, const struct json *mount)
{
	const char *destination = json_string(json_member(mount, "destination"));

	return destination ? host_clean(arena, destination) : NULL;
}

const char *mount_kind(const struct json *mount)
{
	const char *type = json_string(json_member(mount, "type"));

	return mount_is_bind(mount) ? "bind" : type ? type : "";
}

static const char *check_type(struct judge *judge, const struct place *place)
{
	const char *type = json_string(place->node);

	if (mount_is_bind(place->parent))
		return !type || word_in("bind rbind none", type)
			       ? NULL
			       : "is the type of a mount that is a bind by its options";
	if (!type || !*type)
		return "no type, and no option that makes it a bind";
	if (strcmp(type, "bind") == 0)
		return "is the type, but no option makes it a bind";
	if (param_word(judge, "allow", type))
		return NULL;
	return "is a file system that containers may not have";
}

/* Each file system of the kernel has one place: maskedPaths and readonlyPaths cover that one alone. */
static const struct fixed {
	const char *kinds, *place;
	const char *also; /* what else may be mounted there */
} fixed[] = {
	{ "proc", "/proc", "" },
	{ "sysfs", "/sys", "bind" },
	{ "cgroup cgroup2", "/sys/fs/cgroup", "bind tmpfs" },
	{ "devpts", "/dev/pts", "" },
	{ "mqueue", "/dev/mqueue", "bind" },
};

static const char *check_fixed(const char *kind, const char *destination)
{
	for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++) {
		bool there = strcmp(destination, fixed[i].place) == 0;

		if (word_in(fixed[i].kinds, kind) && !there)
			return "is not where this file system belongs";
		if (there && !word_in(fixed[i].kinds, kind) && !word_in(fixed[i].also, kind))
			return "is the place of another file system";
	}
	return NULL;
}

/* lxcfs shows a container its own limits in these files; they steer nothing. */
static const char lxcfs_files[] = "/proc/cpuinfo /proc/diskstats /proc/loadavg /proc/meminfo "
				  "/proc/slabinfo /proc/stat /proc/swaps /proc/uptime";

static const char kernel_directories[] =
	"/sys/fs/bpf /sys/fs/cgroup /sys/kernel/debug /sys/kernel/security /sys/kernel/tracing";

/*
 * The runtime makes these itself, and masks files with /dev/null (CVE-2025-31133): a volume at /dev,
 * in which null is a link to /proc/keys, shows the keys in place of every masked file.
 */
static const char device_files[] =
	"/dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty /dev/console /dev/ptmx "
	"/dev/core /dev/fd /dev/stdin /dev/stdout /dev/stderr";

static const char *check_dev(const char *kind, const char *destination)
{
	const char *cursor = device_files, *word;
	size_t len;

	if (strcmp(destination, "/dev") == 0)
		return strcmp(kind, "tmpfs") == 0 ? NULL
		       : strcmp(kind, "bind") == 0
			       ? "is where the runtime makes devices, of which it makes masks"
			       : "is the place of another file system";
	if (word_in("/dev/pts /dev/mqueue", destination))
		return NULL;
	if (strcmp(destination, "/dev/shm") == 0 && word_in("tmpfs bind", kind))
		return NULL;
	if (strcmp(kind, "bind") != 0)
		return "is in /dev";
	while ((word = word_next(&cursor, &len)))
		if (strncmp(destination, word, len) == 0 &&
		    (destination[len] == '\0' || destination[len] == '/'))
			return "is a device that the runtime makes";
	return host_below(destination, "/dev/pts") ? "is in /dev/pts" : NULL;
}

/* LSM labels are written through /proc/self/attr: what lies over it makes that a no-op (CVE-2025-52881). */
static const char *check_kernel_place(const char *kind, const char *destination)
{
	const char *cursor = kernel_directories, *word;
	size_t len;

	if (host_below(destination, "/dev"))
		return check_dev(kind, destination);
	if (host_below(destination, "/proc") && strcmp(destination, "/proc") != 0)
		return strcmp(kind, "bind") == 0 && word_in(lxcfs_files, destination)
			       ? NULL
			       : "is inside /proc";
	if (!host_below(destination, "/sys") || word_in("/sys /sys/fs/cgroup", destination))
		return NULL;
	while (strcmp(kind, "bind") == 0 && (word = word_next(&cursor, &len)))
		if (strncmp(destination, word, len) == 0 &&
		    (destination[len] == '\0' || destination[len] == '/'))
			return NULL;
	return "is inside /sys";
}

/* Runtimes differ in what they make of "..", "//" and relative paths; one "/" at the end is the same to all. */
static bool is_canonical(const char *given, const char *clean)
{
	size_t len = strlen(clean);

	return strncmp(given, clean, len) == 0 &&
	       (given[len] == '\0' || strcmp(given + len, "/") == 0);
}

/*
 * The later of two mounts hides the earlier one, and what was judged of it. containerd 1.6 does this
 * in every sandbox: a tmpfs at /dev/shm and the pod's own over it.
 */
static bool mounted_before(const struct json *mount, const char *destination)
{
	json_each(other, mount->parent) {
		const char *place;

		if (other == mount)
			return false;
		/* one that is not canonical is refused for itself */
		place = json_string(json_member(other, "destination"));
		if (place && is_canonical(place, destination) &&
		    !(strcmp(destination, "/dev/shm") == 0 &&
		      strcmp(mount_kind(other), "tmpfs") == 0 && mount_is_bind(mount)))
			return true;
	}
	return false;
}

static const char *check_destination(struct judge *judge, const struct place *place)
{
	const char *given = json_string(place->node);
	const char *clean = given ? host_clean(judge->arena, given) : NULL;
	const char *kind = mount_kind(place->parent), *reason;

	if (!clean || !is_canonical(given, clean))
		return "is not a canonical path";
	if (strcmp(clean, "/") == 0)
		return "is the container's root";
	if (mounted_before(place->parent, clean))
		return "is mounted twice";
	if (param_word(judge, "allow", clean))
		return NULL;
	reason = check_fixed(kind, clean);
	return reason ? reason : check_kernel_place(kind, clean);
}

static const char *check_propagation(struct judge *judge, const struct place *place)
{
	(void)judge;
	return mount_options(place->parent) & OPTION_SHARED
		       ? "are options that show the container's mounts to the host"
		       : NULL;
}

static void fix_propagation(struct judge *judge, const struct place *place)
{
	mount_drop(place->parent, "shared rshared private rprivate slave rslave");
	mount_add(judge, place->parent, "rprivate");
}

/* A mapping of the host's id 0 makes files of root the container's own. */
static const struct json *maps_root(const struct json *mappings)
{
	json_each(mapping, mappings) {
		uint64_t host;

		if (!json_u64(json_member(mapping, "hostID"), &host) || host == 0)
			return mapping;
	}
	return NULL;
}

static const char *check_idmap(struct judge *judge, const struct place *place)
{
	json_each(option, json_member(place->node, "options"))
		if (json_string(option) && (strncmp(option->text, "idmap=", 6) == 0 ||
					    strncmp(option->text, "ridmap=", 7) == 0)) {
			judge->culprit = option;
			return "is a mapping that only crun understands";
		}
	/* A rootless engine sees ids of its own user namespace: 0 is the user. */
	if (judge->workload->rootless)
		return NULL;
	judge->culprit = maps_root(json_member(place->node, "uidMappings"));
	if (!judge->culprit)
		judge->culprit = maps_root(json_member(place->node, "gidMappings"));
	return judge->culprit ? "is a mapping of the host's id 0" : NULL;
}

/* Rules with the arg "cgroup cgroup2" or "sysfs". */
static const char *check_readonly(struct judge *judge, const struct place *place)
{
	unsigned options = mount_options(place->parent);

	if (((options & OPTION_RO) && !(options & OPTION_RW)) ||
	    !word_in(judge->rule->arg, mount_kind(place->parent)))
		return NULL;
	return "no option makes it read-only";
}

static void fix_readonly(struct judge *judge, const struct place *place)
{
	mount_drop(place->parent, "rw rrw");
	mount_add(judge, place->parent, "ro");
}

static const struct rule rules[] = {
	{
		.id = "mount-type",
		.title = TOLD("Only known file systems are mounted"),
		.why = TOLD(
			"The runtime mounts as the host's root: an overlay shows any host directory, "
			"ext4 any disk, devtmpfs all devices, debugfs and bpf the kernel, and no "
			"capability of the container is asked for."),
		.want = "proc, sysfs, tmpfs, devpts, mqueue, cgroup or a bind",
		.refs = TOLD("PSS Volume Types; MITRE ATT&CK T1611"),
		.path = "/mounts/*/type",
		.check = check_type,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
		.params = { { "allow", PARAM_WORDS, "proc sysfs tmpfs devpts mqueue cgroup cgroup2",
			      "proc sysfs tmpfs devpts mqueue cgroup cgroup2",
			      "file system types" } },
	},
	{
		.id = "mount-destination",
		.title = TOLD("Mounts lie where they belong"),
		.why = TOLD(
			"A second procfs is outside all masks; a mount inside /proc can keep labels "
			"from being applied; one over /dev/null undoes masking; two at one place "
			"hide what was judged."),
		.want = "a canonical path, mounted once, outside /proc, /sys and /dev but for the usual",
		.refs = TOLD(
			"CVE-2019-19921; CVE-2023-27561; CVE-2025-31133; CVE-2025-52565; CVE-2025-52881"),
		.path = "/mounts/*/destination",
		.check = check_destination,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
		.params = { { "allow", PARAM_WORDS, "", "",
			      "destinations in /proc, /sys or /dev" } },
	},
	{
		.id = "mount-options",
		.title = TOLD("Mount options are known, agree, and protect"),
		.why = TOLD(
			"Unknown options reach the file system as data; of two that contradict each "
			"runtime obeys another one. Set-user-id programs and device files in a volume "
			"are somebody else's doing, and a read-only recursive bind is only read-only "
			"below with rro."),
		.want = "known options with nosuid, nodev, and rro beside ro",
		.refs = TOLD("MITRE ATT&CK T1611"),
		.path = "/mounts/*/options",
		.check = mount_check_options,
		.fix = mount_fix_options,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
		.params = { { "allow", PARAM_WORDS, "", "", "further options" } },
	},
	{
		.id = "mount-propagation",
		.title = TOLD("Mounts do not propagate to the host"),
		.why = TOLD(
			"With shared propagation what the container mounts appears on the host, and "
			"races of mounts against the runtime become possible."),
		.want = "rprivate or rslave",
		.refs = TOLD("CIS Docker 1.6 5.20; CVE-2021-30465; MITRE ATT&CK T1611"),
		.path = "/mounts/*/options",
		.check = check_propagation,
		.fix = fix_propagation,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
	},
	{
		.id = "mount-idmap",
		.title = TOLD("No mount maps the host's root"),
		.why = TOLD(
			"An id-mapped mount that maps the host's id 0 gives the container's user the "
			"rights of root on what is mounted."),
		.want = "mappings to unprivileged host ids",
		.refs = TOLD("MITRE ATT&CK T1611"),
		.path = "/mounts/*",
		.check = check_idmap,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
	},
	{
		.id = "cgroup-mount",
		.title = TOLD("The cgroup file system is read-only"),
		.why = TOLD(
			"A writable cgroup v1 hierarchy has release_agent, which the kernel runs as root "
			"on the host, and devices.allow."),
		.want = "ro",
		.refs = TOLD("CVE-2022-0492; MITRE ATT&CK T1611"),
		.path = "/mounts/*/options",
		.check = check_readonly,
		.fix = fix_readonly,
		.arg = "cgroup cgroup2",
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
		.flags = RULE_PRIVILEGED,
	},
	{
		.id = "sysfs-mount",
		.title = TOLD("sysfs is read-only"),
		.why = TOLD(
			"A writable sysfs reaches the host's devices, power and kernel modules; "
			"uevent_helper is a program that the kernel runs as root."),
		.want = "ro",
		.refs = TOLD("MITRE ATT&CK T1611"),
		.path = "/mounts/*/options",
		.check = check_readonly,
		.fix = fix_readonly,
		.arg = "sysfs",
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
		.flags = RULE_PRIVILEGED,
	},
};

const struct rule_table rules_mounts = { "mounts", rules, sizeof(rules) / sizeof(*rules) };
