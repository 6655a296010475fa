/* SPDX-License-Identifier: Apache-2.0 */
/* Dates against the C library's, and beyond what four digits hold. */
#include <check.h>
#include <stdio.h>
#include <time.h>

#include "date.h"
#include "harness.h"

#define YEAR_10000 253402300800

START_TEST(dates_are_the_c_librarys) {
	for (int64_t seconds = 0; seconds < YEAR_10000; seconds += 86399 * 31 + 7) {
		time_t time = (time_t)seconds;
		char got[20], expected[20];
		struct tm tm;

		ck_assert_ptr_nonnull(gmtime_r(&time, &tm));
		ck_assert_uint_eq(strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%S", &tm),
				  19);
		date_text(seconds, got);
		ck_assert_str_eq(got, expected);
	}
}
END_TEST

START_TEST(other_times_are_zeros) {
	char got[20];

	date_text(-1, got);
	ck_assert_str_eq(got, "0000-00-00T00:00:00");
	date_text(YEAR_10000, got);
	ck_assert_str_eq(got, "0000-00-00T00:00:00");
	date_text(YEAR_10000 - 1, got);
	ck_assert_str_eq(got, "9999-12-31T23:59:59");
}
END_TEST

START_TEST(now_is_now) {
	/* time(2) is of the last tick */
	int64_t now = date_now() / 1000000, seen = time(NULL);

	ck_assert(now - seen >= -1 && now - seen <= 1);
}
END_TEST

static Suite *date_suite(void)
{
	Suite *suite = suite_create("date");
	TCase *tcase = tcase_create("date");

	tcase_add_test(tcase, dates_are_the_c_librarys);
	tcase_add_test(tcase, other_times_are_zeros);
	tcase_add_test(tcase, now_is_now);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(date_suite());
	int failed;

	setvbuf(stdout, NULL, _IOLBF, 0); /* check forks, and a failed test flushes nothing */

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
