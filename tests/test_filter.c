/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compiled filters: what they let pass, and that what rules alone say of a profile (test_syscalls) is
 * true of the filter that runtimes make of it.
 */
#include <check.h>
#include <linux/audit.h>
#include <stdlib.h>
#include <string.h>

#include "filters.h"
#include "words.h"

#if defined(__x86_64__)
static const struct {
	int number;
	uint64_t arg;
	uint32_t audit, action;
} calls[] = {
	{ 0, 0, AUDIT_ARCH_X86_64, SECCOMP_RET_ALLOW },		      /* read */
	{ 165, 0, AUDIT_ARCH_X86_64, SECCOMP_RET_ERRNO | 1 },	      /* mount */
	{ 435, 0, AUDIT_ARCH_X86_64, SECCOMP_RET_ERRNO | 38 },	      /* clone3 */
	{ 56, 17, AUDIT_ARCH_X86_64, SECCOMP_RET_ALLOW },	      /* clone */
	{ 56, 0x10000011, AUDIT_ARCH_X86_64, SECCOMP_RET_ERRNO | 1 }, /* NEWUSER */
	{ 56, 0x00020011, AUDIT_ARCH_X86_64, SECCOMP_RET_ERRNO | 1 }, /* NEWNS */
	{ 41, 1, AUDIT_ARCH_X86_64, SECCOMP_RET_ALLOW },	      /* socket */
	{ 41, 16, AUDIT_ARCH_X86_64, SECCOMP_RET_ALLOW },
	{ 41, 38, AUDIT_ARCH_X86_64, SECCOMP_RET_ERRNO | 1 },	       /* AF_ALG */
	{ 41, 40, AUDIT_ARCH_X86_64, SECCOMP_RET_ERRNO | 1 },	       /* AF_VSOCK */
	{ 41, 0x100000026, AUDIT_ARCH_X86_64, SECCOMP_RET_ERRNO | 1 }, /* AF_ALG again */
	{ 41, 46, AUDIT_ARCH_X86_64, SECCOMP_RET_ERRNO | 1 },
	{ 135, 0xffffffff, AUDIT_ARCH_X86_64, SECCOMP_RET_ALLOW },  /* personality */
	{ 135, 0x40000, AUDIT_ARCH_X86_64, SECCOMP_RET_ERRNO | 1 }, /* no randomisation */
	{ 999, 0, AUDIT_ARCH_X86_64, SECCOMP_RET_ERRNO | 1 },
	{ 0x40000000 | 165, 0, AUDIT_ARCH_X86_64, SECCOMP_RET_ERRNO | 1 }, /* x32 mount */
	{ 0x40000000 | 41, 38, AUDIT_ARCH_X86_64, SECCOMP_RET_ERRNO | 1 },
	{ 3, 0, AUDIT_ARCH_I386, SECCOMP_RET_ALLOW },
	{ 21, 0, AUDIT_ARCH_I386, SECCOMP_RET_ERRNO | 1 },   /* mount */
	{ 359, 40, AUDIT_ARCH_I386, SECCOMP_RET_ERRNO | 1 }, /* socket */
	{ 0, 0, AUDIT_ARCH_AARCH64, SECCOMP_RET_KILL_THREAD },
};

START_TEST(the_default_answers_single_calls) {
	struct filter filter = build_default(PLAIN);

	for (size_t i = 0; i < COUNT(calls); i++) {
		struct seccomp_data data = { .nr = calls[i].number, .arch = calls[i].audit };
		uint32_t action;

		data.args[0] = calls[i].arg;
		action = filter_run(&filter, &data);
		ck_assert_msg(action == calls[i].action, "%d(%llx) on %x: expected %x, got %x",
			      calls[i].number, (unsigned long long)calls[i].arg, calls[i].audit,
			      calls[i].action, action);
	}
}
END_TEST

START_TEST(native_kills_the_other_abis) {
	struct syscalls_target native = { .kernel = KERNEL(6, 1), .native = true };
	struct filter filter = build(syscalls_profile(arena, &native));

	for (uint32_t number = 0; number < FILTER_NUMBERS; number++) {
		ck_assert_uint_eq(filter_may(&filter, AUDIT_ARCH_I386, number), FILTER_MAY_BLOCK);
		ck_assert_uint_eq(filter_may(&filter, AUDIT_ARCH_X86_64, 0x40000000 | number),
				  FILTER_MAY_BLOCK);
	}
}
END_TEST
#endif

START_TEST(capabilities_only_ever_add) {
	struct filter none = build_default(0), some = build_default(PLAIN);
	struct filter all = build_default(caps_all());

	ck_assert_str_eq(excess(&none, &none), "");
	ck_assert_str_eq(excess(&none, &some), "");
	ck_assert_str_eq(excess(&some, &all), "");
	ck_assert_ptr_nonnull(strstr(excess(&all, &some), "/mount"));
	ck_assert_ptr_null(strstr(excess(&all, &some), "/io_uring_setup"));
}
END_TEST

/* Changes of the default: what stands before and behind its rules, and what that opens natively. */
static const struct {
	const char *what, *before, *behind, *opens;
	enum filter_verdict verdict; /* of those that open something: MEET */
} changes[] = {
	{ "nothing", NULL, NULL, "", FILTER_STRONG },
	{ "a denial", "{\"names\":[\"chmod\"],\"action\":\"SCMP_ACT_ERRNO\"}", NULL, "",
	  FILTER_STRONG },
	{ "bpf", NULL, "{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ALLOW\"}", "bpf", FILTER_MEET },
	{ "an always true argument", NULL,
	  "{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":3,\"value\":0,"
	  "\"op\":\"SCMP_CMP_GE\"}]}",
	  "mount", FILTER_MEET },
	{ "a log", NULL, "{\"names\":[\"unshare\"],\"action\":\"SCMP_ACT_LOG\"}", "unshare",
	  FILTER_MEET },
	{ "clone3 in front", "{\"names\":[\"clone3\"],\"action\":\"SCMP_ACT_ALLOW\"}", NULL,
	  "clone3", FILTER_MEET },
	{ "clone3 behind its denial", NULL,
	  "{\"names\":[\"clone3\"],\"action\":\"SCMP_ACT_ALLOW\"}", "", FILTER_STRONG },
	{ "two conditions on one argument", NULL,
	  "{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":"
	  "2114060288,\"op\":\"SCMP_CMP_MASKED_EQ\"},{\"index\":0,\"value\":0,\"op\":"
	  "\"SCMP_CMP_GE\"}]}",
	  "clone?", FILTER_MEET },
	{ "one flag of clone", NULL,
	  "{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":"
	  "1040318464,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}",
	  "clone?", FILTER_MEET },
	{ "families above", NULL,
	  "{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":40,"
	  "\"op\":\"SCMP_CMP_GT\"}]}",
	  "socket?", FILTER_MEET },
	{ "a misspelt name", NULL, "{\"names\":[\"mounts\"],\"action\":\"SCMP_ACT_ALLOW\"}", "",
	  FILTER_MEET },
	{ "a call that this libseccomp does not know", NULL,
	  "{\"names\":[\"listns\"],\"action\":\"SCMP_ACT_ALLOW\"}", "", FILTER_MEET },
	{ "a call that it does not know, denied first",
	  "{\"names\":[\"listns\"],\"action\":\"SCMP_ACT_ERRNO\"}",
	  "{\"names\":[\"listns\"],\"action\":\"SCMP_ACT_ALLOW\"}", "", FILTER_MEET },
	{ "any flags for one signal", NULL,
	  "{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":"
	  "255,\"valueTwo\":17,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}",
	  "clone?", FILTER_MEET },
	{ "one value of all", NULL,
	  "{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":"
	  "3735944941,\"op\":\"SCMP_CMP_EQ\"}]}",
	  "clone?", FILTER_MEET },
	{ "a value within", NULL,
	  "{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":"
	  "65535,\"op\":\"SCMP_CMP_LT\"}]}",
	  "", FILTER_STRONG },
	{ "conditions of engines", NULL,
	  "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{}}", "", FILTER_MEET },
	{ "two arguments, merged rightly by chance", NULL,
	  "{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":"
	  "13,\"op\":\"SCMP_CMP_EQ\"},{\"index\":1,\"value\":1,\"op\":\"SCMP_CMP_EQ\"}]}",
	  "", FILTER_STRONG },
};

START_TEST(changes_of_the_default_are_found) {
	struct filter ours = build_default(PLAIN);
	const char *native = filter_abi_at(0)->name;

	for (size_t i = 0; i < COUNT(changes); i++) {
		struct json *profile = syscalls_profile(arena, &plain);
		struct json *rules = json_member(profile, "syscalls");
		enum filter_verdict verdict;
		struct filter theirs;
		struct error err;
		const char *found, *want;

		if (changes[i].before)
			json_prepend(rules, parse(changes[i].before));
		if (changes[i].behind)
			json_append(rules, parse(changes[i].behind));
		theirs = build(profile);
		found = excess(&theirs, &ours);
		want = *changes[i].opens ? arena_printf(arena, "%s/%s", native, changes[i].opens)
					 : "";
		ck_assert_msg(*want ? strstr(found, want) == found : *found == '\0',
			      "%s: expected %s, got %s", changes[i].what, want, found);
		ck_assert(filter_judge(arena, profile, &plain, &verdict, NULL, &err));
		ck_assert_msg(verdict == (*want ? FILTER_MEET : changes[i].verdict),
			      "%s: verdict %d", changes[i].what, verdict);
	}
}
END_TEST

/* Engines' defaults: natively, calls that the default blocks and they do not. */
static const struct {
	const char *file, *opens;
} engines[] = {
	{ "tests/corpus/docker/default.config.json",
	  "socket? io_uring_setup io_uring_enter io_uring_register" },
	{ "tests/corpus/reference/docker-28.default.config.json", "socket?" },
	{ "tests/corpus/reference/docker-28-cgroup2.default.config.json", "socket?" },
	{ "tests/corpus/reference/containerd-2.1.runtime-default.config.json", "socket?" },
	{ "tests/corpus/reference/containerd-2.1.sandbox.config.json", "socket?" },
	{ "tests/corpus/podman/default.config.json",
	  "socket? clone? pivot_root mount umount2 reboot keyctl unshare move_mount fsopen" },
};

START_TEST(engines_defaults_are_met_within_both) {
	struct filter ours = build_default(PLAIN);

	for (size_t i = 0; i < COUNT(engines); i++) {
		const struct json *profile =
			json_at(slurp_json(arena, engines[i].file), "/linux/seccomp");
		struct filter theirs = build(profile);
		struct filter meet = build(syscalls_meet(arena, profile, &plain));
		const char *found = excess(&theirs, &ours), *words = engines[i].opens, *word;
		size_t len;

		while ((word = word_next(&words, &len)))
			ck_assert_msg(memmem(found, strlen(found), word, len) != NULL,
				      "%s: no %.*s in %s", engines[i].file, (int)len, word, found);
		ck_assert_str_eq(excess(&meet, &ours), "");
		ck_assert_str_eq(excess(&meet, &theirs), "");
	}
}
END_TEST

START_TEST(what_libseccomp_refuses_is_said) {
	static const char *const bad[] = {
		"{}",
		"{\"defaultAction\":\"SCMP_ACT_FINE\"}",
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_Z80\"]}",
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":70000}",
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],"
		"\"action\":\"allow\"}]}",
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],"
		"\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":0,\"op\":\"EQ\"}]}]}",
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],"
		"\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":6,\"value\":0,\"op\":"
		"\"SCMP_CMP_EQ\"}]}]}",
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct error err = { 0 };
		struct filter filter;

		ck_assert_msg(!filter_build(arena, parse(bad[i]), &filter, &err), "%s", bad[i]);
		ck_assert_msg(err.msg[0] != '\0', "%s", bad[i]);
	}
}
END_TEST

START_TEST(a_profile_for_dropped_capabilities_is_weak) {
	struct syscalls_target admin = { .caps = PLAIN | ADMIN, .kernel = KERNEL(6, 1) };
	enum filter_verdict verdict;
	struct error err;

	ck_assert(
		filter_judge(arena, syscalls_profile(arena, &admin), &plain, &verdict, NULL, &err));
	ck_assert_int_eq(verdict, FILTER_MEET);
	ck_assert(
		filter_judge(arena, syscalls_profile(arena, &plain), &admin, &verdict, NULL, &err));
	ck_assert_int_eq(verdict, FILTER_STRONG);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("filter");
	TCase *tcase = tcase_create("filter");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 300);
	tcase_add_checked_fixture(tcase, make_arena, drop_arena);
#if defined(__x86_64__)
	tcase_add_test(tcase, the_default_answers_single_calls);
	tcase_add_test(tcase, native_kills_the_other_abis);
#endif
	tcase_add_test(tcase, capabilities_only_ever_add);
	tcase_add_test(tcase, changes_of_the_default_are_found);
	tcase_add_test(tcase, engines_defaults_are_met_within_both);
	tcase_add_test(tcase, what_libseccomp_refuses_is_said);
	tcase_add_test(tcase, a_profile_for_dropped_capabilities_is_weak);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
