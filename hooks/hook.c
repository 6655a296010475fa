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

#include "decision.h"
#include "file.h"
#include "hook.h"
#include "launch.h"
#include "log.h"
#include "seccomp_cache.h"
#include "sources.h"

#define SECONDS_MAX 5

struct stage {
	const char *name;
	enum boundary boundary;
	bool (*judge)(struct hook *hook); /* false and err: seawall itself failed */
};

static void harden_task(struct hook *hook, const char *text, size_t len)
{
	struct host *host = host_real(hook->arena);

	host->filter = seccomp_judged;
	hook->task.name = "config.json";
	hook->task.text = text;
	hook->task.len = len;
	hook->task.policy = &hook->policy;
	hook->task.host = host;
	hook->task.hook = launch_hook();
	harden(hook->arena, &hook->task, &hook->report);
}

/* The config comes in, the hardened one goes out. */
static bool judge_precreate(struct hook *hook)
{
	bool enforce;

	harden_task(hook, hook->input, hook->len);
	enforce = hook->report.mode == MODE_ENFORCE && hook->report.doc;
	hook->output_len = hook->len;
	hook->output = enforce ? json_print(hook->arena, hook->report.doc, 0, &hook->output_len)
			       : arena_strndup(hook->arena, hook->input, hook->len);
	return true;
}

/* The container's state comes in; its bundle was read by the runtime already. */
bool hook_judge(struct hook *hook)
{
	const char *path;

	hook->state = json_parse(hook->arena, hook->input, hook->len, 0, &hook->err);
	if (!hook->state)
		return error_prefix(&hook->err, "state on stdin");
	path = json_string(json_member(hook->state, "bundle"));
	if (!path)
		return error_set(&hook->err, "state on stdin: names no bundle");
	if (!bundle_read(hook->arena, path, &hook->bundle, &hook->err))
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

/* It is too late to tighten: what should have been tightened makes the container refused. */
static void refuse_tightened(struct report *report)
{
	for (struct finding *f = report->findings.first; f; f = f->next) {
		if (f->outcome != OUTCOME_TIGHTENED)
			continue;
		f->outcome = OUTCOME_REJECTED;
		report->verdict = VERDICT_REJECTED;
	}
}

static bool record(struct hook *hook)
{
	struct decision decision = {
		.report = &hook->report,
		.before = hook->task.text,
		.before_len = hook->task.len,
		.after = hook->output,
		.after_len = hook->output_len,
		.started_us = hook->started_us,
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

static int pass(const struct hook *hook)
{
	if (!hook->output)
		return EXIT_SUCCESS;
	if (fwrite(hook->output, 1, hook->output_len, stdout) == hook->output_len &&
	    fflush(stdout) == 0)
		return EXIT_SUCCESS;
	return refuse("seawall: rejected: error: stdout cannot be written");
}

/* Seawall itself failed: closed, unless the policy prefers to start unjudged. */
static int fail(struct hook *hook)
{
	bool open = hook->policy.doc &&
		    (hook->policy.on_error_allow || hook->policy.mode == MODE_AUDIT);

	hook->report.verdict = VERDICT_ERROR;
	hook->report.error = arena_printf(hook->arena, "%s", hook->err.msg);
	hook->output = NULL;
	if (!record(hook) || !open) {
		if (hook->report.boundary == AT_POSTSTART && hook->state)
			hook_kill(hook);
		return refuse(report_line(hook->arena, &hook->report));
	}
	log_notice(arena_printf(hook->arena, "seawall: passed unjudged: %s", hook->err.msg));
	if (hook->report.boundary == AT_PRECREATE && hook->input) {
		hook->output = arena_strndup(hook->arena, hook->input, hook->len);
		hook->output_len = hook->len;
	}
	return pass(hook);
}

static int run(struct hook *hook, const struct stage *stage)
{
	struct error *err = &hook->err;

	hook->task.boundary = hook->report.boundary = stage->boundary;
	hook->report.policy = "";
	hook->input = file_read_fd(hook->arena, STDIN_FILENO, FILE_ANY, &hook->len, NULL, err);
	if (!hook->input) {
		error_prefix(err, "stdin");
		return fail(hook);
	}
	if (!policy_load(hook->arena, &hook->policy, err) || !stage->judge(hook))
		return fail(hook);
	if (stage->boundary != AT_PRECREATE)
		refuse_tightened(&hook->report);
	if (!record(hook))
		return refuse("seawall: rejected: error: the decision log cannot be written");
	if (hook->report.verdict != VERDICT_REJECTED)
		return pass(hook);
	if (stage->boundary == AT_POSTSTART && hook->policy.verify == VERIFY_REPORT) {
		log_notice(report_line(hook->arena, &hook->report));
		return EXIT_SUCCESS;
	}
	if (stage->boundary == AT_POSTSTART)
		hook_kill(hook);
	return refuse(report_line(hook->arena, &hook->report));
}

/* The alarm ends a hook that hangs, as on a FIFO that nobody closes: a refusal, not a wait. */
int main(int argc, char *argv[])
{
	struct hook hook = { .arena = arena_new(), .started_us = decision_clock() };

	alarm(SECONDS_MAX);
	for (size_t i = 0; argc == 2 && i < sizeof(stages) / sizeof(*stages); i++)
		if (strcmp(argv[1], stages[i].name) == 0)
			return run(&hook, &stages[i]);
	return refuse("seawall-hook: expected one argument: precreate, prestart, createRuntime "
		      "or poststart");
}
