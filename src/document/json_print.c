/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tree to text. yajl's generator would do, at four times the cost: it looks at every byte of every string
 * twice and hands over pieces of a few bytes, and this is the hot path of every container start.
 */
#include "json_scan.h"

static const bool must_escape[256] = { [0 ... 0x1f] = true, ['"'] = true, ['\\'] = true };

static void print_escape(struct text *out, unsigned char c)
{
	static const char names[] = "\"\\\n\t\r\b\f", letters[] = "\"\\ntrbf";

	for (size_t i = 0; i < sizeof(names) - 1; i++) {
		if ((unsigned char)names[i] != c)
			continue;
		text_char(out, '\\');
		text_char(out, letters[i]);
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

/* The same with four to eight bytes; the two halves overlap. */
static inline bool copy_plain_short(char *to, const char *text, size_t len)
{
	uint32_t first, second;

	memcpy(&first, text, sizeof(first));
	memcpy(&second, text + len - 4, sizeof(second));
	memcpy(to, &first, sizeof(first));
	memcpy(to + len - 4, &second, sizeof(second));
	return !json_escaped(first | (uint64_t)second << 32);
}

/* Copies what comes before the first byte to escape, and tells how much that is. */
static inline size_t print_plain(char *to, const char *text, size_t len)
{
	size_t at = 0;

	if (len >= 8) {
		for (; at + 8 < len; at += 8)
			if (!copy_plain(to + at, text + at))
				break;
		/* The last eight overlap those before. */
		if (at + 8 >= len && copy_plain(to + len - 8, text + len - 8))
			return len;
	} else if (len >= 4 && copy_plain_short(to, text, len)) {
		return len;
	}
	for (; at < len && !must_escape[(unsigned char)text[at]]; at++)
		to[at] = text[at];
	return at;
}

/* From the first byte to escape on; what stands before is there already, with its quote. */
static __attribute__((noinline)) void print_rest(struct text *out, const char *text, size_t len)
{
	while (len > 0) {
		size_t plain;

		print_escape(out, (unsigned char)*text);
		text++;
		len--;
		plain = print_plain(text_room(out, len), text, len);
		out->len += plain;
		text += plain;
		len -= plain;
	}
	text_char(out, '"');
}

/* Most strings need no escape: they are copied while they are looked at. */
static inline void print_string(struct text *out, const char *text, size_t len)
{
	char *to = text_room(out, len + 2);
	size_t plain;

	*to++ = '"';
	plain = print_plain(to, text, len);
	if (plain == len) {
		to[len] = '"';
		out->len += len + 2;
		return;
	}
	out->len += plain + 1;
	print_rest(out, text + plain, len - plain);
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

static void print_key(struct text *out, const struct json *node, bool pretty)
{
	print_string(out, node->key, node->key_len);
	text_char(out, ':');
	if (pretty)
		text_char(out, ' ');
}

/*
 * A string with its name, if it has one, and the comma behind it, all that most of a config is; false, and
 * nothing is printed, if there is something to escape.
 */
static inline bool print_plainly(struct text *out, const struct json *node, bool named)
{
	char *begin = text_room(out, (size_t)node->key_len + node->len + 6), *to = begin;

	if (named) {
		*to++ = '"';
		if (print_plain(to, node->key, node->key_len) != node->key_len)
			return false;
		to += node->key_len;
		*to++ = '"';
		*to++ = ':';
	}
	*to++ = '"';
	if (print_plain(to, node->text, node->len) != node->len)
		return false;
	to += node->len;
	*to++ = '"';
	if (node->next)
		*to++ = ',';
	out->len += (size_t)(to - begin);
	return true;
}

static void print_children(struct text *out, const struct json *json, bool pretty, unsigned depth)
{
	text_char(out, json->type == JSON_ARRAY ? '[' : '{');
	json_each(node, json) {
		if (!pretty && node->type == JSON_STRING &&
		    print_plainly(out, node, json->type == JSON_OBJECT))
			continue;
		print_break(out, pretty, depth + 1);
		if (json->type == JSON_OBJECT)
			print_key(out, node, pretty);
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

	/* Half of most configs: it grows in place while nothing else is asked of the arena. */
	text_room(&out, (8u << 10) - 1);
	print_node(&out, json, flags & JSON_PRETTY, 0);
	*text_room(&out, 0) = '\0';
	if (len)
		*len = out.len;
	return out.data;
}
