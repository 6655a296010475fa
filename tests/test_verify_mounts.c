/* SPDX-License-Identifier: Apache-2.0 */
/* Mounts, masks and devices of the recorded container, each changed so that it is no longer what it was. */
#include <check.h>
#include <stdlib.h>

#include "recorded_rows.h"

CHANGE(started, kernel->started = true)
CHANGE(second_cgroup, kernel->cgroup = "0::/docker-0123abcd.scope\n")
CHANGE(no_secret, kernel->pid = 4712)
CHANGE(has_disk, kernel->pid = 4711)
CHANGE(has_disk_started, kernel->pid = 4711; kernel->started = true)

/* The rows of cgroup version 1. */
#define PIDS                                                                     \
	"0:34 / /sys/fs/cgroup rw - tmpfs cgroup rw\n"                           \
	"6 5 0:35 /system.slice/docker-0123abcd.scope /sys/fs/cgroup/pids ro - " \
	"cgroup cgroup rw,pids"

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
	    { "a mask to be written in", NULL, NULL, "/proc/acpi ro - tmpfs tmpfs ro",
	      "/proc/acpi rw - tmpfs tmpfs rw", .want = "masked-paths mount-destination" },
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
	Suite *suite = suite_create("verify_mounts");
	TCase *tcase = tcase_create("verify_mounts");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, mounts_that_differ_are_found);
	tcase_add_test(tcase, a_source_is_held_against_where_it_led);
	tcase_add_test(tcase, shields_that_are_open_are_found);
	tcase_add_test(tcase, later_mounts_hide_earlier_ones);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
