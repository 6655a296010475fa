/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about the root file system: where it is, whether it is writable, what of /proc and /sys is shut. */
#include <string.h>

#include "mount.h"
#include "rules.h"

/* Directories that are no container's, whatever the bundle is. */
static const char system_directories[] =
	"/bin /boot /dev /etc /lib /lib32 /lib64 /libx32 /proc /sbin "
	"/sys /usr";

static bool is_system(const char *path)
{
	const char *cursor = system_directories, *word;
	size_t len;

	/* "/", "/srv", "/home": too high to be a root file system. */
	if (!strchr(path + 1, '/'))
		return true;
	while ((word = word_next(&cursor, &len)))
		if (strncmp(path, word, len) == 0 && (path[len] == '/' || path[len] == '\0'))
			return true;
	return false;
}

static bool listed(struct judge *judge, const char *path)
{
	json_each(entry, param_list(judge, "allow")) {
		const struct json *member = json_member(entry, "path");
		const char *dir = json_string(member ? member : entry);

		if (dir && *dir == '/' && host_below(path, dir))
			return true;
	}
	return false;
}

/* A relative path of clean parts stays in the bundle; without a bundle its name must do. */
static const char *absolute(struct judge *judge, const char *path)
{
	const char *bundle = judge->workload->bundle ? judge->workload->bundle : "/bundle";

	if (*path == '/')
		return host_clean(judge->arena, path);
	return host_clean(judge->arena, arena_printf(judge->arena, "%s/%s", bundle, path));
}

/* Where the last of them begins: data roots may lie anywhere. */
static const char *last_of(const char *path, const char *layout)
{
	const char *last = NULL;

	while ((path = strstr(path, layout)))
		last = path++;
	return last;
}

/*
 * podman run --rootfs may name the layer of any container, a running one's as well. A layer that is in no list
 * is being made into something by another program: no harm is known of it.
 */
static bool is_anothers(struct judge *judge, const char *path)
{
	static const char *const layouts[] = { "/overlay/", "/vfs/dir/", "/btrfs/subvolumes/",
					       "/zfs/graph/" };
	const char *own = judge->workload->id;

	if (judge->workload->engine != ENGINE_PODMAN && judge->workload->engine != ENGINE_CRIO)
		return false;
	for (size_t i = 0; i < sizeof(layouts) / sizeof(*layouts); i++) {
		const char *at = last_of(path, layouts[i]), *lists, *layer, *tenant;

		if (!at)
			continue;
		layer = at + strlen(layouts[i]);
		layer = arena_strndup(judge->arena, layer, strcspn(layer, "/"));
		/* /var/lib/containers/storage/overlay-containers */
		lists = arena_printf(
			judge->arena, "%s-containers",
			arena_strndup(judge->arena, path,
				      (size_t)(at - path) + strcspn(layouts[i] + 1, "/") + 1));
		tenant = judge->host->tenant(judge->host, judge->arena, lists, layer);
		if (tenant && (!own || strcmp(tenant, own) != 0))
			return true;
	}
	return false;
}

static const char *check_root(struct judge *judge, const struct place *place)
{
	const char *path = json_string(place->node), *bundle = judge->workload->bundle, *full;
	struct host_path where = { .type = PATH_UNKNOWN };

	full = path && *path ? absolute(judge, path) : NULL;
	if (!full)
		return "is not a path within the bundle";
	where.real = full;
	if (*path == '/' || bundle)
		where = judge->host->path(judge->host, judge->arena, full);
	if (where.type == PATH_MAGIC || where.type == PATH_MISSING ||
	    (where.type == PATH_UNKNOWN && judge->host->real && (*path == '/' || bundle)))
		return "leads where no root file system is";
	if (listed(judge, where.real))
		return NULL;
	if (is_system(where.real))
		return strcmp(where.real, "/") == 0 ? "is the host's root"
						    : "is a directory of the host";
	if (engine_stores(judge, where.real))
		return is_anothers(judge, where.real) ? "is another container's root" : NULL;
	if (bundle ? host_below(where.real, bundle) && strcmp(where.real, bundle) != 0
		   : *path != '/')
		return NULL;
	return "is neither in the bundle nor in the engine's storage";
}

static bool mounted(struct judge *judge, const char *destination)
{
	json_each(mount, json_member(judge->doc, "mounts")) {
		const char *place = mount_destination(judge->arena, mount);

		if (place && strcmp(place, destination) == 0)
			return true;
	}
	return false;
}

/* tmpcopyup keeps what the image has there; /run is root's, the others are everybody's. */
static struct json *writable_mount(struct arena *arena, const char *destination)
{
	const char *mode = strcmp(destination, "/run") == 0 ? "mode=0755" : "mode=1777";
	const char *const words[] = { "nosuid", "nodev", "tmpcopyup", mode };
	struct json *mount = json_new(arena, JSON_OBJECT), *options = json_new(arena, JSON_ARRAY);

	json_set(arena, mount, "destination", json_new_string(arena, destination));
	json_set(arena, mount, "type", json_new_string(arena, "tmpfs"));
	json_set(arena, mount, "source", json_new_string(arena, "tmpfs"));
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		json_append(options, json_new_string(arena, words[i]));
	json_set(arena, mount, "options", options);
	return mount;
}

/*
 * The added mounts come first, so that nothing that the engine mounts below them is hidden: /run has
 * secrets in it, and in most images /var/run leads there.
 */
static void fix_readonly(struct judge *judge, const struct place *place)
{
	struct json *mounts = json_member(judge->doc, "mounts");

	place_set(judge, place, json_new_bool(judge->arena, true));
	if (!mounts || mounts->type != JSON_ARRAY) {
		mounts = json_new(judge->arena, JSON_ARRAY);
		json_set(judge->arena, judge->doc, "mounts", mounts);
	}
	json_each(word, param_list(judge, "writable"))
		if (json_string(word) && !mounted(judge, word->text))
			json_prepend(mounts, writable_mount(judge->arena, word->text));
}

static bool a_mount_follows(const struct judge *judge)
{
	json_each(mount, json_member(judge->doc, "mounts"))
		if (mount_options(mount) & OPTION_SLAVE)
			return true;
	return false;
}

static const char *check_propagation(struct judge *judge, const struct place *place)
{
	const char *word = json_string(place->node);

	if (!place->node || (word && word_in("private rprivate unbindable runbindable", word)))
		return NULL;
	if (!word || !word_in("slave rslave", word))
		return "is propagation of the container's mounts to the host, or unknown";
	return a_mount_follows(judge) ? NULL : "is propagation that no mount needs";
}

/* What propagates to the host was asked for on purpose: refused, not taken away. */
static void fix_propagation(struct judge *judge, const struct place *place)
{
	const char *word = json_string(place->node);

	if (word && word_in("slave rslave", word))
		place_set(judge, place, json_new_string(judge->arena, "private"));
}

/* The union of what Docker 29, containerd, CRI-O and Podman mask. */
static const char masked[] =
	"/proc/acpi /proc/asound /proc/interrupts /proc/kcore /proc/keys /proc/latency_stats "
	"/proc/sched_debug /proc/scsi /proc/timer_list /proc/timer_stats /sys/dev/block "
	"/sys/devices/virtual/powercap /sys/firmware /sys/fs/selinux";
static const char readonly[] = "/proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger";

static const char *check_shields(struct judge *judge, const struct place *place)
{
	const char *cursor = judge->rule->arg, *word;
	size_t len;

	while ((word = word_next(&cursor, &len))) {
		const char *path = arena_strndup(judge->arena, word, len);

		if (!json_has(place->node, path))
			return arena_printf(judge->arena, "%s is left open", path);
	}
	return NULL;
}

/* What stands there stays: somebody wants it shut. */
static void fix_shields(struct judge *judge, const struct place *place)
{
	const char *cursor = judge->rule->arg, *word;
	struct json *list = place->node;
	size_t len;

	if (!list || list->type != JSON_ARRAY) {
		list = json_new(judge->arena, JSON_ARRAY);
		place_set(judge, place, list);
	}
	while ((word = word_next(&cursor, &len))) {
		const char *path = arena_strndup(judge->arena, word, len);

		if (!json_has(list, path))
			json_append(list, json_new_string(judge->arena, path));
	}
}

static const struct rule rules[] = {
	{
		.id = "root-path",
		.title = TOLD("The root file system is the container's own"),
		.why = TOLD(
			"A root file system that is a directory of the host is that directory, given "
			"away. It must lie in the bundle or where the engine stores images."),
		.want = "a directory in the bundle or in the engine's storage",
		.refs = TOLD("MITRE ATT&CK T1611"),
		.path = "/root/path",
		.check = check_root,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
		.params = { { "allow", PARAM_PATHS, "", "",
			      "directories for podman run --rootfs and the like" } },
	},
	{
		.id = "root-readonly",
		.title = TOLD("The root file system is read-only"),
		.why = TOLD(
			"What an attacker cannot write, he cannot make last or run later. Directories "
			"that programs need are given as tmpfs."),
		.want = "true",
		.refs = TOLD("CIS Docker 1.6 5.13; NSA/CISA Kubernetes Hardening Guide"),
		.path = "/root/readonly",
		.check = check_true,
		.fix = fix_readonly,
		.baseline = ACTION_AUDIT,
		.restricted = ACTION_TIGHTEN,
		.params = { { "writable", PARAM_WORDS, "/tmp /run /var/tmp", "/tmp /run /var/tmp",
			      "directories that get a tmpfs where nothing is mounted" } },
	},
	{
		.id = "root-propagation",
		.title = TOLD("Mounts in the container stay there"),
		.why = TOLD(
			"With a shared root what is mounted in the container appears on the host, and "
			"one container's mounts can race another's. crun takes unknown words silently."),
		.want = "private, or rslave where a mount needs it",
		.refs = TOLD("CIS Docker 1.6 5.20; CVE-2021-30465"),
		.path = "/linux/rootfsPropagation",
		.check = check_propagation,
		.fix = fix_propagation,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
	},
	{
		.id = "masked-paths",
		.title = TOLD("Dangerous files of /proc and /sys are masked"),
		.why = TOLD(
			"/proc/kcore is the host's memory, /proc/keys its keys, /sys/firmware its "
			"firmware; none of them knows of namespaces."),
		.want = "all paths that engines mask",
		.refs = TOLD("PSS /proc Mount Type; MITRE ATT&CK T1611"),
		.path = "/linux/maskedPaths",
		.check = check_shields,
		.fix = fix_shields,
		.arg = masked,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
		.flags = RULE_PRIVILEGED,
	},
	{
		.id = "readonly-paths",
		.title = TOLD("Kernel settings in /proc are read-only"),
		.why = TOLD(
			"/proc/sys/kernel/core_pattern names a program that the kernel runs as root on "
			"the host; /proc/sysrq-trigger halts it."),
		.want = "all paths that engines make read-only",
		.refs = TOLD("PSS /proc Mount Type; MITRE ATT&CK T1611"),
		.path = "/linux/readonlyPaths",
		.check = check_shields,
		.fix = fix_shields,
		.arg = readonly,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
		.flags = RULE_PRIVILEGED,
	},
};

const struct rule_table rules_rootfs = { "rootfs", rules, sizeof(rules) / sizeof(*rules) };
