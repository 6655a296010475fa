/* SPDX-License-Identifier: Apache-2.0 */
/* Compares the recorded container with its config, one change at a time. */
#include "recorded_rows.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"
#include "host.h"
#include "recorded.h"
#include "verify.h"

static struct host_path judged_path(const struct host *host, struct arena *arena, const char *path)
{
	const struct recorded_row *row = host->data;

	(void)arena;
	return (struct host_path){
		.type = PATH_DIRECTORY,
		.real = strcmp(path, "/srv/link") == 0 ? row->judged : path,
	};
}

/* Text with the first from replaced. */
static const char *replaced(struct arena *arena, const char *text, const char *from, const char *to)
{
	const char *at = from ? strstr(text, from) : NULL;

	if (!from)
		return text;
	if (!at)
		die("not in the table: %s", from);
	return arena_printf(arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static struct json *config_of(struct arena *arena, const struct recorded_row *row)
{
	struct error err;
	struct json *config = json_parse(arena, recorded_config, strlen(recorded_config), 0, &err);
	const char *slash = row->pointer ? strrchr(row->pointer, '/') : NULL;
	struct json *value, *parent;

	if (!config)
		die("config: %s", err.msg);
	if (!slash)
		return config;
	parent =
		json_at(config, arena_strndup(arena, row->pointer, (size_t)(slash - row->pointer)));
	value = row->value ? json_parse(arena, row->value, strlen(row->value), 0, &err) : NULL;
	if (!parent || (row->value && !value))
		die("%s: %s", row->pointer, err.msg);
	if (json_at(config, row->pointer) && value)
		json_replace(json_at(config, row->pointer), value);
	else if (value && parent->type == JSON_ARRAY)
		json_append(parent, value);
	else if (value)
		json_set(arena, parent, slash + 1, value);
	else
		json_remove(json_at(config, row->pointer));
	return config;
}

static const char *rules_found(struct arena *arena, const struct recorded_row *row)
{
	struct text text = { .arena = arena };
	struct findings findings = { .first = NULL };
	struct kernel kernel, host;
	struct host judged = { .path = judged_path, .data = (void *)row };
	struct verification verification = {
		.config = config_of(arena, row),
		.kernel = &kernel,
		.host = &host,
		.judged = row->judged ? &judged : NULL,
	};

	recorded_fill(arena, replaced(arena, recorded_mounts, row->from, row->to), &kernel, &host);
	if (row->change)
		row->change(&kernel);
	verify(arena, &verification, &findings);
	text_printf(&text, "%s", "");
	for (const struct finding *f = findings.first; f; f = f->next)
		text_printf(&text, "%s%s%s", text.len ? " " : "",
			    f->outcome == OUTCOME_REJECTED ? "" : "noted:", f->rule);
	return text.data;
}

void recorded_run(const struct recorded_row *rows, size_t count)
{
	int failed = 0;

	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new();
		const char *found = rules_found(arena, &rows[i]);

		const char *want = rows[i].want ? rows[i].want : "";

		if (strcmp(found, want) != 0) {
			fprintf(stderr, "%s: expected \"%s\", got \"%s\"\n", rows[i].name, want,
				found);
			failed++;
		}
		arena_free(arena);
	}
	ck_assert_int_eq(failed, 0);
}
