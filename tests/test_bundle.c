/* SPDX-License-Identifier: Apache-2.0 */
/* Where documents are found: bundles, the runtimes' state, the private file. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bundle.h"
#include "file.h"

static struct arena *arena;
#define TEMPLATE "/tmp/seawall-bundle-XXXXXX"

static char dir[] = TEMPLATE;

static const char *at(const char *name)
{
	return arena_printf(arena, "%s/%s", dir, name);
}

static void put(const char *name, const char *text, mode_t mode)
{
	int fd = open(at(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_msg(fd >= 0, "%s: %s", name, strerror(errno));
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	ck_assert_int_eq(fchmod(fd, mode), 0);
	close(fd);
}

static void setup(void)
{
	arena = arena_new();
	memcpy(dir, TEMPLATE, sizeof(dir));
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(mkdir(at("b"), 0755), 0);
	put("b/config.json", "{}", 0644);
	ck_assert_int_eq(mkdir(at("root"), 0700), 0);
	ck_assert_int_eq(mkdir(at("root/id"), 0700), 0);
}

/* Only what the tests make can be in there. */
static void teardown(void)
{
	static const char *const files[] = {
		"b/config.json", "b/real.json", "root/id/state.json", "root/id/status", "link",
	};
	static const char *const directories[] = { "b/config.json", "b", "root/id", "root", "" };

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		unlink(at(files[i]));
	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++)
		rmdir(at(directories[i]));
	arena_free(arena);
}

START_TEST(a_bundle_is_read_by_its_real_path) {
	struct bundle bundle;
	struct error err;

	ck_assert_int_eq(symlink(at("b"), at("link")), 0);
	ck_assert_msg(bundle_read(arena, at("link"), true, &bundle, &err), "%s", err.msg);
	ck_assert_str_eq(bundle.path, at("b"));
	ck_assert_str_eq(bundle.text, "{}");
	ck_assert_uint_eq(bundle.len, 2);
}
END_TEST

START_TEST(without_a_path_it_is_the_working_directory) {
	struct bundle bundle;
	struct error err;

	ck_assert_int_eq(chdir(at("b")), 0);
	ck_assert_msg(bundle_read(arena, NULL, true, &bundle, &err), "%s", err.msg);
	ck_assert_str_eq(bundle.path, at("b"));
}
END_TEST

static void refused(const char *path, const char *why)
{
	struct error err = { "" };
	struct bundle bundle;

	ck_assert_msg(!bundle_read(arena, path, true, &bundle, &err), "%s: read", path);
	ck_assert_msg(strstr(err.msg, why), "found %s, expected %s", err.msg, why);
}

START_TEST(what_others_could_change_is_refused) {
	chmod(at("b"), 0777);
	refused(at("b"), "writable by others");
	chmod(at("b"), 0755);
	chmod(at("b/config.json"), 0664);
	refused(at("b"), "config.json: writable by others");
	if (geteuid() == 0) {
		put("b/config.json", "{}", 0644);
		ck_assert_int_eq(chown(at("b/config.json"), 12345, 0), 0);
		refused(at("b"), "config.json: wrong owner");
		ck_assert_int_eq(chown(at("b"), 12345, 0), 0);
		refused(at("b"), "wrong owner");
	}
}
END_TEST

#define MAPPED "{\"linux\":{\"uidMappings\":[{\"containerID\":0,\"hostID\":12345,\"size\":9}]}}"

/* As Podman makes it for a container with a user namespace. */
START_TEST(what_the_containers_root_could_change_becomes_roots) {
	struct bundle bundle;
	struct error err;
	struct stat stat;

	if (geteuid() != 0)
		return;
	put("b/config.json", MAPPED, 0644);
	ck_assert_int_eq(chown(at("b"), 12346, 12345), 0);
	refused(at("b"), "wrong owner (found uid 12346");
	ck_assert_int_eq(chown(at("b"), 12345, 12345), 0);
	ck_assert_int_eq(chmod(at("b"), 0720), 0);
	refused(at("b"), "wrong owner (found uid 12345");
	ck_assert_int_eq(chmod(at("b"), 0700), 0);
	ck_assert_msg(bundle_read(arena, at("b"), false, &bundle, &err), "%s", err.msg);
	ck_assert_int_eq(lstat(at("b"), &stat), 0);
	ck_assert_uint_eq(stat.st_uid, 12345);
	ck_assert_msg(bundle_read(arena, at("b"), true, &bundle, &err), "%s", err.msg);
	ck_assert_str_eq(bundle.text, MAPPED);
	ck_assert_int_eq(lstat(at("b"), &stat), 0);
	ck_assert_uint_eq(stat.st_uid, 0);
	ck_assert_uint_eq(stat.st_gid, 12345);
	ck_assert_uint_eq(stat.st_mode & 07777, 0710);
}
END_TEST

START_TEST(what_is_no_plain_file_is_refused) {
	ck_assert_int_eq(rename(at("b/config.json"), at("b/real.json")), 0);
	refused(at("b"), "config.json: cannot be opened");
	ck_assert_int_eq(symlink("real.json", at("b/config.json")), 0);
	refused(at("b"), "config.json: cannot be opened");
	unlink(at("b/config.json"));
	ck_assert_int_eq(mkfifo(at("b/config.json"), 0600), 0);
	refused(at("b"), "config.json: not a regular file");
	unlink(at("b/config.json"));
	ck_assert_int_eq(mkdir(at("b/config.json"), 0700), 0);
	refused(at("b"), "config.json: not a regular file");
	refused(at("nowhere"), "cannot be opened");
	refused(at("b/real.json"), "cannot be opened");
}
END_TEST

START_TEST(replacing_keeps_owner_and_mode) {
	struct bundle bundle;
	struct error err;
	struct stat stat;

	chmod(at("b/config.json"), 0440);
	ck_assert_msg(bundle_read(arena, at("b"), true, &bundle, &err), "%s", err.msg);
	ck_assert_msg(bundle_replace(&bundle, "{\"a\":1}", 7, &err), "%s", err.msg);
	ck_assert_int_eq(lstat(at("b/config.json"), &stat), 0);
	ck_assert_int_eq(stat.st_mode & 07777, 0440);
	ck_assert_msg(bundle_read(arena, at("b"), true, &bundle, &err), "%s", err.msg);
	ck_assert_str_eq(bundle.text, "{\"a\":1}");
}
END_TEST

START_TEST(runcs_state_names_the_bundle_last) {
	struct bundle bundle;
	struct error err;

	put("root/id/state.json",
	    arena_printf(
		    arena,
		    "{\"init_process_pid\":77,\"config\":{\"labels\":[\"bundle=/evil\",\"x=y\",\"bundle=%s\"]}}",
		    at("b")),
	    0600);
	ck_assert(!bundle_missing(arena, at("root"), "id") &&
		  bundle_missing(arena, at("root"), "i"));
	ck_assert_msg(bundle_find(arena, at("root"), "id", true, &bundle, &err), "%s", err.msg);
	ck_assert_str_eq(bundle.path, at("b"));
	ck_assert_str_eq(bundle.runtime, "runc");
	ck_assert_str_eq(json_member(bundle.state, "init_process_pid")->text, "77");
}
END_TEST

START_TEST(cruns_status_names_the_bundle) {
	struct bundle bundle;
	struct error err;

	put("root/id/status", arena_printf(arena, "{\"bundle\":\"%s\"}", at("b")), 0700);
	ck_assert(!bundle_missing(arena, at("root"), "id"));
	ck_assert_msg(bundle_find(arena, at("root"), "id", true, &bundle, &err), "%s", err.msg);
	ck_assert_str_eq(bundle.path, at("b"));
	ck_assert_str_eq(bundle.runtime, "crun");
}
END_TEST

static const struct {
	const char *state, *status, *why;
	mode_t mode;
} states[] = {
	{ NULL, NULL, "is not known", 0 },
	{ "{}", NULL, "state.json: names no bundle", 0600 },
	{ "{\"config\":{\"labels\":[1,null]}}", NULL, "state.json: names no bundle", 0600 },
	{ "{\"config\":", NULL, "state.json:1:11: ", 0600 },
	{ "{\"config\":{\"labels\":[\"bundle=/\"]},\"config\":{}}", NULL, "duplicate", 0600 },
	{ "{\"config\":{\"labels\":[\"bundle=/\"]}}", NULL, "writable by others", 0666 },
	{ NULL, "[]", "status: names no bundle", 0600 },
	{ "{\"config\":{\"labels\":[\"bundle=/\"]}}", "{\"bundle\":\"/\"}", "both", 0600 },
};

START_TEST(states_that_do_not_tell_are_refused) {
	struct error err = { "" };
	struct bundle bundle;

	if (states[_i].state)
		put("root/id/state.json", states[_i].state, states[_i].mode);
	if (states[_i].status)
		put("root/id/status", states[_i].status, states[_i].mode);
	ck_assert(!bundle_find(arena, at("root"), "id", true, &bundle, &err));
	ck_assert_msg(strstr(err.msg, states[_i].why), "found %s, expected %s", err.msg,
		      states[_i].why);
}
END_TEST

START_TEST(the_private_file_cannot_be_changed) {
	struct error err;
	int fd = bundle_private("{}", 2, &err), again;
	char text[8] = "";

	ck_assert_msg(fd >= 0, "%s", err.msg);
	ck_assert_int_eq(write(fd, "x", 1), -1);
	ck_assert_int_eq(ftruncate(fd, 0), -1);
	again = open(arena_printf(arena, "/proc/self/fd/%d", fd), O_RDWR);
	ck_assert(again >= 0);
	ck_assert_int_eq(write(again, "x", 1), -1);
	ck_assert_int_eq(read(again, text, sizeof(text)), 2);
	ck_assert_str_eq(text, "{}");
	close(again);
	close(fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("bundle");
	TCase *tcase = tcase_create("bundle");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_bundle_is_read_by_its_real_path);
	tcase_add_test(tcase, without_a_path_it_is_the_working_directory);
	tcase_add_test(tcase, what_others_could_change_is_refused);
	tcase_add_test(tcase, what_the_containers_root_could_change_becomes_roots);
	tcase_add_test(tcase, what_is_no_plain_file_is_refused);
	tcase_add_test(tcase, replacing_keeps_owner_and_mode);
	tcase_add_test(tcase, runcs_state_names_the_bundle_last);
	tcase_add_test(tcase, cruns_status_names_the_bundle);
	tcase_add_loop_test(tcase, states_that_do_not_tell_are_refused, 0,
			    (int)(sizeof(states) / sizeof(*states)));
	tcase_add_test(tcase, the_private_file_cannot_be_changed);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
