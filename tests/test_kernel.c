/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel tells of a real process: one that this test makes, confines and ends. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../src/container/calls.h"
#include "harness.h"
#include "kernel.h"
#include "mountinfo.h"

/* Allows everything but one call nobody makes, so that the process can go on. */
static const struct sock_filter filter[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x7fff, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

static void confine(void)
{
	struct sock_fprog program = { .len = 4, .filter = (struct sock_filter *)filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		_exit(1);
}

/* In mount and uts namespaces of its own, with a tmpfs on /mnt; false: this user may not. */
static bool move_in(void)
{
	return unshare(CLONE_NEWNS | CLONE_NEWUTS) == 0 &&
	       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("", "/mnt", "tmpfs", MS_NOSUID | MS_RDONLY, NULL) == 0;
}

struct child {
	pid_t pid;
	bool moved;
};

static struct child child_new(void)
{
	struct child child = { .pid = -1 };
	char said = '?';
	int ready[2];

	if (pipe(ready) < 0)
		die("pipe");
	child.pid = fork();
	if (child.pid == 0) {
		said = move_in() ? 'y' : 'n';
		confine();
		if (write(ready[1], &said, 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	if (child.pid < 0 || read(ready[0], &said, 1) != 1 || said == '?')
		die("the child did not get ready");
	close(ready[0]);
	close(ready[1]);
	child.moved = said == 'y';
	return child;
}

static void child_end(const struct child *child)
{
	kill(child->pid, SIGKILL);
	waitpid(child->pid, NULL, 0);
}

START_TEST(a_process_is_read) {
	struct arena *arena = arena_new();
	struct child child = child_new();
	struct kernel kernel, self;
	struct error err;

	ck_assert_msg(kernel_open(arena, child.pid, &kernel, &err) &&
			      kernel_read(arena, &kernel, &err) &&
			      kernel_open(arena, getpid(), &self, &err) &&
			      kernel_read(arena, &self, &err),
		      "%s", err.msg);
	ck_assert(kernel.no_new_privs && kernel.seccomp == 2 && kernel.filters >= 1);
	ck_assert(!self.no_new_privs || self.seccomp == 2);
	ck_assert_uint_eq(kernel.uid[0], getuid());
	ck_assert_uint_eq(kernel.bounding, self.bounding);
	ck_assert_str_eq(kernel.uid_map, self.uid_map);
	ck_assert(strstr(kernel.limits, "Max open files") && kernel.cgroup[0]);
	ck_assert(self.started && kernel_alive(&kernel));
	/* A program from another mount namespace is as a runtime's in a container: not yet its own. */
	ck_assert(kernel.started == !child.moved);
	ck_assert_uint_eq(kernel.ns[KERNEL_NS_PID], self.ns[KERNEL_NS_PID]);
	ck_assert_uint_eq(self.ns_at(&self, arena, "/proc/self/ns/pid"), self.ns[KERNEL_NS_PID]);
	ck_assert_uint_eq(self.ns_at(&self, arena, "/proc/nowhere"), 0);
	if (child.moved) {
		struct kernel_spot spot = kernel.at(&kernel, arena, "/mnt");

		ck_assert(kernel.ns[KERNEL_NS_UTS] != self.ns[KERNEL_NS_UTS]);
		ck_assert(spot.exists && spot.mount_root && spot.mount);
		ck_assert_str_eq(spot.mount->kind, "tmpfs");
		ck_assert(strstr(spot.mount->flags, "ro,nosuid"));
		spot = self.at(&self, arena, "/mnt");
		ck_assert(!spot.mount || strcmp(spot.mount->kind, "tmpfs") || !spot.mount_root);
	} else {
		ck_assert_msg(geteuid() != 0, "root could not make namespaces");
	}
	child_end(&child);
	arena_free(arena);
}
END_TEST

/* Numbers of what is left open: a directory and a place are ways out, a file and a pipe are not. */
struct left {
	int directory, place, file;
};

static void leave_open(struct left *left)
{
	int ends[2];

	*left = (struct left){
		.directory = open("/etc", O_RDONLY | O_DIRECTORY),
		.place = open("/etc/passwd", O_PATH),
		.file = open("/etc/passwd", O_RDONLY),
	};
	if (left->file < 0 || pipe(ends) < 0)
		die("cannot open");
}

static const struct kernel_stray *stray_of(const struct kernel *kernel, int fd)
{
	char name[16];
	const struct kernel_stray *stray = kernel->strays;

	snprintf(name, sizeof(name), "fd/%d", fd);
	while (stray && strcmp(stray->name, name) != 0)
		stray = stray->next;
	return stray;
}

START_TEST(what_is_left_open_leads_out) {
	struct arena *arena = arena_new();
	struct kernel kernel;
	struct child child;
	struct error err;
	struct left left;

	leave_open(&left);
	child = child_new();
	ck_assert_msg(kernel_open(arena, child.pid, &kernel, &err) &&
			      kernel_read(arena, &kernel, &err) &&
			      kernel_read_open(arena, &kernel, &err),
		      "%s", err.msg);
	/* Without a mount namespace of its own nothing is outside of it. */
	ck_assert(!stray_of(&kernel, left.directory) == !child.moved);
	ck_assert(!stray_of(&kernel, left.place) == !child.moved);
	ck_assert(!stray_of(&kernel, left.file));
	child_end(&child);
	arena_free(arena);
}
END_TEST

/* What is asked twice is answered once for one reading of the mounts, and anew after the next. */
START_TEST(an_answer_is_of_its_moment) {
	char path[] = "/tmp/seawall.XXXXXX";
	struct arena *arena = arena_new();
	struct kernel self;
	struct error err;

	ck_assert(mkdtemp(path));
	ck_assert(kernel_open(arena, getpid(), &self, &err) && kernel_read(arena, &self, &err));
	ck_assert(self.at(&self, arena, path).exists && self.empty(&self, arena, path));
	ck_assert(rmdir(path) == 0);
	ck_assert(self.at(&self, arena, path).exists && self.empty(&self, arena, path));
	ck_assert(kernel_read(arena, &self, &err));
	ck_assert(!self.at(&self, arena, path).exists && !self.empty(&self, arena, path));
	/* no path at all: nothing is known to hide it */
	ck_assert(self.at(&self, arena, NULL).exists && !self.at(&self, arena, NULL).mount);
	kernel_close(&self);
	arena_free(arena);
}
END_TEST

/* More names than are read at once; the last of them is what counts. */
START_TEST(a_full_directory_is_read_to_its_end) {
	char path[] = "/tmp/seawall.XXXXXX", name[64];
	int dir, seen = 0;

	ck_assert(mkdtemp(path));
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "%s/%d", path, i);
		ck_assert(mkdir(name, 0700) == 0);
	}
	dir = open(path, O_RDONLY | O_DIRECTORY);
	for (struct calls_names names = { .fd = dir }; calls_name(&names);)
		seen++;
	ck_assert_int_eq(errno, 0);
	ck_assert_int_eq(seen, 300);
	for (struct calls_names names = { .fd = -1 }; calls_name(&names);)
		;
	ck_assert_int_eq(errno, EBADF);
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "%s/%d", path, i);
		rmdir(name);
	}
	close(dir);
	ck_assert(rmdir(path) == 0);
}
END_TEST

START_TEST(paths_stay_below_the_root) {
	static const struct {
		const char *path;
		bool exists;
	} rows[] = {
		/* What a link of /proc leads to is not followed, so nothing is known of it: not absent. */
		{ "/", true },
		{ "/proc/self/root", true },
		{ "/../../..", true },
		{ "relative-to-nothing", false },
		{ "/no/such/path", false },
		{ "/proc/self/exe", true },
	};
	struct arena *arena = arena_new();
	struct kernel kernel;
	struct error err;

	ck_assert_msg(kernel_open(arena, getpid(), &kernel, &err) &&
			      kernel_read(arena, &kernel, &err),
		      "%s", err.msg);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_msg(kernel.at(&kernel, arena, rows[i].path).exists == rows[i].exists,
			      "%s: expected %d", rows[i].path, rows[i].exists);
	arena_free(arena);
}
END_TEST

START_TEST(its_filter_is_read) {
	struct arena *arena = arena_new();
	struct child child = child_new();
	struct kernel_filter *list;
	struct kernel kernel;
	struct error err;
	bool untold;

	ck_assert_msg(kernel_open(arena, child.pid, &kernel, &err), "%s", err.msg);
	list = kernel_filters(arena, &kernel, &untold, &err);
	ck_assert_msg(list || untold, "%s", err.msg);
	if (list) {
		ck_assert_uint_eq(list->count, 4);
		ck_assert_mem_eq(list->code, filter, sizeof(filter));
	}
	/* It goes on as if nothing had happened. */
	ck_assert(kernel_alive(&kernel) && kill(child.pid, 0) == 0);
	child_end(&child);
	list = kernel_filters(arena, &kernel, &untold, &err);
	ck_assert_msg(!list && err.msg[0] && !untold, "a process that is gone: %s", err.msg);
	arena_free(arena);
}
END_TEST

START_TEST(a_process_that_is_gone_is_nobody) {
	struct arena *arena = arena_new();
	struct child child = child_new();
	struct kernel kernel;
	struct error err;

	ck_assert_msg(kernel_open(arena, child.pid, &kernel, &err), "%s", err.msg);
	ck_assert_msg(kernel_kill(&kernel, &err), "%s", err.msg);
	/* Ended, and not waited for: its number is still there, and nothing else. */
	for (int i = 0; i < 1000 && kernel_alive(&kernel); i++)
		usleep(1000);
	ck_assert(!kernel_alive(&kernel));
	ck_assert(!kernel_settle(arena, &kernel));
	ck_assert(!kernel_read(arena, &kernel, &err));
	waitpid(child.pid, NULL, 0);
	ck_assert_msg(kernel_kill(&kernel, &err), "nobody is left to be killed: %s", err.msg);
	ck_assert(!kernel_read(arena, &kernel, &err));
	ck_assert(!kernel_open(arena, child.pid, &kernel, &err));
	ck_assert_msg(strstr(err.msg, "process "), "%s", err.msg);
	arena_free(arena);
}
END_TEST

START_TEST(a_cgroup_has_a_name) {
	static const struct {
		const char *path, *id, *text;
		bool in;
	} rows[] = {
		{ "/docker/0123", "x", "4:pids:/docker/0123\n", true },
		{ "/docker/0123/", "x", "4:pids:/\n0::/a/docker/0123/init\n", true },
		{ "/docker/0123", "x", "4:pids:/docker/01234\n", false },
		{ "/docker/0123", "x", "4:pids:/xdocker/0123\n", false },
		{ "system.slice:docker:0123", "x", "0::/system.slice/docker-0123.scope\n", true },
		{ "system.slice:docker:0123", "x", "0::/system.slice/0123.scope\n", false },
		{ "system.slice::0123", "x", "0::/system.slice/0123.scope\n", true },
		{ NULL, "x", "0::/x\n", true },
		{ "", "x", "0::/y/x/z\n", true },
		{ "", "x", "0::/y-x\n", false },
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *name = kernel_cgroup_name(arena, rows[i].path, rows[i].id);

		ck_assert_msg(name && kernel_cgroup_has(rows[i].text, name) == rows[i].in,
			      "row %zu: %s in %s: expected %d", i, name, rows[i].text, rows[i].in);
	}
	ck_assert(!kernel_cgroup_name(arena, "/", "x") && !kernel_cgroup_name(arena, NULL, ""));
	ck_assert(kernel_cgroup_empty(NULL) && kernel_cgroup_kill(NULL));
	arena_free(arena);
}
END_TEST

static void *wait_long(void *unused)
{
	(void)unused;
	for (;;)
		pause();
	return NULL;
}

/* Of the first thread only a zombie is left, of which /proc tells nothing. */
START_TEST(a_process_lives_on_without_its_first_thread) {
	struct arena *arena = arena_new();
	struct kernel kernel;
	struct error err;
	pthread_t thread;
	struct stat stat;
	bool untold;
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pthread_create(&thread, NULL, wait_long, NULL);
		confine();
		syscall(SYS_exit, 0);
	}
	ck_assert(kernel_open(arena, pid, &kernel, &err));
	for (int i = 0; i < 1000 && fstatat(kernel.dir, "root", &stat, 0) == 0; i++)
		usleep(1000);
	ck_assert(fstatat(kernel.dir, "root", &stat, 0) < 0 && kernel_alive(&kernel));
	ck_assert_msg(kernel_read(arena, &kernel, &err), "%s", err.msg);
	ck_assert(kernel.tid != pid && kernel.mounts && !kernel.tracer);
	ck_assert_msg(kernel_read_open(arena, &kernel, &err), "%s", err.msg);
	ck_assert_msg(!kernel_filters(arena, &kernel, &untold, &err) && (untold || !err.msg[0]),
		      "%s", err.msg);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ck_assert(!kernel_alive(&kernel));
	kernel_close(&kernel);
	arena_free(arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kernel");
	TCase *tcase = tcase_create("kernel");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, a_process_is_read);
	tcase_add_test(tcase, what_is_left_open_leads_out);
	tcase_add_test(tcase, an_answer_is_of_its_moment);
	tcase_add_test(tcase, a_full_directory_is_read_to_its_end);
	tcase_add_test(tcase, paths_stay_below_the_root);
	tcase_add_test(tcase, its_filter_is_read);
	tcase_add_test(tcase, a_process_that_is_gone_is_nobody);
	tcase_add_test(tcase, a_cgroup_has_a_name);
	tcase_add_test(tcase, a_process_lives_on_without_its_first_thread);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
