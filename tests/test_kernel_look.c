/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at a process: what stands at its paths, and holding it still meanwhile. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel.h"
#include "mountinfo.h"

static struct arena *arena;
#define TEMPLATE "/tmp/seawall-look-XXXXXX"

static char dir[] = TEMPLATE;

static const char *at(const char *name)
{
	return arena_printf(arena, "%s/%s", dir, name);
}

static void setup(void)
{
	static const struct {
		const char *name, *leads;
	} links[] = {
		{ "to-dir", "dir" }, { "to-file", "dir/file" },
		{ "up", ".." },	     { "nowhere", "none" },
		{ "loop", "loop" },  { "null", "/dev/null" },
		{ "dir/self", "." }, { "out", "/" },
	};

	arena = arena_new();
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(mkdir(at("dir"), 0755), 0);
	ck_assert_int_eq(mkdir(at("dir/empty"), 0755), 0);
	close(open(at("dir/file"), O_WRONLY | O_CREAT, 0600));
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		ck_assert_int_eq(symlink(links[i].leads, at(links[i].name)), 0);
}

static void teardown(void)
{
	static const char *const names[] = {
		"to-dir",    "to-file",	 "up",	     "nowhere",	 "loop",
		"null",	     "dir/self", "dir/file", "out",	 "dir/empty/full",
		"dir/empty", "dir",	 "was/self", "was/file", "was/empty",
		"was",	     "",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		remove(at(names[i]));
	ck_assert_int_eq(access(dir, F_OK), -1);
	memcpy(dir, TEMPLATE, sizeof(TEMPLATE));
	arena_free(arena);
}

/* One path, all of it, in the kernel's own words. */
static struct kernel_spot expected(const char *path)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC,
				.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
	struct kernel_spot spot = { .exists = fd >= 0 || (errno != ENOENT && errno != ENOTDIR) };
	struct stat stat;

	spot.null =
		fd >= 0 && fstat(fd, &stat) == 0 && S_ISCHR(stat.st_mode) && stat.st_rdev == 0x103;
	close(fd);
	close(root);
	return spot;
}

static struct kernel self(bool view)
{
	struct kernel kernel;
	struct error err;

	ck_assert_msg(kernel_open(arena, getpid(), &kernel, &err) &&
			      (view ? kernel_read_view(arena, &kernel, &err)
				    : kernel_read(arena, &kernel, &err)),
		      "%s", err.msg);
	return kernel;
}

START_TEST(a_name_in_a_directory_is_what_its_path_is) {
	static const char *const names[] = {
		"dir",
		"dir/file",
		"dir/none",
		"dir/",
		"dir//file",
		"dir/.",
		"dir/..",
		"dir/../dir",
		"dir/file/x",
		"dir/file/",
		"to-dir",
		"to-dir/file",
		"to-dir/none",
		"to-file",
		"to-file/x",
		"up",
		"up/none",
		"nowhere",
		"nowhere/x",
		"loop",
		"loop/x",
		"null",
		"dir/self",
		"dir/self/file",
		"out/dev/null",
		"out/dev/nul",
		"none/x",
		"dir/empty/..",
		"",
		"/",
	};
	static const char *const others[] = {
		"/",  "/proc", "/dev/null", "/proc/1/root", "/proc/1/exe", "/none",
		"//", "/.",    "/..",	    "/dev/fd/0",    "/proc/self"
	};
	struct kernel kernel = self(false);

	for (int again = 0; again < 2; again++) {
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
			const char *path = at(names[(i * 7) % (sizeof(names) / sizeof(*names))]);
			struct kernel_spot spot = kernel.at(&kernel, arena, path);

			ck_assert_msg(spot.exists == expected(path).exists &&
					      spot.null == expected(path).null,
				      "%s: found %d %d", path, spot.exists, spot.null);
		}
		for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
			ck_assert_msg(kernel.at(&kernel, arena, others[i]).exists ==
					      expected(others[i]).exists,
				      "%s", others[i]);
	}
	ck_assert(kernel.at(&kernel, arena, "/proc").mount_root);
	ck_assert(!kernel.at(&kernel, arena, at("dir")).mount_root);
	ck_assert_str_eq(kernel.at(&kernel, arena, "/proc").mount->kind, "proc");
	kernel_close(&kernel);
}
END_TEST

/* What has been answered once is of the moment when the mounts were read. */
START_TEST(another_reading_is_another_moment) {
	struct kernel kernel = self(false);
	struct error err;

	ck_assert(kernel.at(&kernel, arena, at("dir/file")).exists);
	ck_assert(kernel.empty(&kernel, arena, at("dir/empty")));
	ck_assert(!kernel.empty(&kernel, arena, at("dir")));
	ck_assert(!kernel.empty(&kernel, arena, at("dir/file")));
	ck_assert(kernel.at(&kernel, arena, at("dir/empty")).exists);
	ck_assert(kernel.empty(&kernel, arena, at("dir/empty")));
	ck_assert_int_eq(rename(at("dir"), at("was")), 0);
	ck_assert_int_eq(mkdir(at("dir"), 0755), 0);
	ck_assert_int_eq(mkdir(at("dir/empty"), 0755), 0);
	ck_assert_int_eq(mkdir(at("dir/empty/full"), 0755), 0);
	ck_assert(kernel.at(&kernel, arena, at("dir/file")).exists);
	ck_assert_msg(kernel_read(arena, &kernel, &err), "%s", err.msg);
	ck_assert(!kernel.at(&kernel, arena, at("dir/file")).exists);
	ck_assert(!kernel.empty(&kernel, arena, at("dir/empty")));
	kernel_close(&kernel);
}
END_TEST

START_TEST(of_a_view_the_real_path_is_told) {
	struct kernel kernel = self(true);

	ck_assert_str_eq(kernel.at(&kernel, arena, at("to-dir/file")).real, at("dir/file"));
	ck_assert_str_eq(kernel.at(&kernel, arena, at("dir/file")).real, at("dir/file"));
	ck_assert_str_eq(kernel.at(&kernel, arena, at("to-dir")).real, at("dir"));
	kernel_close(&kernel);
}
END_TEST

/* The state of a process, as proc(5) has it, once it is that, or after a second. */
static char state_of(const struct kernel *kernel, char wanted)
{
	char text[256] = "", *state = text;

	for (int i = 0; i < 1000 && *state != wanted; i++) {
		int fd = openat(kernel->dir, "stat", O_RDONLY | O_CLOEXEC);
		ssize_t len = read(fd, text, sizeof(text) - 1);

		close(fd);
		text[len > 0 ? len : 0] = '\0';
		state = strchr(text, ')') ? strchr(text, ')') + 2 : text;
		usleep(1000);
	}
	return *state;
}

START_TEST(who_is_held_is_read_and_let_go) {
	pid_t pid = fork();
	struct kernel kernel;
	struct error err;
	bool untold;

	if (pid == 0)
		for (;;)
			pause();
	ck_assert(kernel_open(arena, pid, &kernel, &err));
	ck_assert_int_eq(state_of(&kernel, 'S'), 'S');
	for (int filters = 0; filters < 2; filters++) {
		ck_assert(kernel_hold(&kernel) && kernel.held);
		ck_assert_int_eq(state_of(&kernel, 't'), 't');
		ck_assert_msg(kernel_read(arena, &kernel, &err), "%s", err.msg);
		ck_assert_msg(kernel.tracer == 0, "we are no tracer to be told of");
		if (filters)
			ck_assert(!kernel_filters(arena, &kernel, &untold, &err) && !kernel.held);
		else
			kernel_let_go(&kernel);
		kernel.held = false;
		ck_assert_int_eq(state_of(&kernel, 'S'), 'S');
	}
	/* At once, before it could stop. */
	ck_assert(kernel_hold(&kernel));
	kernel_let_go(&kernel);
	ck_assert_int_eq(state_of(&kernel, 'S'), 'S');
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert(!kernel_hold(&kernel));
	kernel_let_go(&kernel);
	kernel_close(&kernel);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kernel_look");
	TCase *tcase = tcase_create("kernel_look");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_set_timeout(tcase, 20);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_name_in_a_directory_is_what_its_path_is);
	tcase_add_test(tcase, another_reading_is_another_moment);
	tcase_add_test(tcase, of_a_view_the_real_path_is_told);
	tcase_add_test(tcase, who_is_held_is_read_and_let_go);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
