/* SPDX-License-Identifier: Apache-2.0 */
/* Runs tables of one rule, one document, one ending. */
#include "rows.h"

#include <check.h>
#include <string.h>

#include "harness.h"

static struct json *parsed(struct arena *arena, const char *text)
{
	struct error err;
	struct json *json;

	if (!text)
		return NULL;
	json = json_parse(arena, text, strlen(text), 0, &err);
	if (!json)
		die("%s\n%s", text, err.msg);
	return json;
}

static struct host *host_for(struct arena *arena, const char *facts)
{
	struct error err;
	struct host *host = host_facts(arena, parsed(arena, facts ? facts : "{}"), &err);

	if (!host)
		die("%s\n%s", facts, err.msg);
	return host;
}

static const char *told(struct arena *arena, const struct findings *findings)
{
	struct text text = { .arena = arena };

	text_add(&text, "", 0);
	for (const struct finding *each = findings->first; each; each = each->next)
		text_printf(&text, "%s%s %s", text.len ? ", " : "", outcome_name(each->outcome),
			    each->pointer);
	return text.data;
}

static const char *messages(struct arena *arena, const struct findings *findings)
{
	struct text text = { .arena = arena };

	text_add(&text, "", 0);
	for (const struct finding *each = findings->first; each; each = each->next)
		text_printf(&text, "\n  %s: %s", each->pointer, each->message);
	return text.data;
}

static void check_after(struct arena *arena, const struct row *row, const struct json *doc)
{
	const char *expected = *row->after ? row->after : row->doc;
	size_t len;

	expected = json_print(arena, parsed(arena, expected), 0, &len);
	ck_assert_msg(!strcmp(json_print(arena, doc, 0, &len), expected),
		      "%s\n  became   %s\n  expected %s", row->doc, json_print(arena, doc, 0, &len),
		      expected);
}

static void run(const struct rule *rule, const struct row *row)
{
	struct arena *arena = arena_new();
	struct workload workload = { .engine = row->engine,
				     .id = row->id,
				     .pod_uid = row->pod_uid,
				     .sandbox = row->sandbox,
				     .rootless = row->rootless };
	struct judge judge = { .arena = arena,
			       .doc = parsed(arena, row->doc),
			       .container = parsed(arena, row->container),
			       .host = host_for(arena, row->facts),
			       .workload = &workload,
			       .boundary = row->at,
			       .base = row->base ? row->base : PROFILE_BASELINE,
			       .rule = rule };
	struct findings findings = { 0 };
	const char *got;

	judge.setting.action = judge.base == PROFILE_RESTRICTED ? rule->restricted : rule->baseline;
	if (judge.setting.action == ACTION_OFF)
		judge.setting.action = ACTION_REJECT;
	judge.setting.params = parsed(arena, row->params);
	judge.setting.extra = parsed(arena, row->extra);
	if (rule_applies(rule, row->at))
		rule_apply(&judge, NULL, &findings);
	got = told(arena, &findings);
	ck_assert_msg(!strcmp(got, row->want), "%s: %s\n  expected \"%s\"\n  got      \"%s\"%s",
		      rule->id, row->doc, row->want, got, messages(arena, &findings));
	if (row->after)
		check_after(arena, row, judge.doc);
	arena_free(arena);
}

void rows_run(const char *id, const struct row *rows, size_t count)
{
	const struct rule *rule = rule_find(id);

	ck_assert_msg(rule != NULL, "%s: no such rule", id);
	for (size_t i = 0; i < count; i++)
		run(rule, &rows[i]);
}
