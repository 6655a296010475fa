/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tree to text. yajl's generator would do, at four times the cost: it looks at every byte of every string
 * twice and hands over pieces of a few bytes, and this is the hot path of every container start.
 */
#include "json_scan.h"

static const bool must_escape[256] = { [0 ... 0x1f] = true, ['"'] = true, ['\\'] = true };

static void print_escape(struct text *out, unsigned char c)
{
	static const char names[] = "\b\t\n\f\r\"\\", letters[] = "btnfr\"\\";

	for (size_t i = 0; i < sizeof(names) - 1; i++) {
		if ((unsigned char)names[i] != c)
			continue;
		text_add(out, (const char[]){ '\\', letters[i] }, 2);
		return;
	}
	text_printf(out, "\\u%04x", c);
}

/* Copies eight bytes that need no escape; false: one does, what was written does not count. */
static inline bool copy_plain(char *to, const char *text)
{
	uint64_t eight = json_eight(text);

	memcpy(to, &eight, sizeof(eight));
	return !json_escaped(eight);
}

/* Copies what comes before the first byte to escape, and tells how much that is. */
static size_t print_plain(char *to, const char *text, size_t len)
{
	size_t at = 0;

	while (at + 8 <= len && copy_plain(to + at, text + at))
		at += 8;
	/* The last eight overlap those before. */
	if (at + 8 > len && len >= 8 && copy_plain(to + len - 8, text + len - 8))
		return len;
	for (; at < len && !must_escape[(unsigned char)text[at]]; at++)
		to[at] = text[at];
	return at;
}

/* Most strings need no escape: they are copied while they are looked at. */
static void print_string(struct text *out, const char *text, size_t len)
{
	char *to = text_room(out, len + 2);
	size_t i;

	*to++ = '"';
	i = print_plain(to, text, len);
	if (i == len) {
		to[len] = '"';
		out->len += len + 2;
		return;
	}
	out->len += i + 1;
	for (; i < len; i++) {
		if (must_escape[(unsigned char)text[i]])
			print_escape(out, (unsigned char)text[i]);
		else
			text_char(out, text[i]);
	}
	text_char(out, '"');
}

static void print_break(struct text *out, bool pretty, unsigned depth)
{
	if (!pretty)
		return;
	text_add(out, "\n", 1);
	while (depth-- > 0)
		text_add(out, "    ", 4);
}

static void print_node(struct text *out, const struct json *json, bool pretty, unsigned depth);

static void print_children(struct text *out, const struct json *json, bool pretty, unsigned depth)
{
	text_char(out, json->type == JSON_ARRAY ? '[' : '{');
	json_each(node, json) {
		print_break(out, pretty, depth + 1);
		if (json->type == JSON_OBJECT) {
			print_string(out, node->key, node->key_len);
			text_char(out, ':');
			if (pretty)
				text_char(out, ' ');
		}
		print_node(out, node, pretty, depth + 1);
		if (node->next)
			text_char(out, ',');
	}
	if (json->child)
		print_break(out, pretty, depth);
	text_char(out, json->type == JSON_ARRAY ? ']' : '}');
}

/* Recursion is bounded: json_parse refuses more than JSON_DEPTH_MAX levels. */
static void print_node(struct text *out, const struct json *json, bool pretty, unsigned depth)
{
	switch (json->type) {
	case JSON_NULL:
		text_add(out, "null", 4);
		break;
	case JSON_BOOL:
		text_add(out, json->boolean ? "true" : "false", json->boolean ? 4 : 5);
		break;
	case JSON_NUMBER:
		text_add(out, json->text, json->len);
		break;
	case JSON_STRING:
		print_string(out, json->text, json->len);
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		print_children(out, json, pretty, depth);
		break;
	}
}

char *json_print(struct arena *arena, const struct json *json, unsigned flags, size_t *len)
{
	struct text out = { .arena = arena };

	/* Most configs fit; a text grows by copying. */
	text_room(&out, 16u << 10);
	print_node(&out, json, flags & JSON_PRETTY, 0);
	*text_room(&out, 0) = '\0';
	if (len)
		*len = out.len;
	return out.data;
}
