/* SPDX-License-Identifier: Apache-2.0 */
/* The laws of tests/laws.h over every case and every recording. */
#include <check.h>
#include <stdio.h>

#include "harness.h"
#include "laws.h"

struct trial {
	const char *(*law)(struct arena *arena, const struct task *task);
	size_t count;
	int broken;
};

static void try_law(struct trial *trial, struct arena *arena, const struct subject *subject)
{
	const char *broken = trial->law(arena, &subject->task);

	trial->count++;
	if (!broken)
		return;
	trial->broken++;
	printf("%s: %.2000s\n", subject->name, broken);
}

static void try_case(void *data, struct arena *arena, const char *rule, const char *name,
		     const char *dir)
{
	struct subject subject;

	(void)rule;
	(void)name;
	subject_case(arena, dir, &subject);
	try_law(data, arena, &subject);
}

static void over_everything(const char *what,
			    const char *(*law)(struct arena *arena, const struct task *task))
{
	struct trial trial = { .law = law };
	struct arena *arena = arena_new();

	(void)cases_each(arena, try_case, &trial);
	arena_free(arena);
	arena = arena_new();
	json_each(row, corpus_index(arena)) {
		struct subject subject;

		subject_corpus(arena, row, &subject);
		try_law(&trial, arena, &subject);
	}
	arena_free(arena);
	printf("%s: %zu of %zu\n", what, trial.count - (size_t)trial.broken, trial.count);
	ck_assert_int_eq(trial.broken, 0);
}

START_TEST(hardening_twice_is_hardening_once) {
	over_everything("twice is once", law_twice);
}
END_TEST

START_TEST(unknown_members_survive_in_place) {
	over_everything("unknown members survive", law_kept);
}
END_TEST

START_TEST(with_all_rules_off_nothing_changes) {
	over_everything("off changes nothing", law_off);
}
END_TEST

START_TEST(audit_mode_changes_nothing) {
	over_everything("audit changes nothing", law_audit);
}
END_TEST

START_TEST(the_output_grants_no_more_than_the_input) {
	over_everything("nothing is granted", law_grants);
}
END_TEST

static Suite *laws_suite(void)
{
	Suite *suite = suite_create("laws");
	TCase *tcase = tcase_create("laws");

	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, hardening_twice_is_hardening_once);
	tcase_add_test(tcase, unknown_members_survive_in_place);
	tcase_add_test(tcase, with_all_rules_off_nothing_changes);
	tcase_add_test(tcase, audit_mode_changes_nothing);
	tcase_add_test(tcase, the_output_grants_no_more_than_the_input);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(laws_suite());
	int failed;

	setvbuf(stdout, NULL, _IOLBF, 0); /* check forks, and a failed test flushes nothing */

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
