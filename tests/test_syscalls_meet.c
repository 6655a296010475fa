/* SPDX-License-Identifier: Apache-2.0 */
/* What a profile and the default both allow. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "syscalls.h"

#define COUNT(set) (sizeof(set) / sizeof(*(set)))

#define DOCKER_CAPS ((caps_set)0xa80425fb)

static struct arena *arena;

static void make_arena(void)
{
	arena = arena_new();
}

static void drop_arena(void)
{
	arena_free(arena);
}

static struct syscalls_target target(caps_set caps)
{
	return (struct syscalls_target){ .caps = caps, .kernel = KERNEL(6, 1) };
}

static struct json *parse(const char *text)
{
	struct error err = { 0 };
	struct json *json = json_parse(arena, text, strlen(text), 0, &err);

	ck_assert_msg(json != NULL, "%s: %s", text, err.msg);
	return json;
}

static const char *print(const struct json *json)
{
	size_t len;

	return json_print(arena, json, 0, &len);
}

/* The rule that speaks of a call with this action; NULL if none does. */
static const struct json *rule_on(const struct json *profile, const char *call, const char *action)
{
	json_each(rule, json_member(profile, "syscalls"))
		if (json_is(json_member(rule, "action"), action) &&
		    json_has(json_member(rule, "names"), call))
			return rule;
	return NULL;
}

#define RULE(names, action) "{\"names\":[" names "],\"action\":\"SCMP_ACT_" action "\"}"
#define RULE_IF(name, action, args) \
	"{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_" action "\",\"args\":[" args "]}"
#define IF(index, op, value) "{\"index\":" index ",\"value\":" value ",\"op\":\"SCMP_CMP_" op "\"}"

/* Profile, and what of one call is left: the rules that allow it, printed. */
static const struct {
	const char *rules, *call, *left;
} met[] = {
	{ RULE("\"chmod\"", "LOG"), "chmod",
	  "{\"names\":[\"chmod\"],\"action\":\"SCMP_ACT_LOG\"}" },
	{ RULE_IF("chmod", "ALLOW", IF("1", "LT", "8")), "chmod",
	  RULE_IF("chmod", "ALLOW", IF("1", "LT", "8")) },
	{ RULE("\"socket\"", "ALLOW") "," RULE_IF("socket", "ERRNO", IF("0", "NE", "1")), "socket",
	  RULE_IF("socket", "ALLOW", IF("0", "EQ", "1")) },
	{ RULE_IF("socket", "ALLOW", IF("1", "EQ", "3") "," IF("0", "EQ", "17")), "socket",
	  RULE_IF("socket", "ALLOW", IF("0", "EQ", "17") "," IF("1", "EQ", "3")) },
	{ RULE_IF("personality", "ALLOW", IF("0", "LE", "8")), "personality",
	  RULE_IF("personality", "ALLOW", IF("0", "EQ", "0")) },
	/* "neither 1 nor 2" cannot be said on one argument: the call goes */
	{ RULE("\"chmod\"", "ALLOW") "," RULE_IF("chmod", "ERRNO", IF("1", "EQ", "1")) "," RULE_IF(
		  "chmod", "ERRNO", IF("1", "EQ", "2")),
	  "chmod", "nothing" },
	{ RULE("\"chmod\"", "ERRNO") "," RULE("\"chmod\"", "ALLOW"), "chmod", "nothing" },
	{ RULE("\"mount\"", "ALLOW"), "mount", "nothing" },
};

START_TEST(argument_filters_of_both_are_kept) {
	struct syscalls_target plain = target(0);

	for (size_t i = 0; i < COUNT(met); i++) {
		const char *text = arena_printf(arena,
						"{\"defaultAction\":\"SCMP_ACT_KILL\",\"x\":1,"
						"\"syscalls\":[%s]}",
						met[i].rules);
		const struct json *meet = syscalls_meet(arena, parse(text), &plain);
		const struct json *rule = rule_on(meet, met[i].call, "SCMP_ACT_ALLOW");

		if (!rule)
			rule = rule_on(meet, met[i].call, "SCMP_ACT_LOG");
		ck_assert_str_eq(rule ? print(rule) : "nothing", met[i].left);
		ck_assert_str_eq(print(json_member(meet, "defaultAction")), "\"SCMP_ACT_KILL\"");
		ck_assert_ptr_nonnull(json_member(meet, "x"));
	}
}
END_TEST

static const char *const engines[] = {
	"tests/corpus/docker/default.config.json",
	"tests/corpus/reference/docker-28.default.config.json",
	"tests/corpus/reference/containerd-2.1.sandbox.config.json",
	"tests/corpus/podman/default.config.json",
};

START_TEST(meeting_twice_changes_nothing_more) {
	struct syscalls_target plain = target(DOCKER_CAPS);

	for (size_t i = 0; i < COUNT(engines); i++) {
		const struct json *config = slurp_json(arena, engines[i]);
		const struct json *once =
			syscalls_meet(arena, json_at(config, "/linux/seccomp"), &plain);

		ck_assert_str_eq(print(syscalls_meet(arena, once, &plain)), print(once));
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("syscalls_meet");
	TCase *tcase = tcase_create("syscalls_meet");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, make_arena, drop_arena);
	tcase_add_test(tcase, argument_filters_of_both_are_kept);
	tcase_add_test(tcase, meeting_twice_changes_nothing_more);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
