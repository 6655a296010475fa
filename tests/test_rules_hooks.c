/* SPDX-License-Identifier: Apache-2.0 */
/* The rules about hooks, annotations and what is no part of an ordinary Linux container. */
#include <check.h>

#include "rows.h"

#define ID "0123456789abcdef"
#define FIXED                                                                              \
	"\"env\":[\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\"]," \
	"\"timeout\":30"
#define OWN		 "\"env\":[\"A=1\"],\"timeout\":5"
#define HOOK(kind, text) "{\"hooks\":{\"" kind "\":[{" text "}]}}"
#define NVIDIA		 "\"path\":\"/usr/bin/nvidia-container-runtime-hook\""
#define SETKEY(path, id)                                                                    \
	"\"path\":\"" path "\",\"args\":[\"libnetwork-setkey\",\"-exec-root=/run/docker\"," \
	"\"" id "\",\"4f062402fc52\"]"
#define DAEMON "/proc/812/exe"
#define DOCKER .engine = ENGINE_DOCKER, .id = ID

START_TEST(hooks_are_known_programs_on_their_own_terms) {
	ROWS("hooks", { "{}", "" }, { "{\"hooks\":{}}", "" },
	     { "{\"hooks\":{\"prestart\":[]}}", "" }, { HOOK("prestart", NVIDIA "," OWN), "" },
	     { HOOK("prestart", NVIDIA), "tightened /hooks/prestart/0",
	       HOOK("prestart", NVIDIA "," FIXED) },
	     { HOOK("prestart", NVIDIA ",\"env\":[],\"timeout\":5"), "tightened /hooks/prestart/0",
	       HOOK("prestart", NVIDIA ",\"env\":[\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:"
				       "/usr/bin:/sbin:/bin\"],\"timeout\":5") },
	     { HOOK("poststart", "\"path\":\"/usr/libexec/oci/hooks.d/x\"," OWN), "" },
	     { HOOK("createRuntime", "\"path\":\"/tmp/x\"," OWN),
	       "rejected /hooks/createRuntime/0/path" },
	     { HOOK("prestart", "\"path\":\"/bin/true\""), "rejected /hooks/prestart/0/path" },
	     { HOOK("prestart", "\"path\":\"/usr/libexec/oci/hooks.d/../x\"," OWN),
	       "rejected /hooks/prestart/0/path" },
	     { HOOK("prestart", "\"path\":\"/usr/libexec/oci/hooks.dx\"," OWN),
	       "rejected /hooks/prestart/0/path" },
	     { HOOK("prestart", "\"path\":\"hook\"," OWN), "rejected /hooks/prestart/0/path" },
	     { HOOK("prestart", "\"path\":\"/opt/h\"," OWN), "",
	       .params = "{\"allow\":[\"/opt/h\"]}" },
	     { HOOK("prestart", "\"path\":\"/opt/h\"," OWN), "rejected /hooks/prestart/0/path",
	       .params = "{\"allow\":[\"/opt/h\"]}",
	       .facts = "{\"paths\":{\"/opt/h\":{\"type\":\"missing\"}}}" },
	     { "{\"root\":{\"path\":\"/c\"},"
	       "\"hooks\":{\"prestart\":[{\"path\":\"/opt/h\"," OWN "}]}}",
	       "rejected /hooks/prestart/0/path", .params = "{\"allow\":[\"/opt/h\"]}",
	       .facts = "{\"paths\":{\"/opt/h\":{\"type\":\"file\",\"real\":\"/c/h\"}}}" },
	     { "{\"mounts\":[{\"source\":\"/vol\",\"options\":[\"rbind\"]}],"
	       "\"hooks\":{\"prestart\":[{\"path\":\"/opt/h\"," OWN "}]}}",
	       "rejected /hooks/prestart/0/path", .params = "{\"allow\":[\"/opt/h\"]}",
	       .facts = "{\"paths\":{\"/opt/h\":{\"type\":\"file\",\"real\":\"/vol/h\"}}}" });
}
END_TEST

START_TEST(dockers_own_hook_passes_for_docker_alone) {
	ROWS("hooks", { HOOK("prestart", SETKEY(DAEMON, ID) "," OWN), "", DOCKER },
	     { HOOK("prestart", SETKEY(DAEMON, ID)), "tightened /hooks/prestart/0",
	       HOOK("prestart", SETKEY(DAEMON, ID) "," FIXED), DOCKER },
	     { HOOK("prestart", SETKEY(DAEMON, ID)), "rejected /hooks/prestart/0/path",
	       .engine = ENGINE_PODMAN, .id = ID },
	     { HOOK("prestart", SETKEY(DAEMON, "ffff")), "rejected /hooks/prestart/0/path",
	       DOCKER },
	     { HOOK("poststart", SETKEY(DAEMON, ID)), "rejected /hooks/poststart/0/path", DOCKER },
	     { HOOK("prestart", SETKEY("/proc/self/exe", ID)), "rejected /hooks/prestart/0/path",
	       DOCKER },
	     { HOOK("prestart", SETKEY("/proc/812/root/x", ID)), "rejected /hooks/prestart/0/path",
	       DOCKER },
	     { HOOK("prestart", "\"path\":\"" DAEMON "\",\"args\":[\"docker-untar\",\"/\"]"),
	       "rejected /hooks/prestart/0/path", DOCKER });
}
END_TEST

#define NOTE(key, value) "{\"annotations\":{\"" key "\":\"" value "\"}}"
#define NOTE_BAD(key)	 "rejected /annotations/" key
#define UNIT		 "org.systemd.property."

START_TEST(annotations_command_nothing) {
	ROWS("annotations", { "{}", "" },
	     { NOTE("io.kubernetes.cri.container-type", "sandbox"), "" },
	     { NOTE("org.opencontainers.image.stopSignal", "15"), "" },
	     { NOTE("bundles", "x"), "" }, { NOTE("bundle", "/tmp/evil"), NOTE_BAD("bundle") },
	     { NOTE("bundle=/tmp/evil", ""), NOTE_BAD("bundle=~1tmp~1evil") },
	     { NOTE("run.oci.seccomp_bpf_data", "x"), NOTE_BAD("run.oci.seccomp_bpf_data") },
	     { NOTE("run.oci.keep_original_groups", "1"),
	       NOTE_BAD("run.oci.keep_original_groups") },
	     { NOTE("org.criu.config", "x"), NOTE_BAD("org.criu.config") },
	     { NOTE("krun.cpus", "1"), NOTE_BAD("krun.cpus") },
	     { NOTE("module.wasm.image/variant", "compat"),
	       NOTE_BAD("module.wasm.image~1variant") },
	     { NOTE("io.containers.trace-syscall", "of:/x"),
	       NOTE_BAD("io.containers.trace-syscall") },
	     { NOTE("io.katacontainers.config.hypervisor.path", "/x"),
	       NOTE_BAD("io.katacontainers.config.hypervisor.path") },
	     { NOTE("dev.gvisor.internal.seccomp.x", "x"),
	       NOTE_BAD("dev.gvisor.internal.seccomp.x") },
	     { NOTE(UNIT "TimeoutStopUSec", "uint64 30000000"), "" },
	     { NOTE(UNIT "DefaultDependencies", "true"), "" },
	     { NOTE(UNIT "After", "['crio.service']"), "" },
	     { NOTE(UNIT "CollectMode", "'inactive-or-failed'"), "" },
	     { NOTE(UNIT "TimeoutStopUSec", "uint64 3\\nx"), NOTE_BAD(UNIT "TimeoutStopUSec") },
	     { NOTE(UNIT "After", "['evil.service']"), NOTE_BAD(UNIT "After") },
	     { NOTE(UNIT "DevicePolicy", "'auto'"), NOTE_BAD(UNIT "DevicePolicy") },
	     { NOTE("bundle", "/tmp/evil"), "", .at = AT_EXEC },
	     { NOTE("bundle", "/tmp/evil"), "", .at = AT_UPDATE });
}
END_TEST

START_TEST(nothing_of_other_platforms) {
	ROWS("rdt", { "{\"linux\":{\"intelRdt\":{}}}", "" },
	     { "{\"linux\":{\"intelRdt\":{\"closID\":\"../x\"}}}",
	       "rejected /linux/intelRdt/closID" },
	     { "{\"linux\":{\"intelRdt\":{\"closID\":\"gold\"}}}", "",
	       .params = "{\"allow\":[\"gold\"]}" },
	     { "{\"linux\":{\"intelRdt\":{\"closID\":\"gold\",\"l3CacheSchema\":\"L3:0=f\"}}}",
	       "rejected /linux/intelRdt/l3CacheSchema", .params = "{\"allow\":[\"gold\"]}" });
	ROWS("net-devices", { "{\"linux\":{\"netDevices\":{}}}", "" },
	     { "{\"linux\":{\"netDevices\":{\"eth0\":{}}}}", "rejected /linux/netDevices/eth0" },
	     { "{\"linux\":{\"netDevices\":{\"ens9\":{}}}}", "",
	       .params = "{\"allow\":[\"ens9\"]}" });
	ROWS("time-offsets", { "{\"linux\":{\"timeOffsets\":{}}}", "" },
	     { "{\"linux\":{\"timeOffsets\":{\"boottime\":{\"secs\":1}}}}",
	       "audited /linux/timeOffsets" },
	     { "{\"linux\":{\"timeOffsets\":{\"boottime\":{\"secs\":1}}}}",
	       "rejected /linux/timeOffsets", .base = PROFILE_RESTRICTED });
	ROWS("foreign-platform", { "{\"linux\":{}}", "" }, { "{\"vm\":null}", "" },
	     { "{\"vm\":{\"hypervisor\":{\"path\":\"/x\"}}}", "rejected /vm" },
	     { "{\"windows\":{}}", "rejected /windows" });
	ROWS("unknown-field", { "{\"process\":{\"cwd\":\"/\"},\"annotations\":{\"x\":\"y\"}}", "" },
	     { "{\"process\":{\"cwd\":\"/\",\"new\":1}}", "audited /process/new" },
	     { "{\"linux\":{\"new\":{}},\"more\":1}", "rejected /linux/new",
	       .base = PROFILE_RESTRICTED },
	     { "{\"process\":{\"new\":1},\"more\":1}", "audited /process/new", .at = AT_EXEC },
	     { "{\"process\":{},\"more\":1}", "", .at = AT_EXEC });
	ROWS("restore", { "{}", "" }, { "{}", "rejected ", .at = AT_RESTORE });
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		hooks_are_known_programs_on_their_own_terms,
		dockers_own_hook_passes_for_docker_alone,
		annotations_command_nothing,
		nothing_of_other_platforms,
	};
	Suite *suite = suite_create("rules about hooks and annotations");
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
