/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The comparison of a config with what the kernel enforces, on recorded facts: a container as runc makes
 * it is true to its config, and each change of one thing is found out, or is none.
 */
#include <check.h>
#include <stdlib.h>

#include "recorded_rows.h"

/* Of the host's root, and of what is mounted no more. */
static const struct kernel_stray stray = { "fd/3", "/", 1, NULL };
static const struct kernel_stray gone = { "fd/3", "/", 4711, NULL };

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
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
