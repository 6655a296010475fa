/* SPDX-License-Identifier: Apache-2.0 */
/* Capability names in every spelling that a runtime may take for one, and sets of them. */
#include <check.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#include "caps.h"

#define BIT(number) ((caps_set)1 << (number))

static const struct {
	const char *name;
	int number;
} spellings[] = {
	{ "CAP_CHOWN", CAP_CHOWN },
	{ "cap_chown", CAP_CHOWN },
	{ "Cap_Sys_Admin", CAP_SYS_ADMIN },
	{ "SYS_ADMIN", CAP_SYS_ADMIN },
	{ "net_raw", CAP_NET_RAW },
	{ "CAP_CHECKPOINT_RESTORE", CAP_CHECKPOINT_RESTORE },
	{ "CAP_AUDIT_READ", CAP_AUDIT_READ },
	/* kubelet writes this when a pod adds CAP_CHOWN by its full name; no runtime knows it */
	{ "CAP_CAP_CHOWN", -1 },
	{ "", -1 },
	{ "CAP_", -1 },
	{ "cap_", -1 },
	{ "ALL", -1 },
	{ "CAP_NO_SUCH", -1 },
	/* libcap alone would take these */
	{ "5", -1 },
	{ "CAP_5", -1 },
	{ "cap_chown=ep", -1 },
	{ "cap_chown,cap_kill", -1 },
	{ "CAP_CHOWN ", -1 },
	{ " CAP_CHOWN", -1 },
	{ "CAP_CHOWN\n", -1 },
	{ "CAP_CHOWNAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", -1 },
};

START_TEST(names_are_known_in_any_spelling) {
	for (size_t i = 0; i < sizeof(spellings) / sizeof(*spellings); i++) {
		int got = caps_number(spellings[i].name);

		ck_assert_msg(got == spellings[i].number, "\"%s\": expected %d, got %d",
			      spellings[i].name, spellings[i].number, got);
	}
}
END_TEST

START_TEST(names_are_written_one_way) {
	struct arena *arena = arena_new();

	for (int number = 0; number <= CAP_LAST_CAP; number++) {
		const char *name = caps_name(number);

		ck_assert_msg(name && caps_number(name) == number, "%d: got %s", number, name);
		ck_assert_msg(strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == strlen(name), "%s",
			      name);
	}
	ck_assert_ptr_null(caps_name(-1));
	ck_assert_ptr_null(caps_name(63));
	ck_assert_ptr_null(caps_name(64));
	arena_free(arena);
}
END_TEST

static const struct {
	const char *json, *canonical, *text;
	caps_set set;
} sets[] = {
	{ "[]", "[]", "", 0 },
	{ "null", "[]", "", 0 },
	{ "{\"a\":\"CAP_CHOWN\"}", "[]", "", 0 },
	{ "[\"net_raw\",\"CAP_CHOWN\",\"CAP_NET_RAW\"]", "[\"CAP_CHOWN\",\"CAP_NET_RAW\"]",
	  "CHOWN, NET_RAW", BIT(CAP_CHOWN) | BIT(CAP_NET_RAW) },
	{ "[\"CAP_CAP_CHOWN\",\"KILL\"]", "[\"CAP_KILL\"]", "KILL", BIT(CAP_KILL) },
	{ "[3,null,[\"CAP_KILL\"]]", "[]", "", 0 },
};

START_TEST(sets_are_read_and_written) {
	struct arena *arena = arena_new();

	for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++) {
		struct error err = { 0 };
		struct json *json = json_parse(arena, sets[i].json, strlen(sets[i].json), 0, &err);
		caps_set set = caps_of(json);
		size_t len;

		ck_assert_msg(json != NULL, "%s: %s", sets[i].json, err.msg);
		ck_assert_msg(set == sets[i].set, "%s: expected %llx, got %llx", sets[i].json,
			      (unsigned long long)sets[i].set, (unsigned long long)set);
		ck_assert_str_eq(json_print(arena, caps_json(arena, set), 0, &len),
				 sets[i].canonical);
		ck_assert_str_eq(caps_text(arena, set), sets[i].text);
	}
	arena_free(arena);
}
END_TEST

START_TEST(long_lists_are_cut) {
	struct arena *arena = arena_new();

	ck_assert_str_eq(caps_brief(arena, 0), "");
	ck_assert_str_eq(caps_brief(arena, 0x3f), caps_text(arena, 0x3f));
	ck_assert_str_eq(caps_brief(arena, 0x7f), "CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, "
						  "FSETID and 2 more");
	arena_free(arena);
}
END_TEST

START_TEST(all_is_every_capability_with_a_name) {
	caps_set known = BIT(CAP_LAST_CAP) | (BIT(CAP_LAST_CAP) - 1);

	ck_assert_uint_eq(caps_all() & known, known);
	ck_assert_uint_eq(caps_of(NULL), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("caps");
	TCase *tcase = tcase_create("caps");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(tcase, long_lists_are_cut);
	tcase_add_test(tcase, names_are_known_in_any_spelling);
	tcase_add_test(tcase, names_are_written_one_way);
	tcase_add_test(tcase, sets_are_read_and_written);
	tcase_add_test(tcase, all_is_every_capability_with_a_name);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
