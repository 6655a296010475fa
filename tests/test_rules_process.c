/* SPDX-License-Identifier: Apache-2.0 */
/* The rules about the process: capabilities, user, priorities, directory, environment, exec, labels. */
#include <check.h>

#include "rows.h"

/* What privileged mode writes; SYS_RESOURCE is missing where the engine lacks it itself. */
#define ALL_CAPS                                                                     \
	"[\"CAP_SYS_ADMIN\",\"CAP_SYS_MODULE\",\"CAP_SYS_RAWIO\",\"CAP_NET_ADMIN\"," \
	"\"CAP_SYS_PTRACE\",\"CAP_DAC_READ_SEARCH\",\"CAP_BPF\",\"CAP_SYSLOG\"]"
#define OPEN	    "\"devices\":[{\"allow\":true,\"access\":\"rwm\"}]"
#define CLOSED	    "\"devices\":[{\"allow\":false,\"access\":\"rwm\"}]"
#define PROCESS_ALL "\"process\":{\"capabilities\":{\"bounding\":" ALL_CAPS "}}"

START_TEST(privileged_is_the_whole_combination) {
	ROWS("privileged",
	     { "{" PROCESS_ALL ",\"linux\":{\"resources\":{" OPEN "}}}",
	       "rejected /process/capabilities" },
	     { "{" PROCESS_ALL ",\"linux\":{\"maskedPaths\":[],\"readonlyPaths\":null,"
	       "\"resources\":{" OPEN "}}}",
	       "rejected /process/capabilities" },
	     { "{" PROCESS_ALL ",\"linux\":{\"maskedPaths\":[\"/proc/kcore\"],\"resources\":{" OPEN
	       "}}}",
	       "" },
	     { "{" PROCESS_ALL ",\"linux\":{\"resources\":{" CLOSED "}}}", "" },
	     { "{" PROCESS_ALL ",\"linux\":{\"resources\":{\"devices\":["
	       "{\"allow\":true,\"access\":\"rwm\"},{\"allow\":false,\"access\":\"rwm\"}]}}}",
	       "" },
	     { "{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_SYS_ADMIN\"]}},"
	       "\"linux\":{\"resources\":{" OPEN "}}}",
	       "" },
	     { "{" PROCESS_ALL "}", "" });
}
END_TEST

START_TEST(capabilities_are_cut_in_all_five_sets_and_any_spelling) {
	ROWS("capabilities",
	     { "{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_CHOWN\",\"CAP_KILL\"]}}}", "" },
	     { "{\"process\":{\"capabilities\":{}}}", "" },
	     { "{\"process\":{\"capabilities\":{\"bounding\":null}}}", "" },
	     { "{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_CHOWN\",\"CAP_SYS_ADMIN\"]}}}",
	       "tightened /process/capabilities/bounding",
	       "{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_CHOWN\"]}}}" },
	     { "{\"process\":{\"capabilities\":{\"permitted\":[\"cap_sys_admin\",\"chown\"]}}}",
	       "tightened /process/capabilities/permitted",
	       "{\"process\":{\"capabilities\":{\"permitted\":[\"CAP_CHOWN\"]}}}" },
	     { "{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_CAP_CHOWN\"]}}}",
	       "tightened /process/capabilities/bounding/0",
	       "{\"process\":{\"capabilities\":{\"bounding\":[]}}}" },
	     { "{\"process\":{\"capabilities\":{\"inheritable\":[\"CAP_CHOWN\"],"
	       "\"ambient\":[\"CAP_NET_BIND_SERVICE\"]}}}",
	       "tightened /process/capabilities/inheritable, "
	       "tightened /process/capabilities/ambient",
	       "{\"process\":{\"capabilities\":{\"inheritable\":[],\"ambient\":[]}}}" },
	     { "{\"process\":{\"capabilities\":{\"effective\":[\"CAP_CHOWN\","
	       "\"CAP_NET_BIND_SERVICE\"]}}}",
	       "tightened /process/capabilities/effective",
	       "{\"process\":{\"capabilities\":{\"effective\":[\"CAP_NET_BIND_SERVICE\"]}}}",
	       .base = PROFILE_RESTRICTED },
	     { "{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_NET_ADMIN\"]}}}", "",
	       .params = "{\"allow\":[\"net_admin\"]}" },
	     { "{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_NET_ADMIN\",\"CAP_CHOWN\"]}}}",
	       "", .extra = "[\"NET_ADMIN\"]" },
	     { "{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_CHOWN\"]}}}",
	       "tightened /process/capabilities/bounding", .params = "{\"allow\":[]}" });
}
END_TEST

START_TEST(exec_spells_its_capabilities_out) {
	ROWS("exec-capabilities",
	     { "{\"process\":{}}", "tightened /process/capabilities",
	       "{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_KILL\"]}}}", .at = AT_EXEC,
	       .container = "{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_KILL\"]}}}" },
	     { "{\"process\":{\"capabilities\":{}}}", "", .at = AT_EXEC,
	       .container = "{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_KILL\"]}}}" },
	     { "{\"process\":{}}", "", .at = AT_EXEC, .container = "{\"process\":{}}" },
	     { "{\"process\":{\"capabilities\":{\"effective\":[\"CAP_CHOWN\",\"CAP_KILL\"]}}}",
	       "tightened /process/capabilities",
	       "{\"process\":{\"capabilities\":{\"effective\":[\"CAP_KILL\"]}}}", .at = AT_EXEC,
	       .container = "{\"process\":{\"capabilities\":{\"bounding\":[\"CAP_KILL\"]}}}" },
	     { "{\"process\":{}}", "" });
}
END_TEST

START_TEST(users_and_groups) {
	ROWS("user-root", { "{\"process\":{\"user\":{\"uid\":1000}}}", "" },
	     { "{\"process\":{\"user\":{\"uid\":0}}}", "rejected /process/user/uid" },
	     { "{\"process\":{\"user\":{}}}", "rejected /process/user/uid" },
	     { "{\"process\":{\"user\":{\"uid\":0}},"
	       "\"linux\":{\"namespaces\":[{\"type\":\"user\"}]}}",
	       "" });
	ROWS("user-range", { "{\"process\":{\"user\":{\"uid\":2147483647,\"gid\":0}}}", "" },
	     { "{\"process\":{\"user\":{\"uid\":2147483648}}}", "rejected /process/user/uid" },
	     { "{\"process\":{\"user\":{\"uid\":0,\"gid\":4294967295}}}",
	       "rejected /process/user/gid" },
	     { "{\"process\":{\"user\":{\"uid\":0,\"additionalGids\":[1,4294967295]}}}",
	       "rejected /process/user/additionalGids/1" });
	ROWS("user-groups",
	     { "{\"process\":{\"user\":{\"gid\":0,\"additionalGids\":[0,10]}}}", "" },
	     { "{\"process\":{\"user\":{\"gid\":0,\"additionalGids\":[0,6]}}}",
	       "audited /process/user/additionalGids/1" },
	     { "{\"process\":{\"user\":{\"gid\":0,\"additionalGids\":[0,6,1,42]}}}",
	       "tightened /process/user/additionalGids/1",
	       "{\"process\":{\"user\":{\"gid\":0,\"additionalGids\":[0,1]}}}",
	       .base = PROFILE_RESTRICTED },
	     { "{\"process\":{\"user\":{\"gid\":6}}}", "rejected /process/user/gid",
	       .base = PROFILE_RESTRICTED },
	     { "{\"process\":{\"user\":{\"gid\":1,\"additionalGids\":[998]}}}",
	       "audited /process/user/additionalGids/0", .params = "{\"deny\":[\"998\"]}" });
	ROWS("umask", { "{\"process\":{\"user\":{\"umask\":18}}}", "" },
	     { "{\"process\":{\"user\":{\"umask\":63}}}", "" },
	     { "{\"process\":{\"user\":{}}}", "" },
	     { "{\"process\":{\"user\":{\"umask\":0}}}", "tightened /process/user/umask",
	       "{\"process\":{\"user\":{\"umask\":18}}}" },
	     { "{\"process\":{\"user\":{\"umask\":1}}}", "tightened /process/user/umask",
	       "{\"process\":{\"user\":{\"umask\":19}}}" });
}
END_TEST

START_TEST(nobody_gains_privileges) {
	ROWS("no-new-privileges", { "{\"process\":{\"noNewPrivileges\":true}}", "" },
	     { "{\"process\":{}}", "tightened /process/noNewPrivileges",
	       "{\"process\":{\"noNewPrivileges\":true}}" },
	     { "{\"process\":{\"noNewPrivileges\":null}}", "tightened /process/noNewPrivileges",
	       "{\"process\":{\"noNewPrivileges\":true}}" },
	     { "{\"process\":{\"noNewPrivileges\":false}}", "tightened /process/noNewPrivileges",
	       "{\"process\":{\"noNewPrivileges\":true}}", .at = AT_EXEC });
}
END_TEST

START_TEST(scores_and_limits) {
	ROWS("oom-score", { "{\"process\":{}}", "" }, { "{\"process\":{\"oomScoreAdj\":500}}", "" },
	     { "{\"process\":{\"oomScoreAdj\":-1}}", "tightened /process/oomScoreAdj",
	       "{\"process\":{\"oomScoreAdj\":0}}" },
	     { "{\"process\":{\"oomScoreAdj\":-998}}", "tightened /process/oomScoreAdj",
	       "{\"process\":{\"oomScoreAdj\":0}}", .engine = ENGINE_DOCKER },
	     { "{\"process\":{\"oomScoreAdj\":-998}}", "", .engine = ENGINE_CRI },
	     { "{\"process\":{\"oomScoreAdj\":-997}}", "", .engine = ENGINE_CRIO },
	     { "{\"process\":{\"oomScoreAdj\":-999}}", "tightened /process/oomScoreAdj",
	       "{\"process\":{\"oomScoreAdj\":0}}", .engine = ENGINE_CRI });
#define LIMIT(type, soft, hard) "{\"type\":\"" type "\",\"soft\":" soft ",\"hard\":" hard "}"
#define LIMITS(...)		"{\"process\":{\"rlimits\":[" __VA_ARGS__ "]}}"
	ROWS("rlimits", { LIMITS(LIMIT("RLIMIT_NOFILE", "1024", "1048576")), "" },
	     { LIMITS(LIMIT("RLIMIT_CORE", "0", "18446744073709551615")),
	       "tightened /process/rlimits/0", LIMITS(LIMIT("RLIMIT_CORE", "0", "0")) },
	     { LIMITS(LIMIT("RLIMIT_CORE", "1", "4096")), "" },
	     { LIMITS(LIMIT("RLIMIT_RTPRIO", "99", "99")), "tightened /process/rlimits/0",
	       LIMITS(LIMIT("RLIMIT_RTPRIO", "0", "0")) },
	     { LIMITS(LIMIT("RLIMIT_NOFILE", "1", "1") "," LIMIT("RLIMIT_NOFILE", "2", "2")),
	       "rejected /process/rlimits/1" },
	     { LIMITS(LIMIT("RLIMIT_WAT", "1", "1")), "rejected /process/rlimits/0" });
}
END_TEST

START_TEST(nobody_takes_more_than_a_share) {
	ROWS("scheduler", { "{\"process\":{},\"linux\":{}}", "" },
	     { "{\"process\":{\"scheduler\":{\"policy\":\"SCHED_BATCH\",\"nice\":5}}}", "" },
	     { "{\"process\":{\"scheduler\":{\"policy\":\"SCHED_FIFO\",\"priority\":1}}}",
	       "tightened /process/scheduler", "{\"process\":{}}" },
	     { "{\"process\":{\"scheduler\":{\"policy\":\"SCHED_OTHER\",\"nice\":-1}}}",
	       "tightened /process/scheduler", "{\"process\":{}}" },
	     { "{\"process\":{\"ioPriority\":{\"class\":\"IOPRIO_CLASS_RT\",\"priority\":0}}}",
	       "tightened /process/ioPriority", "{\"process\":{}}" },
	     { "{\"process\":{\"ioPriority\":{\"class\":\"IOPRIO_CLASS_BE\",\"priority\":4}}}",
	       "" },
	     { "{\"process\":{},\"linux\":{\"personality\":{\"domain\":\"LINUX\"}}}", "" },
	     { "{\"process\":{},\"linux\":{\"personality\":{\"domain\":\"LINUX32\"}}}",
	       "tightened /linux/personality", "{\"process\":{},\"linux\":{}}" },
	     { "{\"process\":{},\"linux\":{\"memoryPolicy\":{\"mode\":\"MPOL_BIND\"}}}",
	       "tightened /linux/memoryPolicy", "{\"process\":{},\"linux\":{}}" },
	     { "{\"process\":{},\"linux\":{\"resources\":{\"cpu\":{\"realtimeRuntime\":95000}}}}",
	       "tightened /linux/resources/cpu/realtimeRuntime",
	       "{\"process\":{},\"linux\":{\"resources\":{\"cpu\":{}}}}" },
	     { "{\"process\":{},\"linux\":{\"personality\":{\"domain\":\"LINUX32\"}}}", "", "",
	       .at = AT_EXEC });
}
END_TEST

START_TEST(directory_and_program_are_inside) {
	ROWS("working-directory", { "{\"process\":{\"cwd\":\"/\"}}", "" },
	     { "{\"process\":{\"cwd\":\"/app/\"}}", "" },
	     { "{\"process\":{\"cwd\":\"/dev/shm/x\"}}", "" },
	     { "{\"process\":{\"cwd\":\"/process\"}}", "" },
	     { "{\"process\":{\"cwd\":\"/proc/self/fd/7\"}}", "rejected /process/cwd" },
	     { "{\"process\":{\"cwd\":\"//proc//self\"}}", "rejected /process/cwd" },
	     { "{\"process\":{\"cwd\":\"/./proc/1/root\"}}", "rejected /process/cwd" },
	     { "{\"process\":{\"cwd\":\"/dev/fd/8\"}}", "rejected /process/cwd" },
	     { "{\"process\":{\"cwd\":\"/sys\"}}", "rejected /process/cwd" },
	     { "{\"process\":{\"cwd\":\"/app/../proc\"}}", "rejected /process/cwd" },
	     { "{\"process\":{\"cwd\":\"app\"}}", "rejected /process/cwd" },
	     { "{\"process\":{\"cwd\":\"\"}}", "rejected /process/cwd" },
	     { "{\"process\":{}}", "rejected /process/cwd" });
	ROWS("arguments", { "{\"process\":{\"args\":[\"sh\",\"/proc/self/exe\"]}}", "" },
	     { "{\"process\":{\"args\":[\"/bin/sh\"]}}", "" },
	     { "{\"process\":{\"args\":[\"/proc/self/exe\"]}}", "rejected /process/args/0" },
	     { "{\"process\":{\"args\":[\"/bin/../proc/self/exe\"]}}", "rejected /process/args/0" },
	     { "{\"process\":{\"cwd\":\"/\",\"args\":[\"proc/self/exe\"]}}",
	       "rejected /process/args/0" },
	     { "{\"process\":{\"cwd\":\"/a/b\",\"args\":[\"../../../proc/self/exe\"]}}",
	       "rejected /process/args/0" },
	     { "{\"process\":{\"cwd\":\"/a\",\"args\":[\"./proc/x\"]}}", "" },
	     { "{\"process\":{\"args\":[\"/dev/fd/3\"]}}", "rejected /process/args/0" });
}
END_TEST

#define HOOKED "\"hooks\":{\"createContainer\":[{\"path\":\"/x\"}]}"

START_TEST(environments_are_well_formed_and_reach_no_hook) {
	ROWS("environment", { "{\"process\":{\"env\":[\"PATH=/bin\",\"LD_PRELOAD=x\"]}}", "" },
	     { "{\"process\":{\"env\":[\"A=1\\n2\",\"EMPTY=\"]}}", "" },
	     { "{\"process\":{\"env\":[\"NOEQ\"]}}", "rejected /process/env/0" },
	     { "{\"process\":{\"env\":[\"=x\"]}}", "rejected /process/env/0" },
	     { "{\"process\":{\"env\":[\"HOME=/x\\nroot::0:0\"]}}", "rejected /process/env/0" },
	     { "{\"process\":{\"env\":[\"A=1\",\"LD_PRELOAD=x\",\"B=2\"]}," HOOKED "}",
	       "tightened /process/env/1", "{\"process\":{\"env\":[\"A=1\",\"B=2\"]}," HOOKED "}" },
	     { "{\"process\":{\"env\":[\"LD_AUDIT=x\",\"GLIBC_TUNABLES=x\",\"B=2\"]}," HOOKED "}",
	       "tightened /process/env/0, tightened /process/env/0",
	       "{\"process\":{\"env\":[\"B=2\"]}," HOOKED "}" },
	     { "{\"process\":{\"env\":[\"LD_PRELOAD=x\"]},\"hooks\":{\"createContainer\":["
	       "{\"path\":\"/x\",\"env\":[\"PATH=/bin\"]}]}}",
	       "" },
	     { "{\"process\":{\"env\":[\"LD_PRELOAD=x\"]},\"hooks\":{\"prestart\":["
	       "{\"path\":\"/x\"}]}}",
	       "" },
	     { "{\"process\":{\"env\":[\"LD_PRELOAD=x\"]}," HOOKED "}", "", "", .at = AT_EXEC });
}
END_TEST

START_TEST(secrets_are_told_by_name_and_shape) {
	ROWS("secrets-in-environment",
	     { "{\"process\":{\"env\":[\"PATH=/bin\",\"DB_PASSWORD_FILE=/run/x\",\"TOKEN=\","
	       "\"URL=http://user@host/a:b@c\",\"TOKEN_TTL=60\",\"KEYBOARD=us\"]}}",
	       "" },
	     { "{\"process\":{\"env\":[\"DB_PASSWORD=x\",\"api_token=x\",\"MyApiKey=x\"]}}",
	       "audited /process/env/0, audited /process/env/1, audited /process/env/2" },
	     { "{\"process\":{\"env\":[\"X=AKIAIOSFODNN7EXAMPLE\"]}}", "audited /process/env/0" },
	     { "{\"process\":{\"env\":[\"DATABASE=postgres://u:p@db/x\"]}}",
	       "audited /process/env/0" });
}
END_TEST

#define OWN                                                                              \
	"{\"process\":{\"noNewPrivileges\":true,\"apparmorProfile\":\"docker-default\"," \
	"\"capabilities\":{\"bounding\":[\"CAP_CHOWN\",\"CAP_KILL\"]}}}"

/* An environment of count times the entry, and the words of the first hundred findings. */
static const char *many(struct arena *arena, const char *entry, unsigned count)
{
	struct text text = { .arena = arena };

	for (unsigned i = 0; i < count; i++)
		text_printf(&text, "%s\"%s\"", i ? "," : "{\"process\":{\"env\":[", entry);
	text_printf(&text, "]}}");
	return text.data;
}

static const char *hundred(struct arena *arena, const char *outcome)
{
	struct text text = { .arena = arena };

	for (unsigned i = 0; i < 100; i++)
		text_printf(&text, "%s%s /process/env/%u", i ? ", " : "", outcome, i);
	return text.data;
}

START_TEST(what_is_found_everywhere_is_told_a_hundred_times) {
	struct arena *arena = arena_new();

	ROWS("environment", { many(arena, "A", 100), hundred(arena, "rejected"), "" },
	     { many(arena, "A", 300), hundred(arena, "rejected"), "" });
	ROWS("secrets-in-environment",
	     { many(arena, "PASSWORD=x", 100), hundred(arena, "audited"), "" },
	     { many(arena, "PASSWORD=x", 300), hundred(arena, "audited"), "" });
	arena_free(arena);
}
END_TEST

START_TEST(exec_holds_no_more_than_the_container) {
	ROWS("exec-privileges",
	     { "{\"process\":{\"noNewPrivileges\":true}}", "", .at = AT_EXEC, .container = OWN },
	     { "{\"process\":{\"noNewPrivileges\":true,\"apparmorProfile\":\"docker-default\","
	       "\"capabilities\":{\"effective\":[\"CAP_KILL\"]}}}",
	       "", .at = AT_EXEC, .container = OWN },
	     { "{\"process\":{\"noNewPrivileges\":true,\"capabilities\":{\"effective\":"
	       "[\"CAP_SETUID\",\"CAP_KILL\"]}}}",
	       "tightened /process/capabilities",
	       "{\"process\":{\"noNewPrivileges\":true,\"capabilities\":{\"effective\":"
	       "[\"CAP_KILL\"]}}}",
	       .at = AT_EXEC, .container = OWN },
	     { "{\"process\":{\"noNewPrivileges\":true,\"capabilities\":{\"effective\":"
	       "[\"CAP_SETUID\",\"CAP_KILL\"]}}}",
	       "", "", .at = AT_EXEC, .container = OWN, .base = PROFILE_RESTRICTED },
	     { "{\"process\":{\"noNewPrivileges\":true,\"capabilities\":{\"effective\":"
	       "[\"CAP_SYS_ADMIN\",\"CAP_KILL\"]}}}",
	       "rejected /process/capabilities", "", .at = AT_EXEC, .container = OWN,
	       .base = PROFILE_RESTRICTED },
	     { "{\"process\":{}}", "tightened /process", "{\"process\":{\"noNewPrivileges\":true}}",
	       .at = AT_EXEC, .container = OWN },
	     { "{\"process\":{\"noNewPrivileges\":true,\"apparmorProfile\":\"unconfined\"}}",
	       "rejected /process/apparmorProfile", .at = AT_EXEC, .container = OWN },
	     { "{\"process\":{\"apparmorProfile\":\"unconfined\"}}",
	       "rejected /process/apparmorProfile", .at = AT_EXEC,
	       .container = "{\"process\":{}}" },
	     { "{\"process\":{\"selinuxLabel\":\"system_u:system_r:spc_t:s0\"}}",
	       "rejected /process/selinuxLabel", .at = AT_EXEC,
	       .container =
		       "{\"process\":{\"selinuxLabel\":\"system_u:system_r:container_t:s0\"}}" },
	     { "{\"process\":{}}", "rejected /process", .at = AT_EXEC, .container = "{}" });
}
END_TEST

#define ARMOR(name) "{\"process\":{\"apparmorProfile\":\"" name "\"}}"
#define ON	    .facts = "{\"apparmor\":true}"
#define NO	    .facts = "{\"apparmor\":false}"
#define LABEL(text) "{\"process\":{\"selinuxLabel\":\"" text "\"}}"

START_TEST(labels_confine) {
	ROWS("apparmor", { ARMOR("docker-default"), "" }, { ARMOR("docker-default"), "", ON },
	     { ARMOR("unconfined"), "", NO }, { ARMOR("mine"), "", NO },
	     { ARMOR("unconfined"), "unproven /process/apparmorProfile", .engine = ENGINE_DOCKER },
	     { ARMOR("unconfined"), "tightened /process/apparmorProfile", ARMOR("docker-default"),
	       ON, .engine = ENGINE_DOCKER },
	     { "{\"process\":{}}", "tightened /process/apparmorProfile",
	       ARMOR("cri-containerd.apparmor.d"), ON, .engine = ENGINE_CRI },
	     { "{\"process\":{}}", "", ON, .engine = ENGINE_CRI, .sandbox = true },
	     { "{\"process\":{}}", "", .engine = ENGINE_CRI },
	     { "{\"process\":{}}", "", ON, .engine = ENGINE_DOCKER, .rootless = true },
	     { "{\"process\":{}}", "", .engine = ENGINE_DOCKER,
	       .facts = "{\"apparmor\":true,\"paths\":{\"/sbin/apparmor_parser\":"
			"{\"type\":\"missing\"}}}" },
	     { "{\"process\":{}}", "", ON, .engine = ENGINE_PODMAN },
	     { ARMOR("unconfined"), "rejected /process/apparmorProfile", ON,
	       .engine = ENGINE_PODMAN },
	     { ARMOR("containers-default-0.50.1"), "", ON, .engine = ENGINE_PODMAN },
	     { ARMOR("mine"), "rejected /process/apparmorProfile", ON, .engine = ENGINE_DOCKER },
	     { ARMOR("mine"), "", ON, .params = "{\"allow\":[\"mine\"]}" },
	     { ARMOR("unconfined"), "tightened /process/apparmorProfile", ARMOR("mine"), ON,
	       .params = "{\"default\":[\"mine\"]}" },
	     { ARMOR("unconfined"), "tightened /process/apparmorProfile", ARMOR("crio-default"), ON,
	       .at = AT_EXEC, .engine = ENGINE_DOCKER, .container = ARMOR("crio-default") },
	     { "{\"process\":{}}", "", ON, .at = AT_EXEC, .engine = ENGINE_DOCKER,
	       .container = ARMOR("docker-default") });
	ROWS("selinux", { "{\"process\":{}}", "" }, { LABEL(""), "" },
	     { LABEL("system_u:system_r:container_t:s0:c1,c2"), "" },
	     { LABEL("system_u:system_r:container_init_t:s0"), "" },
	     { LABEL("system_u:system_r:spc_t:s0"), "rejected /process/selinuxLabel" },
	     { LABEL("unconfined_u:system_r:container_t:s0"), "rejected /process/selinuxLabel" },
	     { LABEL("system_u:object_r:container_t:s0"), "rejected /process/selinuxLabel" },
	     { LABEL("system_u:system_r:container_t"), "rejected /process/selinuxLabel" },
	     { LABEL("container_t"), "rejected /process/selinuxLabel" },
	     { LABEL("system_u:system_r:mine_t:s0"), "", .params = "{\"allow\":[\"mine_t\"]}" },
	     { "{\"process\":{},\"linux\":{\"mountLabel\":"
	       "\"system_u:object_r:container_file_t:s0:c1,c2\"}}",
	       "" },
	     { "{\"process\":{},\"linux\":{\"mountLabel\":\"system_u:object_r:etc_t:s0\"}}",
	       "rejected /linux/mountLabel" },
	     { "{\"process\":{},\"linux\":{\"mountLabel\":"
	       "\"system_u:object_r:container_file_t:s0,suid\"}}",
	       "rejected /linux/mountLabel" });
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		privileged_is_the_whole_combination,
		capabilities_are_cut_in_all_five_sets_and_any_spelling,
		exec_spells_its_capabilities_out,
		users_and_groups,
		nobody_gains_privileges,
		scores_and_limits,
		nobody_takes_more_than_a_share,
		directory_and_program_are_inside,
		environments_are_well_formed_and_reach_no_hook,
		secrets_are_told_by_name_and_shape,
		what_is_found_everywhere_is_told_a_hundred_times,
		exec_holds_no_more_than_the_container,
		labels_confine,
	};
	Suite *suite = suite_create("rules about the process");
	TCase *tcase = tcase_create("rules");
	SRunner *runner;
	int failed;

	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
