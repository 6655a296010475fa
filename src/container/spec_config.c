/* SPDX-License-Identifier: Apache-2.0 */
/* The shape of config.json and of its parts that are not particular to Linux. */
#include <string.h>

#include "spec_table.h"

static const struct spec_field box_fields[] = {
	MUST_U64("height", "rows of the terminal"),
	MUST_U64("width", "columns of the terminal"),
};
static const struct spec_shape box = SHAPE("consoleSize", box_fields, 2);

static const struct spec_field user_fields[] = {
	MUST_ID("uid", "user id in the container; 0 is root"),
	MUST_ID("gid", "group id in the container"),
	RANGE("umask", 0, 0777, "file mode creation mask of the process"),
	IDS("additionalGids", "supplementary groups of the process"),
	STRING("username", "user name, of Windows containers"),
};
static const struct spec_shape user = SHAPE("user", user_fields, 2);

static const struct spec_field capabilities_fields[] = {
	WORDS("bounding", "the most that the process and its children can ever get"),
	WORDS("effective", "what the kernel checks now"),
	WORDS("inheritable", "kept over execve for files that ask for it; should be empty"),
	WORDS("permitted", "what the process may make effective"),
	WORDS("ambient", "kept over execve without any file's asking; should be empty"),
};
static const struct spec_shape capabilities = SHAPE("capabilities", capabilities_fields, 0);

static const struct spec_field rlimit_fields[] = {
	MUST_STRING("type", "the limit: RLIMIT_NOFILE, RLIMIT_CORE ..."),
	MUST_U64("hard", "ceiling that an unprivileged process cannot raise"),
	MUST_U64("soft", "value that is enforced"),
};
static const struct spec_shape rlimit = SHAPE("rlimit", rlimit_fields, 3);

static const struct spec_field scheduler_fields[] = {
	MUST_STRING("policy", "SCHED_OTHER, SCHED_FIFO, SCHED_RR, SCHED_DEADLINE ..."),
	I32("nice", "nice value; below 0 takes time from the host"),
	I32("priority", "static priority of the real-time policies"),
	STRINGS("flags", "SCHED_FLAG_ words"),
	U64("runtime", "nanoseconds in each period, of SCHED_DEADLINE"),
	U64("deadline", "nanoseconds to the deadline, of SCHED_DEADLINE"),
	U64("period", "nanoseconds of a period, of SCHED_DEADLINE"),
};
static const struct spec_shape scheduler = SHAPE("scheduler", scheduler_fields, 1);

static const struct spec_field io_priority_fields[] = {
	MUST_STRING("class", "IOPRIO_CLASS_RT, IOPRIO_CLASS_BE or IOPRIO_CLASS_IDLE"),
	I32("priority", "priority within the class, 0 the highest"),
};
static const struct spec_shape io_priority = SHAPE("ioPriority", io_priority_fields, 1);

static const struct spec_field affinity_fields[] = {
	STRING("initial", "processors while the runtime enters the container"),
	STRING("final", "processors once the process runs in its cgroup"),
};
static const struct spec_shape affinity = SHAPE("execCPUAffinity", affinity_fields, 0);

static const struct spec_field process_fields[] = {
	BOOL("terminal", "give the process a terminal"),
	OBJECT("consoleSize", &box, "size of the terminal in characters"),
	MUST_OBJECT("user", &user, "who the process runs as"),
	MUST_STRINGS("args", "program and arguments"),
	STRING("commandLine", "the whole command line, of Windows containers"),
	STRINGS("env", "environment as NAME=VALUE"),
	MUST_STRING("cwd", "working directory, absolute in the container"),
	OBJECT("capabilities", &capabilities, "the five capability sets"),
	OBJECTS("rlimits", &rlimit, "resource limits of the process"),
	BOOL("noNewPrivileges", "setuid programs and file capabilities gain nothing"),
	STRING("apparmorProfile", "AppArmor profile; empty is the engine's choice, or none"),
	RANGE("oomScoreAdj", -1000, 1000, "how readily the kernel kills it when memory is short"),
	OBJECT("scheduler", &scheduler, "processor scheduling of the process"),
	STRING("selinuxLabel", "SELinux context of the process"),
	OBJECT("ioPriority", &io_priority, "I/O priority of the process"),
	OBJECT("execCPUAffinity", &affinity, "processors for processes that exec starts"),
};
const struct spec_shape spec_shape_process = SHAPE("process", process_fields, 3);

static const struct spec_field root_fields[] = {
	MUST_STRING("path", "root filesystem; absolute, or below the bundle"),
	BOOL("readonly", "mount the root filesystem read-only"),
};
static const struct spec_shape root = SHAPE("root", root_fields, 1);

static const struct spec_field id_mapping_fields[] = {
	MUST_U32("containerID", "first id inside"),
	MUST_U32("hostID", "the id on the host that it stands for"),
	MUST_U32("size", "how many ids are mapped"),
};
const struct spec_shape spec_shape_id_mapping = SHAPE("idMapping", id_mapping_fields, 3);

static const struct spec_field mount_fields[] = {
	MUST_STRING("destination", "where it appears in the container"),
	STRING("type", "filesystem type; ignored when the options say bind or rbind"),
	STRING("source", "device, or the host's path of a bind mount"),
	STRINGS("options", "mount options as in fstab, and the runtimes' own"),
	OBJECTS("uidMappings", &spec_shape_id_mapping, "user ids of this mount"),
	OBJECTS("gidMappings", &spec_shape_id_mapping, "group ids of this mount"),
};
static const struct spec_shape mount = SHAPE("mount", mount_fields, 1);

static const struct spec_field hook_fields[] = {
	MUST_STRING("path", "program, absolute; runs as the runtime's user"),
	STRINGS("args", "arguments, argv[0] included"),
	STRINGS("env", "environment; absent, some runtimes pass the container's"),
	RANGE("timeout", INT32_MIN, INT32_MAX, "seconds until it is killed"),
};
static const struct spec_shape hook = SHAPE("hook", hook_fields, 1);

static const struct spec_field hooks_fields[] = {
	OBJECTS("prestart", &hook, "old name of createRuntime, still run first"),
	OBJECTS("createRuntime", &hook, "on the host, before the root is changed"),
	OBJECTS("createContainer", &hook,
		"in the container's namespaces, before the root is changed"),
	OBJECTS("startContainer", &hook, "in the container, just before the process"),
	OBJECTS("poststart", &hook, "on the host, after the start"),
	OBJECTS("poststop", &hook, "on the host, after the container is gone"),
};
static const struct spec_shape hooks = SHAPE("hooks", hooks_fields, 0);

static const struct spec_field config_fields[] = {
	MUST_STRING("ociVersion", "version of the runtime-spec the file is written for"),
	MUST_OBJECT("process", &spec_shape_process, "what runs, as whom, and with what rights"),
	MUST_OBJECT("root", &root, "the root filesystem"),
	STRING("hostname", "host name in the container"),
	STRING("domainname", "NIS domain name in the container"),
	OBJECTS("mounts", &mount, "what is mounted over the root filesystem, in order"),
	OBJECT("hooks", &hooks, "programs the runtime calls during the container's life"),
	STRING_MAP("annotations", "free text; some runtimes act on it"),
	OBJECT("linux", &spec_shape_linux, "namespaces, cgroups, devices, seccomp and the rest"),
	OBJECT("solaris", NULL, "another platform's settings"),
	OBJECT("windows", NULL, "another platform's settings"),
	OBJECT("vm", NULL, "hypervisor, kernel and image of a virtual machine"),
	OBJECT("zos", NULL, "another platform's settings"),
	OBJECT("freebsd", NULL, "another platform's settings"),
};
static const struct spec_shape config = SHAPE("config", config_fields, 3);

const struct spec_shape *spec_shape(const char *name)
{
	static const struct spec_shape *const roots[] = { &config, &spec_shape_process,
							  &spec_shape_resources };

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (!strcmp(roots[i]->name, name))
			return roots[i];
	return NULL;
}
