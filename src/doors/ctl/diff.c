/* SPDX-License-Identifier: Apache-2.0 */
/* seawall diff: what hardening would change. */
#include <stdio.h>

#include "ctl.h"

static void print_lines(const struct ctl *ctl, struct text *text, const char *name,
			const struct json *before, const struct json *after)
{
	size_t len;

	ctl_unified(ctl, text, json_print(ctl->arena, before, JSON_PRETTY, &len),
		    json_print(ctl->arena, after, JSON_PRETTY, &len),
		    report_plain(ctl->arena, name));
}

enum ctl_status ctl_diff(struct ctl *ctl)
{
	struct text text = { .arena = ctl->arena };
	struct policy policy;
	struct subject subject;
	struct report report;
	struct json *before;
	struct error err;

	if (!ctl_policy(ctl, &policy, &err) ||
	    !ctl_subject(ctl, ctl->args[0], &policy, &subject, &err))
		return ctl_fail("%s", err.msg);
	harden(ctl->arena, &subject.task, &report);
	if (!report.doc)
		return ctl_unread(ctl->arena, &subject, &report);
	before = ctl_parse(ctl->arena, subject.name, subject.task.text, subject.task.len, &err);
	if (!before)
		return ctl_fail("%s", err.msg);
	if (ctl_is(ctl, "format", "json"))
		ctl_put_json(&text, ctl_patch(ctl->arena, before, report.doc));
	else
		print_lines(ctl, &text, subject.name, before, report.doc);
	if (report.verdict == VERDICT_REJECTED)
		fprintf(stderr, "%s\n", report_line(ctl->arena, &report));
	return ctl_out(&text, report.verdict == VERDICT_REJECTED ? CTL_NO : CTL_GOOD);
}
