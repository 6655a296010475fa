/* SPDX-License-Identifier: Apache-2.0 */
/* seawall verify: what the kernel enforces for running containers, against their configs. */
#include <stdlib.h>
#include <string.h>

#include "ctl_containers.h"
#include "file.h"

struct run {
	struct ctl *ctl;
	struct text text;
	enum ctl_status status;
	bool json;
	size_t count;
};

static void print(struct run *run, const struct container *container, pid_t pid,
		  const struct report *report)
{
	const struct ctl *ctl = run->ctl;
	bool good = report->verdict == VERDICT_ALLOWED;
	struct json *json;
	size_t len;
	char *line;

	if (run->json) {
		json = ctl_container_json(ctl->arena, container, report);
		json_set(ctl->arena, json, "pid", json_new_i64(ctl->arena, pid));
		line = json_print(ctl->arena, json, 0, &len);
		text_add(&run->text, line, len);
		text_add(&run->text, "\n", 1);
		return;
	}
	if (!run->count++)
		text_printf(&run->text, "%s%-12s  %8s  %-14s  %-7s  %s%s\n", ctl_bold(ctl), "ID",
			    "PID", "ENGINE", "RUNTIME", "KERNEL", ctl_off(ctl));
	text_printf(&run->text, "%-12.12s  %8d  %-14s  %-7s  %s%s%s\n",
		    report_plain(ctl->arena, container->id), (int)pid,
		    engine_name(container->workload.engine), container->runtime,
		    good ? ctl_green(ctl) : ctl_red(ctl),
		    report->error ? "unknown"
		    : good	  ? "holds"
				  : "differs",
		    ctl_off(ctl));
	if (report->error)
		text_printf(&run->text, "  %s\n", report_plain(ctl->arena, report->error));
	ctl_differences(ctl, &run->text, &report->findings);
}

/* kernel: of one of its processes, its first or another. */
static void verify_one(struct run *run, struct container *container, struct kernel *kernel)
{
	struct report report = { .verdict = VERDICT_ALLOWED, .workload = container->workload };
	enum ctl_status status = CTL_GOOD;
	const char *why;

	report.boundary = AT_POSTSTART;
	report.policy = "";
	if (!ctl_compare(run->ctl->arena, container, kernel, &report.findings, &why)) {
		report.verdict = VERDICT_ERROR;
		report.error = why;
		status = CTL_FAILED;
	}
	for (const struct finding *f = report.findings.first; f; f = f->next) {
		if (f->outcome != OUTCOME_REJECTED)
			continue;
		report.verdict = VERDICT_REJECTED;
		status = CTL_NO;
	}
	run->status = ctl_worse(run->status, status);
	print(run, container, kernel->pid, &report);
}

static enum ctl_status verify_ids(struct run *run, struct container *all)
{
	for (size_t i = 0; i < run->ctl->count; i++) {
		const char *id = run->ctl->args[i];
		struct container *found = NULL;

		for (struct container *each = all; each; each = each->next) {
			if (strncmp(each->id, id, strlen(id)) != 0)
				continue;
			if (found && strcmp(each->id, id) != 0)
				return ctl_fail("verify: %.80s: more than one container begins so",
						id);
			found = each;
		}
		if (!found)
			return ctl_fail("verify: %.80s: no such container is running", id);
		verify_one(run, found, &found->kernel);
	}
	return CTL_GOOD;
}

static const char *cgroup_of(struct arena *arena, const struct kernel *kernel)
{
	struct error err;
	size_t len;
	const char *text = file_read(arena, kernel->dir, "cgroup", 0, &len, NULL, &err);

	return text ? text : "";
}

/*
 * The container whose first process this is, or in whose cgroups it is, as "exec" leaves it. More than one
 * may claim it (a user's own runtime state says what that user likes): all of them must be true.
 */
static enum ctl_status verify_pid(struct run *run, struct container *all, const char *number)
{
	struct kernel kernel;
	struct error err;
	const char *cgroup;
	bool claimed = false;
	char *end;
	long pid = strtol(number, &end, 10);

	if (*end || pid < 1 || pid > 1 << 30)
		return ctl_fail("verify: --pid %.40s: no process number", number);
	if (!kernel_open(run->ctl->arena, (pid_t)pid, &kernel, &err))
		return ctl_fail("verify: %s", err.msg);
	cgroup = cgroup_of(run->ctl->arena, &kernel);
	for (struct container *each = all; each; each = each->next) {
		if (each->pid != pid &&
		    strcmp(cgroup_of(run->ctl->arena, &each->kernel), cgroup) != 0)
			continue;
		verify_one(run, each, &kernel);
		claimed = true;
	}
	if (claimed)
		return CTL_GOOD;
	return ctl_fail("verify: process %ld belongs to no container that a runtime knows", pid);
}

enum ctl_status ctl_verify(struct ctl *ctl)
{
	struct run run = { .ctl = ctl,
			   .text = { .arena = ctl->arena },
			   .json = ctl_is(ctl, "format", "json") };
	const char *pid = ctl_value(ctl, "pid");
	bool every = ctl_value(ctl, "all");
	struct container *all;
	enum ctl_status failed = CTL_GOOD;

	if ((pid != NULL) + every + (ctl->count > 0) != 1)
		return ctl_fail("verify: expected ID..., --pid or --all; see `seawall verify "
				"--help`");
	all = ctl_containers(ctl->arena);
	if (pid)
		failed = verify_pid(&run, all, pid);
	else if (ctl->count)
		failed = verify_ids(&run, all);
	for (struct container *each = every ? all : NULL; each; each = each->next)
		verify_one(&run, each, &each->kernel);
	if (every && !all && !run.json)
		text_printf(&run.text, "no container is running\n");
	return ctl_out(&run.text, ctl_worse(run.status, failed));
}
