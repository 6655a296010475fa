/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The default profile, and what rules alone say of others. The attacks are written as what they put
 * before or behind the default's own rules.
 */
#include <check.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "syscalls.h"
#include "words.h"

#define CAP(name)  ((caps_set)1 << CAP_##name)
#define COUNT(set) (sizeof(set) / sizeof(*(set)))

/* What Docker gives a container; capabilities(7) numbers 0 to 31 in one word. */
#define DOCKER_CAPS ((caps_set)0xa80425fb)

/* The x86-64 calls that Docker's newest default blocks with its own capabilities. */
static const char blocked[] =
	"_sysctl acct add_key afs_syscall bpf clock_settime clone3 create_module delete_module "
	"fanotify_init finit_module fsconfig fsmount fsopen fspick get_kernel_syms get_mempolicy "
	"getpmsg init_module io_uring_enter io_uring_register io_uring_setup ioperm iopl kcmp "
	"kexec_file_load kexec_load keyctl lookup_dcookie mbind migrate_pages mount mount_setattr "
	"move_mount move_pages nfsservctl open_by_handle_at open_tree perf_event_open pidfd_getfd "
	"pivot_root process_madvise putpmsg query_module quotactl quotactl_fd reboot request_key "
	"security set_mempolicy set_mempolicy_home_node setdomainname sethostname setns "
	"settimeofday swapoff swapon sysfs syslog tuxcall umount2 unshare uselib userfaultfd ustat "
	"vhangup vserver";

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

static bool allows(const struct json *profile, const char *call)
{
	return rule_on(profile, call, "SCMP_ACT_ALLOW") != NULL;
}

START_TEST(the_default_blocks_what_docker_blocks) {
	struct syscalls_target plain = target(DOCKER_CAPS);
	const struct json *profile = syscalls_profile(arena, &plain);
	const char *names = blocked, *word;
	size_t count = 0, len;

	while ((word = word_next(&names, &len))) {
		const char *name = arena_strndup(arena, word, len);

		ck_assert_msg(!allows(profile, name), "%s is allowed", name);
		ck_assert_msg(syscall_group_of(name) != NULL, "%s is in no group", name);
		count++;
	}
	ck_assert_uint_eq(count, 67);
	ck_assert_str_eq(print(rule_on(profile, "clone3", "SCMP_ACT_ERRNO")),
			 "{\"names\":[\"clone3\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38}");
	ck_assert_str_eq(print(json_member(profile, "defaultAction")), "\"SCMP_ACT_ERRNO\"");
	ck_assert_str_eq(print(json_member(profile, "defaultErrnoRet")), "1");
}
END_TEST

static const struct {
	const char *call;
	caps_set caps;
} opened[] = {
	{ "mount", CAP(SYS_ADMIN) },	     { "unshare", CAP(SYS_ADMIN) },
	{ "clone3", CAP(SYS_ADMIN) },	     { "bpf", CAP(BPF) },
	{ "bpf", CAP(SYS_ADMIN) },	     { "perf_event_open", CAP(PERFMON) },
	{ "syslog", CAP(SYSLOG) },	     { "open_by_handle_at", CAP(DAC_READ_SEARCH) },
	{ "reboot", CAP(SYS_BOOT) },	     { "chroot", CAP(SYS_CHROOT) },
	{ "finit_module", CAP(SYS_MODULE) }, { "acct", CAP(SYS_PACCT) },
	{ "pidfd_getfd", CAP(SYS_PTRACE) },  { "iopl", CAP(SYS_RAWIO) },
	{ "clock_settime", CAP(SYS_TIME) },  { "vhangup", CAP(SYS_TTY_CONFIG) },
	{ "mbind", CAP(SYS_NICE) },
};

START_TEST(a_capability_opens_its_calls_and_no_others) {
	for (size_t i = 0; i < COUNT(opened); i++) {
		struct syscalls_target with = target(opened[i].caps);
		struct syscalls_target without =
			target(caps_all() & ~opened[i].caps & ~CAP(SYS_ADMIN));

		ck_assert_msg(allows(syscalls_profile(arena, &with), opened[i].call),
			      "%s is blocked with %s", opened[i].call,
			      caps_text(arena, opened[i].caps));
		ck_assert_msg(!allows(syscalls_profile(arena, &without), opened[i].call) ||
				      strcmp(opened[i].call, "bpf") == 0,
			      "%s is allowed without %s", opened[i].call,
			      caps_text(arena, opened[i].caps));
	}
}
END_TEST

START_TEST(old_kernels_get_no_ptrace) {
	struct syscalls_target old = { .kernel = KERNEL(4, 7) }, unknown = { 0 };
	struct syscalls_target just = { .kernel = KERNEL(4, 8) };

	ck_assert(!allows(syscalls_profile(arena, &old), "ptrace"));
	ck_assert(!allows(syscalls_profile(arena, &unknown), "process_vm_writev"));
	ck_assert(allows(syscalls_profile(arena, &just), "ptrace"));
}
END_TEST

START_TEST(native_leaves_the_other_abis_out) {
	struct syscalls_target native = { .native = true }, all = { 0 };
	const struct json *abis = json_member(syscalls_profile(arena, &native), "architectures");

	ck_assert_uint_eq(abis->len, 1);
	ck_assert(json_has(abis, syscalls_native));
	abis = json_member(syscalls_profile(arena, &all), "architectures");
	ck_assert_uint_gt(abis->len, 1);
}
END_TEST

/* The default for the capabilities with rules before and behind its own. */
static struct json *patched(caps_set caps, const char *before, const char *behind)
{
	struct syscalls_target made_for = target(caps);
	struct json *profile = syscalls_profile(arena, &made_for);
	struct json *rules = json_member(profile, "syscalls");

	if (before)
		json_prepend(rules, parse(before));
	json_each(rule, parse(arena_printf(arena, "[%s]", behind ? behind : "")))
		json_append(rules, json_clone(arena, rule));
	return profile;
}

#define RULE(names, action) "{\"names\":[" names "],\"action\":\"SCMP_ACT_" action "\"}"
#define RULE_IF(name, action, args) \
	"{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_" action "\",\"args\":[" args "]}"
#define MASKED(index, mask, value)                                        \
	"{\"index\":" index ",\"value\":" mask ",\"valueTwo\":" value "," \
	"\"op\":\"SCMP_CMP_MASKED_EQ\"}"
#define IF(index, op, value) "{\"index\":" index ",\"value\":" value ",\"op\":\"SCMP_CMP_" op "\"}"

static const struct {
	const char *what, *before, *behind;
	enum strength strength;
} patches[] = {
	{ "nothing", NULL, NULL, STRENGTH_STRONG },
	{ "a denial more", RULE("\"ptrace\"", "ERRNO"), NULL, STRENGTH_STRONG },
	{ "a kill", NULL, RULE("\"chmod\"", "KILL_PROCESS"), STRENGTH_STRONG },
	{ "a log of what is allowed", RULE("\"chmod\"", "LOG"), NULL, STRENGTH_STRONG },
	{ "a call of another architecture", NULL, RULE("\"s390_pci_mmio_read\"", "ERRNO"),
	  STRENGTH_STRONG },
	{ "bpf", NULL, RULE("\"bpf\"", "ALLOW"), STRENGTH_WEAK },
	{ "mount, if flags are at least 0", NULL, RULE_IF("mount", "ALLOW", IF("3", "GE", "0")),
	  STRENGTH_WEAK },
	{ "unshare, logged", NULL, RULE("\"unshare\"", "LOG"), STRENGTH_WEAK },
	{ "ptracer's choice", NULL, RULE("\"mount\"", "TRACE"), STRENGTH_WEAK },
	{ "an agent's choice", NULL, RULE("\"mount\"", "NOTIFY"), STRENGTH_WEAK },
	{ "clone3 before its denial", RULE("\"clone3\"", "ALLOW"), NULL, STRENGTH_UNKNOWN },
	{ "clone3 behind its denial", NULL, RULE("\"clone3\"", "ALLOW"), STRENGTH_UNKNOWN },
	{ "two conditions on one argument are either of them", NULL,
	  RULE_IF("clone", "ALLOW",
		  "{\"index\":0,\"value\":2114060288,\"valueTwo\":0,\"op\":\"SCMP_CMP_MASKED_EQ\"}," IF(
			  "0", "GE", "0")),
	  STRENGTH_WEAK },
	{ "clone, another argument", NULL, RULE_IF("clone", "ALLOW", IF("1", "EQ", "0")),
	  STRENGTH_WEAK },
	{ "clone, more flags", NULL,
	  RULE_IF("clone", "ALLOW",
		  "{\"index\":0,\"value\":1040318464,\"valueTwo\":0,\"op\":\"SCMP_CMP_MASKED_EQ\"}"),
	  STRENGTH_WEAK },
	{ "clone, fewer flags", NULL,
	  RULE_IF("clone", "ALLOW",
		  "{\"index\":0,\"value\":4294967295,\"valueTwo\":17,\"op\":\"SCMP_CMP_MASKED_EQ\"}"),
	  STRENGTH_STRONG },
	{ "socket, kernel crypto", NULL, RULE_IF("socket", "ALLOW", IF("0", "EQ", "38")),
	  STRENGTH_WEAK },
	{ "socket, above", NULL, RULE_IF("socket", "ALLOW", IF("0", "GT", "40")), STRENGTH_WEAK },
	{ "socket, 2^32 above", NULL, RULE_IF("socket", "ALLOW", IF("0", "EQ", "4294967334")),
	  STRENGTH_WEAK },
	{ "socket, local only", NULL, RULE_IF("socket", "ALLOW", IF("0", "EQ", "1")),
	  STRENGTH_STRONG },
	{ "socket, local and datagram", NULL,
	  RULE_IF("socket", "ALLOW", IF("0", "EQ", "1") "," IF("1", "EQ", "2")), STRENGTH_UNKNOWN },
	{ "socket, local, and a word's upper half", NULL,
	  RULE_IF("socket", "ALLOW", IF("0", "EQ", "1")) "," RULE_IF("socket", "ERRNO",
								     IF("0", "LT", "8589934592")),
	  STRENGTH_UNKNOWN },
	{ "clone, any flags for one signal, and a denial", NULL,
	  RULE_IF("clone", "ALLOW", MASKED("0", "255", "17")) "," RULE_IF(
		  "clone", "ERRNO", MASKED("0", "1073741824", "1073741824")),
	  STRENGTH_WEAK },
	{ "clone, a denial more", NULL,
	  RULE_IF("clone", "ERRNO", MASKED("0", "1073741824", "1073741824")), STRENGTH_STRONG },
	{ "clone, a denial of bits beyond the mask", NULL,
	  RULE_IF("clone", "ERRNO", MASKED("0", "1", "2")), STRENGTH_UNKNOWN },
	{ "mount for no capability, as engines would say it", NULL,
	  "{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":["
	  "\"CAP_SYS_ADMIN\"]}}",
	  STRENGTH_WEAK },
	{ "chmod but for some", NULL,
	  "{\"names\":[\"chmod\"],\"action\":\"SCMP_ACT_ALLOW\",\"excludes\":{}}", STRENGTH_WEAK },
	{ "a rule of one name", NULL, "{\"name\":\"chmod\",\"action\":\"SCMP_ACT_ALLOW\"}",
	  STRENGTH_WEAK },
	{ "personality, no randomisation", NULL,
	  RULE_IF("personality", "ALLOW", IF("0", "EQ", "262144")), STRENGTH_WEAK },
	{ "an operator nobody knows", NULL, RULE_IF("socket", "ALLOW", IF("0", "LIKE", "1")),
	  STRENGTH_WEAK },
	{ "an action nobody knows", NULL, RULE("\"chmod\"", "FINE"), STRENGTH_UNKNOWN },
	{ "a name nobody knows", NULL, RULE("\"nosuchsyscall\"", "ALLOW"), STRENGTH_WEAK },
	{ "a denial of what nobody knows", NULL, RULE("\"nosuchsyscall\"", "ERRNO"),
	  STRENGTH_STRONG },
};

START_TEST(patched_defaults_are_seen_through_and_made_strong) {
	struct syscalls_target plain = target(DOCKER_CAPS);

	for (size_t i = 0; i < COUNT(patches); i++) {
		struct json *profile = patched(DOCKER_CAPS, patches[i].before, patches[i].behind);
		struct json *meet = syscalls_meet(arena, profile, &plain);
		const char *reason;
		enum strength got = syscalls_strength(arena, profile, &plain, &reason);

		ck_assert_msg(got == patches[i].strength, "%s: expected %d, got %d (%s)",
			      patches[i].what, patches[i].strength, got, reason ? reason : "");
		ck_assert_msg((got == STRENGTH_STRONG) == !reason, "%s: %s", patches[i].what,
			      reason);
		got = syscalls_strength(arena, meet, &plain, &reason);
		ck_assert_msg(got == STRENGTH_STRONG, "%s: the meet is %d: %s", patches[i].what,
			      got, reason);
	}
}
END_TEST

static const struct {
	const char *profile;
	enum strength strength;
} wholes[] = {
	{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\"}", STRENGTH_WEAK },
	{ "{\"defaultAction\":\"SCMP_ACT_LOG\"}", STRENGTH_WEAK },
	{ "{\"defaultAction\":\"SCMP_ACT_TRACE\"}", STRENGTH_WEAK },
	{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[" RULE("\"nosuchcall\"",
								      "ERRNO") "]}",
	  STRENGTH_WEAK },
	{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[" RULE("\"mount\",\"bpf\"",
								      "KILL") "]}",
	  STRENGTH_WEAK },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"flags\":[\"SECCOMP_FILTER_FLAG_SPEC_ALLOW\"]}",
	  STRENGTH_WEAK },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"archMap\":[],\"syscalls\":[]}", STRENGTH_WEAK },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[]}", STRENGTH_STRONG },
	{ "{\"defaultAction\":\"SCMP_ACT_KILL\",\"syscalls\":null}", STRENGTH_STRONG },
	{ "{\"defaultAction\":\"SCMP_ACT_TRAP\",\"syscalls\":[" RULE("\"read\",\"write\",\"exit\"",
								     "ALLOW") "]}",
	  STRENGTH_STRONG },
};

START_TEST(whole_profiles_are_seen_through_and_made_strong) {
	struct syscalls_target plain = target(DOCKER_CAPS);

	for (size_t i = 0; i < COUNT(wholes); i++) {
		const struct json *profile = parse(wholes[i].profile);
		struct json *meet = syscalls_meet(arena, profile, &plain);
		const char *reason;
		enum strength got = syscalls_strength(arena, profile, &plain, &reason);

		ck_assert_msg(got == wholes[i].strength, "%s: expected %d, got %d",
			      wholes[i].profile, wholes[i].strength, got);
		got = syscalls_strength(arena, meet, &plain, &reason);
		ck_assert_msg(got == STRENGTH_STRONG, "%s: the meet is %d: %s", wholes[i].profile,
			      got, reason);
	}
}
END_TEST

/* What the engines write, and what rules say of it for the capabilities of profile baseline. */
static const struct {
	const char *file;
	bool io_uring; /* their default leaves io_uring open */
} engines[] = {
	{ "tests/corpus/docker/default.config.json", true },
	{ "tests/corpus/reference/docker-28.default.config.json", false },
	{ "tests/corpus/reference/docker-28-cgroup2.default.config.json", false },
	{ "tests/corpus/reference/containerd-2.1.runtime-default.config.json", false },
	{ "tests/corpus/reference/containerd-2.1.sandbox.config.json", false },
	{ "tests/corpus/podman/default.config.json", false },
};

START_TEST(engines_defaults_lose_only_what_the_default_blocks) {
	struct syscalls_target plain = target(DOCKER_CAPS & ~CAP(NET_RAW));
	const struct json *ours = syscalls_profile(arena, &plain);

	for (size_t i = 0; i < COUNT(engines); i++) {
		const struct json *config = slurp_json(arena, engines[i].file);
		const struct json *theirs = json_at(config, "/linux/seccomp");
		const struct json *meet = syscalls_meet(arena, theirs, &plain);
		const char *reason;

		ck_assert_msg(theirs != NULL, "%s has no profile", engines[i].file);
		ck_assert_int_eq(syscalls_strength(arena, theirs, &plain, &reason), STRENGTH_WEAK);
		ck_assert_int_eq(syscalls_strength(arena, meet, &plain, &reason), STRENGTH_STRONG);
		ck_assert(allows(theirs, "io_uring_setup") == engines[i].io_uring);
		json_each(name, json_at(ours, "/syscalls/0/names"))
			ck_assert_msg(allows(meet, name->text) == allows(theirs, name->text),
				      "%s: %s", engines[i].file, name->text);
	}
}
END_TEST

START_TEST(dropped_capabilities_make_a_profile_weak) {
	struct syscalls_target admin = target(DOCKER_CAPS | CAP(SYS_ADMIN));
	struct syscalls_target plain = target(DOCKER_CAPS);
	const struct json *profile = syscalls_profile(arena, &admin);
	const char *reason;

	ck_assert_int_eq(syscalls_strength(arena, profile, &admin, &reason), STRENGTH_STRONG);
	ck_assert_int_eq(syscalls_strength(arena, profile, &plain, &reason), STRENGTH_WEAK);
	profile = syscalls_meet(arena, profile, &plain);
	ck_assert(!allows(profile, "mount") && !allows(profile, "clone3"));
	ck_assert(json_member(rule_on(profile, "clone", "SCMP_ACT_ALLOW"), "args") != NULL);
}
END_TEST

START_TEST(every_group_says_why) {
	const struct syscall_group *group;

	for (size_t i = 0; (group = syscall_group_at(i)); i++) {
		ck_assert_msg(*group->why && *group->calls, "%s", group->name);
		ck_assert_msg((group->when == SYSCALL_CAPS) == (group->caps != 0), "%s",
			      group->name);
	}
	ck_assert_ptr_null(syscall_group_of("nosuchcall"));
	ck_assert_ptr_null(syscall_group_of(""));
	ck_assert_str_eq(syscall_group_of("mount")->name, "mounting");
	ck_assert_str_eq(syscall_group_of("umount2")->name, "mounting");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("syscalls");
	TCase *tcase = tcase_create("syscalls");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, make_arena, drop_arena);
	tcase_add_test(tcase, the_default_blocks_what_docker_blocks);
	tcase_add_test(tcase, a_capability_opens_its_calls_and_no_others);
	tcase_add_test(tcase, old_kernels_get_no_ptrace);
	tcase_add_test(tcase, native_leaves_the_other_abis_out);
	tcase_add_test(tcase, patched_defaults_are_seen_through_and_made_strong);
	tcase_add_test(tcase, whole_profiles_are_seen_through_and_made_strong);
	tcase_add_test(tcase, engines_defaults_lose_only_what_the_default_blocks);
	tcase_add_test(tcase, dropped_capabilities_make_a_profile_weak);
	tcase_add_test(tcase, every_group_says_why);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
