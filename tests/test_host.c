/* SPDX-License-Identifier: Apache-2.0 */
/* Facts of a host as recorded, the arithmetic of paths, and the mount table. */
#include <check.h>
#include <string.h>

#include "../src/container/host_parts.h"
#include "harness.h"

START_TEST(paths_are_cleaned_or_refused) {
	static const struct {
		const char *path, *want;
	} rows[] = {
		{ "/", "/" },		{ "//", "/" },	      { "/etc", "/etc" },
		{ "//etc//", "/etc" },	{ "/etc/.", "/etc" }, { "/./a/./b/", "/a/b" },
		{ "/a/...", "/a/..." }, { "/a/..", NULL },    { "/../a", NULL },
		{ "etc", NULL },	{ "", NULL },
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *got = host_clean(arena, rows[i].path);

		ck_assert_msg(!got == !rows[i].want && (!got || !strcmp(got, rows[i].want)),
			      "\"%s\": expected %s, got %s", rows[i].path, rows[i].want, got);
	}
	arena_free(arena);
}
END_TEST

START_TEST(below_goes_by_whole_names) {
	static const struct {
		const char *path, *dir;
		bool want;
	} rows[] = {
		{ "/etc", "/etc", true },	{ "/etc/passwd", "/etc", true },
		{ "/etcetera", "/etc", false }, { "/etc", "/etc/passwd", false },
		{ "/etc", "/", true },		{ "/", "/", true },
		{ "/", "/etc", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		ck_assert_msg(host_below(rows[i].path, rows[i].dir) == rows[i].want,
			      "%s below %s: expected %d", rows[i].path, rows[i].dir, rows[i].want);
}
END_TEST

static struct json *parsed(struct arena *arena, const char *text)
{
	struct error err;
	struct json *json = json_parse(arena, text, strlen(text), 0, &err);

	if (!json)
		die("%s\n%s", text, err.msg);
	return json;
}

START_TEST(recorded_facts_are_checked) {
	static const struct {
		const char *facts, *want;
	} rows[] = {
		{ "{}", NULL },
		{ "{\"apparmor\":true,\"selinux\":false,\"cgroup\":2,\"today\":\"2026-11-22\"}",
		  NULL },
		{ "{\"namespaces\":{\"/proc/8/ns/net\":\"own-sandbox\"}}", NULL },
		{ "{\"paths\":{\"/a\":{\"real\":\"/b\",\"type\":\"socket\"}}}", NULL },
		{ "[]", "an object expected" },
		{ "{\"cgroup\":3}", "/cgroup" },
		{ "{\"cgroups\":2}", "/cgroups: unknown member" },
		{ "{\"apparmor\":1}", "/apparmor" },
		{ "{\"namespaces\":{\"/a\":\"mine\"}}", "/namespaces//a" },
		{ "{\"paths\":{\"/a\":{\"real\":\"b\"}}}", "/paths//a/real" },
		{ "{\"paths\":{\"/a\":{\"type\":\"folder\"}}}", "/paths//a/type" },
		{ "{\"paths\":[]}", "/paths" },
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct error err = { "" };
		struct host *host = host_facts(arena, parsed(arena, rows[i].facts), &err);

		ck_assert_msg(!host == !!rows[i].want, "%s: got \"%s\"", rows[i].facts, err.msg);
		ck_assert_msg(host || strstr(err.msg, rows[i].want), "%s: expected %s, got %s",
			      rows[i].facts, rows[i].want, err.msg);
	}
	arena_free(arena);
}
END_TEST

START_TEST(recorded_directories_hold_for_what_is_below) {
	struct arena *arena = arena_new();
	struct error err;
	struct host *host = host_facts(
		arena,
		parsed(arena, "{\"paths\":{\"/var/lib/docker\":{\"real\":\"/mnt/docker\"},"
			      "\"/s\":{\"type\":\"socket\"}}}"),
		&err);
	struct host_path path;

	ck_assert_ptr_nonnull(host);
	path = host->path(host, arena, "/var/lib/docker/x//y");
	ck_assert_str_eq(path.real, "/mnt/docker/x/y");
	ck_assert_int_eq(path.type, PATH_UNKNOWN);
	ck_assert_int_eq(host->path(host, arena, "/s").type, PATH_SOCKET);
	path = host->path(host, arena, "/var/lib/dockers");
	ck_assert_str_eq(path.real, "/var/lib/dockers");
	ck_assert_int_eq(host->sockets(host, "/"), FACT_YES);
	ck_assert_int_eq(host->sockets(host, "/var"), FACT_UNKNOWN);
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

static const char table[] =
	"20 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw\n"
	"21 20 0:5 / /dev rw,nosuid shared:2 - devtmpfs udev rw\n"
	"22 20 0:21 / /proc rw,nosuid shared:3 - proc proc rw\n"
	"23 20 254:1 /etc /var/lib/docker/volumes/evil/_data rw shared:1 - ext4 /dev/vda1 rw\n"
	"24 20 254:1 /my\\040data /srv/a\\040b rw - ext4 /dev/vda1 rw\n"
	"25 20 0:40 / /var/lib/docker/volumes/lay/_data rw - overlay overlay "
	"rw,lowerdir=/root:/usr,upperdir=/tmp/u,workdir=/tmp/w\n"
	"26 20 0:41 / /var/lib/docker/volumes/dbg/_data rw - debugfs debugfs rw\n"
	"27 20 8:1 / /mnt/disk rw master:5 propagate_from:2 - xfs /dev/sda1 rw\n"
	"28 20 8:1 /sub /pods/claim rw - xfs /dev/sda1 rw\n"
	"29 20 7:0 / /var/lib/docker/volumes/disk/_data rw - ext4 /dev/loop0 rw\n"
	"30 20 7:0 /in /var/lib/docker/volumes/again/_data rw - ext4 /dev/loop0 rw\n"
	"31 20 0:42 / /var/lib/docker/volumes/rel/_data rw - overlay overlay rw,lowerdir=etc:usr\n"
	"32 20 0:43 / /var/lib/docker/volumes/mem/_data rw - tmpfs tmpfs rw\n"
	"33 20 0:44 / /var/lib/docker/volumes/net/_data rw - nfs4 server:/x rw\n"
	"34 20 8:1 / /var/lib/docker/volumes/host/_data rw - xfs /dev/sda1 rw\n";

START_TEST(the_mount_table_names_places) {
	static const struct {
		int id, base;
		const char *real;
		bool deep;
		const char *name;
		enum fact want;
	} rows[] = {
		{ 23, 20, "/var/lib/docker/volumes/evil/_data", false, "/etc", FACT_YES },
		{ 23, 20, "/var/lib/docker/volumes/evil/_data/ssh", false, "/etc/ssh", FACT_YES },
		{ 23, 20, "/var/lib/docker/volumes/evil/_data", false, "/dev", FACT_NO },
		{ 20, 0, "/etc", false, "/var/lib/docker/volumes/evil/_data", FACT_YES },
		{ 20, 20, "/etc", false, "/var/lib/docker/volumes/evil/_data", FACT_NO },
		{ 20, 20, "/var/lib/docker", true, "/etc", FACT_YES },
		{ 20, 20, "/srv", true, "/my data", FACT_YES },
		{ 25, 20, "/var/lib/docker/volumes/lay/_data", false, "/root", FACT_YES },
		{ 25, 20, "/var/lib/docker/volumes/lay/_data", false, "/usr", FACT_YES },
		{ 25, 20, "/var/lib/docker/volumes/lay/_data", false, "/tmp/u", FACT_YES },
		{ 26, 20, "/var/lib/docker/volumes/dbg/_data", false, "a debugfs file system",
		  FACT_YES },
		{ 28, 20, "/pods/claim", false, "/mnt/disk/sub", FACT_YES },
		{ 27, 20, "/mnt/disk", false, "/pods/claim", FACT_YES },
		{ 99, 20, "/mnt/disk", false, "/pods/claim", FACT_UNKNOWN },
	};
	struct arena *arena = arena_new();
	struct mount_row *mounts = mounts_parse(arena, table);

	ck_assert_ptr_nonnull(mounts);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct wanted wanted = { rows[i].name, false };
		struct alias_question question = { .real = rows[i].real,
						   .deep = rows[i].deep,
						   .bad = is_wanted,
						   .data = &wanted };
		enum fact got = mounts_aliases(arena, mounts, rows[i].id, rows[i].base, &question);

		ck_assert_msg(got == rows[i].want, "%s as %s: expected %d, got %d", rows[i].real,
			      rows[i].name, rows[i].want, got);
	}
	arena_free(arena);
}
END_TEST

static bool is_no_volume(void *data, const char *point)
{
	(void)data;
	return !host_below(point, "/var/lib/docker/volumes");
}

/* "docker volume create -o type=ext4 -o device=/dev/loop0", -o type=overlay, -o o=bind. */
START_TEST(a_volume_shows_no_disk_that_the_host_does_not) {
	static const struct {
		int id;
		const char *name, *kind;
	} rows[] = {
		{ 23, "evil", NULL },	 { 25, "lay", "overlay" }, { 29, "disk", "ext4" },
		{ 30, "again", "ext4" }, { 31, "rel", "overlay" }, { 32, "mem", NULL },
		{ 33, "net", NULL },	 { 34, "host", NULL },
	};
	struct arena *arena = arena_new();
	struct mount_row *mounts = mounts_parse(arena, table);

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *kind = rows[i].kind ? rows[i].kind : "";
		struct wanted wanted = {
			arena_printf(arena, "a file system that only the volume mounts (%s)", kind),
			false
		};
		struct alias_question question = {
			.real = arena_printf(arena, "/var/lib/docker/volumes/%s/_data",
					     rows[i].name),
			.bad = is_wanted,
			.host_mounts = is_no_volume,
			.data = &wanted,
		};
		enum fact got = mounts_aliases(arena, mounts, rows[i].id, 20, &question);

		ck_assert_msg(got == (rows[i].kind ? FACT_YES : FACT_NO), "%s: got %d",
			      rows[i].name, got);
	}
	arena_free(arena);
}
END_TEST

START_TEST(a_mount_table_that_is_not_understood_is_none) {
	static const char *const texts[] = {
		"x",
		" 1 254:1 / / rw - ext4 /dev/vda1 rw\n",
		"20 1  / / rw - ext4 /dev/vda1 rw\n",
		"20 1 254:1  / rw - ext4 /dev/vda1 rw\n",
		"20 1 254:1 / / rw -  /dev/vda1 rw\n",
		"20 1 254:1 / /",
		"20 1 254:1 / / rw - ext4 /dev/vda1\n",
		"20 1 254:1 / / rw,relatime shared:1 ext4 /dev/vda1 rw\n",
		"\n",
		"20 1 254:1 / / rw - ext4 /dev/vda1 rw\n21 20\n",
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		ck_assert_msg(!mounts_parse(arena, texts[i]), "taken: %s", texts[i]);
	arena_free(arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("host");
	TCase *tcase = tcase_create("facts");
	SRunner *runner;
	int failed;

	tcase_add_test(tcase, paths_are_cleaned_or_refused);
	tcase_add_test(tcase, below_goes_by_whole_names);
	tcase_add_test(tcase, recorded_facts_are_checked);
	tcase_add_test(tcase, recorded_directories_hold_for_what_is_below);
	tcase_add_test(tcase, the_mount_table_names_places);
	tcase_add_test(tcase, a_volume_shows_no_disk_that_the_host_does_not);
	tcase_add_test(tcase, a_mount_table_that_is_not_understood_is_none);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
