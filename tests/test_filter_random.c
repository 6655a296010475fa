/* SPDX-License-Identifier: Apache-2.0 */
/* Random profiles: what rules alone say of them is true of the filter that runtimes make of them. */
#include <check.h>
#include <linux/audit.h>
#include <stdlib.h>
#include <string.h>

#include "filters.h"

/*
 * libseccomp 2.5.4 loses nodes of its tree when rules of different actions overlap, as those of random
 * profiles do. Its processes live for one profile; what it allocates bears this name.
 */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:zmalloc\n";
}

/*
 * Rules of one call that all lie within the default, and what libseccomp 2.5.4 makes of them does not: seen
 * by compiling, and not believed before.
 */
static const char merged_wrongly[] =
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
	"{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,"
	"\"value\":12,\"op\":\"SCMP_CMP_LT\"},{\"index\":1,\"value\":4294967301,\"op\":\"SCMP_CMP_EQ\"}]},"
	"{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":13,\"args\":[{\"index\":1,"
	"\"value\":8589934592,\"op\":\"SCMP_CMP_LT\"},{\"index\":2,\"value\":268435456,"
	"\"op\":\"SCMP_CMP_MASKED_EQ\",\"valueTwo\":0},{\"index\":0,\"value\":255,\"op\":\"SCMP_CMP_LE\"}]}"
	"]}";

START_TEST(what_is_merged_wrongly_is_not_strong) {
	const struct json *profile = parse(merged_wrongly);
	enum filter_verdict verdict;
	struct error err;
	const char *reason;

	ck_assert_int_eq(syscalls_strength(arena, profile, &plain, &reason), STRENGTH_UNKNOWN);
	ck_assert(filter_judge(arena, profile, &plain, &verdict, NULL, &err));
	ck_assert_int_eq(verdict, FILTER_MEET);
}
END_TEST

/* Numbers from a fixed seed: the same profiles in every run. */
static uint32_t dice(uint32_t *seed, uint32_t sides)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % sides;
}

static const char *random_args(uint32_t *seed)
{
	static const char *const ops[] = { "EQ", "NE", "LT", "LE", "GT", "GE", "MASKED_EQ" };
	static const char *const values[] = { "0",	   "1",		 "2",	       "12",
					      "38",	   "39",	 "40",	       "41",
					      "45",	   "8",		 "131072",     "2114060288",
					      "268435456", "4294967295", "4294967334", "16",
					      "255",	   "3",		 "4294967308" };
	struct text text = { .arena = arena };

	for (uint32_t i = 0, n = dice(seed, 4); i < n; i++)
		text_printf(&text,
			    "%s{\"index\":%u,\"value\":%s,\"valueTwo\":%s,\"op\":\"SCMP_CMP_%s\"}",
			    i ? "," : "", dice(seed, 2) ? 0 : dice(seed, 3),
			    values[dice(seed, COUNT(values))], values[dice(seed, COUNT(values))],
			    ops[dice(seed, COUNT(ops))]);
	return text.len ? text.data : "";
}

static struct json *random_profile(uint32_t *seed)
{
	static const char *const calls_known[] = { "clone",	  "socket", "socket",
						   "personality", "read",   "chmod",
						   "mount",	  "clone3", "nosuch" };
	static const char *const actions[] = { "ALLOW", "ALLOW", "ALLOW", "ERRNO",
					       "LOG",	"KILL",	 "TRACE" };
	struct text text = { .arena = arena };

	text_printf(&text, "{\"defaultAction\":\"SCMP_ACT_%s\",%s\"syscalls\":[",
		    dice(seed, 4) ? (dice(seed, 3) ? "ERRNO" : "KILL") : "ALLOW",
		    dice(seed, 2) ? ""
				  : arena_printf(arena, "\"architectures\":[\"%s\",\"%s\"],",
						 syscalls_abis[0], syscalls_abis[1]));
	for (uint32_t i = 0, n = 1 + dice(seed, 6); i < n; i++)
		text_printf(&text,
			    "%s{\"names\":[\"%s\"],\"action\":\"SCMP_ACT_%s\",\"args\":[%s]}",
			    i ? "," : "", calls_known[dice(seed, COUNT(calls_known))],
			    actions[dice(seed, COUNT(actions))], random_args(seed));
	text_printf(&text, "]}");
	return parse(text.data);
}

static bool holds(const struct json *arg, const uint64_t *args)
{
	const char *op = json_string(json_member(arg, "op"));
	uint64_t index = 0, value = 0, two = 0, is;

	ck_assert(json_u64(json_member(arg, "index"), &index) &&
		  json_u64(json_member(arg, "value"), &value));
	if (json_member(arg, "valueTwo"))
		ck_assert(json_u64(json_member(arg, "valueTwo"), &two));
	is = args[index];
	op += strlen("SCMP_CMP_");
	if (strcmp(op, "MASKED_EQ") == 0)
		return (is & value) == two;
	if (strcmp(op, "EQ") == 0 || strcmp(op, "NE") == 0)
		return (is == value) == (op[0] == 'E');
	if (is == value)
		return op[1] == 'E';
	return (is < value) == (op[0] == 'L');
}

/* Whether some allowing rule, or the default action, speaks for a call with these arguments. */
static bool meant(const struct json *profile, const char *call, const uint64_t *args)
{
	bool named = false;

	json_each(rule, json_member(profile, "syscalls")) {
		const char *action = json_string(json_member(rule, "action"));
		bool any = false, all = true, twice = false;
		unsigned seen = 0;

		if (!json_has(json_member(rule, "names"), call) ||
		    !strcmp(action, "SCMP_ACT_ERRNO") || !strcmp(action, "SCMP_ACT_KILL"))
			continue;
		json_each(arg, json_member(rule, "args")) {
			uint64_t index = 0;
			bool fits = holds(arg, args);

			ck_assert(json_u64(json_member(arg, "index"), &index));
			twice = twice || seen >> index & 1;
			seen |= 1u << index;
			any = any || fits;
			all = all && fits;
		}
		named = named || (twice ? any : all);
	}
	return named || json_is(json_member(profile, "defaultAction"), "SCMP_ACT_ALLOW");
}

#if defined(__x86_64__)
/*
 * Of calls that the default filters, what was met is compiled to what both meant, whatever libseccomp makes of
 * the profile's own rules; of others the profile's rules are repeated.
 */
static void check_meant(const struct json *profile, const struct filter *met, uint32_t *seed)
{
	static const uint64_t values[] = {
		0,	    1,		 2,	      3,	  4,	   8,	       12,
		13,	    16,		 17,	      38,	  39,	   40,	       41,
		45,	    46,		 0xff,	      0x11,	  0x20000, 0x10000000, 0x7e020000,
		0xffffffff, 0x100000000, 0x100000026, 0x10000000c
	};
	static const struct {
		const char *name;
		int number;
	} calls[] = { { "clone", 56 }, { "socket", 41 }, { "personality", 135 } };

	for (int i = 0; i < 500; i++) {
		size_t call = dice(seed, COUNT(calls));
		struct seccomp_data data = { .nr = calls[call].number, .arch = AUDIT_ARCH_X86_64 };
		uint64_t args[6];

		for (size_t n = 0; n < 6; n++)
			args[n] = values[dice(seed, COUNT(values))] + dice(seed, 3) - 1;
		memcpy(data.args, args, sizeof(args));
		if (!filter_passes(filter_run(met, &data)))
			continue;
		ck_assert_msg(meant(profile, calls[call].name, args), "%s(%llx, %llx, %llx) of %s",
			      calls[call].name, (unsigned long long)args[0],
			      (unsigned long long)args[1], (unsigned long long)args[2],
			      print(profile));
	}
}
#endif

/* One random profile: whether libseccomp takes it, and whether rules alone prove it strong. */
static void check_profile(const struct filter *ours, uint32_t *seed, unsigned *built,
			  unsigned *strong)
{
	const struct json *profile = random_profile(seed);
	const struct json *meet = syscalls_meet(arena, profile, &plain);
	struct filter theirs, met;
	const char *reason;
	struct error err;
	bool taken = filter_build(arena, profile, &theirs, &err);

	/* what libseccomp refuses, no runtime starts; what it takes, it must take when it was met */
	if (!filter_build(arena, meet, &met, &err)) {
		ck_assert_msg(!taken, "%s met as %s: %s", print(profile), print(meet), err.msg);
		return;
	}
	ck_assert_msg(*excess(&met, ours) == '\0', "%s met as %s opens %s", print(profile),
		      print(meet), excess(&met, ours));
#if defined(__x86_64__)
	check_meant(profile, &met, seed);
#endif
	if (!taken)
		return;
	++*built;
	if (syscalls_strength(arena, profile, &plain, &reason) != STRENGTH_STRONG)
		return;
	++*strong;
	ck_assert_msg(*excess(&theirs, ours) == '\0', "%s opens %s", print(profile),
		      excess(&theirs, ours));
}

START_TEST(rules_alone_never_promise_too_much) {
	uint32_t seed = 20261122;
	unsigned strong = 0, built = 0;
	struct filter ours = build_default(PLAIN);

	for (int i = 0; i < 600; i++) {
		struct arena *outer = arena;

		arena = arena_new();
		check_profile(&ours, &seed, &built, &strong);
		arena_free(arena);
		arena = outer;
	}
	ck_assert_uint_gt(strong, 10);
	ck_assert_uint_gt(built, 100);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("filter_random");
	TCase *tcase = tcase_create("filter_random");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 300);
	tcase_add_checked_fixture(tcase, make_arena, drop_arena);
	tcase_add_test(tcase, what_is_merged_wrongly_is_not_strong);
	tcase_add_test(tcase, rules_alone_never_promise_too_much);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
