/* SPDX-License-Identifier: Apache-2.0 */
/* What the process may do and where it starts: setuid programs, priorities, limits, directory. */
#include <string.h>

#include "rules.h"

static bool is_cri(const struct judge *judge)
{
	return judge->workload->engine == ENGINE_CRI || judge->workload->engine == ENGINE_CRIO;
}

static const char *check_oom_score(struct judge *judge, const struct place *place)
{
	int64_t score;

	if (!place->node || (json_i64(place->node, &score) && score >= 0))
		return NULL;
	/* The kubelet's own: -998 for the pod's sandbox, -997 for guaranteed and critical pods. */
	if (json_i64(place->node, &score) && is_cri(judge) && (score == -997 || score == -998))
		return NULL;
	return "is below 0: out of memory, the kernel kills everybody else first";
}

static void fix_zero(struct judge *judge, const struct place *place)
{
	place_set(judge, place, json_new_u64(judge->arena, 0));
}

static const char *const limits =
	"RLIMIT_AS RLIMIT_CORE RLIMIT_CPU RLIMIT_DATA RLIMIT_FSIZE RLIMIT_LOCKS RLIMIT_MEMLOCK "
	"RLIMIT_MSGQUEUE RLIMIT_NICE RLIMIT_NOFILE RLIMIT_NPROC RLIMIT_RSS RLIMIT_RTPRIO "
	"RLIMIT_RTTIME RLIMIT_SIGPENDING RLIMIT_STACK";

/*
 * The most each may be. A core of any size goes to the host's core_pattern program; with RTPRIO
 * or a NICE beyond 20 a process raises its own priority without any capability.
 */
static uint64_t limit_most(const char *type)
{
	if (strcmp(type, "RLIMIT_CORE") == 0)
		return UINT64_MAX - 1;
	if (strcmp(type, "RLIMIT_RTPRIO") == 0)
		return 0;
	return strcmp(type, "RLIMIT_NICE") == 0 ? 20 : UINT64_MAX;
}

static bool limit_given_before(const struct place *place, const char *type)
{
	json_each(other, place->parent) {
		if (other == place->node)
			return false;
		if (json_is(json_member(other, "type"), type))
			return true;
	}
	return false;
}

static const char *check_rlimit(struct judge *judge, const struct place *place)
{
	const char *type = json_string(json_member(place->node, "type"));
	uint64_t hard, soft;

	(void)judge;
	if (!type || !word_in(limits, type))
		return "is no limit that runtimes know";
	if (limit_given_before(place, type))
		return "is given twice: runtimes disagree on which counts";
	if (!json_u64(json_member(place->node, "hard"), &hard) ||
	    !json_u64(json_member(place->node, "soft"), &soft))
		return "is no pair of numbers";
	if (hard <= limit_most(type) && soft <= limit_most(type))
		return NULL;
	return strcmp(type, "RLIMIT_CORE") == 0
		       ? "is unlimited: the host handles core dumps of any size"
		       : "lets the process raise its own priority";
}

static void fix_rlimit(struct judge *judge, const struct place *place)
{
	static const char *const ends[] = { "hard", "soft" };
	const char *type = json_string(json_member(place->node, "type"));
	uint64_t most = type ? limit_most(type) : UINT64_MAX, value;

	for (size_t i = 0; i < 2; i++) {
		struct json *end = json_member(place->node, ends[i]);

		if (!json_u64(end, &value) || value <= most)
			continue;
		json_replace(end, json_new_u64(judge->arena, most == UINT64_MAX - 1 ? 0 : most));
	}
}

static bool bad_scheduler(const struct json *node)
{
	const char *policy = json_string(json_member(node, "policy"));
	int64_t nice;

	return !policy || !word_in("SCHED_OTHER SCHED_BATCH SCHED_IDLE", policy) ||
	       (json_i64(json_member(node, "nice"), &nice) && nice < 0);
}

static bool bad_io(const struct json *node)
{
	const char *class = json_string(json_member(node, "class"));

	return !class || !word_in("IOPRIO_CLASS_NONE IOPRIO_CLASS_BE IOPRIO_CLASS_IDLE", class);
}

static bool bad_personality(const struct json *node)
{
	const struct json *flags = json_member(node, "flags");

	return !json_is(json_member(node, "domain"), "LINUX") || (flags && flags->child);
}

static bool bad_any(const struct json *node)
{
	(void)node;
	return true;
}

static bool bad_runtime(const struct json *node)
{
	int64_t value;

	return !json_i64(node, &value) || value != 0;
}

static const struct share {
	const char *pointer;
	bool (*bad)(const struct json *node);
	const char *why;
} shares[] = {
	{ "/process/scheduler", bad_scheduler, "takes the processor from everybody else" },
	{ "/process/ioPriority", bad_io, "takes the disks from everybody else" },
	{ "/linux/memoryPolicy", bad_any, "binds memory to chosen nodes of the host" },
	{ "/linux/personality", bad_personality,
	  "changes the system call interface that filters were made for" },
	{ "/linux/resources/cpu/realtimeRuntime", bad_runtime,
	  "takes real-time shares of the processor" },
};

static struct json *share_bad(const struct judge *judge, const struct share *share)
{
	struct json *node;

	/* At exec all but the process is the running container's. */
	if (judge->boundary == AT_EXEC && strncmp(share->pointer, "/process/", 9) != 0)
		return NULL;
	node = json_at(judge->doc, share->pointer);
	return node && node->type != JSON_NULL && share->bad(node) ? node : NULL;
}

static const char *check_scheduler(struct judge *judge, const struct place *place)
{
	(void)place;
	for (size_t i = 0; i < sizeof(shares) / sizeof(*shares); i++) {
		judge->culprit = share_bad(judge, &shares[i]);
		if (judge->culprit)
			return shares[i].why;
	}
	return NULL;
}

static void fix_scheduler(struct judge *judge, const struct place *place)
{
	(void)place;
	for (size_t i = 0; i < sizeof(shares) / sizeof(*shares); i++) {
		struct json *node = share_bad(judge, &shares[i]);

		if (node)
			json_remove(node);
	}
}

static const char *check_cwd(struct judge *judge, const struct place *place)
{
	const char *cwd = json_string(place->node);
	const char *clean = cwd ? host_clean(judge->arena, cwd) : NULL;

	if (!clean)
		return "is no absolute path without \"..\"";
	if (host_below(clean, "/dev/shm"))
		return NULL;
	if (host_below(clean, "/proc") || host_below(clean, "/sys") || host_below(clean, "/dev"))
		return "leads into the kernel's own files, and there to open files of the host";
	return NULL;
}

/* Where a path leads if no part of it is a symbolic link. */
static const char *lexical(struct arena *arena, const char *path)
{
	char *out = arena_alloc(arena, strlen(path) + 2);
	size_t len, at = 0;

	for (; *path; path += len) {
		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (len == 0 || (len == 1 && *path == '.'))
			continue;
		if (len == 2 && memcmp(path, "..", 2) == 0) {
			while (at > 0 && out[--at] != '/')
				;
			out[at] = '\0';
			continue;
		}
		out[at++] = '/';
		memcpy(out + at, path, len);
		out[at += len] = '\0';
	}
	return at ? out : "/";
}

/*
 * A program named /proc/self/exe is the runtime itself, started again inside the container. A bare
 * name is looked up in PATH, which is the image's business.
 */
static const char *check_arguments(struct judge *judge, const struct place *place)
{
	const struct json *first =
		place->node && place->node->type == JSON_ARRAY ? place->node->child : NULL;
	const char *program = json_string(first), *real;
	const char *cwd = json_string(json_at(judge->doc, "/process/cwd"));

	if (!program || !strchr(program, '/'))
		return NULL;
	real = lexical(judge->arena, *program == '/' ? program
						     : arena_printf(judge->arena, "%s/%s",
								    cwd ? cwd : "/", program));
	if (!host_below(real, "/proc") && !host_below(real, "/dev/fd"))
		return NULL;
	judge->culprit = first;
	return "leads to a program outside the container";
}

static const struct rule rules[] = {
	{
		.id = "no-new-privileges",
		.title = TOLD("Setuid programs raise nobody"),
		.why = TOLD(
			"A setuid program or file capability in the image turns any user into root, "
			"exec into the container included."),
		.want = "true",
		.refs = TOLD("CIS Docker 1.6 5.26; PSS Privilege Escalation; ATT&CK T1548.001"),
		.path = "/process/noNewPrivileges",
		.check = check_true,
		.fix = fix_true,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
	},
	{
		.id = "oom-score",
		.title = TOLD("Not spared when memory runs out"),
		.why = TOLD(
			"A container with a negative score survives while the host's services and "
			"its neighbours are killed."),
		.want = "0 or more; -997 and -998 from the kubelet",
		.refs = TOLD("ATT&CK T1499"),
		.path = "/process/oomScoreAdj",
		.check = check_oom_score,
		.fix = fix_zero,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
	},
	{
		.id = "rlimits",
		.title = TOLD("Process limits without surprises"),
		.why = TOLD(
			"Core dumps are handled by a program of the host; a limit given twice is "
			"read differently by different runtimes; RTPRIO and NICE hand out priority."),
		.want = "known limits, each once; CORE limited, RTPRIO 0, NICE up to 20",
		.refs = TOLD("CIS Docker 1.6 5.19; ATT&CK T1499"),
		.path = "/process/rlimits/*",
		.check = check_rlimit,
		.fix = fix_rlimit,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
	},
	{
		.id = "scheduler",
		.title = TOLD("No more than a fair share"),
		.why = TOLD(
			"Real-time scheduling, raised priorities and bound memory starve the host; "
			"another personality is another system call interface."),
		.want = "neither real-time scheduling, raised priority, memory policy nor personality",
		.refs = TOLD("ATT&CK T1499"),
		.path = "/process",
		.check = check_scheduler,
		.fix = fix_scheduler,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
	},
	{
		.id = "working-directory",
		.title = TOLD("A working directory inside the container"),
		.why = TOLD(
			"The directory is entered while the runtime still holds files of the host "
			"open: /proc/self/fd/7 was the host's /sys/fs/cgroup."),
		.want = "an absolute path outside /proc, /sys and /dev",
		.refs = TOLD("CVE-2024-21626; ATT&CK T1611"),
		.path = "/process/cwd",
		.check = check_cwd,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
	},
	{
		.id = "arguments",
		.title = TOLD("A program of the container's own"),
		.why = TOLD(
			"/proc/self/exe as the program is the runtime's binary on the host, open for "
			"overwriting."),
		.want = "a program that is not below /proc",
		.refs = TOLD("CVE-2019-5736; ATT&CK T1611"),
		.path = "/process/args",
		.check = check_arguments,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
	},
};

const struct rule_table rules_process = { "process", rules, sizeof(rules) / sizeof(*rules) };
