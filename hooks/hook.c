/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seawall-hook: for engines whose runtime cannot be replaced, and for what only the kernel knows. It judges
 * before the config is given to the runtime (precreate, a filter) or before the container's own code runs
 * (prestart, createRuntime), when nothing can be changed any more and so everything that would be
 * tightened is refused; and it verifies what the kernel enforces (poststart).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "date.h"
#include "decision.h"
#include "file.h"
#include "hook.h"
#include "launch.h"
#include "log.h"
#include "seccomp_cache.h"
#include "sources.h"
#include "verified.h"

struct stage {
	const char *name;
	enum boundary boundary;
	bool (*judge)(struct hook *hook); /* false and err: seawall itself failed */
};

static void harden_task(struct hook *hook, const char *text, size_t len)
{
	struct host *host = host_real(hook->arena, hook->started);

	host->filter = seccomp_judged;
	hook->task.name = "config.json";
	hook->task.text = text;
	hook->task.len = len;
	hook->task.policy = &hook->policy;
	hook->task.facts.record = policy_record(hook->arena, &hook->policy, &hook->task.facts);
	hook->task.host = host;
	hook->task.hook = launch_hook();
	harden(hook->arena, &hook->task, &hook->report);
}

/* The config comes in, the hardened one goes out. */
static bool judge_precreate(struct hook *hook)
{
	bool enforce;

	hook->task.facts.precreate = true;
	hook->task.facts.rootless = launch_rootless();
	harden_task(hook, hook->input, hook->len);
	enforce = hook->report.mode == MODE_ENFORCE && hook->report.doc;
	hook->output_len = hook->len;
	hook->output = enforce ? json_print(hook->arena, hook->report.doc, 0, &hook->output_len)
			       : arena_strndup(hook->arena, hook->input, hook->len);
	return true;
}

/* The bundle was read by the runtime already: its config is the claim. */
bool hook_judge(struct hook *hook)
{
	const char *path = json_string(json_member(hook->state, "bundle"));

	if (!path)
		return error_set(&hook->err, "state on stdin: names no bundle");
	if (!bundle_read(hook->arena, path, hook->policy.mode_unplaced == MODE_ENFORCE,
			 &hook->bundle, &hook->err))
		return false;
	hook->task.facts.bundle = hook->bundle.path;
	hook->task.facts.id = json_string(json_member(hook->state, "id"));
	harden_task(hook, hook->bundle.text, hook->bundle.len);
	return true;
}

static const struct stage stages[] = {
	{ "precreate", AT_PRECREATE, judge_precreate },
	{ "prestart", AT_PRESTART, hook_mounts },
	{ "createRuntime", AT_CREATERUNTIME, hook_mounts },
	{ "poststart", AT_POSTSTART, hook_verify },
};

static bool record(struct hook *hook)
{
	struct decision decision = {
		.report = &hook->report,
		.before = hook->task.text,
		.before_len = hook->task.len,
		.after = hook->output,
		.after_len = hook->output_len,
		.started = hook->started,
	};
	struct error err;

	if (decision_write(hook->arena, hook->policy.doc ? &hook->policy : NULL, &decision, &err))
		return true;
	log_notice(arena_printf(hook->arena, "seawall: %s", err.msg));
	return !json_true(json_at(hook->policy.doc, "/log/required"));
}

static int refuse(const char *line)
{
	const struct log none = { 0 };

	log_refusal(&none, line);
	return EXIT_FAILURE;
}

/* crun, and runc from 1.5 on, take no notice of a poststart hook that fails. */
static void end(struct hook *hook)
{
	if (hook->report.boundary == AT_POSTSTART && hook->held)
		verified_end(hook->arena, &hook->kernel, hook_cgroup(hook));
}

/* "report" never ends anything, whatever is wrong. */
static bool only_reports(const struct hook *hook)
{
	return hook->report.boundary == AT_POSTSTART && hook->policy.doc &&
	       hook->policy.verify == VERIFY_REPORT;
}

static int pass(const struct hook *hook)
{
	if (!hook->output)
		return EXIT_SUCCESS;
	if (fwrite(hook->output, 1, hook->output_len, stdout) == hook->output_len &&
	    fflush(stdout) == 0)
		return EXIT_SUCCESS;
	return refuse("seawall: rejected: error: stdout cannot be written");
}

/* What was found is told; the engine is stopped by a failure, or by what it is given. */
static int deny(struct hook *hook, const char *line)
{
	hook->output = NULL;
	if (hook->report.boundary == AT_PRECREATE && hook->input)
		hook->output = hook_refusal(hook, line, &hook->output_len);
	refuse(line);
	return hook->output ? pass(hook) : EXIT_FAILURE;
}

/* Seawall itself failed: closed, unless the policy prefers to start unjudged. */
static int fail(struct hook *hook)
{
	bool open = hook->policy.doc &&
		    (hook->policy.on_error_allow || hook->policy.mode_unplaced == MODE_AUDIT);

	hook->report.verdict = VERDICT_ERROR;
	hook->report.error = arena_printf(hook->arena, "%s", hook->err.msg);
	hook->output = NULL;
	if (!record(hook) || !open) {
		if (only_reports(hook)) {
			log_notice(report_line(hook->arena, &hook->report));
			return EXIT_SUCCESS;
		}
		end(hook);
		return deny(hook, report_line(hook->arena, &hook->report));
	}
	log_notice(arena_printf(hook->arena, "seawall: passed unjudged: %s", hook->err.msg));
	if (hook->report.boundary == AT_PRECREATE && hook->input) {
		hook->output = arena_strndup(hook->arena, hook->input, hook->len);
		hook->output_len = hook->len;
	}
	return pass(hook);
}

/* What the stage is given: the config itself, or the state of a container whose process exists. */
static bool read_input(struct hook *hook)
{
	hook->input =
		file_read_fd(hook->arena, STDIN_FILENO, FILE_ANY, &hook->len, NULL, &hook->err);
	if (!hook->input)
		return error_prefix(&hook->err, "stdin");
	if (hook->report.boundary == AT_PRECREATE)
		return true;
	hook->state = json_parse(hook->arena, hook->input, hook->len, 0, &hook->err);
	if (!hook->state)
		return error_prefix(&hook->err, "state on stdin");
	return hook_open(hook);
}

static int run(struct hook *hook, const struct stage *stage)
{
	hook->task.boundary = hook->report.boundary = stage->boundary;
	hook->report.policy = "";
	if (!read_input(hook) || !policy_load(hook->arena, &hook->policy, &hook->err))
		return fail(hook);
	hook->limit.good = only_reports(hook);
	if (stage->boundary == AT_POSTSTART && hook->policy.verify == VERIFY_OFF)
		return EXIT_SUCCESS;
	if (!stage->judge(hook))
		return fail(hook);
	if (stage->boundary != AT_PRECREATE)
		verified_late(&hook->report);
	if (!record(hook) && !only_reports(hook)) {
		end(hook);
		return deny(hook, "seawall: rejected: error: the decision log cannot be written");
	}
	if (hook->report.verdict != VERDICT_REJECTED)
		return pass(hook);
	if (only_reports(hook)) {
		log_notice(report_line(hook->arena, &hook->report));
		return EXIT_SUCCESS;
	}
	end(hook);
	return deny(hook, report_line(hook->arena, &hook->report));
}

/* Nearly what the verification of a usual container takes. */
#define VERIFYING_SIZE (320u << 10)

int main(int argc, char *argv[])
{
	struct hook hook = { .arena = arena_sized(VERIFYING_SIZE),
			     .started = date_now(),
			     .limit = { .who = "seawall-hook", .process = -1 } };

	/* A pipe that nobody closes would be waited for. */
	if (!limit_time(&hook.limit, &hook.err))
		return refuse(
			arena_printf(hook.arena, "seawall: rejected: error: %s", hook.err.msg));
	if (argc == 3 && strcmp(argv[1], "refused") == 0)
		return refuse(argv[2]);
	for (size_t i = 0; argc == 2 && i < sizeof(stages) / sizeof(*stages); i++)
		if (strcmp(argv[1], stages[i].name) == 0)
			return run(&hook, &stages[i]);
	return refuse("seawall-hook: expected one argument: precreate, prestart, createRuntime "
		      "or poststart");
}
