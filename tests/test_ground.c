/* SPDX-License-Identifier: Apache-2.0 */
/* Errors, words, texts, hashes, reading and replacing files. */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "error.h"
#include "file.h"
#include "words.h"

static struct arena *arena;
static char dir[64];

static void setup(void)
{
	arena = arena_new();
	snprintf(dir, sizeof(dir), "/tmp/seawall-test-XXXXXX");
	ck_assert_ptr_ne(mkdtemp(dir), NULL);
	ck_assert_int_eq(chdir(dir), 0);
}

static void teardown(void)
{
	static const char *const names[] = { "file", "link", "fifo", ".file.seawall" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(names[i]);
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(rmdir(dir), 0);
	arena_free(arena);
}

/* FIPS 180-4's examples, and lengths around the padding's edges; expected values from sha256sum. */
static const struct {
	size_t count;
	const char *text, *hex;
} hashes[] = {
	{ 1, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ 1, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ 1, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ 55, "a", "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318" },
	{ 64, "a", "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb" },
	{ 1000000, "a", "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
};

START_TEST(hashes_are_sha256) {
	struct text text = { .arena = arena };
	char hex[65];

	text_add(&text, "", 0);
	for (size_t i = 0; i < hashes[_i].count; i++)
		text_add(&text, hashes[_i].text, strlen(hashes[_i].text));
	file_sha256(text.data, text.len, hex);
	ck_assert_str_eq(hex, hashes[_i].hex);
}
END_TEST

/* An engine may start us with any signal blocked; the probe for the instructions must live with it. */
START_TEST(hashing_works_with_signals_blocked) {
	sigset_t all, now;
	char hex[65], *data = arena_alloc(arena, 4096);

	sigfillset(&all);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &all, NULL), 0);
	file_sha256(data, 4096, hex);
	ck_assert_str_eq(hex, "ad7facb2586fc6e966c004d7d1d16b024f5805ff7cb47c7a85dabd8b48892ca7");
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, NULL, &now), 0);
	ck_assert_int_eq(sigismember(&now, SIGILL), 1);
}
END_TEST

START_TEST(errors_travel_up) {
	struct error err;

	ck_assert(!error_set(&err, "wrong (found %d, expected %d)", 1, 2));
	ck_assert(!error_prefix(&err, "%s:%d", "file", 3));
	ck_assert_str_eq(err.msg, "file:3: wrong (found 1, expected 2)");
}
END_TEST

START_TEST(long_errors_are_cut) {
	struct error err;
	char *longer = arena_alloc(arena, 2000);

	memset(longer, 'x', 1999);
	error_set(&err, "%s", longer);
	ck_assert_uint_eq(strlen(err.msg), sizeof(err.msg) - 1);
	error_prefix(&err, "where");
	ck_assert_uint_eq(strlen(err.msg), sizeof(err.msg) - 1);
	ck_assert(strncmp(err.msg, "where: xxx", 10) == 0);
}
END_TEST

static const struct {
	const char *a, *b;
	size_t distance;
} distances[] = {
	{ "", "", 0 },
	{ "a", "", 1 },
	{ "host-path", "host-path", 0 },
	{ "profle", "profile", 1 },
	{ "audti", "audit", 1 },
	{ "kitten", "sitting", 3 },
};

START_TEST(words_have_a_distance) {
	const char *a = distances[_i].a, *b = distances[_i].b;

	ck_assert_uint_eq(word_distance(a, strlen(a), b, strlen(b)), distances[_i].distance);
}
END_TEST

START_TEST(words_are_found_whole) {
	ck_assert(word_in("one two three", "two"));
	ck_assert(word_in("  one", "one"));
	ck_assert(!word_in("one two", "tw"));
	ck_assert(!word_in("one two", ""));
	ck_assert(!word_in("", "one"));
	ck_assert(!word_in(NULL, "one"));
}
END_TEST

static void put(const char *name, const char *text, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fchmod(fd, mode), 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

START_TEST(a_file_is_read_whole) {
	struct error err;
	struct stat stat;
	size_t len;
	char *text;

	put("file", "hello", 0644);
	text = file_read(arena, AT_FDCWD, "file", FILE_OWNED | FILE_NOFOLLOW, &len, &stat, &err);
	ck_assert_msg(text, "%s", err.msg);
	ck_assert_str_eq(text, "hello");
	ck_assert_uint_eq(len, 5);
	ck_assert_int_eq(stat.st_size, 5);
}
END_TEST

static void expect_refused(const char *name, unsigned flags, const char *words)
{
	struct error err;
	size_t len;

	ck_assert_msg(!file_read(arena, AT_FDCWD, name, flags, &len, NULL, &err), "%s", name);
	ck_assert_msg(strstr(err.msg, words), "%s: got \"%s\", expected \"%s\"", name, err.msg,
		      words);
}

START_TEST(odd_files_are_refused) {
	put("file", "x", 0666);
	expect_refused("file", FILE_OWNED, "writable by others (found mode 0666, expected 0644)");
	ck_assert_int_eq(symlink("file", "link"), 0);
	expect_refused("link", FILE_NOFOLLOW, "cannot be opened");
	ck_assert_int_eq(mkfifo("fifo", 0600), 0);
	expect_refused("fifo", 0, "not a regular file");
	expect_refused(".", 0, "not a regular file");
	expect_refused("missing", 0, "cannot be opened");
	ck_assert_int_eq(truncate("file", FILE_SIZE_MAX + 1), 0);
	expect_refused("file", 0, "too large (expected at most 16 MiB)");
}
END_TEST

START_TEST(a_file_is_replaced_with_owner_and_mode) {
	struct error err;
	struct stat before, after;
	size_t len;

	put("file", "old", 0640);
	ck_assert_int_eq(stat("file", &before), 0);
	/* What a killed run left must not be in the way. */
	put(".file.seawall", "left over", 0600);
	ck_assert_msg(file_replace(AT_FDCWD, "file", "new!", 4, &before, 0, &err), "%s", err.msg);
	ck_assert_str_eq(file_read(arena, AT_FDCWD, "file", 0, &len, &after, &err), "new!");
	ck_assert_uint_eq(after.st_mode, before.st_mode);
	ck_assert_uint_eq(after.st_uid, before.st_uid);
	ck_assert_int_ne(access(".file.seawall", F_OK), 0);
}
END_TEST

/* What an engine writes, and what it might: each is made as it was. */
START_TEST(a_replaced_file_keeps_every_mode) {
	static const mode_t modes[] = { 0600, 0644, 0666, 0400, 04755 };
	struct error err;
	struct stat before, after;

	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		put("file", "old", 0600);
		ck_assert_int_eq(chmod("file", modes[i]), 0);
		ck_assert_int_eq(stat("file", &before), 0);
		ck_assert(file_replace(AT_FDCWD, "file", "new", 3, &before, i % 2 ? FILE_LEFT : 0,
				       &err));
		ck_assert_int_eq(stat("file", &after), 0);
		ck_assert_uint_eq(after.st_mode & 07777, modes[i]);
		ck_assert(after.st_uid == before.st_uid && after.st_ino != before.st_ino);
		unlink("file");
	}
}
END_TEST

START_TEST(a_failed_replacement_leaves_the_old_file) {
	struct error err;
	size_t len;

	put("file", "old", 0640);
	ck_assert(!file_replace(AT_FDCWD, "missing/file", "new", 3, NULL, 0, &err));
	ck_assert_str_eq(file_read(arena, AT_FDCWD, "file", 0, &len, NULL, &err), "old");
}
END_TEST

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

int main(void)
{
	Suite *suite = suite_create("ground");
	TCase *tcase = tcase_create("ground");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, hashes_are_sha256, 0, COUNT(hashes));
	tcase_add_test(tcase, hashing_works_with_signals_blocked);
	tcase_add_test(tcase, errors_travel_up);
	tcase_add_test(tcase, long_errors_are_cut);
	tcase_add_loop_test(tcase, words_have_a_distance, 0, COUNT(distances));
	tcase_add_test(tcase, words_are_found_whole);
	tcase_add_test(tcase, a_file_is_read_whole);
	tcase_add_test(tcase, odd_files_are_refused);
	tcase_add_test(tcase, a_file_is_replaced_with_owner_and_mode);
	tcase_add_test(tcase, a_replaced_file_keeps_every_mode);
	tcase_add_test(tcase, a_failed_replacement_leaves_the_old_file);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
