/* SPDX-License-Identifier: Apache-2.0 */
/* The document tree: making nodes and changing a tree in place. */
#include "json.h"

#include <inttypes.h>
#include <string.h>

struct json *json_new(struct arena *arena, enum json_type type)
{
	struct json *json = arena_alloc(arena, sizeof(*json));

	json->type = type;
	return json;
}

struct json *json_new_string(struct arena *arena, const char *text)
{
	struct json *json = json_new(arena, JSON_STRING);

	json->len = (uint32_t)strlen(text);
	json->text = arena_strndup(arena, text, json->len);
	return json;
}

struct json *json_new_bool(struct arena *arena, bool value)
{
	struct json *json = json_new(arena, JSON_BOOL);

	json->boolean = value;
	return json;
}

static struct json *json_new_number(struct arena *arena, const char *text)
{
	struct json *json = json_new_string(arena, text);

	json->type = JSON_NUMBER;
	return json;
}

struct json *json_new_u64(struct arena *arena, uint64_t value)
{
	return json_new_number(arena, arena_printf(arena, "%" PRIu64, value));
}

struct json *json_new_i64(struct arena *arena, int64_t value)
{
	return json_new_number(arena, arena_printf(arena, "%" PRId64, value));
}

struct json *json_clone(struct arena *arena, const struct json *json)
{
	struct json *clone = arena_alloc(arena, sizeof(*clone));

	*clone = *json;
	clone->parent = clone->next = clone->child = clone->last = NULL;
	if (json->type < JSON_ARRAY)
		return clone;
	clone->len = 0;
	json_each(node, json)
		json_append(clone, json_clone(arena, node));
	return clone;
}

void json_append(struct json *array, struct json *value)
{
	json_push(array, value);
}

void json_prepend(struct json *array, struct json *value)
{
	value->parent = array;
	value->next = array->child;
	array->child = value;
	if (!array->last)
		array->last = value;
	array->len++;
}

void json_set(struct arena *arena, struct json *object, const char *key, struct json *value)
{
	struct json *old = json_member(object, key);

	if (old) {
		json_replace(old, value);
		return;
	}
	value->key_len = (uint32_t)strlen(key);
	value->key = arena_strndup(arena, key, value->key_len);
	json_append(object, value);
}

/* What points to json: its elder sibling's next, or its parent's child. */
static struct json *elder(const struct json *json)
{
	struct json *before = NULL;

	json_each(node, json->parent) {
		if (node == json)
			break;
		before = node;
	}
	return before;
}

void json_remove(struct json *json)
{
	struct json *parent = json->parent;
	struct json *before;

	if (!parent)
		return;
	before = elder(json);
	if (before)
		before->next = json->next;
	else
		parent->child = json->next;
	if (parent->last == json)
		parent->last = before;
	parent->len--;
	/* next stays, so that a loop over the siblings may go on. */
	json->parent = NULL;
}

void json_replace(struct json *json, struct json *value)
{
	struct json *parent = json->parent;
	struct json *before;

	/* cppcheck-suppress ctunullpointer ; json_new never answers NULL */
	value->key = json->key;
	value->key_len = json->key_len;
	if (!parent)
		return;
	before = elder(json);
	value->parent = parent;
	value->next = json->next;
	if (before)
		before->next = value;
	else
		parent->child = value;
	if (parent->last == json)
		parent->last = value;
	json->parent = NULL;
}

struct json *json_make(struct arena *arena, struct json *root, const char *pointer)
{
	struct json *json = root;

	while (json && json->type == JSON_OBJECT && *pointer == '/') {
		size_t len = strcspn(++pointer, "/");
		const char *key = arena_strndup(arena, pointer, len);
		struct json *next = json_member(json, key);

		if (!next || next->type == JSON_NULL) {
			next = json_new(arena, JSON_OBJECT);
			json_set(arena, json, key, next);
		}
		json = next;
		pointer += len;
	}
	return json && json->type == JSON_OBJECT ? json : NULL;
}
