/* SPDX-License-Identifier: Apache-2.0 */
/* Rules as JSON: the whole table, and the words of one rule. */
#include <string.h>

#include "ctl.h"

static void put(struct arena *arena, struct json *json, const char *key, const char *text)
{
	json_set(arena, json, key, json_new_string(arena, text ? text : ""));
}

/* "CIS Docker 1.6 5.3; PSS Capabilities" as an array. */
static struct json *references(struct arena *arena, const char *refs)
{
	struct json *list = json_new(arena, JSON_ARRAY);

	while (refs && *refs) {
		size_t len = strcspn(refs, ";");

		json_append(list, json_new_string(arena, arena_strndup(arena, refs, len)));
		refs += len;
		refs += strspn(refs, "; ");
	}
	return list;
}

static struct json *words_json(struct arena *arena, const struct rule_param *param,
			       enum profile profile)
{
	const char *words = profile == PROFILE_RESTRICTED ? param->restricted : param->baseline;
	struct json *list = json_new(arena, JSON_ARRAY);
	const char *word;
	size_t len;

	if (param->type == PARAM_NUMBER) {
		struct json *number = json_new_string(arena, words && *words ? words : "0");

		number->type = JSON_NUMBER;
		return number;
	}
	while ((word = word_next(&words, &len)))
		json_append(list, json_new_string(arena, arena_strndup(arena, word, len)));
	return list;
}

static struct json *parameters(struct arena *arena, const struct rule *rule)
{
	static const char *const types[] = { "none", "words", "number", "paths", "devices" };
	struct json *list = json_new(arena, JSON_ARRAY);

	for (size_t i = 0; i < sizeof(rule->params) / sizeof(rule->params[0]); i++) {
		const struct rule_param *param = &rule->params[i];
		struct json *entry = json_new(arena, JSON_OBJECT);

		if (!param->name)
			continue;
		put(arena, entry, "name", param->name);
		put(arena, entry, "type", types[param->type]);
		put(arena, entry, "what", param->what);
		json_set(arena, entry, "baseline", words_json(arena, param, PROFILE_BASELINE));
		json_set(arena, entry, "restricted", words_json(arena, param, PROFILE_RESTRICTED));
		json_append(list, entry);
	}
	return list;
}

struct json *ctl_rule_json(struct arena *arena, const struct rule *rule)
{
	struct json *json = json_new(arena, JSON_OBJECT);
	struct json *actions = json_new(arena, JSON_OBJECT);

	put(arena, json, "id", rule->id);
	put(arena, json, "title", rule->title);
	put(arena, json, "why", rule->why);
	json_set(arena, json, "references", references(arena, rule->refs));
	put(arena, json, "path", rule->path);
	put(arena, json, "want", rule->want);
	for (int i = PROFILE_PRIVILEGED; i <= PROFILE_RESTRICTED; i++)
		put(arena, actions, profile_name((enum profile)i),
		    action_name(ctl_action(rule, (enum profile)i)));
	json_set(arena, json, "actions", actions);
	json_set(arena, json, "always", json_new_bool(arena, rule->flags & RULE_ALWAYS));
	json_set(arena, json, "can_tighten", json_new_bool(arena, rule->fix));
	json_set(arena, json, "parameters", parameters(arena, rule));
	return json;
}

void ctl_rules_json(struct arena *arena, struct text *text)
{
	struct json *list = json_new(arena, JSON_ARRAY);
	const struct rule *rule;

	for (size_t i = 0; (rule = rule_at(i)); i++)
		json_append(list, ctl_rule_json(arena, rule));
	ctl_put_json(text, list);
}
