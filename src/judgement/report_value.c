/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values in messages. They come from whoever shaped the config and end on terminals and in logs: one
 * line, printable ASCII, cut, and never the value of an environment variable or an argument.
 */
#include <stdint.h>
#include <string.h>

#include "report.h"

#define VALUE_MAX 80

static bool holds_secrets(const struct json *json)
{
	const char *key = json->key;

	return json->type == JSON_ARRAY && key &&
	       (strcmp(key, "env") == 0 || strcmp(key, "args") == 0);
}

/* "NAME=secret" becomes "NAME=..."; of arguments only the first, the program, is shown. */
static void mask(struct arena *arena, struct json *string, bool env, bool first)
{
	const char *equal = env ? memchr(string->text, '=', string->len) : NULL;
	size_t keep = equal ? (size_t)(equal - string->text) + 1 : 0;

	if (string->type != JSON_STRING || (!env && first))
		return;
	string->text = arena_printf(arena, "%.*s...", (int)keep, string->text);
	string->len = strlen(string->text);
}

/* Recursion is bounded by JSON_DEPTH_MAX. */
static void mask_all(struct arena *arena, struct json *json)
{
	bool secret = holds_secrets(json);

	json_each(node, json) {
		if (secret)
			mask(arena, node, strcmp(json->key, "env") == 0, node == json->child);
		else
			mask_all(arena, node);
	}
}

/*
 * The code point at text, and its length in bytes. A command line need not be UTF-8: a byte that starts no
 * sequence stands for itself, and nothing behind a NUL is looked at.
 */
static uint32_t utf8_next(const unsigned char *text, size_t *len)
{
	size_t want = text[0] < 0xc0 ? 1 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
	uint32_t point = want > 1 ? text[0] & (0x7fu >> want) : text[0];

	*len = 1;
	for (size_t i = 1; i < want; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return text[0];
		point = (point << 6) | (text[i] & 0x3f);
	}
	*len = want;
	return point;
}

/* Terminals obey C1 controls and bidirectional marks: everything beyond ASCII is escaped. */
static char *plain(struct arena *arena, const char *text, size_t len)
{
	struct text out = { .arena = arena };
	size_t step;

	for (size_t i = 0; i < len; i += step) {
		uint32_t point = utf8_next((const unsigned char *)text + i, &step);

		if (out.len > VALUE_MAX - 10) {
			text_add(&out, "...", 3);
			break;
		}
		if (point >= 0x10000)
			text_printf(&out, "\\u%04x\\u%04x", 0xd7c0 + (point >> 10),
				    0xdc00 + (point & 0x3ff));
		else if (point >= 0x7f)
			text_printf(&out, "\\u%04x", point);
		else
			text_add(&out, text + i, 1);
	}
	return out.data ? out.data : "";
}

const char *report_value(struct arena *arena, const struct json *json)
{
	const struct json *parent = json ? json->parent : NULL;
	struct json *copy;
	const char *text;
	size_t len;

	if (!json)
		return NULL;
	copy = json_clone(arena, json);
	if (parent && holds_secrets(parent))
		mask(arena, copy, strcmp(parent->key, "env") == 0, json == parent->child);
	else
		mask_all(arena, copy);
	text = json_print(arena, copy, 0, &len);
	return plain(arena, text, len);
}

const char *report_plain(struct arena *arena, const char *text)
{
	struct text out = { .arena = arena };
	size_t step;

	for (; *text; text += step) {
		uint32_t point = utf8_next((const unsigned char *)text, &step);

		if (point >= 0x7f || point < 0x20)
			text_printf(&out, "\\u%04x", point & 0xffff);
		else
			text_add(&out, text, 1);
	}
	return out.data ? out.data : "";
}
