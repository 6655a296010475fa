/* SPDX-License-Identifier: Apache-2.0 */
/* What the runtime is given beside its command line, and which runtime it is taken for. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launch.h"

START_TEST(the_environment_is_built_from_a_list) {
	char *given[] = { "LD_PRELOAD=/tmp/x.so",
			  "RUN_OCI_SECCOMP_RECEIVER=/tmp/s",
			  "NOTIFY_SOCKET=/tmp/s",
			  "PATH=/tmp",
			  "GLIBC_TUNABLES=x",
			  "GODEBUG=x",
			  "LISTEN_FDS=3",
			  "_OCI_SYNCPIPE=3",
			  "_OCI_STARTPIPE=4",
			  "_LIBCONTAINER_STATEDIR=/tmp",
			  NULL };
	static const char *const kept[] = {
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"_OCI_SYNCPIPE=3", "_OCI_STARTPIPE=4"
	};
	struct arena *arena = arena_new();
	char *const *got = launch_environment(arena, given);
	size_t i;

	for (i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		ck_assert_str_eq(got[i], kept[i]);
	ck_assert_ptr_null(got[i]);
	arena_free(arena);
}
END_TEST

/* A link is what it leads to; what is not called so is not, wherever it leads. */
START_TEST(runc_is_called_runc) {
	static const struct {
		const char *name, *leads;
		bool is;
	} files[] = {
		{ "runc", NULL, true },
		{ "crun", NULL, false },
		{ "runc.real", NULL, false },
		{ "xrunc", NULL, false },
		{ "to-runc", "runc", false },
		{ "a/runc", "../runc", true },
		{ "b/runc", "../crun", false },
		{ "c/runc", "../to-runc", true },
		{ "d/runc", "../nothing", false },
		{ "e/runc", "../b/runc", false },
		{ "f/runc", "runc", false },
	};
	char dir[] = "/tmp/seawall-launch-XXXXXX", path[sizeof(dir) + 16];

	ck_assert_ptr_nonnull(mkdtemp(dir));
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		bool below = strchr(files[i].name, '/');

		snprintf(path, sizeof(path), "%s/%.1s", dir, files[i].name);
		ck_assert(!below || mkdir(path, 0755) == 0);
		snprintf(path, sizeof(path), "%s/%s", dir, files[i].name);
		if (files[i].leads)
			ck_assert_int_eq(symlink(files[i].leads, path), 0);
		else
			close(open(path, O_WRONLY | O_CREAT, 0755));
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i].name);
		ck_assert_msg(launch_is_runc(path) == files[i].is, "%s", files[i].name);
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i].name);
		unlink(path);
		if (strchr(files[i].name, '/')) {
			path[sizeof(dir) + 1] = '\0';
			rmdir(path);
		}
	}
	ck_assert_int_eq(rmdir(dir), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("launch");
	TCase *tcase = tcase_create("launch");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, the_environment_is_built_from_a_list);
	tcase_add_test(tcase, runc_is_called_runc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
