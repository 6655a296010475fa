/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Golden cases: tests/cases/RULE/CASE/ holds config.json and, where needed, policy.json, host.json,
 * process.json or resources.json and case.json; expected.json and report.txt say how it has to end.
 * UPDATE=1 rewrites these two, for a human to read before they are committed.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "harness.h"

/* Longer values stand in expected.json as their hash. */
#define VALUE_MAX 3000

/* How a case may end for the rule of its directory; its name has to begin with the word. */
static const char *const endings[] = { "holds",	  "tightened", "rejected",
				       "audited", "exempted",  "unproven" };
enum { HOLDS, TIGHTENED, REJECTED, AUDITED, EXEMPTED, UNPROVEN, ENDINGS };

struct walk {
	int failures;
	bool update;
	bool seen[RULES_MAX][ENDINGS];
};

static struct json *value_of(struct arena *arena, const struct json *json)
{
	char hex[65];
	size_t len;
	char *text = json_print(arena, json, 0, &len);

	if (len <= VALUE_MAX)
		return json_clone(arena, json);
	file_sha256(text, len, hex);
	return json_new_string(arena, arena_printf(arena, "%zu bytes, sha256 %s", len, hex));
}

static void note(struct arena *arena, struct json *list, const struct json *was,
		 const struct json *is)
{
	struct json *entry = json_new(arena, JSON_OBJECT);

	json_set(arena, entry, "pointer",
		 json_new_string(arena, json_pointer(arena, is ? is : was)));
	if (was)
		json_set(arena, entry, "was", value_of(arena, was));
	if (is)
		json_set(arena, entry, "is", value_of(arena, is));
	json_append(list, entry);
}

static const struct json *element(const struct json *array, size_t index)
{
	const struct json *each = array->child;

	while (each && index--)
		each = each->next;
	return each;
}

static const struct json *mount_at(const struct json *mounts, const struct json *destination)
{
	json_each(each, mounts) {
		if (json_equal(json_member(each, "destination"), destination))
			return each;
	}
	return NULL;
}

static void compare(struct arena *arena, struct json *list, const struct json *was,
		    const struct json *is);

static void compare_members(struct arena *arena, struct json *list, const struct json *was,
			    const struct json *is)
{
	size_t before = list->len;

	json_each(each, is) {
		const struct json *old = json_member(was, each->key);

		if (old)
			compare(arena, list, old, each);
		else
			note(arena, list, NULL, each);
	}
	json_each(each, was) {
		if (!json_member(is, each->key))
			note(arena, list, each, NULL);
	}
	if (list->len == before)
		note(arena, list, was, is); /* the order alone changed */
}

/* Mounts are known by their destination, wherever they stand. */
static void compare_mounts(struct arena *arena, struct json *list, const struct json *was,
			   const struct json *is)
{
	json_each(each, is) {
		const struct json *old = mount_at(was, json_member(each, "destination"));

		if (old)
			compare(arena, list, old, each);
		else
			note(arena, list, NULL, each);
	}
	json_each(each, was) {
		if (!mount_at(is, json_member(each, "destination")))
			note(arena, list, each, NULL);
	}
}

/* Arrays of objects element by element; arrays of words as one value. */
static void compare_elements(struct arena *arena, struct json *list, const struct json *was,
			     const struct json *is)
{
	size_t i = 0;

	if (is->child && json_member(is->child, "destination")) {
		compare_mounts(arena, list, was, is);
		return;
	}
	if (is->len < was->len || !is->child || is->child->type != JSON_OBJECT) {
		note(arena, list, was, is);
		return;
	}
	json_each(each, is) {
		const struct json *old = element(was, i++);

		if (old)
			compare(arena, list, old, each);
		else
			note(arena, list, NULL, each);
	}
}

static void compare(struct arena *arena, struct json *list, const struct json *was,
		    const struct json *is)
{
	if (json_equal(was, is))
		return;
	if (was->type == JSON_OBJECT && is->type == JSON_OBJECT)
		compare_members(arena, list, was, is);
	else if (was->type == JSON_ARRAY && is->type == JSON_ARRAY)
		compare_elements(arena, list, was, is);
	else
		note(arena, list, was, is);
}

static struct json *findings_json(struct arena *arena, const struct report *report)
{
	struct json *list = json_new(arena, JSON_ARRAY);

	for (struct finding *each = report->findings.first; each; each = each->next) {
		struct json *entry = json_new(arena, JSON_OBJECT);

		json_set(arena, entry, "rule", json_new_string(arena, each->rule));
		json_set(arena, entry, "pointer", json_new_string(arena, each->pointer));
		json_set(arena, entry, "outcome",
			 json_new_string(arena, outcome_name(each->outcome)));
		json_append(list, entry);
	}
	return list;
}

static struct json *changes_json(struct arena *arena, const struct subject *subject,
				 const struct report *report)
{
	struct json *list = json_new(arena, JSON_ARRAY);
	struct error err;
	struct json *doc = json_parse(arena, subject->task.text, subject->task.len, 0, &err);

	if (doc && report->doc && report->verdict != VERDICT_REJECTED)
		compare(arena, list, unsigned_copy(arena, doc), unsigned_copy(arena, report->doc));
	return list;
}

static struct json *outcome_json(struct arena *arena, const struct subject *subject,
				 const struct report *report)
{
	struct json *all = json_new(arena, JSON_OBJECT);

	json_set(arena, all, "verdict", json_new_string(arena, verdict_name(report->verdict)));
	json_set(arena, all, "findings", findings_json(arena, report));
	json_set(arena, all, "changes", changes_json(arena, subject, report));
	return all;
}

/* The text in the file equals got; with UPDATE=1 it is made so. */
static bool golden(struct arena *arena, const struct walk *walk, const char *path, const char *got)
{
	size_t len;
	const char *expected = slurp(arena, path, &len);

	if (expected && !strcmp(expected, got))
		return true;
	if (walk->update) {
		spill(path, got, strlen(got));
		return true;
	}
	printf("%s: not as expected\n--- expected\n%s\n+++ got\n%s\n", path,
	       expected ? expected : "(no such file: UPDATE=1 writes it, then read it)", got);
	return false;
}

static int ending_of(const struct report *report, const char *rule)
{
	static const int by_outcome[] = {
		[OUTCOME_TIGHTENED] = TIGHTENED, [OUTCOME_REJECTED] = REJECTED,
		[OUTCOME_AUDITED] = AUDITED,	 [OUTCOME_EXEMPTED] = EXEMPTED,
		[OUTCOME_UNPROVEN] = UNPROVEN,
	};
	int ending = HOLDS;

	for (struct finding *each = report->findings.first; each; each = each->next) {
		if (strcmp(each->rule, rule))
			continue;
		if (ending == HOLDS || each->outcome == OUTCOME_REJECTED)
			ending = by_outcome[each->outcome];
	}
	return ending;
}

/* A rule that is switched off "holds" without having looked: that is no case. */
static bool looked(struct arena *arena, const struct subject *subject, const struct report *report,
		   const struct rule *rule)
{
	struct selection *selection = arena_alloc(arena, sizeof(*selection));

	policy_select(arena, &subject->policy, &report->workload, subject->task.floor, selection);
	return selection->settings[rule_index(rule)].action != ACTION_OFF;
}

static bool named_right(struct arena *arena, struct walk *walk, const struct subject *subject,
			const struct report *report, const char *rule_id, const char *name)
{
	const struct rule *rule = rule_find(rule_id);
	int ending = ending_of(report, rule_id);
	const char *word = endings[ending];
	size_t len = strlen(word);

	if (strncmp(name, word, len) || (name[len] && name[len] != '-')) {
		printf("%s: ends as \"%s\": expected a name that begins with this word\n",
		       subject->name, word);
		return false;
	}
	if (!rule)
		return true; /* document, identity: not of the table */
	if (ending == HOLDS && !looked(arena, subject, report, rule)) {
		printf("%s: the rule is off here (expected it to look and to hold)\n",
		       subject->name);
		return false;
	}
	walk->seen[rule_index(rule)][ending] = true;
	return true;
}

static void run_case(void *data, struct arena *arena, const char *rule, const char *name,
		     const char *dir)
{
	struct walk *walk = data;
	struct subject subject;
	struct report report;
	size_t len;
	const char *json;
	bool good;

	subject_case(arena, dir, &subject);
	harden(arena, &subject.task, &report);
	json = json_print(arena, outcome_json(arena, &subject, &report), JSON_PRETTY, &len);
	json = arena_printf(arena, "%s\n", json);
	good = golden(arena, walk, arena_printf(arena, "%s/expected.json", dir), json);
	good &= golden(arena, walk, arena_printf(arena, "%s/report.txt", dir),
		       report_text(arena, &report, subject.task.name, false));
	good &= named_right(arena, walk, &subject, &report, rule, name);
	walk->failures += !good;
}

static bool needs(const struct rule *rule, int ending)
{
	if (ending == TIGHTENED)
		return rule->fix;
	if (ending == AUDITED || ending == EXEMPTED)
		return !(rule->flags & RULE_ALWAYS);
	return ending == HOLDS || ending == REJECTED;
}

static void missing_cases(struct walk *walk)
{
	const struct rule *rule;

	for (size_t i = 0; (rule = rule_at(i)); i++) {
		for (int ending = 0; ending < ENDINGS; ending++) {
			if (!needs(rule, ending) || walk->seen[i][ending])
				continue;
			printf("tests/cases/%s: no case is \"%s\"\n", rule->id, endings[ending]);
			walk->failures++;
		}
	}
}

START_TEST(every_case_ends_as_its_files_say) {
	struct arena *arena = arena_new();
	struct walk walk = { .update = getenv("UPDATE") && *getenv("UPDATE") };
	size_t count = cases_each(arena, run_case, &walk);

	printf("cases: %zu of %zu as expected\n", count - (size_t)walk.failures, count);
	ck_assert_uint_gt(count, 0);
	ck_assert_int_eq(walk.failures, 0);
	arena_free(arena);
}
END_TEST

START_TEST(every_rule_has_cases_for_all_it_can_do) {
	struct arena *arena = arena_new();
	struct walk walk = { .update = false };

	(void)cases_each(arena, run_case, &walk);
	walk.failures = 0;
	missing_cases(&walk);
	ck_assert_int_eq(walk.failures, 0);
	arena_free(arena);
}
END_TEST

/* All cases are made from this document and one danger: it must not be refused or changed itself. */
START_TEST(the_base_of_the_cases_is_clean) {
	struct arena *arena = arena_new();
	struct subject subject;
	struct report report;

	for (enum profile profile = PROFILE_BASELINE; profile <= PROFILE_RESTRICTED; profile++) {
		subject_case(arena, "tests/base", &subject);
		subject.task.floor = profile;
		harden(arena, &subject.task, &report);
		ck_assert_msg(report.verdict == VERDICT_ALLOWED, "tests/base: %s",
			      report_text(arena, &report, "config.json", false));
	}
	arena_free(arena);
}
END_TEST

static Suite *cases_suite(void)
{
	Suite *suite = suite_create("cases");
	TCase *tcase = tcase_create("golden");

	tcase_set_timeout(tcase, 300);
	tcase_add_test(tcase, every_case_ends_as_its_files_say);
	tcase_add_test(tcase, every_rule_has_cases_for_all_it_can_do);
	tcase_add_test(tcase, the_base_of_the_cases_is_clean);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(cases_suite());
	int failed;

	setvbuf(stdout, NULL, _IOLBF, 0); /* check forks, and a failed test flushes nothing */

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
