/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles that operators write, in both formats, and the mistakes in them. */
#include <check.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#include "syscalls.h"

#define CAP(name)  ((caps_set)1 << CAP_##name)
#define COUNT(set) (sizeof(set) / sizeof(*(set)))

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

static struct json *with_default(void)
{
	struct syscalls_target none = target(0);

	return syscalls_profile(arena, &none);
}

#define RULE(names, action) "{\"names\":[" names "],\"action\":\"SCMP_ACT_" action "\"}"
#define RULE_IF(name, action, args) \
	"{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_" action "\",\"args\":[" args "]}"
#define IF(index, op, value) "{\"index\":" index ",\"value\":" value ",\"op\":\"SCMP_CMP_" op "\"}"

/* An operator's profile: rules in the format of moby, and what is left of them on this machine. */
static const struct {
	const char *rules;
	caps_set caps;
	const char *left;
} conditional[] = {
	{ RULE("\"read\"", "ALLOW"), 0, "[" RULE("\"read\"", "ALLOW") "]" },
	{ "{\"name\":\"read\",\"action\":\"SCMP_ACT_ALLOW\",\"args\":null,\"comment\":\"x\"}", 0,
	  "[" RULE("\"read\"", "ALLOW") "]" },
	{ "{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"CAP_BPF\"]}}",
	  0, "[]" },
	{ "{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"CAP_BPF\"]}}",
	  CAP(BPF), "[" RULE("\"bpf\"", "ALLOW") "]" },
	{ "{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"CAP_BPF\","
	  "\"CAP_SYS_ADMIN\"]}}",
	  CAP(BPF), "[]" },
	{ "{\"names\":[\"bdflush\"],\"action\":\"SCMP_ACT_ERRNO\",\"errno\":\"EINVAL\"}", 0,
	  "[{\"names\":[\"bdflush\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":22}]" },
	{ "{\"names\":[\"bdflush\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38,\"errno\":"
	  "\"ENOSYS\"}",
	  0, "[{\"names\":[\"bdflush\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38}]" },
	{ "{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38,\"excludes\":{\"caps\":["
	  "\"CAP_BPF\"]}}",
	  0, "[{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38}]" },
	{ "{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ERRNO\",\"excludes\":{\"caps\":[\"CAP_BPF\"]}}",
	  CAP(BPF), "[]" },
	{ "{\"names\":[\"ptrace\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"minKernel\":\"6.1\"}}",
	  0, "[" RULE("\"ptrace\"", "ALLOW") "]" },
	{ "{\"names\":[\"ptrace\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"minKernel\":\"6.2\"}}",
	  0, "[]" },
	{ "{\"names\":[\"ptrace\"],\"action\":\"SCMP_ACT_ALLOW\",\"excludes\":{\"minKernel\":\"6.1\"}}",
	  0, "[]" },
	{ "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"arches\":[\"s390x\"]}}",
	  0, "[]" },
	{ "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"arches\":[\"amd64\","
	  "\"arm64\"]}}",
	  0, "[" RULE("\"read\"", "ALLOW") "]" },
	{ "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\",\"excludes\":{\"arches\":[\"amd64\","
	  "\"arm64\"]}}",
	  0, "[]" },
};

START_TEST(conditional_rules_are_resolved) {
	for (size_t i = 0; i < COUNT(conditional); i++) {
		struct syscalls_target made_for = target(conditional[i].caps);
		const char *text = arena_printf(
			arena, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[%s]}",
			conditional[i].rules);
		struct error err = { 0 };
		const struct json *profile =
			syscalls_resolve(arena, parse(text), &made_for, text, strlen(text), &err);

		ck_assert_msg(profile != NULL, "%s: %s", text, err.msg);
		ck_assert_str_eq(print(json_member(profile, "syscalls")), conditional[i].left);
	}
}
END_TEST

#define WHEN(word, condition) \
	"{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ALLOW\",\"" word "\":{" condition "}}"
#define DENY "{\"defaultAction\":\"SCMP_ACT_ERRNO\""

static const struct {
	const char *profile, *message;
} refused[] = {
	{ "[]", "/: wrong type (expected an object)" },
	{ "{}", "/: defaultAction is missing (expected SCMP_ACT_...)" },
	{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\"}", "must deny" },
	{ "{\"defaultAction\":\"SCMP_ACT_LOG\"}", "must deny" },
	{ "{\"defaultAction\":\"allow\"}", "unknown action (found \"allow\"" },
	{ DENY ",\"sysscalls\":[]}", "/sysscalls: unknown member" },
	{ DENY ",\"listenerPath\":\"/x\"}", "no listener" },
	{ DENY ",\"syscalls\":[" RULE("\"mountt\"", "ALLOW") "]}",
	  "/syscalls/0/names/0: unknown system call (found \"mountt\")" },
	{ DENY ",\n\"syscalls\":[\n" RULE("\"read\"", "ALLOWED") "]}", "3:" },
	{ DENY ",\"syscalls\":[" RULE("\"read\"", "NOTIFY") "]}", "nobody listens" },
	{ DENY ",\"syscalls\":[{\"names\":[\"read\"]}]}", "/syscalls/0: action is missing" },
	{ DENY ",\"syscalls\":[" RULE("7", "ALLOW") "]}",
	  "wrong type (found 7, expected a string)" },
	{ DENY ",\"syscalls\":[" RULE_IF("read", "ALLOW", IF("0", "LIKE", "1")) "]}",
	  "/syscalls/0/args/0: no condition" },
	{ DENY ",\"syscalls\":[" RULE_IF("read", "ALLOW", IF("6", "EQ", "1")) "]}",
	  "no condition" },
	{ DENY ",\"architectures\":[\"SCMP_ARCH_Z80\"]}",
	  "/architectures/0: unknown architecture (found \"SCMP_ARCH_Z80\"" },
	{ DENY ",\"architectures\":[\"SCMP_ARCH_S390X\"]}", "is for other machines only" },
	{ DENY ",\"archMap\":[{\"architecture\":\"SCMP_ARCH_S390X\"}]}",
	  "is for other machines only" },
	{ DENY ",\"architectures\":[\"SCMP_ARCH_X86_64\"],\"archMap\":[{\"architecture\":"
	       "\"SCMP_ARCH_X86_64\"}]}",
	  "both architectures and archMap" },
	{ DENY ",\"syscalls\":[{\"name\":\"read\",\"names\":[\"write\"],\"action\":"
	       "\"SCMP_ACT_ALLOW\"}]}",
	  "both name and names" },
	{ DENY
	  ",\"syscalls\":[{\"names\":[],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"cap\":[]}}"
	  "]}",
	  "/syscalls/0/includes/cap: unknown member" },
	/* what would hold, or not, without a word */
	{ DENY ",\"syscalls\":[" WHEN("includes", "\"minKernel\":\"4.8.1\"") "]}",
	  "/syscalls/0/includes/minKernel: is no version (found \"4.8.1\", expected 4.8)" },
	{ DENY ",\"syscalls\":[" WHEN("excludes", "\"minKernel\":\"ninety\"") "]}",
	  "is no version (found \"ninety\"" },
	{ DENY ",\"syscalls\":[" WHEN("excludes", "\"caps\":[\"CAP_SYS_ADMN\"]") "]}",
	  "/syscalls/0/excludes/caps/0: unknown capability (found \"CAP_SYS_ADMN\"" },
	{ DENY ",\"syscalls\":[" WHEN("includes", "\"caps\":[\"CAP_NEW\"]") "]}",
	  "unknown capability" },
	{ DENY ",\n \"syscalls\":[" WHEN("includes", "\"arches\":[\"amd46\"]") "]}",
	  "2:79: /syscalls/0/includes/arches/0: unknown architecture (found \"amd46\"" },
	{ DENY ",\"flags\":[7]}", "/flags/0: wrong type (found 7, expected a string)" },
	{ DENY ",\"flags\":[\"BOGUS\"]}", "/flags/0: unknown flag (found \"BOGUS\"" },
	{ DENY ",\"flags\":[\"SECCOMP_FILTER_FLAG_SPEC_ALLOW\"]}", "switches a protection off" },
	{ DENY ",\"defaultErrnoRet\":-1}",
	  "/defaultErrnoRet: is out of range (found -1, expected 0 to 4095)" },
	{ DENY ",\"syscalls\":[{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":"
	       "99999}]}",
	  "/syscalls/0/errnoRet: is out of range (found 99999" },
	{ DENY ",\"defaultErrno\":\"ENOSUCH\"}", "/defaultErrno: unknown error" },
	{ DENY ",\"defaultErrno\":\"ENOSYS\",\"defaultErrnoRet\":1}",
	  "is another error than the number beside it" },
};

START_TEST(mistakes_of_operators_are_named) {
	struct syscalls_target plain = target(0);

	for (size_t i = 0; i < COUNT(refused); i++) {
		const char *text = refused[i].profile;
		struct error err = { 0 };

		ck_assert_msg(
			!syscalls_resolve(arena, parse(text), &plain, text, strlen(text), &err),
			"%s was taken", text);
		ck_assert_msg(strstr(err.msg, refused[i].message) != NULL,
			      "%s: expected %s, got %s", text, refused[i].message, err.msg);
	}
}
END_TEST

START_TEST(errors_by_name_are_honoured) {
	static const char text[] = DENY ",\"defaultErrno\":\"ENOSYS\"}";
	struct syscalls_target plain = target(0);
	struct error err = { 0 };
	const struct json *profile =
		syscalls_resolve(arena, parse(text), &plain, text, strlen(text), &err);

	ck_assert_msg(profile != NULL, "%s", err.msg);
	ck_assert_str_eq(print(json_member(profile, "defaultErrnoRet")), "38");
}
END_TEST

START_TEST(an_operators_profile_takes_the_defaults_place) {
	struct syscalls_target own = target(0);
	const char *reason;

	own.own = parse(DENY ",\"syscalls\":[" RULE("\"io_uring_setup\",\"read\"",
						    "ALLOW") "," RULE_IF("socket", "ALLOW",
									 IF("0", "EQ", "1")) "]}");
	ck_assert_str_eq(print(syscalls_profile(arena, &own)), print(own.own));
	ck_assert_int_eq(syscalls_strength(arena, own.own, &own, &reason), STRENGTH_STRONG);
	ck_assert_int_eq(syscalls_strength(arena, with_default(), &own, &reason), STRENGTH_WEAK);
	ck_assert_str_eq(
		print(json_member(syscalls_meet(arena,
						parse(DENY ",\"syscalls\":[" RULE(
							"\"io_uring_setup\",\"write\",\"socket\"",
							"ALLOW") "]}"),
						&own),
				  "syscalls")),
		"[{\"names\":[\"clone3\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38}," RULE(
			"\"io_uring_setup\"", "ALLOW") "," RULE_IF("socket", "ALLOW",
								   IF("0", "EQ", "1")) "]");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("syscalls_resolve");
	TCase *tcase = tcase_create("syscalls_resolve");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, make_arena, drop_arena);
	tcase_add_test(tcase, conditional_rules_are_resolved);
	tcase_add_test(tcase, mistakes_of_operators_are_named);
	tcase_add_test(tcase, errors_by_name_are_honoured);
	tcase_add_test(tcase, an_operators_profile_takes_the_defaults_place);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
