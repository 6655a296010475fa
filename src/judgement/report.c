/* SPDX-License-Identifier: Apache-2.0 */
/* What judgement says, for programs and on one line. */
#include "report.h"

#include <string.h>

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = { "allowed", "tightened", "rejected", "error" };

	return names[verdict];
}

static void line_finding(struct text *text, const struct finding *finding)
{
	text_printf(text, "%s%s: ", text->len ? "; " : "", finding->rule);
	if (finding->pointer && *finding->pointer)
		text_printf(text, "%s: ", finding->pointer);
	text_printf(text, "%s", finding->message);
}

/* Documents and command lines have no rule that could be explained or changed in a profile. */
static void line_hint(struct text *text, const struct report *report, const char *rule)
{
	if (!report->profile || !rule_find(rule))
		return;
	text_printf(text, " (profile %s; see `seawall explain %s`)", report->profile, rule);
}

const char *report_line(struct arena *arena, const struct report *report)
{
	struct text text = { .arena = arena };
	const char *first = NULL;
	size_t count = 0;

	if (report->error)
		return report_plain(
			arena, arena_printf(arena, "seawall: rejected: error: %s", report->error));
	for (const struct finding *f = report->findings.first; f; f = f->next) {
		if (f->outcome != OUTCOME_REJECTED)
			continue;
		if (count++ < 3)
			line_finding(&text, f);
		if (!first)
			first = f->rule;
	}
	if (count > 3)
		text_printf(&text, " (and %zu more)", count - 3);
	if (count)
		line_hint(&text, report, first);
	return report_plain(arena,
			    arena_printf(arena, "seawall: %s: %s", verdict_name(report->verdict),
					 text.data ? text.data : "nothing found"));
}

/* A member that is not there yet. Name and text are not copied: they last as long as the arena. */
static void set_text(struct arena *arena, struct json *object, const char *key, const char *text)
{
	struct json *json = json_new(arena, text ? JSON_STRING : JSON_NULL);

	json->key = key;
	json->key_len = (uint32_t)strlen(key);
	json->text = text;
	json->len = text ? (uint32_t)strlen(text) : 0;
	json_append(object, json);
}

/* A string stands without its quotes; other values are their JSON text. */
static void set_value(struct arena *arena, struct json *object, const char *key, const char *value)
{
	size_t len = value ? strlen(value) : 0;

	if (len > 1 && value[0] == '"' && value[len - 1] == '"')
		value = arena_strndup(arena, value + 1, len - 2);
	set_text(arena, object, key, value);
}

static struct json *finding_json(struct arena *arena, const struct finding *finding)
{
	struct json *json = json_new(arena, JSON_OBJECT);

	set_text(arena, json, "rule", finding->rule);
	set_text(arena, json, "pointer", finding->pointer);
	set_value(arena, json, "found", finding->found);
	set_text(arena, json, "want", finding->want);
	if (finding->fixed)
		set_value(arena, json, "fixed", finding->fixed);
	set_text(arena, json, "action", action_name(finding->action));
	set_text(arena, json, "outcome", outcome_name(finding->outcome));
	if (finding->would)
		set_text(arena, json, "would", outcome_name(finding->would));
	set_text(arena, json, "message", report_plain(arena, finding->message));
	set_text(arena, json, "exemption", finding->exemption);
	return json;
}

struct json *report_json(struct arena *arena, const struct report *report, const char *file)
{
	struct json *json = json_new(arena, JSON_OBJECT);
	struct json *findings = json_new(arena, JSON_ARRAY);

	if (file)
		set_text(arena, json, "file", file);
	set_text(arena, json, "verdict", verdict_name(report->verdict));
	set_text(arena, json, "mode", report->mode == MODE_AUDIT ? "audit" : "enforce");
	set_text(arena, json, "profile", report->profile);
	set_text(arena, json, "policy", arena_printf(arena, "sha256:%s", report->policy));
	json_set(arena, json, "workload", identity_json(arena, &report->workload));
	for (const struct finding *f = report->findings.first; f; f = f->next)
		json_append(findings, finding_json(arena, f));
	json_set(arena, json, "findings", findings);
	if (report->error)
		set_text(arena, json, "error", report->error);
	return json;
}
