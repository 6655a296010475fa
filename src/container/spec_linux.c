/* SPDX-License-Identifier: Apache-2.0 */
/* The shape of what config.json says for Linux: namespaces, cgroups, devices, seccomp. */
#include "spec_table.h"

static const struct spec_field device_rule_fields[] = {
	MUST_BOOL("allow", "allow or deny"),
	STRING("type", "a (all), b, c; absent is all"),
	I64("major", "device number; absent or -1 is every one"),
	I64("minor", "device number; absent or -1 is every one"),
	STRING("access", "any of r (read), w (write), m (mknod)"),
};
static const struct spec_shape device_rule = SHAPE("deviceRule", device_rule_fields, 1);

static const struct spec_field memory_fields[] = {
	I64("limit", "bytes of memory; -1 is no limit"),
	I64("reservation", "bytes that are left when memory is short"),
	I64("swap", "bytes of memory and swap together; -1 is no limit"),
	I64("kernel", "bytes of kernel memory; obsolete since Linux 5.4"),
	I64("kernelTCP", "bytes of TCP buffers; cgroup v1 only"),
	U64("swappiness", "how readily the kernel swaps, 0 to 100"),
	BOOL("disableOOMKiller", "stop instead of kill when memory is out"),
	BOOL("useHierarchy", "count the children's memory too; cgroup v1 only"),
	BOOL("checkBeforeUpdate", "refuse a new limit below what is in use"),
};
static const struct spec_shape memory = SHAPE("memory", memory_fields, 0);

static const struct spec_field cpu_fields[] = {
	U64("shares", "weight against other cgroups"),
	I64("quota", "microseconds in each period; -1 is no limit"),
	U64("burst", "microseconds that may be saved up"),
	U64("period", "microseconds of a period"),
	I64("realtimeRuntime", "microseconds of real-time scheduling in each period"),
	U64("realtimePeriod", "microseconds of a period of real-time scheduling"),
	STRING("cpus", "processors, as 0-3,7"),
	STRING("mems", "memory nodes, as 0-3,7"),
	I64("idle", "1: run only when nothing else does"),
};
static const struct spec_shape cpu = SHAPE("cpu", cpu_fields, 0);

static const struct spec_field pids_fields[] = {
	I64("limit", "number of tasks; -1 is no limit"),
};
static const struct spec_shape pids = SHAPE("pids", pids_fields, 0);

static const struct spec_field weight_fields[] = {
	MUST_I64("major", "device number"),
	MUST_I64("minor", "device number"),
	U16("weight", "share of this device"),
	U16("leafWeight", "share against child cgroups; cgroup v1 only"),
};
static const struct spec_shape weight = SHAPE("weightDevice", weight_fields, 2);

static const struct spec_field throttle_fields[] = {
	MUST_I64("major", "device number"),
	MUST_I64("minor", "device number"),
	MUST_U64("rate", "bytes or operations a second"),
};
static const struct spec_shape throttle = SHAPE("throttleDevice", throttle_fields, 3);

static const struct spec_field block_io_fields[] = {
	U16("weight", "share against other cgroups"),
	U16("leafWeight", "share against child cgroups; cgroup v1 only"),
	OBJECTS("weightDevice", &weight, "shares by device"),
	OBJECTS("throttleReadBpsDevice", &throttle, "bytes read a second, by device"),
	OBJECTS("throttleWriteBpsDevice", &throttle, "bytes written a second, by device"),
	OBJECTS("throttleReadIOPSDevice", &throttle, "reads a second, by device"),
	OBJECTS("throttleWriteIOPSDevice", &throttle, "writes a second, by device"),
};
static const struct spec_shape block_io = SHAPE("blockIO", block_io_fields, 0);

static const struct spec_field hugepage_fields[] = {
	MUST_STRING("pageSize", "page size, as 2MB"),
	MUST_U64("limit", "bytes of pages of this size"),
};
static const struct spec_shape hugepage = SHAPE("hugepageLimit", hugepage_fields, 2);

static const struct spec_field priority_fields[] = {
	MUST_STRING("name", "network interface"),
	MUST_U32("priority", "priority of its traffic"),
};
static const struct spec_shape priority = SHAPE("interfacePriority", priority_fields, 2);

static const struct spec_field network_fields[] = {
	U32("classID", "class of the container's packets"),
	OBJECTS("priorities", &priority, "priority of traffic by interface"),
};
static const struct spec_shape network = SHAPE("network", network_fields, 0);

static const struct spec_field rdma_fields[] = {
	U32("hcaHandles", "handles that may be open"),
	U32("hcaObjects", "objects that may exist"),
};
static const struct spec_shape rdma = SHAPE("rdma", rdma_fields, 0);

static const struct spec_field resources_fields[] = {
	OBJECTS("devices", &device_rule, "device nodes that may be used, later rules win"),
	OBJECT("memory", &memory, "memory limits"),
	OBJECT("cpu", &cpu, "processor limits"),
	OBJECT("pids", &pids, "limit of tasks"),
	OBJECT("blockIO", &block_io, "disk limits"),
	OBJECTS("hugepageLimits", &hugepage, "limits of huge pages"),
	OBJECT("network", &network, "classes and priorities of traffic; cgroup v1 only"),
	OBJECT_MAP("rdma", &rdma, "limits of RDMA by device"),
	STRING_MAP("unified", "files of cgroup v2 and what is written to them"),
};
const struct spec_shape spec_shape_resources = SHAPE("resources", resources_fields, 0);

static const struct spec_field namespace_fields[] = {
	MUST_STRING("type", "pid, network, mount, ipc, uts, user, cgroup or time"),
	STRING("path", "an existing namespace to join; absent makes a new one"),
};
static const struct spec_shape namespace = SHAPE("namespace", namespace_fields, 1);

static const struct spec_field device_fields[] = {
	MUST_STRING("path", "where the node is made in the container"),
	MUST_STRING("type", "c or u (character), b (block), p (pipe)"),
	I64("major", "device number"),
	I64("minor", "device number"),
	U32("fileMode", "permissions of the node"),
	U32("uid", "owner in the container"),
	U32("gid", "group in the container"),
};
static const struct spec_shape device = SHAPE("device", device_fields, 2);

static const struct spec_field net_device_fields[] = {
	STRING("name", "name in the container; absent keeps the host's"),
};
static const struct spec_shape net_device = SHAPE("netDevice", net_device_fields, 0);

static const struct spec_field arg_fields[] = {
	MUST_U32("index", "argument of the system call, from 0"),
	MUST_U64("value", "value it is compared with"),
	U64("valueTwo", "second value, of SCMP_CMP_MASKED_EQ"),
	MUST_STRING("op", "SCMP_CMP_EQ, SCMP_CMP_MASKED_EQ ..."),
};
static const struct spec_shape arg = SHAPE("seccompArg", arg_fields, 3);

static const struct spec_field syscall_fields[] = {
	STRINGS("names", "system calls the rule is about"),
	STRING("name", "of old profiles: runc ignores it, crun refuses it"),
	MUST_STRING("action", "SCMP_ACT_ALLOW, SCMP_ACT_ERRNO ..."),
	RANGE("errnoRet", 0, 4095, "error number that SCMP_ACT_ERRNO gives"),
	OBJECTS("args", &arg, "conditions on arguments"),
};
static const struct spec_shape syscall = SHAPE("seccompSyscall", syscall_fields, 1);

/* defaultAction is not required: runc takes {} for "no filter", and it is a rule that repairs this. */
static const struct spec_field seccomp_fields[] = {
	STRING("defaultAction", "what happens to calls that no rule names"),
	RANGE("defaultErrnoRet", 0, 4095, "error number that SCMP_ACT_ERRNO gives by default"),
	STRINGS("architectures", "SCMP_ARCH_ names the filter covers"),
	STRINGS("flags", "SECCOMP_FILTER_FLAG_ words"),
	STRING("listenerPath", "socket of an agent that decides for SCMP_ACT_NOTIFY"),
	STRING("listenerMetadata", "opaque text for that agent"),
	OBJECTS("syscalls", &syscall, "rules; the first that fits a call wins"),
};
static const struct spec_shape seccomp = SHAPE("seccomp", seccomp_fields, 0);

static const struct spec_field rdt_fields[] = {
	STRING("closID", "class of service, a directory of resctrl"),
	STRINGS("schemata", "lines written to the class's schemata as they are"),
	STRING("l3CacheSchema", "shares of the L3 cache"),
	STRING("memBwSchema", "shares of memory bandwidth"),
	BOOL("enableCMT", "watch cache occupancy; replaced by enableMonitoring in 1.3"),
	BOOL("enableMBM", "watch memory bandwidth; replaced by enableMonitoring in 1.3"),
	BOOL("enableMonitoring", "make a monitoring group for the container"),
};
static const struct spec_shape rdt = SHAPE("intelRdt", rdt_fields, 0);

static const struct spec_field memory_policy_fields[] = {
	MUST_STRING("mode", "MPOL_DEFAULT, MPOL_BIND, MPOL_INTERLEAVE ..."),
	STRING("nodes", "memory nodes, as 0-3,7"),
	STRINGS("flags", "MPOL_F_ words"),
};
static const struct spec_shape memory_policy = SHAPE("memoryPolicy", memory_policy_fields, 1);

static const struct spec_field personality_fields[] = {
	MUST_STRING("domain", "LINUX or LINUX32"),
	STRINGS("flags", "none are defined"),
};
static const struct spec_shape personality = SHAPE("personality", personality_fields, 1);

static const struct spec_field time_offset_fields[] = {
	I64("secs", "seconds the clock is moved by"),
	U32("nanosecs", "nanoseconds added to that"),
};
static const struct spec_shape time_offset = SHAPE("timeOffset", time_offset_fields, 0);

static const struct spec_field linux_fields[] = {
	OBJECTS("uidMappings", &spec_shape_id_mapping, "user ids of the user namespace"),
	OBJECTS("gidMappings", &spec_shape_id_mapping, "group ids of the user namespace"),
	STRING_MAP("sysctl", "kernel parameters set in the container's namespaces"),
	OBJECT("resources", &spec_shape_resources, "limits of the container's cgroup"),
	STRING("cgroupsPath", "the container's cgroup"),
	OBJECTS("namespaces", &namespace,
		"namespaces made or joined; what is missing is the host's"),
	OBJECTS("devices", &device, "device nodes made in the container"),
	OBJECT_MAP("netDevices", &net_device, "network devices moved from the host"),
	OBJECT("seccomp", &seccomp, "system calls the container may make"),
	STRING("rootfsPropagation", "private, slave, shared or unbindable"),
	STRINGS("maskedPaths", "paths that are covered and cannot be read"),
	STRINGS("readonlyPaths", "paths that cannot be written"),
	STRING("mountLabel", "SELinux context of the container's mounts"),
	OBJECT("intelRdt", &rdt, "processor cache and memory bandwidth"),
	OBJECT("memoryPolicy", &memory_policy, "which memory nodes are used"),
	OBJECT("personality", &personality, "execution domain of the process"),
	OBJECT_MAP("timeOffsets", &time_offset, "clocks of the time namespace, by name"),
};
const struct spec_shape spec_shape_linux = SHAPE("linux", linux_fields, 0);
