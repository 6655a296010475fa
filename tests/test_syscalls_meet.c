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

/* The rules that allow a call in some way, printed. */
static const char *left_of(const struct json *profile, const char *call)
{
	static const char *const denials[] = { "SCMP_ACT_ERRNO", "SCMP_ACT_KILL" };
	struct text text = { .arena = arena };

	json_each(rule, json_member(profile, "syscalls")) {
		const struct json *action = json_member(rule, "action");

		if (json_has(json_member(rule, "names"), call) && !json_is(action, denials[0]) &&
		    !json_is(action, denials[1]))
			text_printf(&text, "%s%s", text.len ? "," : "", print(rule));
	}
	return text.len ? text.data : "nothing";
}

#define RULE(names, action) "{\"names\":[" names "],\"action\":\"SCMP_ACT_" action "\"}"
#define RULE_IF(name, action, args) \
	"{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_" action "\",\"args\":[" args "]}"
#define MASKED(index, mask, value)                                        \
	"{\"index\":" index ",\"value\":" mask ",\"valueTwo\":" value "," \
	"\"op\":\"SCMP_CMP_MASKED_EQ\"}"
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
	  RULE_IF("personality", "ALLOW", IF("0", "EQ", "0")) "," RULE_IF("personality", "ALLOW",
									  IF("0", "EQ", "8")) },
	/* neither 1 nor 2: 0, or 3 and more */
	{ RULE("\"chmod\"", "ALLOW") "," RULE_IF("chmod", "ERRNO", IF("1", "EQ", "1")) "," RULE_IF(
		  "chmod", "ERRNO", IF("1", "EQ", "2")),
	  "chmod",
	  RULE_IF("chmod", "ALLOW", IF("1", "EQ", "0")) "," RULE_IF("chmod", "ALLOW",
								    IF("1", "GE", "3")) },
	{ RULE("\"chmod\"", "ERRNO") "," RULE("\"chmod\"", "ALLOW"), "chmod", "nothing" },
	{ RULE("\"mount\"", "ALLOW"), "mount", "nothing" },
	{ RULE("\"nosuchcall\"", "ALLOW"), "nosuchcall", "nothing" },
	/* engines' conditions: runtimes know none, and what is written has none */
	{ "{\"names\":[\"chmod\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"CAP_FOWNER"
	  "\"]},\"args\":[" IF("1", "LT", "8") "],\"name\":\"mount\"}",
	  "chmod", RULE_IF("chmod", "ALLOW", IF("1", "LT", "8")) },
	/* a denial of what the default does not allow anyway takes nothing away */
	{ RULE("\"clone\"", "ALLOW") "," RULE_IF("clone", "ERRNO",
						 MASKED("0", "268435456", "268435456")),
	  "clone", RULE_IF("clone", "ALLOW", MASKED("0", "2114060288", "0")) },
	{ RULE("\"clone\"", "ALLOW") "," RULE_IF("clone", "ERRNO", MASKED("0", "256", "256")),
	  "clone", RULE_IF("clone", "ALLOW", MASKED("0", "2114060544", "0")) },
	{ RULE("\"clone\"", "ALLOW") "," RULE_IF("clone", "ERRNO", MASKED("0", "3", "1")), "clone",
	  RULE_IF("clone", "ALLOW", MASKED("0", "2114060289", "0")) "," RULE_IF(
		  "clone", "ALLOW", MASKED("0", "2114060290", "2")) },
	{ RULE("\"personality\"", "ALLOW") "," RULE_IF("personality", "ERRNO",
						       MASKED("0", "8", "8")),
	  "personality",
	  RULE_IF("personality", "ALLOW", IF("0", "EQ", "0")) "," RULE_IF(
		  "personality", "ALLOW", IF("0", "EQ", "131072")) },
	/* what rules on one argument cannot say is said by fewer */
	{ RULE("\"chmod\"", "ALLOW") "," RULE_IF("chmod", "ERRNO",
						 IF("0", "EQ", "1") "," IF("1", "EQ", "2")),
	  "chmod", RULE_IF("chmod", "ALLOW", IF("0", "NE", "1")) },
	/* netlink but for the audit log, as containers-common has it */
	{ RULE_IF("personality", "ALLOW", IF("0", "EQ", "8")) "," RULE_IF(
		  "personality", "ALLOW",
		  IF("0", "EQ", "0") "," IF("2", "NE", "9")) "," RULE_IF("personality", "ERRNO",
									 IF("0", "EQ", "0") "," IF(
										 "2", "EQ", "9")),
	  "personality",
	  RULE_IF("personality", "ALLOW", IF("0", "EQ", "0") "," IF("2", "NE", "9")) "," RULE_IF(
		  "personality", "ALLOW", IF("0", "EQ", "8")) },
	/* a tracer's choice and a log stay what they are */
	{ RULE_IF("chmod", "ALLOW", IF("1", "EQ", "1")) "," RULE_IF("chmod", "TRACE",
								    IF("1", "EQ", "2")),
	  "chmod",
	  RULE_IF("chmod", "ALLOW", IF("1", "EQ", "1")) "," RULE_IF("chmod", "TRACE",
								    IF("1", "EQ", "2")) },
	{ RULE_IF("socket", "ALLOW", IF("0", "EQ", "1")) "," RULE_IF("socket", "TRACE",
								     IF("0", "EQ", "2")),
	  "socket",
	  RULE_IF("socket", "TRACE", IF("0", "EQ", "1")) "," RULE_IF("socket", "TRACE",
								     IF("0", "EQ", "2")) },
};

START_TEST(argument_filters_of_both_are_kept) {
	struct syscalls_target plain = target(0);

	for (size_t i = 0; i < COUNT(met); i++) {
		const char *text = arena_printf(arena,
						"{\"defaultAction\":\"SCMP_ACT_KILL\",\"x\":1,"
						"\"syscalls\":[%s]}",
						met[i].rules);
		const struct json *meet = syscalls_meet(arena, parse(text), &plain);

		ck_assert_str_eq(left_of(meet, met[i].call), met[i].left);
		ck_assert_str_eq(print(json_member(meet, "defaultAction")), "\"SCMP_ACT_KILL\"");
		ck_assert_ptr_nonnull(json_member(meet, "x"));
	}
}
END_TEST

/* An open profile's denials, and what of one call is left; the same below a default that traces. */
static const struct {
	const char *action, *rules, *call, *left;
} open_ones[] = {
	{ "ALLOW",
	  RULE_IF("clone", "ERRNO", MASKED("0", "268435456", "268435456")) "," RULE("\"mount\"",
										    "ERRNO"),
	  "clone", RULE_IF("clone", "ALLOW", MASKED("0", "2114060288", "0")) },
	{ "TRACE", "", "personality",
	  RULE_IF("personality", "TRACE", IF("0", "EQ", "0")) "," RULE_IF(
		  "personality", "TRACE",
		  IF("0", "EQ",
		     "8")) "," RULE_IF("personality", "TRACE",
				       IF("0", "EQ",
					  "131072")) "," RULE_IF("personality", "TRACE",
								 IF("0", "EQ",
								    "131080")) "," RULE_IF("personality",
											   "TRACE",
											   IF("0",
											      "EQ",
											      "4294967295")) },
	{ "LOG",
	  RULE_IF("personality", "ALLOW", IF("0", "EQ", "8")) "," RULE_IF("personality", "ERRNO",
									  IF("0", "GT", "0")),
	  "personality", RULE_IF("personality", "LOG", IF("0", "EQ", "0")) },
};

START_TEST(what_open_profiles_deny_is_denied_and_no_more) {
	struct syscalls_target plain = target(0);

	for (size_t i = 0; i < COUNT(open_ones); i++) {
		const char *text =
			arena_printf(arena, "{\"defaultAction\":\"SCMP_ACT_%s\",\"syscalls\":[%s]}",
				     open_ones[i].action, open_ones[i].rules);

		ck_assert_str_eq(
			left_of(syscalls_meet(arena, parse(text), &plain), open_ones[i].call),
			open_ones[i].left);
	}
}
END_TEST

START_TEST(what_is_taken_is_refused_not_killed) {
	struct syscalls_target plain = target(0);
	const char *text = "{\"defaultAction\":\"SCMP_ACT_KILL_PROCESS\",\"syscalls\":[" RULE(
		"\"read\",\"keyctl\",\"clone\",\"clone3\",\"bpf\"", "ALLOW") "," RULE("\"bpf\"",
										      "KILL") "]}";
	const struct json *rules =
		json_member(syscalls_meet(arena, parse(text), &plain), "syscalls");

	ck_assert_ptr_nonnull(
		strstr(print(rules),
		       "{\"names\":[\"keyctl\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":1}"));
	ck_assert_ptr_nonnull(
		strstr(print(rules),
		       "{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[" MASKED(
			       "0", "268435456", "268435456") "],\"errnoRet\":1}"));
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

START_TEST(ten_thousand_rules_are_judged) {
	struct syscalls_target plain = target(0);
	struct text text = { .arena = arena };
	const char *reason;

	text_printf(&text, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[");
	for (int i = 0; i < 10000; i++)
		text_printf(&text,
			    "%s{\"names\":[\"call%d\",\"mount\"],\"action\":\"SCMP_ACT_%s\"}",
			    i ? "," : "", i, i % 2 ? "ERRNO" : "ALLOW");
	text_printf(&text, "]}");
	ck_assert_int_eq(syscalls_strength(arena, parse(text.data), &plain, &reason),
			 STRENGTH_WEAK);
	ck_assert_str_eq(left_of(syscalls_meet(arena, parse(text.data), &plain), "mount"),
			 "nothing");
}
END_TEST

/* What would take libseccomp seconds, or forever. */
START_TEST(thousands_of_conditions_are_weak) {
	static const struct {
		const char *call, *action, *name;
	} piles[] = {
		{ "socket", "ERRNO", "socket" },
		{ "socket", "ALLOW", "socket" },
		{ "ioctl", "ALLOW", "clone3" },
	};
	struct syscalls_target plain = target(0);

	for (size_t i = 0; i < COUNT(piles); i++) {
		struct text text = { .arena = arena };
		const char *reason;

		text_printf(&text,
			    "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[" RULE(
				    "\"clone3\"", "ERRNO") "," RULE("\"%s\"", "ALLOW"),
			    strcmp(piles[i].name, "clone3") ? "read" : "clone3");
		for (int n = 0; n < 10000; n++)
			text_printf(&text,
				    ",{\"names\":[\"%s\"],\"action\":\"SCMP_ACT_%s\",\"args\":["
				    "{\"index\":%d,\"value\":%d,\"op\":\"SCMP_CMP_EQ\"}]}",
				    piles[i].call, piles[i].action, n % 2, n % 11);
		text_printf(&text, "]}");
		ck_assert_int_eq(syscalls_strength(arena, parse(text.data), &plain, &reason),
				 STRENGTH_WEAK);
		ck_assert_str_eq(left_of(syscalls_meet(arena, parse(text.data), &plain), "socket"),
				 "nothing");
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
	tcase_add_test(tcase, what_open_profiles_deny_is_denied_and_no_more);
	tcase_add_test(tcase, what_is_taken_is_refused_not_killed);
	tcase_add_test(tcase, meeting_twice_changes_nothing_more);
	tcase_add_test(tcase, ten_thousand_rules_are_judged);
	tcase_add_test(tcase, thousands_of_conditions_are_weak);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
