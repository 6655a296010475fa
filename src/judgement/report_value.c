/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values in messages. They come from whoever shaped the config and end on terminals and in logs: one
 * line, printable ASCII, cut, and never the value of an environment variable or an argument.
 */
#include <stdint.h>
#include <string.h>

#include "report.h"

#define VALUE_MAX 80
/* A path with a container's id in it is longer, and what it is about stands at its end. */
#define STRING_MAX 160

struct value {
	struct text text;
	size_t max;
	bool cut;
};

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
static void add_point(struct text *text, uint32_t point)
{
	if (point >= 0x10000)
		text_printf(text, "\\u%04x\\u%04x", 0xd7c0 + (point >> 10),
			    0xdc00 + (point & 0x3ff));
	else if (point >= 0x7f || point < 0x20)
		text_printf(text, "\\u%04x", point);
	else
		text_add(text, (const char[]){ (char)point }, 1);
}

/* How many bytes of text, at most len, stand for themselves: ASCII but for what JSON escapes. */
static size_t plain_run(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len && text[at] >= 0x20 && text[at] < 0x7f && text[at] != '"' &&
	       text[at] != '\\')
		at++;
	return at;
}

/* False, and the dots are written, when there is no room for more. */
static bool has_room(struct value *value)
{
	if (value->text.len <= value->max - 12)
		return true;
	if (!value->cut)
		text_add(&value->text, "...", 3);
	value->cut = true;
	return false;
}

static void add_string(struct value *value, const char *text, size_t len)
{
	size_t step;

	text_add(&value->text, "\"", 1);
	for (size_t i = 0; i < len && has_room(value); i += step) {
		size_t room = value->max - 12 - value->text.len + 1;
		uint32_t point;

		step = plain_run(text + i, len - i < room ? len - i : room);
		if (step) {
			text_add(&value->text, text + i, step);
			continue;
		}
		point = utf8_next((const unsigned char *)text + i, &step);
		if (point == '"' || point == '\\')
			text_add(&value->text, "\\", 1);
		if (point == '\n')
			text_add(&value->text, "\\n", 2);
		else
			add_point(&value->text, point);
	}
	if (!value->cut || value->max == STRING_MAX)
		text_add(&value->text, "\"", 1);
}

/* "NAME=secret" becomes "NAME=..."; of arguments only the first, the program, is shown. */
static void add_masked(struct value *value, const struct json *string)
{
	const struct json *array = string->parent;
	bool env = array && array->key && strcmp(array->key, "env") == 0;
	bool args = array && array->key && strcmp(array->key, "args") == 0;
	const char *equal = env ? memchr(string->text, '=', string->len) : NULL;
	size_t len = string->len;

	if (env)
		len = equal ? (size_t)(equal - string->text) + 1 : 0;
	else if (args && string != array->child)
		len = 0;
	add_string(value, string->text, len);
	if ((env || (args && len == 0)) && !value->cut) {
		/* The dots stand inside the quotes. */
		value->text.len--;
		text_add(&value->text, "...\"", 4);
	}
}

/* Recursion is bounded by JSON_DEPTH_MAX. */
static void add_node(struct value *value, const struct json *json)
{
	bool object = json->type == JSON_OBJECT;

	if (json->type == JSON_STRING)
		add_masked(value, json);
	else if (json->type == JSON_NUMBER)
		text_add(&value->text, json->text, json->len < 40 ? json->len : 40);
	else if (json->type == JSON_BOOL)
		text_add(&value->text, json->boolean ? "true" : "false", json->boolean ? 4 : 5);
	else if (json->type == JSON_NULL)
		text_add(&value->text, "null", 4);
	if (json->type < JSON_ARRAY)
		return;
	text_add(&value->text, object ? "{" : "[", 1);
	json_each(node, json) {
		if (!has_room(value))
			return;
		if (object) {
			add_string(value, node->key, node->key_len);
			text_add(&value->text, ":", 1);
		}
		if (!value->cut)
			add_node(value, node);
		if (node->next && !value->cut)
			text_add(&value->text, ",", 1);
	}
	if (!value->cut)
		text_add(&value->text, object ? "}" : "]", 1);
}

const char *report_value(struct arena *arena, const struct json *json)
{
	struct value value = { .text = { .arena = arena } };

	if (!json)
		return NULL;
	value.max = json->type == JSON_STRING ? STRING_MAX : VALUE_MAX;
	add_node(&value, json);
	return value.text.data;
}

const char *report_plain(struct arena *arena, const char *text)
{
	struct text out = { .arena = arena };
	size_t step;

	for (; *text; text += step) {
		for (step = 0; text[step] >= 0x20 && text[step] < 0x7f;)
			step++;
		if (step)
			text_add(&out, text, step);
		else
			add_point(&out, utf8_next((const unsigned char *)text, &step));
	}
	return out.data ? out.data : "";
}
