/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text to tree; the only file that knows yajl. yajl_parse with callbacks, never yajl_tree: that
 * one takes comments, keeps the first of two equal members, and recurses without bound.
 */
#include "json.h"

#include <string.h>
#include <yajl/yajl_parse.h>

#include "json_scan.h"

#define NODES_AT_ONCE 16

struct build {
	struct arena *arena;
	yajl_handle yajl;
	const char *source;
	size_t source_len;
	char *copy; /* of the source: what yajl decodes to itself ends here, with a NUL */
	struct json *spare, *spares_end; /* nodes not yet used */
	struct json *root, *open;	 /* open: the innermost array or object */
	const char *key;
	uint32_t key_len, key_offset;
	const struct json *twin; /* a member whose name was there before */
};

static size_t offset_before(const struct build *build, size_t len)
{
	size_t end = yajl_get_bytes_consumed(build->yajl);

	return end > len ? end - len : 0;
}

/* A text of yajl's, NUL-terminated. */
struct piece {
	const char *text;
	size_t offset; /* where it begins in the source, with its quote */
};

/*
 * What holds no escape comes as it stands in the source, and the copy of that is kept: the NUL goes where
 * the closing quote is, or what separates a number from the next token. quote: 1 for strings.
 */
static inline struct piece piece_of(const struct build *build, const char *text, size_t len,
				    size_t quote)
{
	uintptr_t offset = (uintptr_t)text - (uintptr_t)build->source;

	if (offset >= build->source_len)
		return (struct piece){ arena_strndup(build->arena, text, len),
				       offset_before(build, len + 2 * quote) };
	build->copy[offset + len] = '\0';
	return (struct piece){ build->copy + offset, offset - quote };
}

static struct json *nodes_new(struct build *build)
{
	build->spare = arena_alloc(build->arena, NODES_AT_ONCE * sizeof(*build->spare));
	build->spares_end = build->spare + NODES_AT_ONCE;
	return build->spare++;
}

static inline struct json *build_add(struct build *build, enum json_type type, size_t offset)
{
	struct json *json = build->spare == build->spares_end ? nodes_new(build) : build->spare++;

	json->type = type;
	json->offset = (uint32_t)offset;
	if (build->key) {
		json->key = build->key;
		json->key_len = build->key_len;
		json->offset = build->key_offset;
		build->key = NULL;
	}
	if (build->open)
		json_push(build->open, json);
	else
		build->root = json;
	if (type >= JSON_ARRAY)
		build->open = json;
	return json;
}

static int on_null(void *data)
{
	build_add(data, JSON_NULL, offset_before(data, 4));
	return 1;
}

static int on_boolean(void *data, int value)
{
	build_add(data, JSON_BOOL, offset_before(data, value ? 4 : 5))->boolean = value;
	return 1;
}

static int on_number(void *data, const char *text, size_t len)
{
	struct piece piece = piece_of(data, text, len, 0);
	struct json *json = build_add(data, JSON_NUMBER, piece.offset);

	json->text = piece.text;
	json->len = (uint32_t)len;
	return 1;
}

static int on_string(void *data, const unsigned char *text, size_t len)
{
	struct piece piece = piece_of(data, (const char *)text, len, 1);
	struct json *json = build_add(data, JSON_STRING, piece.offset);

	json->text = piece.text;
	json->len = (uint32_t)len;
	return 1;
}

static int on_key(void *data, const unsigned char *text, size_t len)
{
	struct build *build = data;

	struct piece piece = piece_of(build, (const char *)text, len, 1);

	build->key = piece.text;
	build->key_len = (uint32_t)len;
	build->key_offset = (uint32_t)piece.offset;
	return 1;
}

static int on_start_map(void *data)
{
	build_add(data, JSON_OBJECT, offset_before(data, 1));
	return 1;
}

static int on_start_array(void *data)
{
	build_add(data, JSON_ARRAY, offset_before(data, 1));
	return 1;
}

static int on_end(void *data)
{
	struct build *build = data;
	struct json *json = build->open;

	if (json->type == JSON_OBJECT)
		build->twin = json_twin(build->arena, json);
	build->open = json->parent;
	return !build->twin;
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_boolean,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_start_map = on_start_map,
	.yajl_map_key = on_key,
	.yajl_end_map = on_end,
	.yajl_start_array = on_start_array,
	.yajl_end_array = on_end,
};

/* yajl does not look at what malloc answers, so it gets memory that is never refused. */
static void *memory_new(void *arena, size_t size)
{
	size_t *block = arena_alloc(arena, size + sizeof(max_align_t));

	*block = size;
	return (char *)block + sizeof(max_align_t);
}

static void *memory_resize(void *arena, void *old, size_t size)
{
	void *data = memory_new(arena, size);
	size_t old_size = 0;

	if (old)
		memcpy(&old_size, (char *)old - sizeof(max_align_t), sizeof(old_size));
	if (old_size)
		memcpy(data, old, old_size < size ? old_size : size);
	return data;
}

static void memory_free(void *arena, void *old)
{
	(void)arena;
	(void)old;
}

static bool error_at(struct error *err, const char *text, size_t len, size_t offset,
		     const char *what)
{
	unsigned line, column;

	json_position(text, len, offset, &line, &column);
	return error_set(err, "%u:%u: %s", line, column, what);
}

/* yajl's own words, "lexical error: invalid char in json text.", on one line. */
static bool error_yajl(struct error *err, const char *text, size_t len, yajl_handle yajl)
{
	unsigned char *words = yajl_get_error(yajl, 0, (const unsigned char *)text, len);
	char *what = (char *)words;
	size_t end = strcspn(what, "\n");

	if (strncmp(what, "parse error: premature EOF", 26) == 0)
		return error_at(err, text, len, len, "the document ends too early");
	while (end > 0 && (what[end - 1] == '.' || what[end - 1] == ' '))
		end--;
	what[end] = '\0';
	return error_at(err, text, len, yajl_get_bytes_consumed(yajl), what);
}

static bool parse(struct build *build, const char *text, size_t len, struct error *err)
{
	const unsigned char *bytes = (const unsigned char *)text;
	yajl_status status = yajl_parse(build->yajl, bytes, len);

	if (status == yajl_status_ok)
		status = yajl_complete_parse(build->yajl);
	if (build->twin)
		return error_at(
			err, text, len, build->twin->offset,
			arena_printf(build->arena, "duplicate member \"%.80s\"", build->twin->key));
	if (status != yajl_status_ok)
		return error_yajl(err, text, len, build->yajl);
	return build->root ? true : error_at(err, text, len, len, "the document is empty");
}

struct json *json_parse(struct arena *arena, const char *text, size_t len, unsigned flags,
			struct error *err)
{
	yajl_alloc_funcs memory = { memory_new, memory_resize, memory_free, arena };
	struct build build = { .arena = arena, .source = text, .source_len = len };
	size_t offset;
	const char *what = json_scan(text, len, flags, &offset);

	if (what) {
		error_at(err, text, len, offset, what);
		return NULL;
	}
	build.copy = arena_strndup(arena, text, len);
	build.yajl = yajl_alloc(&callbacks, &memory, &build);
	yajl_config(build.yajl, yajl_allow_comments, flags & JSON_COMMENTS ? 1 : 0);
	/* json_scan was stricter already. */
	yajl_config(build.yajl, yajl_dont_validate_strings, 1);
	return parse(&build, text, len, err) ? build.root : NULL;
}

void json_position(const char *text, size_t len, size_t offset, unsigned *line, unsigned *column)
{
	*line = *column = 1;
	for (size_t i = 0; i < len && i < offset; i++) {
		++*column;
		if (text[i] == '\n') {
			++*line;
			*column = 1;
		}
	}
}
