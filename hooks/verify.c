/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stages that see the container's process. poststart: a config is a claim, the kernel is the truth. In
 * runc up to 1.4 it runs when everything is in force and before the container's program; in crun and
 * newer runc just after the program began, and then all that is left is to end it.
 */
#include <stddef.h>

#include "hook.h"
#include "verified.h"

/* Takes hold of the process before anything else is done: its number may be another's a moment later. */
bool hook_open(struct hook *hook)
{
	int64_t pid;

	if (!json_i64(json_member(hook->state, "pid"), &pid) || pid <= 1 || pid > 1 << 30)
		return error_set(&hook->err, "state on stdin: names no process");
	if (!kernel_open(hook->arena, (pid_t)pid, &hook->kernel, &hook->err))
		return error_prefix(&hook->err, "state on stdin");
	hook->held = true;
	if (hook->report.boundary == AT_POSTSTART)
		hook->limit.process = hook->kernel.dir;
	return true;
}

const char *hook_cgroup(struct hook *hook)
{
	const struct json *path = json_at(hook->report.doc, "/linux/cgroupsPath");

	return kernel_cgroup_name(hook->arena, json_string(path),
				  json_string(json_member(hook->state, "id")));
}

/*
 * What ran and ended before anybody could look is no failure, or no short command could be run. Whom it
 * leaves behind, which no pid namespace of the container's own allows, nobody has looked at.
 */
static bool note_ended(struct hook *hook)
{
	struct finding *finding;

	if (!kernel_cgroup_empty(hook_cgroup(hook)))
		return error_set(&hook->err, "the process ended and left others behind");
	finding = findings_add(hook->arena, &hook->report.findings, "verification", "");
	finding->action = ACTION_AUDIT;
	finding->outcome = OUTCOME_AUDITED;
	finding->message = "the process ended before it could be verified";
	return true;
}

bool hook_verify(struct hook *hook)
{
	struct verified verified = { .kernel = &hook->kernel, .is_strict = verified_strict };
	bool running = json_is(json_member(hook->state, "status"), "running");

	if (!hook_judge(hook))
		return false;
	verified.config = hook->report.doc;
	verified.bundle = hook->bundle.path;
	verified.judged = hook->task.host;
	if (!verified.config)
		return true;
	if (running && !kernel_settle(hook->arena, &hook->kernel))
		return note_ended(hook);
	if (!verified_all(hook->arena, &verified, &hook->report.findings, &hook->err))
		return running && !kernel_alive(&hook->kernel) && note_ended(hook);
	verified_verdict(&hook->report);
	return true;
}

/* The container's root is not entered yet: its mounts stand below the bundle's root directory. */
bool hook_mounts(struct hook *hook)
{
	struct verified verified = { .kernel = &hook->kernel };

	if (!hook_judge(hook))
		return false;
	verified.config = hook->report.doc;
	verified.bundle = hook->bundle.path;
	verified.judged = hook->task.host;
	if (!verified.config)
		return true;
	if (!verified_mounts(hook->arena, &verified, &hook->report.findings, &hook->err))
		return false;
	verified_verdict(&hook->report);
	return true;
}
