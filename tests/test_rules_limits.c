/* SPDX-License-Identifier: Apache-2.0 */
/* The rules about devices, cgroups, limits and kernel parameters. */
#include <check.h>

#include "rows.h"

#define NODE(path, type, major, minor) \
	"{\"path\":\"" path "\",\"type\":\"" type "\",\"major\":" #major ",\"minor\":" #minor "}"
#define NODES(...) "{\"linux\":{\"devices\":[" __VA_ARGS__ "]}}"

START_TEST(device_nodes_are_the_standard_ones) {
	ROWS("devices", { "{}", "" }, { NODES(), "" }, { NODES(NODE("/dev/null", "c", 1, 3)), "" },
	     { NODES(NODE("/dev/tty", "c", 5, 0) "," NODE("/dev/zero", "u", 1, 5)), "" },
	     { NODES(NODE("/dev/null", "c", 1, 5)), "rejected /linux/devices/0" },
	     { NODES(NODE("/dev/null", "b", 1, 3)), "rejected /linux/devices/0" },
	     { NODES(NODE("/dev/sda", "b", 8, 0)), "rejected /linux/devices/0" },
	     { NODES(NODE("/dev/null", "c", 1, 3) "," NODE("/dev/kvm", "c", 10, 232)),
	       "rejected /linux/devices/1" },
	     { NODES(NODE("/etc/../dev/sneaky", "c", 1, 3)), "rejected /linux/devices/0" },
	     { NODES(NODE("/tmp/fuse", "c", 10, 229)), "rejected /linux/devices/0",
	       .params = "{\"allow\":[\"c 10:229\"]}" },
	     { NODES(NODE("/dev/fuse", "c", 10, 229)), "", .params = "{\"allow\":[\"c 10:229\"]}" },
	     { NODES(NODE("/dev/fuse", "c", 10, 229)), "", .extra = "[\"c 10:*\"]" },
	     { NODES(NODE("/dev/fuse", "b", 10, 229)), "rejected /linux/devices/0",
	       .params = "{\"allow\":[\"c 10:229\"]}" },
	     { NODES(NODE("/dev/fuse", "c", 10, 229)), "",
	       .params = "{\"allow\":[{\"path\":\"/dev/fuse\",\"type\":\"c\",\"major\":10,"
			 "\"minor\":229}]}" },
	     { NODES(NODE("/dev/x", "c", 10, 229)), "rejected /linux/devices/0",
	       .params = "{\"allow\":[{\"path\":\"/dev/fuse\",\"type\":\"c\",\"major\":10,"
			 "\"minor\":229}]}" },
	     /* a name alone is no device: the engine makes it for any node of the host */
	     { NODES(NODE("/dev/fuse", "c", 10, 229)), "rejected /linux/devices/0",
	       .params = "{\"allow\":[\"/dev/fuse\"]}" },
	     { NODES(NODE("/dev/null", "c", 10, 229)), "rejected /linux/devices/0",
	       .params = "{\"allow\":[\"c 10:229\"]}" });
}
END_TEST

#define DENY	    "{\"allow\":false,\"access\":\"rwm\"}"
#define ALLOW(rest) "{\"allow\":true," rest "}"
#define DEV(ma, mi) "\"type\":\"c\",\"major\":" #ma ",\"minor\":" #mi ",\"access\":\"rwm\""
#define ACCESS(...) "{\"linux\":{\"resources\":{\"devices\":[" __VA_ARGS__ "]}}}"
#define AT_DEVICES  "/linux/resources/devices"

START_TEST(the_device_cgroup_denies_first) {
	ROWS("device-cgroup", { ACCESS(DENY), "" },
	     { ACCESS(DENY "," ALLOW(DEV(1, 3)) "," ALLOW(DEV(5, 1)) "," DENY), "" },
	     { ACCESS(DENY "," ALLOW(DEV(136, -1)) "," ALLOW(DEV(136, 7))), "" },
	     { ACCESS(DENY "," ALLOW("\"type\":\"c\",\"access\":\"m\"")), "" },
	     { "{\"linux\":{\"resources\":{}}}", "tightened " AT_DEVICES, ACCESS(DENY) },
	     { "{}", "tightened " AT_DEVICES, ACCESS(DENY) },
	     { ACCESS(), "tightened " AT_DEVICES, ACCESS(DENY) },
	     { "{\"linux\":{\"resources\":{\"devices\":null}}}", "tightened " AT_DEVICES,
	       ACCESS(DENY) },
	     { ACCESS(ALLOW("\"access\":\"rwm\"")), "tightened " AT_DEVICES, ACCESS(DENY) },
	     { ACCESS(DENY "," ALLOW("\"type\":\"b\",\"access\":\"rwm\"")),
	       "tightened " AT_DEVICES "/1", ACCESS(DENY) },
	     { ACCESS(DENY "," ALLOW("\"type\":\"c\",\"major\":-1,\"minor\":-1,"
				     "\"access\":\"w\"")),
	       "tightened " AT_DEVICES "/1", ACCESS(DENY) },
	     { ACCESS(DENY "," ALLOW(DEV(1, -1))), "tightened " AT_DEVICES "/1", ACCESS(DENY) },
	     { ACCESS(DENY "," ALLOW(DEV(10, 200)) "," ALLOW(DEV(1, 9))),
	       "tightened " AT_DEVICES "/1", ACCESS(DENY "," ALLOW(DEV(1, 9))) },
	     { ACCESS(ALLOW(DEV(1, 3)) "," DENY), "tightened " AT_DEVICES,
	       ACCESS(DENY "," ALLOW(DEV(1, 3))) },
	     { ACCESS("{\"allow\":false,\"access\":\"rw\"}," ALLOW(DEV(1, 3))),
	       "tightened " AT_DEVICES,
	       ACCESS(DENY ",{\"allow\":false,\"access\":\"rw\"}," ALLOW(DEV(1, 3))) },
	     { ACCESS(DENY "," ALLOW(DEV(10, 229))), "", .params = "{\"allow\":[\"c 10:229\"]}" },
	     /* a node that stands in the list of nodes is judged there */
	     { "{\"linux\":{\"devices\":[" NODE("/dev/fuse", "c", 10,
						229) "],\"resources\":{"
						     "\"devices\":[" DENY
						     "," ALLOW(DEV(10, 229)) "]}}}",
	       "" },
	     { "{\"linux\":{\"resources\":{}}}", "", "", .at = AT_UPDATE },
	     { ACCESS(ALLOW("\"access\":\"rwm\"")), "tightened " AT_DEVICES, ACCESS(DENY),
	       .at = AT_UPDATE });
}
END_TEST

#define ID	 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER	 "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define UID	 "11111111-2222-3333-4444-555555555555"
#define UID_	 "11111111_2222_3333_4444_555555555555"
#define CG(path) "{\"linux\":{\"cgroupsPath\":\"" path "\"}}"
#define BAD	 "rejected /linux/cgroupsPath"
#define DOCKER	 .engine = ENGINE_DOCKER, .id = ID
#define CRI	 .engine = ENGINE_CRI, .id = ID, .pod_uid = UID
#define CRIO	 .engine = ENGINE_CRIO, .id = ID, .pod_uid = UID
#define PODMAN	 .engine = ENGINE_PODMAN, .id = ID
#define HAND	 .engine = ENGINE_UNKNOWN, .id = "web"

START_TEST(a_cgroup_is_the_containers_own) {
	ROWS("cgroups-path", { "{\"linux\":{}}", "" }, { CG("/docker/" ID), "", DOCKER },
	     { CG("system.slice:docker:" ID), "", DOCKER },
	     { CG("/docker/buildkit/abc"), "", .engine = ENGINE_BUILDKIT, .id = "abc" },
	     { CG("/docker/" OTHER), BAD, DOCKER }, { CG("/docker"), BAD, DOCKER },
	     { CG("/evil/" ID), BAD, DOCKER }, { CG("/"), BAD, DOCKER },
	     { CG("/docker/../" ID), BAD, DOCKER }, { CG("/docker//" ID), BAD, DOCKER },
	     { CG("/docker/" ID "/"), BAD, DOCKER }, { CG("docker/" ID), BAD, DOCKER },
	     { CG("-.slice:docker:" ID), BAD, DOCKER }, { CG("system.slice:docker"), BAD, DOCKER },
	     { CG("system.slice:a:b:" ID), BAD, DOCKER }, { CG("x.scope:docker:" ID), BAD, DOCKER },
	     { CG("/kubepods/pod" UID "/" ID), BAD, DOCKER },
	     { CG("/batch/" ID), "", DOCKER, .params = "{\"parents\":[\"/batch\"]}" },
	     { CG("/kubepods/besteffort/pod" UID "/" ID), "", CRI },
	     { CG("/kubepods/pod" UID "/" ID), "", CRI },
	     { CG("kubepods-burstable-pod" UID_ ".slice:cri-containerd:" ID), "", CRI },
	     { CG("kubelet-kubepods-pod" UID_ ".slice:cri-containerd:" ID), "", CRI },
	     { CG("/k8s.io/" ID), "", CRI },
	     { CG("/kubepods/besteffort/pod00000000-0000-0000-0000-000000000000/" ID), BAD, CRI },
	     { CG("/kubepods/besteffort/pod" UID "/" OTHER), BAD, CRI },
	     { CG("/kubepods/besteffort/" ID), BAD, CRI }, { CG("/system.slice/" ID), BAD, CRI },
	     { CG("kubepods-pod" UID_ ".slice:crio:" ID), "", CRIO },
	     { CG("/kubepods/pod" UID "/crio-" ID), "", CRIO },
	     { CG("/libpod_parent/libpod-" ID), "", PODMAN },
	     { CG("/libpod_parent/" OTHER "/libpod-" ID), "", PODMAN },
	     { CG("machine.slice:libpod:" ID), "", PODMAN },
	     { CG("machine-libpod_pod_" OTHER ".slice:libpod:" ID), "", PODMAN },
	     { CG("/system.slice/web.service/libpod-payload-" ID), "", PODMAN },
	     { CG("/libpod_parent/libpod-" OTHER), BAD, PODMAN },
	     { CG("/system.slice/libpod-" ID), BAD, PODMAN }, { CG("/web"), "", HAND },
	     { CG("/tests/web"), "", HAND }, { CG(":runc:web"), "", HAND }, { CG("/"), BAD, HAND },
	     { CG("/other"), BAD, HAND }, { CG("/system.slice/web"), BAD, HAND },
	     { CG("/docker/web"), BAD, HAND }, { CG("/kubepods/besteffort/web"), BAD, HAND },
	     { CG("system.slice:x:web"), BAD, HAND },
	     { CG("/default/web"), "", .engine = ENGINE_CONTAINERD, .id = "web" });
}
END_TEST

#define PIDS(value)   "{\"linux\":{\"resources\":{\"pids\":{\"limit\":" value "}}}}"
#define MEMORY(value) "{\"linux\":{\"resources\":{\"memory\":{\"limit\":" value "}}}}"
#define CPU(rest)     "{\"linux\":{\"resources\":{\"cpu\":{" rest "}}}}"
#define MOST	      .params = "{\"limit\":1000}"

START_TEST(processes_memory_and_processors_are_limited) {
	ROWS("pids-limit", { PIDS("100"), "" }, { PIDS("4096"), "" },
	     { "{}", "tightened /linux/resources/pids/limit", PIDS("4096") },
	     { PIDS("0"), "tightened /linux/resources/pids/limit", PIDS("4096") },
	     { PIDS("-1"), "tightened /linux/resources/pids/limit", PIDS("4096") },
	     { PIDS("4097"), "tightened /linux/resources/pids/limit", PIDS("4096") },
	     { PIDS("9223372036854775807"), "tightened /linux/resources/pids/limit", PIDS("1000"),
	       MOST },
	     { "{\"linux\":{\"resources\":{\"pids\":{\"limit\":9},"
	       "\"unified\":{\"pids.max\":\"max\"}}}}",
	       "tightened /linux/resources/unified/pids.max",
	       "{\"linux\":{\"resources\":{\"pids\":{\"limit\":9},\"unified\":{}}}}" },
	     { "{\"linux\":{\"resources\":{}}}", "", .at = AT_UPDATE },
	     { "{}", "", .rootless = true, .facts = "{\"cgroup\":1}" },
	     { "{}", "tightened /linux/resources/pids/limit", .rootless = true,
	       .facts = "{\"cgroup\":2}" },
	     { PIDS("5000"), "tightened /linux/resources/pids/limit", PIDS("4096"),
	       .at = AT_UPDATE });
	ROWS("memory-limit", { MEMORY("1"), "" },
	     { "{}", "rejected /linux/resources/memory/limit" },
	     { MEMORY("2000"), "audited /linux/resources/memory/limit", MOST,
	       .base = PROFILE_RESTRICTED },
	     { MEMORY("1000"), "", MOST });
	ROWS("cpu-limit", { CPU("\"quota\":50000"), "" },
	     { "{}", "rejected /linux/resources/cpu/quota" },
	     { CPU("\"quota\":-1"), "rejected /linux/resources/cpu/quota" },
	     { CPU("\"quota\":100000,\"period\":100000"), "", MOST },
	     { CPU("\"quota\":100001,\"period\":100000"), "rejected /linux/resources/cpu/quota",
	       MOST },
	     { CPU("\"quota\":100001"), "rejected /linux/resources/cpu/quota", MOST },
	     { CPU("\"quota\":9223372036854775807,\"period\":1"),
	       "rejected /linux/resources/cpu/quota", MOST });
	ROWS("oom-killer", { "{}", "" },
	     { "{\"linux\":{\"resources\":{\"memory\":{\"disableOOMKiller\":false}}}}", "" },
	     { "{\"linux\":{\"resources\":{\"memory\":{\"disableOOMKiller\":true}}}}",
	       "tightened /linux/resources/memory/disableOOMKiller",
	       "{\"linux\":{\"resources\":{\"memory\":{}}}}" });
}
END_TEST

#define FILE(name, value) "{\"linux\":{\"resources\":{\"unified\":{\"" name "\":\"" value "\"}}}}"

START_TEST(cgroup_files_belong_to_controllers) {
	ROWS("unified-resources", { FILE("memory.high", "1000"), "" },
	     { FILE("hugetlb.2MB.max", "0"), "" }, { FILE("io.max", "8:0 rbps=1"), "" },
	     { FILE("cgroup.procs", "1"), "rejected /linux/resources/unified/cgroup.procs" },
	     { FILE("memory", "1"), "rejected /linux/resources/unified/memory" },
	     { FILE("memory.", "1"), "rejected /linux/resources/unified/memory." },
	     { FILE("memory.x/y", "1"), "rejected /linux/resources/unified/memory.x~1y" },
	     { FILE("memory...x", "1"), "rejected /linux/resources/unified/memory...x" },
	     { FILE("../memory.max", "1"), "rejected /linux/resources/unified/..~1memory.max" },
	     { FILE("memory.high", "1\\n2"), "rejected /linux/resources/unified/memory.high" });
}
END_TEST

#define UPDATED(text) "{\"linux\":{\"resources\":{" text "}}}"
#define UPDATE	      .at = AT_UPDATE

START_TEST(update_lifts_nothing) {
	ROWS("update-limits", { UPDATED("\"pids\":{\"limit\":9}"), "", UPDATE },
	     { UPDATED("\"memory\":{\"limit\":9,\"disableOOMKiller\":false}"), "", UPDATE },
	     { UPDATED("\"pids\":{\"limit\":-1}"), "tightened /linux/resources/pids/limit",
	       UPDATED("\"pids\":{}"), UPDATE },
	     { UPDATED("\"pids\":{\"limit\":0}"), "tightened /linux/resources/pids/limit",
	       UPDATED("\"pids\":{}"), UPDATE },
	     { UPDATED("\"memory\":{\"limit\":-1}"), "", UPDATE },
	     { UPDATED("\"memory\":{\"limit\":-1,\"swap\":-1}"),
	       "tightened /linux/resources/memory/limit", UPDATED("\"memory\":{\"swap\":-1}"),
	       UPDATE, .container = MEMORY("500") },
	     { UPDATED("\"cpu\":{\"quota\":-1,\"realtimeRuntime\":1000}"),
	       "tightened /linux/resources/cpu/quota", UPDATED("\"cpu\":{}"), UPDATE,
	       .container = CPU("\"quota\":500") },
	     { UPDATED("\"cpu\":{\"quota\":0,\"realtimeRuntime\":0}"), "", UPDATE,
	       .container = CPU("\"quota\":500") },
	     { UPDATED("\"memory\":{\"disableOOMKiller\":true}"),
	       "tightened /linux/resources/memory/disableOOMKiller", UPDATED("\"memory\":{}"),
	       UPDATE });
}
END_TEST

#define NAMESPACES	    "\"namespaces\":[{\"type\":\"network\"},{\"type\":\"ipc\"}]"
#define SYSCTL(name, value) "{\"linux\":{" NAMESPACES ",\"sysctl\":{\"" name "\":\"" value "\"}}}"
#define SYSCTL_BAD(name)    "rejected /linux/sysctl/" name

START_TEST(kernel_parameters_are_safe) {
	ROWS("sysctls", { "{}", "" }, { SYSCTL("net.ipv4.ip_unprivileged_port_start", "0"), "" },
	     { SYSCTL("net.ipv4.ping_group_range", "0 2147483647"), "" },
	     { SYSCTL("net.ipv4.ip_local_reserved_ports", "80,90-99"), "" },
	     { SYSCTL("net/ipv4/tcp_syncookies", "1"), "" },
	     { SYSCTL("kernel.shm_rmid_forced", "1"), "" },
	     { SYSCTL("kernel.core_pattern", "1"), SYSCTL_BAD("kernel.core_pattern") },
	     { SYSCTL("Kernel.shm_rmid_forced", "1"), SYSCTL_BAD("Kernel.shm_rmid_forced") },
	     { SYSCTL("net/../kernel/core_pattern", "1"),
	       SYSCTL_BAD("net~1..~1kernel~1core_pattern") },
	     { SYSCTL("net.ipv4/tcp_syncookies", "1"), SYSCTL_BAD("net.ipv4~1tcp_syncookies") },
	     { SYSCTL("net//ipv4/tcp_syncookies", "1"), SYSCTL_BAD("net~1~1ipv4~1tcp_syncookies") },
	     { SYSCTL("kernel.shm_rmid_forced", "1+kernel.core_pattern=|/x"),
	       SYSCTL_BAD("kernel.shm_rmid_forced") },
	     { SYSCTL("kernel.shm_rmid_forced", "1\\n2"), SYSCTL_BAD("kernel.shm_rmid_forced") },
	     { SYSCTL("net.core.somaxconn", "9"), "",
	       .params = "{\"allow\":[\"net.core.somaxconn\"]}" },
	     { "{\"linux\":{\"namespaces\":[],\"sysctl\":{\"net.ipv4.tcp_rmem\":\"1\"}}}",
	       SYSCTL_BAD("net.ipv4.tcp_rmem") },
	     { "{\"linux\":{\"namespaces\":[{\"type\":\"network\",\"path\":\"/x\"}],"
	       "\"sysctl\":{\"net.ipv4.tcp_rmem\":\"1\"}}}",
	       SYSCTL_BAD("net.ipv4.tcp_rmem"), .facts = "{\"namespaces\":{\"/x\":\"host\"}}" },
	     { "{\"linux\":{\"namespaces\":[{\"type\":\"network\",\"path\":\"/x\"}],"
	       "\"sysctl\":{\"net.ipv4.tcp_rmem\":\"1\"}}}",
	       "", .facts = "{\"namespaces\":{\"/x\":\"own-sandbox\"}}" });
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		device_nodes_are_the_standard_ones, the_device_cgroup_denies_first,
		a_cgroup_is_the_containers_own,	    processes_memory_and_processors_are_limited,
		cgroup_files_belong_to_controllers, update_lifts_nothing,
		kernel_parameters_are_safe,
	};
	Suite *suite = suite_create("rules about limits");
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
