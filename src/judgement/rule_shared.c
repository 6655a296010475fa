/* SPDX-License-Identifier: Apache-2.0 */
/* What rules share: checks, fixes, parameters, and the names of things. */
#include <string.h>

#include "rule.h"

const char *check_true(struct judge *judge, const struct place *place)
{
	(void)judge;
	return json_true(place->node) ? NULL : "is not true";
}

void fix_true(struct judge *judge, const struct place *place)
{
	place_set(judge, place, json_new_bool(judge->arena, true));
}

const char *check_absent(struct judge *judge, const struct place *place)
{
	const struct json *node = place->node;

	if (!node || node->type == JSON_NULL || (node->type >= JSON_ARRAY && !node->child))
		return NULL;
	return judge->rule->arg ? judge->rule->arg : "is not allowed";
}

void fix_remove(struct judge *judge, const struct place *place)
{
	(void)judge;
	if (place->node)
		json_remove(place->node);
}

void place_set(struct judge *judge, const struct place *place, struct json *value)
{
	const char *path = place->pointer ? place->pointer : judge->rule->path;
	const char *last = strrchr(path, '/');
	struct json *parent = place->parent;

	if (place->node && place->node->parent) {
		json_replace(place->node, value);
		return;
	}
	if (!parent || parent->type != JSON_OBJECT)
		parent = json_make(judge->arena, judge->doc,
				   arena_strndup(judge->arena, path, (size_t)(last - path)));
	/* Something else than an object in the way: the check will fail again and reject. */
	if (parent)
		json_set(judge->arena, parent, last + 1, value);
}

static const struct rule_param *param_find(const struct judge *judge, const char *name)
{
	for (size_t i = 0; i < sizeof(judge->rule->params) / sizeof(judge->rule->params[0]); i++)
		if (judge->rule->params[i].name && strcmp(judge->rule->params[i].name, name) == 0)
			return &judge->rule->params[i];
	return NULL;
}

static const char *param_default(const struct judge *judge, const char *name)
{
	const struct rule_param *param = param_find(judge, name);
	const char *text;

	if (!param)
		return "";
	text = judge->base == PROFILE_RESTRICTED ? param->restricted : param->baseline;
	return text ? text : "";
}

/* An exemption's additions belong to "allow". */
static const struct json *param_extra(const struct judge *judge, const char *name)
{
	return strcmp(name, "allow") == 0 ? judge->setting.extra : NULL;
}

bool param_word(const struct judge *judge, const char *name, const char *word)
{
	const struct json *given = json_member(judge->setting.params, name);

	if (json_has(param_extra(judge, name), word))
		return true;
	return given ? json_has(given, word) : word_in(param_default(judge, name), word);
}

uint64_t param_number(const struct judge *judge, const char *name)
{
	const struct json *given = json_member(judge->setting.params, name);
	const char *text = param_default(judge, name);
	uint64_t value = 0;

	if (given)
		return json_u64(given, &value) ? value : 0;
	for (; *text >= '0' && *text <= '9'; text++)
		value = value * 10 + (uint64_t)(*text - '0');
	return value;
}

const struct json *param_list(const struct judge *judge, const char *name)
{
	const struct json *given = json_member(judge->setting.params, name);
	const struct json *extra = param_extra(judge, name);
	const char *words = param_default(judge, name), *word;
	struct json *list;
	size_t len;

	if (given && !extra)
		return given;
	list = given ? json_clone(judge->arena, given) : json_new(judge->arena, JSON_ARRAY);
	while (!given && (word = word_next(&words, &len)))
		json_append(list,
			    json_new_string(judge->arena, arena_strndup(judge->arena, word, len)));
	json_each(node, extra)
		json_append(list, json_clone(judge->arena, node));
	return list->child ? list : NULL;
}

const char *action_name(enum action action)
{
	static const char *const names[] = { "off", "audit", "tighten", "reject" };

	return names[action];
}

const char *outcome_name(enum outcome outcome)
{
	static const char *const names[] = { "none",	 "audited",  "tightened",
					     "rejected", "exempted", "unproven" };

	return names[outcome];
}

const char *profile_name(enum profile profile)
{
	static const char *const names[] = { "privileged", "baseline", "restricted" };

	return names[profile];
}

const char *boundary_name(enum boundary boundary)
{
	static const char *const names[] = { "create",	  "run",       "exec",	   "restore",
					     "update",	  "precreate", "prestart", "createRuntime",
					     "poststart", "checkpoint" };

	return names[boundary];
}
