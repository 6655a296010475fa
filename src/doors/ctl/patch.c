/* SPDX-License-Identifier: Apache-2.0 */
/* The difference of two documents as an RFC 6902 patch. */
#include "ctl.h"

struct patch {
	struct arena *arena;
	struct json *ops;
};

static void add_op(const struct patch *patch, const char *op, const char *path,
		   const struct json *value)
{
	struct json *entry = json_new(patch->arena, JSON_OBJECT);

	json_set(patch->arena, entry, "op", json_new_string(patch->arena, op));
	json_set(patch->arena, entry, "path", json_new_string(patch->arena, path));
	if (value)
		json_set(patch->arena, entry, "value", json_clone(patch->arena, value));
	json_append(patch->ops, entry);
}

/* "/path" and a key, with "~" and "/" escaped. */
static const char *below(struct arena *arena, const char *path, const char *key)
{
	struct text text = { .arena = arena };

	text_printf(&text, "%s/", path);
	for (; *key; key++) {
		if (*key == '~' || *key == '/')
			text_printf(&text, "~%d", *key == '/');
		else
			text_add(&text, key, 1);
	}
	return text.data;
}

static const char *element(struct arena *arena, const char *path, size_t index)
{
	return arena_printf(arena, "%s/%zu", path, index);
}

static void compare(const struct patch *patch, const char *path, const struct json *a,
		    const struct json *b);

static void compare_objects(const struct patch *patch, const char *path, const struct json *a,
			    const struct json *b)
{
	json_each(member, a) {
		const struct json *other = json_member(b, member->key);
		const char *at = below(patch->arena, path, member->key);

		if (other)
			compare(patch, at, member, other);
		else
			add_op(patch, "remove", at, NULL);
	}
	json_each(member, b)
		if (!json_member(a, member->key))
			add_op(patch, "add", below(patch->arena, path, member->key), member);
}

static const struct json **elements(struct arena *arena, const struct json *array)
{
	const struct json **list = arena_alloc(arena, (array->len + 1) * sizeof(*list));
	size_t count = 0;

	json_each(node, array)
		list[count++] = node;
	return list;
}

static bool holds_scalars(const struct json *array)
{
	json_each(node, array)
		if (node->type >= JSON_ARRAY)
			return false;
	return true;
}

/*
 * What is equal at both ends is left alone. Of the middle, elements that stand on both sides are compared
 * in pairs, then the rest goes or comes in their place.
 */
static void compare_arrays(const struct patch *patch, const char *path, const struct json *a,
			   const struct json *b)
{
	const struct json **x = elements(patch->arena, a), **y = elements(patch->arena, b);
	size_t end_x = a->len, end_y = b->len, i = 0;

	while (i < end_x && i < end_y && json_equal(x[i], y[i]))
		i++;
	while (end_x > i && end_y > i && json_equal(x[end_x - 1], y[end_y - 1])) {
		end_x--;
		end_y--;
	}
	for (; i < end_x && i < end_y; i++)
		compare(patch, element(patch->arena, path, i), x[i], y[i]);
	for (size_t j = i; j < end_x; j++)
		add_op(patch, "remove", element(patch->arena, path, i), NULL);
	for (; i < end_y; i++)
		add_op(patch, "add", element(patch->arena, path, i), y[i]);
}

/* Lists of words are replaced as a whole. Recursion is bounded by JSON_DEPTH_MAX. */
static void compare(const struct patch *patch, const char *path, const struct json *a,
		    const struct json *b)
{
	if (a->type == JSON_OBJECT && b->type == JSON_OBJECT)
		compare_objects(patch, path, a, b);
	else if (a->type == JSON_ARRAY && b->type == JSON_ARRAY &&
		 !(holds_scalars(a) && holds_scalars(b)))
		compare_arrays(patch, path, a, b);
	else if (!json_equal(a, b))
		add_op(patch, "replace", path, b);
}

struct json *ctl_patch(struct arena *arena, const struct json *before, const struct json *after)
{
	struct patch patch = { arena, json_new(arena, JSON_ARRAY) };

	compare(&patch, "", before, after);
	return patch.ops;
}
