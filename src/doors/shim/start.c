/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "start" of a container of runc's. Its first process has waited since "create" with everything in force (caps,
 * no_new_privs, the filter, masks): what the kernel enforces is held against the config now, before the
 * container's program, whichever runc it is and whatever it makes of hooks. A hook would be a process of its own,
 * for which runc alone takes longer than the comparing does.
 */
#include <string.h>
#include <unistd.h>

#include "launch.h"
#include "limit.h"
#include "seccomp_cache.h"
#include "shim.h"
#include "sources.h"
#include "spec.h"
#include "verified.h"

/* Nearly what it takes for a usual container. */
#define VERIFYING_SIZE (256u << 10)

static bool has_ended(struct shim *shim, const struct kernel *kernel)
{
	return error_set(&shim->err, "process %d has ended", (int)kernel->pid);
}

static bool waits(const struct shim *shim)
{
	return bundle_waits(shim->arena, shim->call.root, shim->call.id);
}

/* Started twice: what it does now, and may do, is not the start's to judge. */
static bool runs_already(struct shim *shim)
{
	return error_set(&shim->err, "container %.80s: its program runs already", shim->call.id);
}

/* The process that runc's state tells of, and no later one with its number. */
static bool hold(struct shim *shim, struct kernel *kernel)
{
	const struct json *state = shim->bundle.state;
	uint64_t started = 0;
	int64_t pid;

	if (strcmp(shim->bundle.runtime, "runc") != 0)
		return error_set(&shim->err, "%s: is called runc, and its containers are %s's",
				 shim->runtime, shim->bundle.runtime);
	if (!json_i64(json_member(state, "init_process_pid"), &pid) || pid <= 1 || pid > 1 << 30)
		return error_set(&shim->err, "container %.80s: has no process", shim->call.id);
	json_u64(json_member(state, "init_process_start"), &started);
	if (!waits(shim))
		return runs_already(shim);
	if (!kernel_open(shim->arena, (pid_t)pid, kernel, &shim->err))
		return false;
	return kernel_stat(shim->arena, kernel, KERNEL_STAT_STARTED) == started ||
	       has_ended(shim, kernel);
}

/* A policy that is broken now was not when the config was judged: the kernel is held against that. */
static bool judge(struct shim *shim, struct verified *verified)
{
	const struct bundle *bundle = &shim->bundle;

	verified->bundle = bundle->path;
	if (shim->policy_known) {
		shim_judge(shim, "config.json", bundle->text, bundle->len);
		verified_late(&shim->report);
		verified->config = shim->report.doc;
		verified->judged = shim->task.host;
		return true;
	}
	verified->config = json_parse(shim->arena, bundle->text, bundle->len, 0, &shim->err);
	return (verified->config &&
		spec_check(shim->arena, verified->config, "config", &shim->err)) ||
	       error_prefix(&shim->err, "%s/config.json", bundle->path);
}

/* False and err: what the kernel enforces could not be told. */
static bool verify(struct shim *shim, struct kernel *kernel)
{
	struct verified verified = { .kernel = kernel, .waits = true, .is_strict = verified_ask };

	if (!bundle_find(shim->arena, shim->call.root, shim->call.id,
			 shim->policy_known && shim->policy.mode_unplaced == MODE_ENFORCE,
			 &shim->bundle, &shim->err) ||
	    !hold(shim, kernel) || !judge(shim, &verified))
		return false;
	if (shim->report.mode == MODE_AUDIT || !verified.config)
		return true;
	if (!verified_all(shim->arena, &verified, &shim->report.findings, &shim->err))
		return kernel_alive(kernel) ? false : has_ended(shim, kernel);
	if (kernel->started || !waits(shim))
		return runs_already(shim);
	verified_verdict(&shim->report);
	return true;
}

static bool only_reports(const struct shim *shim)
{
	return shim->policy_known && shim->policy.verify == VERIFY_REPORT;
}

/* The command line as it came, but that runc is told where, so that it does not look elsewhere. */
static char *const *rooted(const struct shim *shim)
{
	size_t count = (size_t)shim->argc;
	char *const *given = shim_untouched(shim);
	char **argv;

	if (shim->call.root)
		return given;
	argv = arena_alloc(shim->arena, (count + 2) * sizeof(*argv));
	argv[0] = given[0];
	argv[1] = arena_printf(shim->arena, "--root=%s", bundle_root(shim->arena));
	memcpy(argv + 2, given + 1, (count - 1) * sizeof(*argv));
	return argv;
}

static int go_on(struct shim *shim)
{
	return shim_become(shim, rooted(shim), launch_environment(shim->arena, environ));
}

static int tell_and_go_on(struct shim *shim)
{
	log_notice(report_line(shim->arena, &shim->report));
	return go_on(shim);
}

/* Nothing has started, and that is how it is left: runc deletes whom it made. */
static int fail(struct shim *shim)
{
	if (!only_reports(shim))
		return shim_fail(shim);
	shim->report.verdict = VERDICT_ERROR;
	shim->report.error = arena_printf(shim->arena, "%s", shim->err.msg);
	shim_record(shim);
	return tell_and_go_on(shim);
}

/* Whom the kernel holds less than was decided is ended, with whoever else is in its cgroup. */
static int reject(struct shim *shim, const struct kernel *kernel)
{
	const struct json *path = json_at(shim->report.doc, "/linux/cgroupsPath");

	if (only_reports(shim))
		return tell_and_go_on(shim);
	if (kernel->dir >= 0)
		verified_end(shim->arena, kernel,
			     kernel_cgroup_name(shim->arena, json_string(path), shim->call.id));
	return shim_refuse(shim, report_line(shim->arena, &shim->report));
}

static int misread(struct shim *shim)
{
	harden_reject(shim->arena, &shim->report, "command-line", "", "%s", shim->misread);
	shim_record(shim);
	return shim_refuse(shim, report_line(shim->arena, &shim->report));
}

bool shim_unverified(struct shim *shim)
{
	const char *own = launch_hook();
	struct bundle bundle;
	const struct json *doc;
	struct error err;

	if (!shim->call.id || !waits(shim) ||
	    !bundle_find(shim->arena, shim->call.root, shim->call.id, false, &bundle, &err) ||
	    strcmp(bundle.runtime, "runc") != 0)
		return false;
	doc = json_parse_some(shim->arena, bundle.text, bundle.len,
			      "hooks annotations/io.seawall.verdict", &err);
	/* What cannot be read is verified, and refused by that. */
	if (!doc)
		return true;
	json_each(hook, json_at(doc, "/hooks/poststart"))
		if (own && json_is(json_member(hook, "path"), own))
			return false;
	return json_at(doc, "/annotations/io.seawall.verdict");
}

int shim_start(struct shim *shim)
{
	struct kernel kernel = { .dir = -1 };
	struct limit limit = { .who = "seawall-runtime", .process = -1, .kernel = &kernel };

	shim->arena = arena_sized(VERIFYING_SIZE);
	if (shim->policy_known) {
		shim->task.policy = &shim->policy;
		shim->report.mode = shim->policy.mode_unplaced;
		shim->report.policy = shim->policy.sha256;
	}
	if (shim->misread)
		return misread(shim);
	if (only_reports(shim)) {
		limit.runtime = shim->runtime;
		limit.argv = rooted(shim);
		limit.environment = launch_environment(shim->arena, environ);
	}
	if (!limit_time(&limit, &shim->err) || !verify(shim, &kernel))
		/* There may be nothing to start, as runc will say. */
		return bundle_missing(shim->arena, shim->call.root, shim->call.id) ? go_on(shim)
										   : fail(shim);
	if (shim->report.mode == MODE_AUDIT)
		return shim_become(shim, shim_untouched(shim), environ);
	if (!shim_record(shim))
		return fail(shim);
	return shim->report.verdict == VERDICT_REJECTED ? reject(shim, &kernel) : go_on(shim);
}
