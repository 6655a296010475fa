/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The comparison of a config with what the kernel enforces, on recorded facts: a container as runc makes
 * it is true to its config, and each change of one thing is found out, or is none.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "host.h"
#include "recorded.h"
#include "verify.h"

struct row {
	const char *name;
	const char *pointer, *value; /* set in the config */
	const char *from, *to;	     /* changed in the mount table */
	void (*change)(struct kernel *kernel);
	const char *want;   /* rules of the findings, or "" */
	const char *judged; /* where /srv/link led when it was judged */
};

static struct host_path judged_path(const struct host *host, struct arena *arena, const char *path)
{
	const struct row *row = host->data;

	(void)arena;
	return (struct host_path){
		.type = PATH_DIRECTORY,
		.real = strcmp(path, "/srv/link") == 0 ? row->judged : path,
	};
}

/* Text with the first from replaced. */
static const char *replaced(struct arena *arena, const char *text, const char *from, const char *to)
{
	const char *at = from ? strstr(text, from) : NULL;

	if (!from)
		return text;
	if (!at)
		die("not in the table: %s", from);
	return arena_printf(arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static struct json *config_of(struct arena *arena, const struct row *row)
{
	struct error err;
	struct json *config = json_parse(arena, recorded_config, strlen(recorded_config), 0, &err);
	const char *slash = row->pointer ? strrchr(row->pointer, '/') : NULL;
	struct json *value, *parent;

	if (!config)
		die("config: %s", err.msg);
	if (!slash)
		return config;
	parent =
		json_at(config, arena_strndup(arena, row->pointer, (size_t)(slash - row->pointer)));
	value = row->value ? json_parse(arena, row->value, strlen(row->value), 0, &err) : NULL;
	if (!parent || (row->value && !value))
		die("%s: %s", row->pointer, err.msg);
	if (json_at(config, row->pointer) && value)
		json_replace(json_at(config, row->pointer), value);
	else if (value && parent->type == JSON_ARRAY)
		json_append(parent, value);
	else if (value)
		json_set(arena, parent, slash + 1, value);
	else
		json_remove(json_at(config, row->pointer));
	return config;
}

static const char *rules_found(struct arena *arena, const struct row *row)
{
	struct text text = { .arena = arena };
	struct findings findings = { .first = NULL };
	struct kernel kernel, host;
	struct host judged = { .path = judged_path, .data = (void *)row };
	struct verification verification = {
		.config = config_of(arena, row),
		.kernel = &kernel,
		.host = &host,
		.judged = row->judged ? &judged : NULL,
	};

	recorded_fill(arena, replaced(arena, recorded_mounts, row->from, row->to), &kernel, &host);
	if (row->change)
		row->change(&kernel);
	verify(arena, &verification, &findings);
	text_printf(&text, "%s", "");
	for (const struct finding *f = findings.first; f; f = f->next)
		text_printf(&text, "%s%s%s", text.len ? " " : "",
			    f->outcome == OUTCOME_REJECTED ? "" : "noted:", f->rule);
	return text.data;
}

static void run(const struct row *rows, size_t count)
{
	int failed = 0;

	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new();
		const char *found = rules_found(arena, &rows[i]);

		const char *want = rows[i].want ? rows[i].want : "";

		if (strcmp(found, want) != 0) {
			fprintf(stderr, "%s: expected \"%s\", got \"%s\"\n", rows[i].name, want,
				found);
			failed++;
		}
		arena_free(arena);
	}
	ck_assert_int_eq(failed, 0);
}

/* What a row does not say is nothing; -Wextra would have it said. */
#define RUN(...)                                                                                       \
	do {                                                                                           \
		_Pragma("GCC diagnostic push") _Pragma(                                                \
			"GCC diagnostic ignored \"-Wmissing-field-initializers\"") static const struct \
			row rows[] = { __VA_ARGS__ };                                                  \
		_Pragma("GCC diagnostic pop") run(rows, sizeof(rows) / sizeof(rows[0]));               \
	} while (0)

/* Of the host's root, and of what is mounted no more. */
static const struct kernel_stray stray = { "fd/3", "/", 1, NULL };
static const struct kernel_stray gone = { "fd/3", "/", 4711, NULL };

#define CHANGE(name, code)                      \
	static void name(struct kernel *kernel) \
	{                                       \
		code;                           \
	}

CHANGE(no_nnp, kernel->no_new_privs = false)
CHANGE(no_filter, kernel->seccomp = 0; kernel->filters = 0)
CHANGE(strict_mode, kernel->seccomp = 1)
CHANGE(more_bounding, kernel->bounding |= 1u << 21)
CHANGE(more_effective, kernel->effective |= 1u << 21)
CHANGE(within_bounding, kernel->permitted |= 1u << 5)
CHANGE(inheritable, kernel->inheritable |= 1u << 0)
CHANGE(ambient, kernel->ambient |= 1u << 0)
CHANGE(less, kernel->bounding = kernel->effective = kernel->permitted = 0)
CHANGE(started_inheritable, kernel->started = true; kernel->inheritable |= 1u << 0)
CHANGE(started_within, kernel->started = true; kernel->permitted |= 1u << 5)
CHANGE(started_beyond, kernel->started = true; kernel->permitted |= 1u << 21)
CHANGE(started_in_own_user, kernel->started = true; kernel->ns[KERNEL_NS_USER] = 5;
       kernel->effective = ~(caps_set)0)
CHANGE(started, kernel->started = true)
CHANGE(other_uid, kernel->uid[2] = 5)
CHANGE(other_gid, kernel->gid[1] = 5)
CHANGE(started_other_uid, kernel->started = true; kernel->uid[0] = 5)
CHANGE(docker_group, kernel->groups = "0 1 2 999")
CHANGE(nobody_group, kernel->groups = "0 65534")
CHANGE(spared, kernel->oom_score_adj = 99)
CHANGE(not_spared, kernel->oom_score_adj = 101)
CHANGE(more_files, kernel->limits = "Max open files            512                  "
				    "unlimited            files\n")
CHANGE(fewer_files, kernel->limits = "Max open files            1                    "
				     "1023                 files\n")
CHANGE(host_pid, kernel->ns[KERNEL_NS_PID] = 100 + KERNEL_NS_PID)
CHANGE(host_network, kernel->ns[KERNEL_NS_NETWORK] = 100 + KERNEL_NS_NETWORK)
CHANGE(other_network, kernel->ns[KERNEL_NS_NETWORK] = 78)
CHANGE(host_ipc, kernel->ns[KERNEL_NS_IPC] = 100 + KERNEL_NS_IPC)
CHANGE(other_cgroup, kernel->cgroup = "0::/user.slice\n")
CHANGE(longer_cgroup, kernel->cgroup = "0::/docker/0123abcde\n")
CHANGE(plain_cgroup, kernel->cgroup = "4:pids:/docker/0123abcd/init\n")
CHANGE(second_cgroup, kernel->cgroup = "0::/docker-0123abcd.scope\n")
CHANGE(moved_on, kernel->started = true;
       kernel->cgroup = "4:pids:/system.slice/docker-0123abcd.scope/init\n0::/x\n")
CHANGE(unmounted_cgroup, kernel->cgroup = "4:pids:/system.slice/docker-0123abcd.scope\n5:blkio:/\n")
CHANGE(misc_cgroup, kernel->cgroup = "4:pids:/system.slice/docker-0123abcd.scope\n5:misc:/\n")
CHANGE(partly, kernel->cgroup = "4:pids:/system.slice/docker-0123abcd.scope\n8:cpu,cpuacct:/\n")
CHANGE(no_secret, kernel->pid = 4712)
CHANGE(has_disk, kernel->pid = 4711)
CHANGE(has_disk_started, kernel->pid = 4711; kernel->started = true)
CHANGE(traced, kernel->tracer = 7)
CHANGE(leaked, kernel->strays = &stray)
CHANGE(leaked_started, kernel->strays = &stray; kernel->started = true)
CHANGE(unmounted, kernel->strays = &gone; kernel->started = true)
CHANGE(unconfined, kernel->label = "unconfined")
CHANGE(longer_label, kernel->label = "docker-default-not (enforce)")
CHANGE(mapped, kernel->ns[KERNEL_NS_USER] = 9; kernel->uid_map = kernel->gid_map = "0 1000 10\n";
       kernel->groups = "1001 1002";
       for (int i = 0; i < 4; i++) kernel->uid[i] = kernel->gid[i] = 1000)
CHANGE(unmapped, kernel->ns[KERNEL_NS_USER] = 9; kernel->uid_map = kernel->gid_map = "0 1000 10\n")

/* The rows of cgroup version 1. */
#define PIDS                                                                     \
	"0:34 / /sys/fs/cgroup rw - tmpfs cgroup rw\n"                           \
	"6 5 0:35 /system.slice/docker-0123abcd.scope /sys/fs/cgroup/pids ro - " \
	"cgroup cgroup rw,pids"

START_TEST(what_runtimes_make_is_true_to_its_config) {
	RUN({ "as it is" }, { "a program runs", .change = started },
	    { "less is held", .change = less }, { "later to be killed", .change = not_spared },
	    { "fewer files", .change = fewer_files },
	    { "cgroupfs", NULL, NULL, "/system.slice/docker-0123abcd.scope /sys",
	      "/docker/0123abcd/init /sys", .change = plain_cgroup },
	    { "no network of its own is asked for", "/linux/namespaces/2", NULL,
	      .change = host_network },
	    { "the path is gone", "/linux/namespaces/2/path", "\"/run/netns/gone\"",
	      .change = other_network },
	    { "no wish about ipc", .change = host_ipc },
	    { "no masks", "/linux/maskedPaths", "[]",
	      "11 2 0:32 /null /proc/keys rw,nosuid - tmpfs tmpfs rw\n"
	      "12 2 0:40 / /proc/acpi ro - tmpfs tmpfs ro\n",
	      "" },
	    { "crun's empty directory", NULL, NULL, "0:40 / /proc/acpi ro - tmpfs tmpfs ro",
	      "8:1 /run/crun/.empty-directory /proc/acpi ro - ext4 /dev/sda1 ro" },
	    { "cgroup version 2", NULL, NULL, PIDS,
	      "0:34 /docker-0123abcd.scope /sys/fs/cgroup ro - cgroup2 cgroup rw",
	      .change = second_cgroup },
	    { "all of cgroup version 2, without a namespace", NULL, NULL, PIDS,
	      "0:34 / /sys/fs/cgroup ro - cgroup2 cgroup rw", .change = second_cgroup },
	    { "a program moved on in its cgroup", .change = moved_on },
	    { "a controller that is mounted nowhere", .change = unmounted_cgroup },
	    { "a controller that runtimes leave", .change = misc_cgroup },
	    { "the host's network and its sysfs", "/linux/namespaces/2", NULL, "0:33 / /sys",
	      "0:71 / /sys", .change = host_network },
	    { "a null device bound from the host", NULL, NULL, "0:32 /null", "0:5 /null" });
}
END_TEST

START_TEST(privileges_that_differ_are_found) {
	RUN({ "no_new_privs", .change = no_nnp, .want = "no-new-privileges" },
	    { "no_new_privs is not asked for", "/process/noNewPrivileges", "false",
	      .change = no_nnp },
	    { "no filter", .change = no_filter, .want = "seccomp" },
	    { "strict mode", .change = strict_mode, .want = "seccomp" },
	    { "no filter is asked for", "/linux/seccomp", NULL, .change = no_filter },
	    { "bounding", .change = more_bounding, .want = "capabilities" },
	    { "effective", .change = more_effective, .want = "capabilities" },
	    { "permitted", .change = within_bounding, .want = "capabilities" },
	    { "inheritable", .change = inheritable, .want = "capabilities" },
	    { "ambient", .change = ambient, .want = "capabilities" },
	    { "no capabilities", "/process/capabilities", NULL,
	      .want = "capabilities capabilities capabilities" },
	    { "a program made its own inheritable", .change = started_inheritable },
	    { "a program of root's, no_new_privs", .change = started_within,
	      .want = "capabilities" },
	    { "a program of root's", "/process/noNewPrivileges", "false",
	      .change = started_within },
	    { "beyond bounding", "/process/noNewPrivileges", "false", .change = started_beyond,
	      .want = "capabilities" },
	    { "all, in a user namespace of its own", .change = started_in_own_user });
}
END_TEST

START_TEST(ids_and_limits_that_differ_are_found) {
	RUN({ "uid", .change = other_uid, .want = "user-range" },
	    { "gid", .change = other_gid, .want = "user-range" },
	    { "uid, running", .change = started_other_uid, .want = "user-range" },
	    { "uid, running with CAP_SETUID", "/process/capabilities/permitted",
	      "[\"CAP_SETUID\", \"CAP_CHOWN\"]", .change = started_other_uid },
	    { "uid, running set-user-id programs", "/process/noNewPrivileges", "false",
	      .change = started_other_uid },
	    { "group", .change = docker_group, .want = "user-groups" },
	    { "a group without a name", .change = nobody_group, .want = "user-groups" },
	    { "in a user namespace", "/linux/uidMappings",
	      "[{\"containerID\": 0, \"hostID\": 1000, \"size\": 10}]", .change = mapped },
	    { "joined user namespace", .change = mapped },
	    { "not mapped so", .change = unmapped,
	      .want = "user-range user-range user-groups user-groups user-groups" },
	    { "other map", "/linux/gidMappings",
	      "[{\"containerID\": 0, \"hostID\": 0, \"size\": 10}]", .change = mapped,
	      .want = "id-mappings" },
	    { "less of a map", "/linux/gidMappings",
	      "[{\"containerID\": 0, \"hostID\": 1000, \"size\": 10}, {\"containerID\": 10, \"hostID\": 5000, \"size\": 1}]",
	      .change = mapped, .want = "id-mappings" },
	    { "oom", .change = spared, .want = "oom-score" },
	    { "files", .change = more_files, .want = "rlimits" },
	    { "unlimited was asked for", "/process/rlimits/0/hard", "18446744073709551615",
	      .change = more_files });
}
END_TEST

START_TEST(surroundings_that_differ_are_found) {
	RUN({ "pid", .change = host_pid, .want = "host-pid" },
	    { "the host's network", .change = host_network, .want = "host-network" },
	    { "another network", .change = other_network, .want = "namespace-join" },
	    { "a network of its own", "/linux/namespaces/2/path", NULL, .change = host_network,
	      .want = "host-network" },
	    { "cgroup", .change = other_cgroup, .want = "cgroups-path mount-destination" },
	    { "one controller of two", .change = partly, .want = "cgroups-path" },
	    { "the path is gone, the host's network", "/linux/namespaces/2/path",
	      "\"/run/netns/gone\"", .change = host_network, .want = "host-network" },
	    { "a longer name", .change = longer_cgroup, .want = "cgroups-path mount-destination" },
	    { "label", .change = unconfined, .want = "apparmor" },
	    { "traced", .change = traced, .want = "seccomp" },
	    { "a descriptor of the host's root", .change = leaked, .want = "host-path" },
	    { "the same of a program", .change = leaked_started, .want = "host-path" },
	    { "a program keeps what was unmounted", .change = unmounted },
	    { "a longer label", .change = longer_label, .want = "apparmor" },
	    { "SELinux", "/process/selinuxLabel", "\"system_u:system_r:container_t:s0\"",
	      .want = "selinux" });
}
END_TEST

START_TEST(mounts_that_differ_are_found) {
	RUN({ "another source", NULL, NULL, "8:1 /secrets/one ", "8:1 /secrets/two ",
	      .want = "host-path" },
	    { "another device", NULL, NULL, "8:1 /secrets/one ", "8:2 /secrets/one ",
	      .want = "host-path" },
	    { "not there", NULL, NULL, "/run/secret ro", "/run/elsewhere ro",
	      .want = "mount-destination mount-destination mount-destination" },
	    { "writable", NULL, NULL, "/run/secret ro", "/run/secret rw", .want = "mount-options" },
	    { "writable below", NULL, NULL, "/run/secret/below ro", "/run/secret/below rw",
	      .want = "mount-options" },
	    { "something else below", NULL, NULL, "0:50 / /run", "0:51 / /run",
	      .want = "mount-destination" },
	    { "set-user-id programs", NULL, NULL, "/dev rw,nosuid", "/dev rw,nosuidx",
	      .want = "mount-options" },
	    { "seen by the host", NULL, NULL, "/secret ro,relatime -",
	      "/secret ro,relatime shared:7 -", .want = "mount-propagation" },
	    { "another kind", NULL, NULL, "- sysfs sysfs", "- tmpfs sysfs", .want = "mount-type" },
	    { "cgroup writable", NULL, NULL, "pids ro", "pids rw",
	      .want = "mount-options mount-destination" },
	    { "the host's proc", NULL, NULL, "0:31 / /proc", "0:70 / /proc",
	      .want = "mount-type mount-destination" },
	    { "a part of proc", NULL, NULL, "0:31 / /proc", "0:31 /sys /proc",
	      .want = "mount-type mount-destination" },
	    { "the host's sysfs", NULL, NULL, "0:33 / /sys", "0:71 / /sys", .want = "mount-type" },
	    { "a tmpfs of the host's", NULL, NULL, "0:32 / /dev", "0:72 / /dev",
	      .want = "mount-type" },
	    { "the host's cgroup", NULL, NULL, "0:35 /system.slice/docker-0123abcd.scope", "0:35 /",
	      .want = "mount-destination" },
	    { "cgroup without a mount of the config's", "/mounts/3", NULL,
	      .want = "mount-destination mount-destination" },
	    { "all of cgroup version 2 beside version 1", NULL, NULL, "10 1 ",
	      "99 5 0:73 / /sys/fs/cgroup/unified ro - cgroup2 cgroup2 rw\n10 1 ",
	      .want = "mount-destination" },
	    { "a tmpfs of the host's among the cgroups", NULL, NULL, "10 1 ",
	      "99 5 0:72 / /sys/fs/cgroup/x rw - tmpfs tmpfs rw\n10 1 ",
	      .want = "mount-destination" },
	    { "another's cgroup version 2", NULL, NULL, PIDS,
	      "0:34 /docker-other.scope /sys/fs/cgroup ro - cgroup2 cgroup rw",
	      .change = second_cgroup, .want = "mount-type" },
	    { "another root", NULL, NULL, "0:30 / / ", "0:29 / / ", .want = "root-path" },
	    { "a writable root", NULL, NULL, "/ / ro", "/ / rw", .want = "root-readonly" },
	    { "a shared root", NULL, NULL, "relatime - overlay", "relatime shared:1 - overlay",
	      .want = "root-propagation" },
	    { "shared as asked", "/linux/rootfsPropagation", "\"rshared\"", "relatime - overlay",
	      "relatime shared:1 - overlay" },
	    { "one more", NULL, NULL, "10 1 ", "99 1 8:1 / /more ro - ext4 x rw\n10 1 ",
	      .want = "mount-destination" },
	    { "one more in /dev", NULL, NULL, "10 1 ", "99 3 8:1 / /dev/more ro - ext4 x rw\n10 1 ",
	      .want = "mount-destination" },
	    { "one more in /proc", NULL, NULL, "10 1 ",
	      "99 2 8:1 / /proc/more ro - ext4 x rw\n10 1 ", .want = "mount-destination" },
	    { "one more by a hook of the policy's", "/hooks",
	      "{\"prestart\": [{\"path\": \"/usr/bin/nvidia-ctk\"}]}", "10 1 ",
	      "99 1 8:1 / /more ro - ext4 x rw\n10 1 ", .want = "noted:mount-destination" },
	    { "one on top", NULL, NULL, "11 2 ", "99 7 8:1 / /run/secret ro - ext4 x rw\n11 2 ",
	      .want = "host-path" },
	    { "the host's later mounts", NULL, NULL, "/secret ro,relatime -",
	      "/secret ro,relatime master:7 -", .want = "mount-propagation" },
	    { "a disk", .change = has_disk, .want = "devices" },
	    { "a device of another number", "/linux/devices/0/minor", "230", .want = "devices" },
	    { "a disk that the program made", "/process/capabilities/permitted",
	      "[\"CAP_MKNOD\", \"CAP_CHOWN\"]", .change = has_disk_started },
	    { "a disk it could not make", .change = has_disk_started, .want = "devices" },
	    { "moved by the program", NULL, NULL, "8:1 /old /etc/old", "8:1 /old /etc2/old",
	      .change = started },
	    { "mounted elsewhere", NULL, NULL, "8:1 /old /etc/old", "8:1 /old /etc/other",
	      .change = started, .want = "mount-destination mount-destination" },
	    { "a device that is none", NULL, NULL, "0:5 /fuse /dev/fuse", "0:5 /kmsg /dev/fuse",
	      .want = "mount-destination" });
}
END_TEST

START_TEST(a_source_is_held_against_where_it_led) {
	RUN({ "it led there", .judged = "/mnt/secrets/one" },
	    { "it led elsewhere", .judged = "/srv/old", .want = "host-path mount-destination" },
	    { "it was no link", .judged = "/srv/link", .want = "host-path mount-destination" });
}
END_TEST

START_TEST(shields_that_are_open_are_found) {
	RUN({ "no mask", NULL, NULL, "11 2 0:32 /null /proc/keys rw,nosuid - tmpfs tmpfs rw\n", "",
	      .want = "masked-paths" },
	    { "a mask that masks nothing", NULL, NULL, "0:32 /null /proc/keys rw,nosuid - tmpfs",
	      "0:31 /keys /proc/keys rw,nosuid - proc", .want = "masked-paths mount-destination" },
	    { "a tmpfs of the host's", NULL, NULL, "0:40 / /proc/acpi", "0:72 / /proc/acpi",
	      .want = "masked-paths mount-destination" },
	    { "all devices", NULL, NULL, "0:40 / /proc/acpi ro - tmpfs",
	      "0:5 / /proc/acpi ro - devtmpfs", .want = "masked-paths mount-destination" },
	    { "a directory in a tmpfs", NULL, NULL, "0:40 / /proc/acpi", "0:40 /x /proc/acpi",
	      .want = "masked-paths mount-destination" },
	    { "a mask to be written in", NULL, NULL, "/proc/acpi ro", "/proc/acpi rw",
	      .want = "masked-paths mount-destination" },
	    { "a file called null", NULL, NULL, "0:32 /null", "8:1 /dev/null",
	      .want = "masked-paths mount-destination" },
	    { "a full directory", NULL, NULL, "0:40 / /proc/acpi ro - tmpfs",
	      "8:1 /full/.empty-directory /proc/acpi ro - ext4",
	      .want = "masked-paths mount-destination" },
	    { "no read-only path", NULL, NULL,
	      "13 2 0:31 /sys /proc/sys ro,nosuid - proc proc rw\n", "", .want = "readonly-paths" },
	    { "a writable one", NULL, NULL, "/proc/sys ro", "/proc/sys rw",
	      .want = "readonly-paths mount-destination" },
	    { "something else over it", NULL, NULL, "0:31 /sys /proc/sys", "0:31 /fs /proc/sys",
	      .want = "mount-destination" });
}
END_TEST

START_TEST(later_mounts_hide_earlier_ones) {
	RUN({ "the same place again", "/mounts/-",
	      "{\"destination\": \"/etc/hosts\", \"type\": \"bind\","
	      " \"source\": \"/srv/old\", \"options\": [\"bind\"]}",
	      "8:1 /docker/x/hosts//deleted /etc/hosts", "8:1 /old /etc/hosts" },
	    { "above it", "/mounts/-", "{\"destination\": \"/etc\", \"type\": \"tmpfs\"}",
	      "9 1 8:1 /docker/x/hosts//deleted /etc/hosts rw - ext4 /dev/sda1 rw\n"
	      "10 1 8:1 /old /etc/old rw - ext4 /dev/sda1 rw\n",
	      "9 1 0:60 / /etc rw - tmpfs tmpfs rw\n" },
	    { "by a mount over the directory", "/mounts/-",
	      "{\"destination\": \"/opt\", \"type\": \"tmpfs\"}", "10 1 ",
	      "98 1 8:1 / /opt/nowhere ro - ext4 x rw\n99 1 0:80 / /opt rw - tmpfs x rw\n10 1 " },
	    { "by a symbolic link, and nothing is there any more", "/mounts/-",
	      "{\"destination\": \"/run\", \"type\": \"tmpfs\"}",
	      "7 1 8:1 /secrets/one /run/secret ro,relatime - ext4 /dev/sda1 rw\n"
	      "8 7 0:50 / /run/secret/below ro - tmpfs tmpfs rw\n",
	      "7 1 0:60 / /run rw - tmpfs tmpfs rw\n", .change = no_secret },
	    { "by a symbolic link", "/mounts/-", "{\"destination\": \"/run\", \"type\": \"tmpfs\"}",
	      "7 1 8:1 /secrets/one /run/secret ro,relatime - ext4 /dev/sda1 rw\n"
	      "8 7 0:50 / /run/secret/below ro - tmpfs tmpfs rw\n",
	      "7 1 0:60 / /run rw - tmpfs tmpfs rw\n" });
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verify");
	TCase *tcase = tcase_create("verify");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, what_runtimes_make_is_true_to_its_config);
	tcase_add_test(tcase, privileges_that_differ_are_found);
	tcase_add_test(tcase, ids_and_limits_that_differ_are_found);
	tcase_add_test(tcase, surroundings_that_differ_are_found);
	tcase_add_test(tcase, mounts_that_differ_are_found);
	tcase_add_test(tcase, a_source_is_held_against_where_it_led);
	tcase_add_test(tcase, shields_that_are_open_are_found);
	tcase_add_test(tcase, later_mounts_hide_earlier_ones);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
