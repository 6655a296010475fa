/* SPDX-License-Identifier: Apache-2.0 */
/* The document tree: looking up and changing. */
#include "json.h"

#include <string.h>

struct json *json_member_of(const struct json *object, const char *key, size_t len)
{
	if (!object || object->type != JSON_OBJECT)
		return NULL;
	json_each(node, object)
		if (node->key_len == len && json_same(node->key, key, len))
			return node;
	return NULL;
}

static size_t part_len(const char *part)
{
	size_t len = 0;

	while (part[len] && part[len] != '/')
		len++;
	return len;
}

/* An array index as RFC 6901 has it: digits, no leading zero; -1 for anything else. */
static long pointer_index(const char *part, size_t len)
{
	long index = 0;

	if (len == 0 || len > 9 || (len > 1 && part[0] == '0'))
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (part[i] < '0' || part[i] > '9')
			return -1;
		index = index * 10 + (part[i] - '0');
	}
	return index;
}

/* Compares a member's name with a part of a pointer, "~1" being "/" and "~0" being "~". */
static bool pointer_names(const char *part, size_t len, const struct json *node)
{
	size_t at = 0;

	for (size_t i = 0; i < len; i++, at++) {
		char c = part[i];

		if (c == '~' && i + 1 < len)
			c = part[++i] == '1' ? '/' : '~';
		if (at >= node->key_len || node->key[at] != c)
			return false;
	}
	return at == node->key_len;
}

static struct json *child_at(const struct json *json, const char *part, size_t len)
{
	long index = json->type == JSON_ARRAY ? pointer_index(part, len) : 0;

	if (index < 0)
		return NULL;
	json_each(node, json) {
		if (json->type == JSON_ARRAY ? index-- == 0 : pointer_names(part, len, node))
			return node;
	}
	return NULL;
}

struct json *json_at(const struct json *root, const char *pointer)
{
	const struct json *json = root;

	while (json && *pointer == '/') {
		size_t len = part_len(++pointer);

		json = child_at(json, pointer, len);
		pointer += len;
	}
	/* The tree is the caller's; only the way to it was const. */
	return *pointer ? NULL : (struct json *)(uintptr_t)json;
}

const char *json_string(const struct json *json)
{
	return json && json->type == JSON_STRING ? json->text : NULL;
}

bool json_true(const struct json *json)
{
	return json && json->type == JSON_BOOL && json->boolean;
}

/* Digits alone, and few enough. */
static bool read_digits(const char *text, size_t len, uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < len; i++) {
		unsigned digit = (unsigned char)text[i] - (unsigned)'0';

		if (digit > 9 || __builtin_mul_overflow(*value, 10, value) ||
		    __builtin_add_overflow(*value, digit, value))
			return false;
	}
	return len > 0;
}

/* As an integer is written: no fraction, no exponent, no "-0". */
bool json_i64(const struct json *json, int64_t *value)
{
	bool minus = json && json->type == JSON_NUMBER && json->text[0] == '-';
	uint64_t size, most = (uint64_t)INT64_MAX + minus;

	if (!json || json->type != JSON_NUMBER ||
	    !read_digits(json->text + minus, json->len - minus, &size) || size > most ||
	    (minus && size == 0))
		return false;
	*value = minus ? (int64_t)(0 - size) : (int64_t)size;
	return true;
}

bool json_u64(const struct json *json, uint64_t *value)
{
	uint64_t size;

	if (!json || json->type != JSON_NUMBER || !read_digits(json->text, json->len, &size))
		return false;
	*value = size;
	return true;
}

bool json_has(const struct json *array, const char *word)
{
	if (!array || array->type != JSON_ARRAY)
		return false;
	json_each(node, array)
		if (json_is(node, word))
			return true;
	return false;
}

static bool same_bytes(const char *a, size_t a_len, const char *b, size_t b_len)
{
	return a_len == b_len && (a_len == 0 || json_same(a, b, a_len));
}

static bool same_node(const struct json *a, const struct json *b)
{
	if (a->type != b->type || !a->key != !b->key || a->boolean != b->boolean)
		return false;
	if (a->key && !same_bytes(a->key, a->key_len, b->key, b->key_len))
		return false;
	if (a->type == JSON_STRING || a->type == JSON_NUMBER)
		return same_bytes(a->text, a->len, b->text, b->len);
	return true;
}

/* Recursion is bounded by JSON_DEPTH_MAX. The keys of a and b themselves do not count. */
bool json_equal(const struct json *a, const struct json *b)
{
	const struct json *x, *y;

	if (!a || !b || a->type != b->type)
		return a == b;
	if (a->type < JSON_ARRAY)
		return a->boolean == b->boolean && same_bytes(a->text, a->len, b->text, b->len);
	for (x = a->child, y = b->child; x && y; x = x->next, y = y->next)
		if (!same_node(x, y) || !json_equal(x, y))
			return false;
	return !x && !y;
}

static void pointer_part(struct text *text, const struct json *json)
{
	size_t index = 0;

	text_add(text, "/", 1);
	if (!json->key) {
		json_each(node, json->parent) {
			if (node == json)
				break;
			index++;
		}
		text_printf(text, "%zu", index);
		return;
	}
	for (size_t i = 0; i < json->key_len; i++) {
		if (json->key[i] == '~' || json->key[i] == '/')
			text_add(text, json->key[i] == '~' ? "~0" : "~1", 2);
		else
			text_add(text, &json->key[i], 1);
	}
}

char *json_pointer(struct arena *arena, const struct json *json)
{
	const struct json *way[JSON_DEPTH_MAX + 1];
	struct text text = { .arena = arena };
	size_t depth = 0;

	for (; json && json->parent && depth <= JSON_DEPTH_MAX; json = json->parent)
		way[depth++] = json;
	text_add(&text, "", 0);
	while (depth > 0)
		pointer_part(&text, way[--depth]);
	return text.data;
}
