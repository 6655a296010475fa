/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No false alarm and no miss on what engines really write: every recording of tests/corpus ends under
 * the built-in policy as its index says.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"

struct tally {
	size_t count, good, not_yet;
};

static bool rejected_by(const struct report *report, const char *rule)
{
	for (struct finding *each = report->findings.first; each; each = each->next) {
		if (each->outcome == OUTCOME_REJECTED && !strcmp(each->rule, rule))
			return true;
	}
	return false;
}

/* True if every rule that the index names is among the reasons; *unknown: one does not exist yet. */
static bool all_reasons(const struct json *rules, const struct report *report, bool *unknown)
{
	bool all = true;

	json_each(rule, rules) {
		if (!rule_find(rule->text))
			*unknown = true;
		else if (!rejected_by(report, rule->text))
			all = false;
	}
	return all;
}

static void complain(struct arena *arena, const struct subject *subject, const struct json *row,
		     const struct report *report)
{
	size_t len;

	printf("%s: expected %s %s, got %s\n%s\n", subject->name,
	       json_string(json_member(row, "baseline")),
	       json_print(arena, json_member(row, "rules"), 0, &len), verdict_name(report->verdict),
	       report_text(arena, report, subject->name, false));
}

static void judge_row(struct tally *tally, struct arena *arena, const struct json *row)
{
	bool starts = json_is(json_member(row, "baseline"), "starts");
	bool unknown = false, reasons, as_expected;
	struct subject subject;
	struct report report;

	subject_corpus(arena, row, &subject);
	harden(arena, &subject.task, &report);
	reasons = all_reasons(json_member(row, "rules"), &report, &unknown);
	if (starts)
		as_expected =
			report.verdict == VERDICT_ALLOWED || report.verdict == VERDICT_TIGHTENED;
	else
		as_expected = report.verdict == VERDICT_REJECTED && reasons;
	tally->count++;
	tally->good += as_expected && !unknown;
	if (unknown && reasons) {
		tally->not_yet++;
		printf("not yet: %s: a rule that its row names does not exist\n", subject.name);
	} else if (!as_expected) {
		complain(arena, &subject, row, &report);
	}
}

START_TEST(every_recording_ends_as_the_index_says) {
	struct arena *arena = arena_new();
	struct tally tally = { 0 };

	json_each(row, corpus_index(arena))
		judge_row(&tally, arena, row);
	printf("corpus: %zu of %zu as expected, %zu not yet\n", tally.good, tally.count,
	       tally.not_yet);
	ck_assert_uint_gt(tally.count, 0);
	ck_assert_uint_eq(tally.good + tally.not_yet, tally.count);
	arena_free(arena);
}
END_TEST

static Suite *corpus_suite(void)
{
	Suite *suite = suite_create("corpus");
	TCase *tcase = tcase_create("recordings");

	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, every_recording_ends_as_the_index_says);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(corpus_suite());
	int failed;

	setvbuf(stdout, NULL, _IOLBF, 0); /* check forks, and a failed test flushes nothing */

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
