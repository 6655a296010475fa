/* SPDX-License-Identifier: Apache-2.0 */
/* Facts of the real host, on a machine that this program sets up for itself. */
#include <check.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "date.h"
#include "host.h"

/* A scratch directory that the test's process leaves empty behind it. */
static char scratch[64];

static const char *in(struct arena *arena, const char *name)
{
	return arena_printf(arena, "%s/%s", scratch, name);
}

static void make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	ck_assert_int_ge(fd, 0);
	close(fd);
}

static void make_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_lt(snprintf(address.sun_path, sizeof(address.sun_path), "%s", path),
			 (int)sizeof(address.sun_path));
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
}

static void make_scratch(void)
{
	struct arena *arena = arena_new();

	ck_assert_int_lt(snprintf(scratch, sizeof(scratch), "/tmp/seawall-host-XXXXXX"),
			 (int)sizeof(scratch));
	ck_assert_ptr_nonnull(mkdtemp(scratch));
	ck_assert_int_eq(mkdir(in(arena, "dir"), 0755), 0);
	ck_assert_int_eq(mkdir(in(arena, "dir/deep"), 0755), 0);
	ck_assert_int_eq(mkdir(in(arena, "alias"), 0755), 0);
	make_file(in(arena, "dir/file"));
	make_socket(in(arena, "dir/deep/s"));
	ck_assert_int_eq(mkfifo(in(arena, "fifo"), 0644), 0);
	ck_assert_int_eq(symlink("dir", in(arena, "link")), 0);
	ck_assert_int_eq(symlink("link/deep", in(arena, "link2")), 0);
	ck_assert_int_eq(symlink("loop", in(arena, "loop")), 0);
	arena_free(arena);
}

static void remove_scratch(void)
{
	static const char *const names[] = { "dir/deep/s", "dir/deep", "dir/file", "dir",  "alias",
					     "fifo",	   "link",     "link2",	   "loop", "" };
	struct arena *arena = arena_new();

	umount2(in(arena, "alias"), MNT_DETACH);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		ck_assert_msg(remove(in(arena, names[i])) == 0, "%s: not removed", names[i]);
	arena_free(arena);
}

START_TEST(a_path_is_told_by_where_it_leads) {
	struct arena *arena = arena_new();
	struct host *host = host_real(arena, date_now());
	const struct {
		const char *path;
		enum path_type type;
		const char *real;
	} rows[] = {
		{ in(arena, "dir"), PATH_DIRECTORY, in(arena, "dir") },
		{ in(arena, "dir/file"), PATH_FILE, in(arena, "dir/file") },
		{ in(arena, "dir/"), PATH_DIRECTORY, in(arena, "dir") },
		{ in(arena, "dir/../dir//deep/."), PATH_DIRECTORY, in(arena, "dir/deep") },
		{ in(arena, "link"), PATH_DIRECTORY, in(arena, "dir") },
		{ in(arena, "link2"), PATH_DIRECTORY, in(arena, "dir/deep") },
		{ in(arena, "link2/.."), PATH_DIRECTORY, in(arena, "dir") },
		{ in(arena, "link2/s"), PATH_SOCKET, in(arena, "dir/deep/s") },
		{ in(arena, "fifo"), PATH_FIFO, in(arena, "fifo") },
		{ in(arena, "none"), PATH_MISSING, in(arena, "none") },
		{ in(arena, "dir/file/x"), PATH_MISSING, in(arena, "dir/file/x") },
		{ in(arena, "loop"), PATH_MAGIC, in(arena, "loop") },
		{ "/dev/null", PATH_CHAR, "/dev/null" },
		{ "/proc/self/root/etc", PATH_MAGIC, "/proc/self/root/etc" },
		{ "/proc/thread-self/root", PATH_MAGIC, "/proc/thread-self/root" },
		{ "/proc/self/cwd", PATH_MAGIC, "/proc/self/cwd" },
		{ "relative", PATH_UNKNOWN, "relative" },
		{ "", PATH_UNKNOWN, "" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct host_path got = host->path(host, arena, rows[i].path);

		ck_assert_msg(got.type == rows[i].type && !strcmp(got.real, rows[i].real),
			      "%s: expected %d %s, got %d %s", rows[i].path, rows[i].type,
			      rows[i].real, got.type, got.real);
	}
	arena_free(arena);
}
END_TEST

START_TEST(sockets_are_found_at_any_depth) {
	struct arena *arena = arena_new();
	struct host *host = host_real(arena, date_now());

	ck_assert_int_eq(host->sockets(host, in(arena, "dir")), FACT_YES);
	ck_assert_int_eq(host->sockets(host, in(arena, "dir/deep/s")), FACT_YES);
	ck_assert_int_eq(host->sockets(host, in(arena, "alias")), FACT_NO);
	ck_assert_int_eq(host->sockets(host, in(arena, "dir/file")), FACT_NO);
	ck_assert_int_eq(host->sockets(host, in(arena, "none")), FACT_UNKNOWN);
	arena_free(arena);
}
END_TEST

struct wanted {
	const char *name;
	bool found;
};

static bool is_wanted(void *data, const char *name)
{
	struct wanted *wanted = data;

	wanted->found = strcmp(name, wanted->name) == 0;
	return wanted->found;
}

/* A mount namespace of our own, as root or, in a user namespace, as anybody. */
static void leave_mounts(void)
{
	if (unshare(CLONE_NEWNS) != 0)
		ck_assert_int_eq(unshare(CLONE_NEWUSER | CLONE_NEWNS), 0);
	ck_assert_int_eq(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
}

START_TEST(a_bind_mount_is_seen_through) {
	struct arena *arena = arena_new();
	struct host *host;
	struct wanted wanted = { in(arena, "dir"), false };
	struct alias_question question = { .real = in(arena, "alias"),
					   .bad = is_wanted,
					   .data = &wanted };

	leave_mounts();
	ck_assert_int_eq(mount(in(arena, "dir"), in(arena, "alias"), NULL, MS_BIND, NULL), 0);
	host = host_real(arena, date_now());
	ck_assert_int_eq(host->aliases(host, &question), FACT_YES);
	/* What lies in the bind mount is at two places too. */
	question.real = in(arena, "alias/deep");
	wanted.name = in(arena, "dir/deep");
	ck_assert_int_eq(host->aliases(host, &question), FACT_YES);
	/* And from above: a recursive bind of the scratch directory brings dir along. */
	question.real = scratch;
	question.deep = true;
	wanted.name = in(arena, "dir");
	ck_assert_int_eq(host->aliases(host, &question), FACT_YES);
	question.real = in(arena, "none");
	ck_assert_int_eq(host->aliases(host, &question), FACT_UNKNOWN);
	arena_free(arena);
}
END_TEST

/* A process in a uts namespace of its own, until it is killed. */
static pid_t elsewhere(void)
{
	int ready[2];
	pid_t pid;
	char c = 0;

	ck_assert_int_eq(pipe2(ready, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		if (unshare(CLONE_NEWUTS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWUTS) != 0)
			_exit(1);
		if (write(ready[1], "x", 1) == 1)
			pause();
		_exit(0);
	}
	close(ready[1]);
	ck_assert_int_eq(read(ready[0], &c, 1), 1);
	close(ready[0]);
	return pid;
}

START_TEST(namespaces_are_told_by_what_they_are) {
	struct arena *arena = arena_new();
	struct host *host = host_real(arena, date_now());
	pid_t pid = elsewhere();
	const char *foreign = arena_printf(arena, "/proc/%d/ns/uts", (int)pid);
	const struct {
		const char *type, *path;
		enum host_ns want;
	} rows[] = {
		{ "uts", "/proc/self/ns/uts", NS_HOST },
		{ "network", "/proc/self/ns/net", NS_HOST },
		{ "mount", "/proc/self/ns/mnt", NS_HOST },
		{ "pid", "/proc/self/ns/pid_for_children", NS_HOST },
		{ "network", "/proc/self/ns/uts", NS_MISSING },
		{ "uts", foreign, NS_FOREIGN },
		{ "ipc", foreign, NS_MISSING },
		{ "ipc", arena_printf(arena, "/proc/%d/ns/ipc", (int)pid), NS_HOST },
		{ "network", "/proc/self/ns/none", NS_MISSING },
		{ "network", "/etc/passwd", NS_MISSING },
		{ "network", "/dev/null", NS_MISSING },
		{ "nets", "/proc/self/ns/net", NS_MISSING },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		enum host_ns got = host->ns(host, rows[i].type, rows[i].path, "no such sandbox id");

		ck_assert_msg(got == rows[i].want, "%s %s: expected %d, got %d", rows[i].type,
			      rows[i].path, rows[i].want, got);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	arena_free(arena);
}
END_TEST

/* As Docker's /run/docker/netns and CNI's /run/netns have them. */
START_TEST(namespaces_mounted_on_files_are_known) {
	struct arena *arena = arena_new();
	const char *file = in(arena, "dir/file");
	struct host *host;
	pid_t pid;

	leave_mounts();
	host = host_real(arena, date_now());
	pid = elsewhere();
	ck_assert_int_eq(host->ns(host, "uts", file, NULL), NS_MISSING);
	ck_assert_int_eq(
		mount(arena_printf(arena, "/proc/%d/ns/uts", (int)pid), file, NULL, MS_BIND, NULL),
		0);
	ck_assert_int_eq(host->ns(host, "uts", file, NULL), NS_FOREIGN);
	ck_assert_int_eq(host->ns(host, "ipc", file, NULL), NS_MISSING);
	ck_assert_int_eq(umount2(file, MNT_DETACH), 0);
	ck_assert_int_eq(mount("/proc/self/ns/uts", file, NULL, MS_BIND, NULL), 0);
	ck_assert_int_eq(host->ns(host, "uts", file, NULL), NS_HOST);
	ck_assert_int_eq(umount2(file, MNT_DETACH), 0);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	arena_free(arena);
}
END_TEST

static void put_list(struct arena *arena, const char *name, const char *text)
{
	FILE *file = fopen(in(arena, name), "w");

	ck_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

/* What is not understood of a list is no proof that a layer is nobody's. */
START_TEST(a_layer_has_a_tenant) {
	struct arena *arena = arena_new();
	struct host *host = host_real(arena, date_now());
	const char *lists = in(arena, "dir");

	ck_assert_ptr_null(host->tenant(host, arena, lists, "one"));
	put_list(arena, "dir/containers.json",
		 "[{\"id\": \"a\", \"layer\": \"one\"}, {\"layer\": \"nameless\"}]");
	put_list(arena, "dir/volatile-containers.json", "[{\"id\": \"b\", \"layer\": \"two\"}]");
	ck_assert_str_eq(host->tenant(host, arena, lists, "one"), "a");
	ck_assert_str_eq(host->tenant(host, arena, lists, "two"), "b");
	ck_assert_ptr_null(host->tenant(host, arena, lists, "three"));
	ck_assert_str_eq(host->tenant(host, arena, lists, "nameless"), "");
	put_list(arena, "dir/containers.json", "[{\"id\": ");
	ck_assert_str_eq(host->tenant(host, arena, lists, "two"), "");
	put_list(arena, "dir/containers.json", "{}");
	ck_assert_str_eq(host->tenant(host, arena, lists, "two"), "");
	unlink(in(arena, "dir/containers.json"));
	unlink(in(arena, "dir/volatile-containers.json"));
	arena_free(arena);
}
END_TEST

START_TEST(the_machine_tells_about_itself) {
	struct arena *arena = arena_new();
	struct host *host = host_real(arena, date_now());
	time_t now = time(NULL);
	char date[16];

	ck_assert(host->real);
	ck_assert_int_ge(host->kernel, 5006);
	ck_assert_int_ne(host->apparmor, FACT_UNKNOWN);
	ck_assert_ptr_nonnull(host->name);
	ck_assert_int_ne(host->cgroup(host), 0);
	ck_assert_uint_eq(strftime(date, sizeof(date), "%Y-%m-%d", gmtime(&now)), 10);
	ck_assert_str_eq(host->today, date);
	/* Without a clock every exemption that ends has ended. */
	ck_assert_str_eq(host_real(arena, 0)->today, "9999-12-31");
	arena_free(arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("real host");
	TCase *tcase = tcase_create("facts");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, make_scratch, remove_scratch);
	tcase_add_test(tcase, a_path_is_told_by_where_it_leads);
	tcase_add_test(tcase, sockets_are_found_at_any_depth);
	tcase_add_test(tcase, a_bind_mount_is_seen_through);
	tcase_add_test(tcase, namespaces_are_told_by_what_they_are);
	tcase_add_test(tcase, namespaces_mounted_on_files_are_known);
	tcase_add_test(tcase, a_layer_has_a_tenant);
	tcase_add_test(tcase, the_machine_tells_about_itself);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
