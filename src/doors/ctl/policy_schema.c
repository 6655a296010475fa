/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON Schema of the policy file, made from the tables that check it. */
#include <string.h>

#include "../../judgement/policy_check.h"
#include "ctl.h"

static struct json *object(struct arena *arena)
{
	return json_new(arena, JSON_OBJECT);
}

static void put(struct arena *arena, struct json *json, const char *key, const char *text)
{
	json_set(arena, json, key, json_new_string(arena, text));
}

static struct json *of_type(struct arena *arena, const char *type)
{
	struct json *schema = object(arena);

	put(arena, schema, "type", type);
	return schema;
}

static struct json *pattern(struct arena *arena, const char *expression)
{
	struct json *schema = of_type(arena, "string");

	put(arena, schema, "pattern", expression);
	return schema;
}

static struct json *array_of(struct arena *arena, struct json *items)
{
	struct json *schema = of_type(arena, "array");

	json_set(arena, schema, "items", items);
	return schema;
}

static struct json *reference(struct arena *arena, const char *shape)
{
	struct json *schema = object(arena);

	put(arena, schema, "$ref", arena_printf(arena, "#/$defs/%s", shape));
	return schema;
}

static struct json *any_of(struct arena *arena, struct json *a, struct json *b)
{
	struct json *schema = object(arena), *list = json_new(arena, JSON_ARRAY);

	json_append(list, a);
	json_append(list, b);
	json_set(arena, schema, "anyOf", list);
	return schema;
}

/* "version" is a number in the file, though the table writes it as a word. */
static struct json *words(struct arena *arena, const char *list)
{
	struct json *schema = object(arena), *values = json_new(arena, JSON_ARRAY);
	const char *word;
	size_t len;

	while ((word = word_next(&list, &len))) {
		struct json *value = json_new_string(arena, arena_strndup(arena, word, len));

		if (strspn(value->text, "0123456789") == len)
			value->type = JSON_NUMBER;
		json_append(values, value);
	}
	json_set(arena, schema, "enum", values);
	return schema;
}

static struct json *map_of(struct arena *arena, struct json *values)
{
	struct json *schema = of_type(arena, "object");

	json_set(arena, schema, "additionalProperties", values);
	return schema;
}

static struct json *allowed(struct arena *arena, enum param_type type)
{
	struct json *items = of_type(arena, "string");

	if (type == PARAM_PATHS || type == PARAM_DEVICES)
		items = any_of(arena, items, of_type(arena, "object"));
	return array_of(arena, items);
}

static struct json *closed(struct arena *arena)
{
	struct json *schema = of_type(arena, "object");

	json_set(arena, schema, "properties", object(arena));
	json_set(arena, schema, "additionalProperties", json_new_bool(arena, false));
	return schema;
}

static void property(struct arena *arena, struct json *schema, const char *name, struct json *value)
{
	json_set(arena, json_member(schema, "properties"), name, value);
}

static const char actions[] = "off audit tighten reject";

static struct json *rule_schema(struct arena *arena, const struct rule *rule)
{
	struct json *schema = closed(arena), *either;

	property(arena, schema, "action", words(arena, actions));
	for (size_t i = 0; i < sizeof(rule->params) / sizeof(rule->params[0]); i++) {
		const struct rule_param *param = &rule->params[i];
		struct json *value;

		if (!param->name)
			continue;
		value = param->type == PARAM_NUMBER ? of_type(arena, "integer")
						    : allowed(arena, param->type);
		put(arena, value, "description", param->what);
		property(arena, schema, param->name, value);
	}
	either = any_of(arena, words(arena, actions), schema);
	put(arena, either, "description", rule->title);
	return either;
}

static struct json *rules_schema(struct arena *arena)
{
	struct json *schema = closed(arena);
	const struct rule *rule;

	for (size_t i = 0; (rule = rule_at(i)); i++)
		if (!(rule->flags & RULE_ALWAYS))
			property(arena, schema, rule->id, rule_schema(arena, rule));
	return schema;
}

static struct json *rule_ids(struct arena *arena)
{
	struct text text = { .arena = arena };
	const struct rule *rule;

	for (size_t i = 0; (rule = rule_at(i)); i++)
		if (!(rule->flags & RULE_ALWAYS))
			text_printf(&text, "%s ", rule->id);
	return words(arena, text.data ? text.data : "");
}

static struct json *allow_schema(struct arena *arena)
{
	struct json *schema = closed(arena);
	const struct rule *rule;

	for (size_t i = 0; (rule = rule_at(i)); i++)
		if (!(rule->flags & RULE_ALWAYS))
			property(arena, schema, rule->id, allowed(arena, rule->params[0].type));
	return schema;
}

static struct json *globs(struct arena *arena)
{
	return any_of(arena, of_type(arena, "string"), array_of(arena, of_type(arena, "string")));
}

static struct json *natural(struct arena *arena)
{
	struct json *schema = of_type(arena, "integer");

	json_set(arena, schema, "minimum", json_new_u64(arena, 0));
	return schema;
}

static struct json *field_schema(struct arena *arena, const struct policy_field *field)
{
	switch (field->type) {
	case POLICY_WORD:
		return words(arena, field->detail);
	case POLICY_BOOL:
		return of_type(arena, "boolean");
	case POLICY_STRING:
		return of_type(arena, "string");
	case POLICY_DATE:
		return pattern(arena, "^(never|[0-9]{4}-[0-9]{2}-[0-9]{2})$");
	case POLICY_NUMBER:
		return natural(arena);
	case POLICY_PATH:
		return pattern(arena, "^/");
	case POLICY_PATHS:
		return array_of(arena, pattern(arena, "^/"));
	case POLICY_STRINGS:
		return array_of(arena, of_type(arena, "string"));
	case POLICY_GLOBS:
		return globs(arena);
	case POLICY_OBJECT:
		return reference(arena, field->detail);
	case POLICY_OBJECTS:
		return array_of(arena, reference(arena, field->detail));
	case POLICY_RULES:
		return reference(arena, "rules");
	case POLICY_RULE_IDS:
		return array_of(arena, reference(arena, "rule"));
	case POLICY_ALLOW:
		return reference(arena, "allow");
	case POLICY_PATH_MAP:
		break;
	}
	return map_of(arena, array_of(arena, pattern(arena, "^/")));
}

static void add_field(struct arena *arena, struct json *shape, const struct policy_field *field)
{
	struct json *schema = field_schema(arena, field),
		    *required = json_member(shape, "required");

	put(arena, schema, "description", field->what);
	property(arena, shape, field->name, schema);
	if (!field->required)
		return;
	if (!required) {
		required = json_new(arena, JSON_ARRAY);
		json_set(arena, shape, "required", required);
	}
	json_append(required, json_new_string(arena, field->name));
}

struct json *ctl_schema(struct arena *arena)
{
	struct json *root = object(arena), *shapes = object(arena), *labels = object(arena);
	size_t count;
	const struct policy_field *fields = policy_fields(&count);

	put(arena, root, "$schema", "https://json-schema.org/draft/2020-12/schema");
	put(arena, root, "title", "seawall policy");
	for (size_t i = 0; i < count; i++) {
		if (!json_member(shapes, fields[i].shape))
			json_set(arena, shapes, fields[i].shape, closed(arena));
		add_field(arena, json_member(shapes, fields[i].shape), &fields[i]);
	}
	json_set(arena, labels, "^label\\.", globs(arena));
	if (json_member(shapes, "match"))
		json_set(arena, json_member(shapes, "match"), "patternProperties", labels);
	json_set(arena, shapes, "rules", rules_schema(arena));
	json_set(arena, shapes, "rule", rule_ids(arena));
	json_set(arena, shapes, "allow", allow_schema(arena));
	put(arena, root, "$ref", "#/$defs/policy");
	json_set(arena, root, "$defs", shapes);
	return root;
}
