/* SPDX-License-Identifier: Apache-2.0 */
/* Refusals as the engines read them: the last line of the runtime's log, one line, without their words. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "json.h"
#include "log.h"

static struct arena *arena;
#define TEMPLATE "/tmp/seawall-log-XXXXXX"

static char dir[] = TEMPLATE;
static int stderr_copy;

/* What is told on stderr goes to a file here. */
static void setup(void)
{
	int fd;

	arena = arena_new();
	memcpy(dir, TEMPLATE, sizeof(dir));
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
	stderr_copy = dup(STDERR_FILENO);
	fd = open("stderr", O_WRONLY | O_CREAT | O_APPEND, 0600);
	ck_assert_int_eq(dup2(fd, STDERR_FILENO), STDERR_FILENO);
	close(fd);
}

static void teardown(void)
{
	static const char *const names[] = { "stderr", "log", "oci-log", "link", "fifo", "target" };

	dup2(stderr_copy, STDERR_FILENO);
	close(stderr_copy);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlink(names[i]);
	ck_assert_int_eq(rmdir(dir), 0);
	arena_free(arena);
}

static const char *text_of(const char *name)
{
	struct error err;
	size_t len;
	const char *text = file_read(arena, AT_FDCWD, name, 0, &len, NULL, &err);

	ck_assert_msg(text, "%s: %s", name, err.msg);
	return text;
}

static void spoil(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT, 0600);

	ck_assert_int_eq(write(fd, "{\"level\":\"error\",\"msg\":\"old\"}\n", 30), 30);
	close(fd);
}

START_TEST(json_logs_hold_an_entry_of_level_error) {
	struct log log = { "log", "json" };
	const char *last;
	struct json *json;
	struct error err;

	spoil("log");
	log_refusal(&log, "seawall: rejected: host-path: \"/\" \\ is the host's root");
	last = strchr(text_of("log"), '\n') + 1;
	json = json_parse(arena, last, strlen(last) - 1, 0, &err);
	ck_assert_msg(json, "%s: %s", last, err.msg);
	ck_assert(json_is(json_member(json, "level"), "error"));
	ck_assert_str_eq(json_string(json_member(json, "msg")),
			 "seawall: rejected: host-path: \"/\" \\ is the host's root");
	ck_assert_uint_eq(json_member(json, "time")->len, strlen("2026-11-22T00:00:00Z"));
	ck_assert_str_eq(text_of("stderr"),
			 "seawall: rejected: host-path: \"/\" \\ is the host's root\n");
}
END_TEST

START_TEST(podmans_log_holds_one_line) {
	char path[sizeof(dir) + 16];
	struct log log = { path, "json" };

	ck_assert_int_lt(snprintf(path, sizeof(path), "%s/oci-log", dir), (int)sizeof(path));
	spoil("oci-log");
	log_refusal(&log, "seawall: one");
	log_refusal(&log, "seawall: two");
	ck_assert_ptr_nonnull(strstr(text_of("oci-log"), "two"));
	ck_assert_ptr_null(strstr(text_of("oci-log"), "one"));
	ck_assert_ptr_null(strstr(text_of("oci-log"), "old"));
}
END_TEST

START_TEST(text_logs_read_like_runcs) {
	struct log log = { "file:log", NULL };

	log_refusal(&log, "seawall: no \"x\"");
	ck_assert_ptr_nonnull(
		strstr(text_of("log"), "Z\" level=error msg=\"seawall: no \\\"x\\\"\"\n"));
}
END_TEST

static const struct {
	const char *in, *out;
} words[] = {
	{ "open /x: No such file or directory", "open /x: does not exist\n" },
	{ "open /x: Permission denied (permission denied)",
	  "open /x: access refused (access refused)\n" },
	{ "sh: executable file not found in $PATH", "sh: program is missing in $PATH\n" },
	{ "/x: Not a directory", "/x: no directory\n" },
	{ "two\nlines\r\x1b[31mred\x7f", "two lines  [31mred \n" },
	{ "", "\n" },
};

START_TEST(words_that_engines_act_upon_are_replaced) {
	struct log log = { NULL, NULL };

	log_refusal(&log, words[_i].in);
	ck_assert_str_eq(text_of("stderr"), words[_i].out);
}
END_TEST

START_TEST(long_and_ill_formed_lines_stay_one_json_line) {
	struct log log = { "log", "json" };
	char line[20000];
	const char *text;
	struct error err;

	memset(line, '"', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	memcpy(line, "\xff\xc0\xaf", 3);
	log_refusal(&log, line);
	text = text_of("log");
	ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
	ck_assert_msg(json_parse(arena, text, strlen(text) - 1, 0, &err), "%s", err.msg);
}
END_TEST

START_TEST(links_and_pipes_are_left_alone) {
	struct log link = { "link", "json" }, fifo = { "fifo", "json" }, away = { "no/log", NULL };
	struct log journal = { "journald:x", NULL };

	spoil("target");
	ck_assert_int_eq(symlink("target", "link"), 0);
	ck_assert_int_eq(mkfifo("fifo", 0600), 0);
	log_refusal(&link, "one");
	log_refusal(&fifo, "two");
	log_refusal(&away, "three");
	log_refusal(&journal, "four");
	ck_assert_uint_eq(strlen(text_of("target")), 30);
	ck_assert_str_eq(text_of("stderr"), "one\ntwo\nthree\nfour\n");
	ck_assert_int_eq(access("journald:x", F_OK), -1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("log");
	TCase *tcase = tcase_create("log");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, json_logs_hold_an_entry_of_level_error);
	tcase_add_test(tcase, podmans_log_holds_one_line);
	tcase_add_test(tcase, text_logs_read_like_runcs);
	tcase_add_loop_test(tcase, words_that_engines_act_upon_are_replaced, 0,
			    (int)(sizeof(words) / sizeof(*words)));
	tcase_add_test(tcase, long_and_ill_formed_lines_stay_one_json_line);
	tcase_add_test(tcase, links_and_pipes_are_left_alone);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
