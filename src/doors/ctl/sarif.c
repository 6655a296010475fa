/* SPDX-License-Identifier: Apache-2.0 */
/* Findings as SARIF 2.1.0, for code scanning. */
#include <string.h>

#include "ctl.h"

struct sarif {
	struct arena *arena;
	struct json *rules, *results;
};

static struct json *object(struct arena *arena)
{
	return json_new(arena, JSON_OBJECT);
}

static void put(struct arena *arena, struct json *json, const char *key, const char *text)
{
	json_set(arena, json, key, json_new_string(arena, text));
}

/* {"text": words}, SARIF's form of a message. */
static struct json *message(struct arena *arena, const char *words)
{
	struct json *json = object(arena);

	put(arena, json, "text", report_plain(arena, words));
	return json;
}

static const char *level(const struct finding *finding)
{
	switch (finding->outcome) {
	case OUTCOME_REJECTED:
		return "error";
	case OUTCOME_TIGHTENED:
		return "warning";
	case OUTCOME_AUDITED:
	case OUTCOME_UNPROVEN:
		return "note";
	case OUTCOME_EXEMPTED:
	case OUTCOME_NONE:
		break;
	}
	return "none";
}

static void add_rule(struct sarif *sarif, const char *id)
{
	struct json *entry = object(sarif->arena);
	const struct rule *rule = rule_find(id);

	put(sarif->arena, entry, "id", id);
	if (rule) {
		json_set(sarif->arena, entry, "shortDescription",
			 message(sarif->arena, rule->title));
		json_set(sarif->arena, entry, "fullDescription", message(sarif->arena, rule->why));
		json_set(sarif->arena, entry, "help",
			 message(sarif->arena, rule->refs && *rule->refs ? rule->refs : rule->why));
	}
	json_append(sarif->rules, entry);
}

/* Where the rule stands in the driver's list; it is added when it is met first. */
static uint64_t rule_number(struct sarif *sarif, const char *id)
{
	uint64_t number = 0;

	json_each(entry, sarif->rules) {
		if (json_is(json_member(entry, "id"), id))
			return number;
		number++;
	}
	add_rule(sarif, id);
	return number;
}

/* The line where the value begins or, for an absent one, the object it is missing from ends. */
static unsigned line_of(struct arena *arena, const struct task *task, const char *pointer)
{
	unsigned line = 1, column = 1;
	struct error err;
	struct json *doc = json_parse(arena, task->text, task->len, 0, &err), *node = NULL;
	/* At exec the document is what stands at /process. */
	size_t skip = task->boundary == AT_EXEC && !strncmp(pointer, "/process", 8) ? 8 : 0;
	char *part = arena_strndup(arena, pointer + skip, strlen(pointer + skip));

	while (doc && !(node = json_at(doc, part)) && *part)
		*strrchr(part, '/') = '\0';
	if (node)
		json_position(task->text, task->len, node->offset, &line, &column);
	return line;
}

/* A path as a URI reference: bytes that may not stand in one are escaped. */
static const char *uri(struct arena *arena, const char *path)
{
	struct text text = { .arena = arena };

	for (; *path; path++) {
		if ((*path >= 'a' && *path <= 'z') || (*path >= 'A' && *path <= 'Z') ||
		    (*path >= '0' && *path <= '9') || strchr("/._-~", *path))
			text_add(&text, path, 1);
		else
			text_printf(&text, "%%%02X", (unsigned char)*path);
	}
	return text.data ? text.data : "";
}

static struct json *location(struct arena *arena, const struct subject *subject,
			     const struct finding *finding)
{
	struct json *location = object(arena), *physical = object(arena);
	struct json *artifact = object(arena), *region = object(arena);
	struct json *logical = json_new(arena, JSON_ARRAY), *name = object(arena);

	put(arena, artifact, "uri", uri(arena, subject->name));
	json_set(arena, region, "startLine",
		 json_new_u64(arena, line_of(arena, &subject->task, finding->pointer)));
	json_set(arena, physical, "artifactLocation", artifact);
	json_set(arena, physical, "region", region);
	json_set(arena, location, "physicalLocation", physical);
	put(arena, name, "fullyQualifiedName", finding->pointer);
	json_append(logical, name);
	json_set(arena, location, "logicalLocations", logical);
	return location;
}

static void add_result(struct sarif *sarif, const struct subject *subject,
		       const struct finding *finding)
{
	struct json *result = object(sarif->arena);
	struct json *locations = json_new(sarif->arena, JSON_ARRAY);

	put(sarif->arena, result, "ruleId", finding->rule);
	json_set(sarif->arena, result, "ruleIndex",
		 json_new_u64(sarif->arena, rule_number(sarif, finding->rule)));
	put(sarif->arena, result, "level", level(finding));
	json_set(sarif->arena, result, "message",
		 message(sarif->arena, arena_printf(sarif->arena, "%s (%s)", finding->message,
						    outcome_name(finding->outcome))));
	json_append(locations, location(sarif->arena, subject, finding));
	json_set(sarif->arena, result, "locations", locations);
	json_append(sarif->results, result);
}

static struct json *document(struct sarif *sarif)
{
	struct json *root = object(sarif->arena), *runs = json_new(sarif->arena, JSON_ARRAY);
	struct json *run = object(sarif->arena), *tool = object(sarif->arena);
	struct json *driver = object(sarif->arena);

	put(sarif->arena, root, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	put(sarif->arena, root, "version", "2.1.0");
	put(sarif->arena, driver, "name", "seawall");
	put(sarif->arena, driver, "version", SEAWALL_VERSION);
	json_set(sarif->arena, driver, "rules", sarif->rules);
	json_set(sarif->arena, tool, "driver", driver);
	json_set(sarif->arena, run, "tool", tool);
	json_set(sarif->arena, run, "results", sarif->results);
	json_append(runs, run);
	json_set(sarif->arena, root, "runs", runs);
	return root;
}

void ctl_sarif(struct arena *arena, struct text *text, const struct judged *judged, size_t count)
{
	struct sarif sarif = { arena, json_new(arena, JSON_ARRAY), json_new(arena, JSON_ARRAY) };

	for (size_t i = 0; i < count; i++)
		for (const struct finding *f = judged[i].report.findings.first; f; f = f->next)
			add_result(&sarif, &judged[i].subject, f);
	ctl_put_json(text, document(&sarif));
}
