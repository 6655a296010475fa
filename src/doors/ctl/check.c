/* SPDX-License-Identifier: Apache-2.0 */
/* seawall check: judge files and say what was found. */
#include <fcntl.h>
#include <string.h>

#include "ctl.h"
#include "file.h"

struct run {
	struct ctl *ctl;
	struct policy policy;
	enum outcome fail_on;
	struct judged *judged;
	size_t count;
	enum ctl_status status;
};

static unsigned weight(enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_REJECTED:
		return 3;
	case OUTCOME_TIGHTENED:
		return 2;
	case OUTCOME_AUDITED:
	case OUTCOME_UNPROVEN:
		return 1;
	case OUTCOME_EXEMPTED:
	case OUTCOME_NONE:
		break;
	}
	return 0;
}

bool ctl_counts(const struct finding *finding, enum outcome fail_on)
{
	return weight(finding->outcome) >= weight(fail_on);
}

static enum outcome fail_on(const struct ctl *ctl)
{
	if (ctl_is(ctl, "fail-on", "audit"))
		return OUTCOME_AUDITED;
	return ctl_is(ctl, "fail-on", "tighten") ? OUTCOME_TIGHTENED : OUTCOME_REJECTED;
}

static void judge(struct run *run, const struct subject *subject)
{
	struct judged *judged = &run->judged[run->count++];
	enum ctl_status status = CTL_GOOD;

	judged->subject = *subject;
	harden(run->ctl->arena, &subject->task, &judged->report);
	for (const struct finding *f = judged->report.findings.first; f; f = f->next)
		if (ctl_counts(f, run->fail_on))
			judged->counts = true;
	if (judged->counts)
		status = CTL_NO;
	if (!judged->report.doc) {
		status = ctl_unread(run->ctl->arena, subject, &judged->report);
		judged->counts = true;
	}
	run->status = ctl_worse(run->status, status);
}

static bool read_container(struct run *run, const char *path, struct subject *process,
			   struct error *err)
{
	struct subject container;

	if (!ctl_subject(run->ctl, path, &run->policy, &container, err))
		return false;
	process->task.container = ctl_parse(run->ctl->arena, container.name, container.task.text,
					    container.task.len, err);
	process->task.facts = container.task.facts;
	process->task.boundary = AT_EXEC;
	return process->task.container;
}

static bool judge_process(struct run *run, const char *process, const char *container,
			  struct error *err)
{
	struct subject subject;

	if (!process || !container || run->ctl->count)
		return error_set(err, "--process and --container go together, without other files");
	if (!ctl_subject(run->ctl, process, &run->policy, &subject, err) ||
	    !read_container(run, container, &subject, err))
		return false;
	judge(run, &subject);
	return true;
}

static void judge_files(struct run *run)
{
	for (size_t i = 0; i < run->ctl->count; i++) {
		struct subject subject;
		struct error err;

		if (ctl_subject(run->ctl, run->ctl->args[i], &run->policy, &subject, &err))
			judge(run, &subject);
		else
			run->status = ctl_fail("%s", err.msg);
	}
}

static void summary(const struct run *run, struct text *text)
{
	size_t verdicts[VERDICT_ERROR + 1] = { 0 };
	const char *comma = "";

	for (size_t i = 0; i < run->count; i++)
		if (run->judged[i].report.doc)
			verdicts[run->judged[i].report.verdict]++;
	text_printf(text, "%zu files: ", run->ctl->count);
	for (size_t i = 0; i <= VERDICT_ERROR; i++) {
		if (!verdicts[i])
			continue;
		text_printf(text, "%s%zu %s", comma, verdicts[i], verdict_name((enum verdict)i));
		comma = ", ";
	}
	if (!*comma)
		text_printf(text, "none could be judged");
	text_add(text, "\n", 1);
}

static void print_text(const struct run *run, struct text *text)
{
	for (size_t i = 0; i < run->count; i++) {
		const struct judged *judged = &run->judged[i];

		if (judged->report.doc)
			text_printf(text, "%s",
				    report_text(run->ctl->arena, &judged->report,
						judged->subject.name, run->ctl->color));
	}
	if (run->ctl->count > 1)
		summary(run, text);
	if (run->status == CTL_NO)
		text_printf(text, "%s`seawall explain RULE` says why, and how to allow more.%s\n",
			    ctl_dim(run->ctl), ctl_off(run->ctl));
}

static void print_json(const struct run *run, struct text *text)
{
	for (size_t i = 0; i < run->count; i++) {
		const struct judged *judged = &run->judged[i];
		size_t len;
		char *line = json_print(
			run->ctl->arena,
			report_json(run->ctl->arena, &judged->report, judged->subject.name), 0,
			&len);

		text_add(text, line, len);
		text_add(text, "\n", 1);
	}
}

static enum ctl_status print(const struct run *run)
{
	struct text text = { .arena = run->ctl->arena };

	if (ctl_is(run->ctl, "format", "json"))
		print_json(run, &text);
	else if (ctl_is(run->ctl, "format", "sarif"))
		ctl_sarif(run->ctl->arena, &text, run->judged, run->count);
	else if (ctl_is(run->ctl, "format", "junit"))
		ctl_junit(run->ctl->arena, &text, run->judged, run->count, run->fail_on);
	else
		print_text(run, &text);
	return ctl_out(&text, run->status);
}

enum ctl_status ctl_check(struct ctl *ctl)
{
	struct run run = { .ctl = ctl, .fail_on = fail_on(ctl) };
	const char *process = ctl_value(ctl, "process"), *container = ctl_value(ctl, "container");
	struct error err;

	run.judged = arena_alloc(ctl->arena, (ctl->count + 1) * sizeof(*run.judged));
	if (!ctl_policy(ctl, &run.policy, &err))
		return ctl_fail("%s", err.msg);
	if (process || container) {
		if (!judge_process(&run, process, container, &err))
			return ctl_fail("%s", err.msg);
	} else if (!ctl->count) {
		return ctl_fail("check: FILE|BUNDLE... is missing; see `seawall check --help`");
	} else {
		judge_files(&run);
	}
	return print(&run);
}
