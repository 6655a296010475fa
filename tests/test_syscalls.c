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
	char *names = arena_strndup(arena, blocked, strlen(blocked)), *rest = NULL;
	size_t count = 0;

	for (char *name = strtok_r(names, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
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
	if (behind)
		json_append(rules, parse(behind));
	return profile;
}

#define RULE(names, action) "{\"names\":[" names "],\"action\":\"SCMP_ACT_" action "\"}"
#define RULE_IF(name, action, args) \
	"{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_" action "\",\"args\":[" args "]}"
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
	  RULE_IF("socket", "ALLOW", IF("0", "EQ", "1") "," IF("1", "EQ", "2")), STRENGTH_STRONG },
	{ "personality, no randomisation", NULL,
	  RULE_IF("personality", "ALLOW", IF("0", "EQ", "262144")), STRENGTH_WEAK },
	{ "an operator nobody knows", NULL, RULE_IF("socket", "ALLOW", IF("0", "LIKE", "1")),
	  STRENGTH_WEAK },
	{ "an action nobody knows", NULL, RULE("\"chmod\"", "FINE"), STRENGTH_UNKNOWN },
	{ "a name nobody knows", NULL, RULE("\"nosuchsyscall\"", "ALLOW"), STRENGTH_UNKNOWN },
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
		ck_assert_msg(got == STRENGTH_STRONG, "%s: the meet is %d: %s in %s",
			      patches[i].what, got, reason, print(meet));
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

START_TEST(meeting_twice_changes_nothing_more) {
	struct syscalls_target plain = target(DOCKER_CAPS);

	for (size_t i = 0; i < COUNT(engines); i++) {
		const struct json *config = slurp_json(arena, engines[i].file);
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
			 STRENGTH_UNKNOWN);
	ck_assert(!allows(syscalls_meet(arena, parse(text.data), &plain), "mount"));
}
END_TEST

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
	{ "{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"CAP_NEW\"]}}",
	  CAP(BPF), "[]" },
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
	{ DENY ",\n\"syscalls\":[\n" RULE("\"read\"", "ALOW") "]}", "3:" },
	{ DENY ",\"syscalls\":[" RULE("\"read\"", "NOTIFY") "]}", "nobody listens" },
	{ DENY ",\"syscalls\":[{\"names\":[\"read\"]}]}", "/syscalls/0: action is missing" },
	{ DENY ",\"syscalls\":[" RULE("7", "ALLOW") "]}", "wrong type (expected a string)" },
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

START_TEST(an_operators_profile_takes_the_defaults_place) {
	struct syscalls_target own = target(0);
	const char *reason;

	own.own = parse(DENY ",\"syscalls\":[" RULE("\"io_uring_setup\",\"read\"",
						    "ALLOW") "," RULE_IF("socket", "ALLOW",
									 IF("0", "EQ", "1")) "]}");
	ck_assert_str_eq(print(syscalls_profile(arena, &own)), print(own.own));
	ck_assert_int_eq(syscalls_strength(arena, own.own, &own, &reason), STRENGTH_STRONG);
	ck_assert_int_eq(syscalls_strength(arena, patched(DOCKER_CAPS, NULL, NULL), &own, &reason),
			 STRENGTH_WEAK);
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
	tcase_add_test(tcase, argument_filters_of_both_are_kept);
	tcase_add_test(tcase, meeting_twice_changes_nothing_more);
	tcase_add_test(tcase, ten_thousand_rules_are_judged);
	tcase_add_test(tcase, conditional_rules_are_resolved);
	tcase_add_test(tcase, mistakes_of_operators_are_named);
	tcase_add_test(tcase, an_operators_profile_takes_the_defaults_place);
	tcase_add_test(tcase, every_group_says_why);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
