/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What runc 1.1 to 1.5 and crun understand, as far as both are safe. Long names are exact: crun takes
 * any unambiguous beginning of a name, runc takes long names behind a single dash, and neither agrees
 * with the other on repeated options, so only what means the same to both is in here.
 */
#include "argv_table.h"

#include <string.h>

#define START	(IN(VERB_CREATE) | IN(VERB_RUN))
#define BUNDLED (START | IN(VERB_RESTORE))
#define EXEC	IN(VERB_EXEC)
#define CRIU	(IN(VERB_RESTORE) | IN(VERB_CHECKPOINT))
#define UPDATE	IN(VERB_UPDATE)

#define LIMIT(name_, place_, form_)                                                     \
	{                                                                               \
		.name = (name_), .in = UPDATE, .kind = OPTION_VALUE, .place = (place_), \
		.form = (form_)                                                         \
	}

static const struct option options[] = {
	/* before the command */
	{ .name = "debug", .in = IN_GLOBAL },
	{ .name = "log", .in = IN_GLOBAL, .kind = OPTION_VALUE },
	{ .name = "log-format", .in = IN_GLOBAL, .kind = OPTION_VALUE, .values = "text json" },
	{ .name = "log-level",
	  .in = IN_GLOBAL,
	  .kind = OPTION_VALUE,
	  .values = "debug info warning error" },
	{ .name = "root", .in = IN_GLOBAL, .kind = OPTION_VALUE },
	{ .name = "systemd-cgroup", .in = IN_GLOBAL },
	/* "true" and "disabled" lose the device cgroup */
	{ .name = "rootless", .in = IN_GLOBAL, .kind = OPTION_VALUE, .values = "auto false" },
	{ .name = "cgroup-manager",
	  .in = IN_GLOBAL,
	  .kind = OPTION_VALUE,
	  .values = "systemd cgroupfs" },
	{ .name = "criu",
	  .in = IN_GLOBAL,
	  .kind = OPTION_REFUSED,
	  .why = "runs a program as root" },
	{ .name = "version", .letter = 'v', .in = IN_GLOBAL, .kind = OPTION_QUIT },
	{ .name = "version", .letter = 'V', .in = IN_GLOBAL, .kind = OPTION_QUIT },
	{ .name = "help", .letter = 'h', .in = IN_GLOBAL, .kind = OPTION_QUIT },
	{ .name = "help", .letter = '?', .in = IN_GLOBAL, .kind = OPTION_QUIT },
	{ .name = "usage", .in = IN_GLOBAL, .kind = OPTION_QUIT },

	/* what several commands share */
	{ .name = "bundle", .letter = 'b', .in = BUNDLED, .kind = OPTION_VALUE },
	{ .name = "console-socket", .in = BUNDLED | EXEC, .kind = OPTION_VALUE },
	{ .name = "pidfd-socket", .in = START | EXEC, .kind = OPTION_VALUE },
	{ .name = "pid-file", .in = BUNDLED | EXEC, .kind = OPTION_VALUE },
	{ .name = "detach",
	  .letter = 'd',
	  .in = IN(VERB_RUN) | IN(VERB_RESTORE) | EXEC,
	  .kind = OPTION_FLAG },
	{ .name = "keep", .in = IN(VERB_RUN) },
	{ .name = "no-subreaper", .in = BUNDLED },
	{ .name = "no-pivot", .in = BUNDLED, .judged = true },
	{ .name = "no-new-keyring", .in = START, .judged = true },
	{ .name = "preserve-fds", .in = START | EXEC, .kind = OPTION_VALUE, .judged = true },
	{ .name = "config",
	  .letter = 'f',
	  .in = START,
	  .kind = OPTION_REFUSED,
	  .why = "names a config outside the bundle" },

	/* exec; all but --process say in words what a process document says */
	{ .name = "process", .letter = 'p', .in = EXEC, .kind = OPTION_VALUE },
	{ .name = "ignore-paused", .in = EXEC },
	{ .name = "cgroup",
	  .in = EXEC,
	  .kind = OPTION_REFUSED,
	  .why = "leaves the container's own cgroup" },
	{ .name = "cwd", .in = EXEC, .kind = OPTION_VALUE, .place = "/cwd", .form = FORM_TEXT },
	{ .name = "tty", .letter = 't', .in = EXEC, .place = "/terminal", .form = FORM_TRUE },
	{ .name = "no-new-privs", .in = EXEC, .place = "/noNewPrivileges", .form = FORM_TRUE },
	{ .name = "process-label",
	  .in = EXEC,
	  .kind = OPTION_VALUE,
	  .place = "/selinuxLabel",
	  .form = FORM_TEXT },
	{ .name = "apparmor",
	  .in = EXEC,
	  .kind = OPTION_VALUE,
	  .place = "/apparmorProfile",
	  .form = FORM_TEXT },
	{ .name = "user",
	  .letter = 'u',
	  .in = EXEC,
	  .kind = OPTION_VALUE,
	  .place = "/user",
	  .form = FORM_SPECIAL },
	{ .name = "env",
	  .letter = 'e',
	  .in = EXEC,
	  .kind = OPTION_LIST,
	  .place = "/env",
	  .form = FORM_SPECIAL },
	{ .name = "cap",
	  .letter = 'c',
	  .in = EXEC,
	  .kind = OPTION_LIST,
	  .place = "/capabilities",
	  .form = FORM_SPECIAL },
	{ .name = "additional-gids",
	  .letter = 'g',
	  .in = EXEC,
	  .kind = OPTION_LIST,
	  .place = "/user/additionalGids",
	  .form = FORM_SPECIAL },

	/* update */
	{ .name = "resources", .letter = 'r', .in = UPDATE, .kind = OPTION_VALUE },
	LIMIT("blkio-weight", "/blockIO/weight", FORM_NUMBER),
	LIMIT("cpu-period", "/cpu/period", FORM_NUMBER),
	LIMIT("cpu-quota", "/cpu/quota", FORM_NUMBER),
	LIMIT("cpu-burst", "/cpu/burst", FORM_NUMBER),
	LIMIT("cpu-share", "/cpu/shares", FORM_NUMBER),
	LIMIT("cpu-rt-period", "/cpu/realtimePeriod", FORM_NUMBER),
	LIMIT("cpu-rt-runtime", "/cpu/realtimeRuntime", FORM_NUMBER),
	LIMIT("cpu-idle", "/cpu/idle", FORM_NUMBER),
	LIMIT("cpuset-cpus", "/cpu/cpus", FORM_TEXT),
	LIMIT("cpuset-mems", "/cpu/mems", FORM_TEXT),
	LIMIT("kernel-memory", "/memory/kernel", FORM_BYTES),
	LIMIT("kernel-memory-tcp", "/memory/kernelTCP", FORM_BYTES),
	LIMIT("memory", "/memory/limit", FORM_BYTES),
	LIMIT("memory-reservation", "/memory/reservation", FORM_BYTES),
	LIMIT("memory-swap", "/memory/swap", FORM_BYTES),
	LIMIT("pids-limit", "/pids/limit", FORM_NUMBER),
	{ .name = "l3-cache-schema",
	  .in = UPDATE,
	  .kind = OPTION_REFUSED,
	  .why = "divides the host's cache" },
	{ .name = "mem-bw-schema",
	  .in = UPDATE,
	  .kind = OPTION_REFUSED,
	  .why = "divides the host's memory bandwidth" },

	/* checkpoint and restore, for who exempts the rule "restore" */
	{ .name = "image-path", .in = CRIU, .kind = OPTION_VALUE },
	{ .name = "work-path", .in = CRIU, .kind = OPTION_VALUE },
	{ .name = "parent-path", .in = IN(VERB_CHECKPOINT), .kind = OPTION_VALUE },
	{ .name = "leave-running", .in = IN(VERB_CHECKPOINT) },
	{ .name = "tcp-established", .in = CRIU },
	{ .name = "tcp-skip-in-flight", .in = IN(VERB_CHECKPOINT) },
	{ .name = "link-remap", .in = IN(VERB_CHECKPOINT) },
	{ .name = "ext-unix-sk", .in = CRIU },
	{ .name = "shell-job", .in = CRIU },
	{ .name = "file-locks", .in = CRIU },
	{ .name = "lazy-pages", .in = CRIU },
	{ .name = "auto-dedup", .in = CRIU },
	{ .name = "pre-dump", .in = IN(VERB_CHECKPOINT) },
	{ .name = "empty-ns", .in = CRIU, .kind = OPTION_LIST },
	{ .name = "manage-cgroups-mode",
	  .in = CRIU,
	  .kind = OPTION_VALUE,
	  .values = "soft full strict" },
	{ .name = "page-server",
	  .in = IN(VERB_CHECKPOINT),
	  .kind = OPTION_REFUSED,
	  .why = "sends the container's memory over the network" },
	{ .name = "lsm-profile",
	  .in = IN(VERB_RESTORE),
	  .kind = OPTION_REFUSED,
	  .why = "replaces the security label" },
	{ .name = "lsm-mount-context",
	  .in = IN(VERB_RESTORE),
	  .kind = OPTION_REFUSED,
	  .why = "replaces the security label of mounts" },
};

static const struct command commands[] = {
	{ .name = "create", .verb = VERB_CREATE },
	{ .name = "run", .verb = VERB_RUN },
	{ .name = "exec", .verb = VERB_EXEC },
	{ .name = "restore", .verb = VERB_RESTORE },
	{ .name = "update", .verb = VERB_UPDATE },
	{ .name = "checkpoint", .verb = VERB_CHECKPOINT },
	{ .name = "state" },
	{ .name = "start", .verb = VERB_START },
	{ .name = "kill" },
	{ .name = "delete" },
	{ .name = "pause" },
	{ .name = "resume" },
	{ .name = "ps" },
	{ .name = "list" },
	{ .name = "events" },
	{ .name = "spec" },
	{ .name = "features" },
	{ .name = "help" },
	{ .name = "h" },
	{ .name = "mounts", .refused = "changes the mounts of a running container unjudged" },
	{ .name = "init", .refused = "is internal to runc and never comes from outside" },
};

static bool option_is(const struct option *option, const char *name, size_t len, char letter)
{
	if (letter)
		return option->letter == letter;
	return strncmp(option->name, name, len) == 0 && option->name[len] == '\0';
}

const struct option *option_find(unsigned in, const char *name, size_t len, char letter)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		if ((options[i].in & in) && option_is(&options[i], name, len, letter))
			return &options[i];
	return NULL;
}

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}
