/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON documents as a tree of one node type, parsed strictly, printed without loss: members keep
 * their order, numbers their text, members nobody knows stay. RFC 6901 pointers are the only path
 * language. A tree lives in its arena; edits change it in place.
 */
#ifndef SEAWALL_JSON_H
#define SEAWALL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "arena.h"
#include "error.h"

enum __attribute__((packed)) json_type {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

struct json {
	enum json_type type;
	bool boolean;
	uint32_t offset;       /* where it (its name, for a member) begins in the text */
	const char *key;       /* member name, decoded, NUL-terminated; NULL in arrays */
	const char *text;      /* string value decoded, or the number as written */
	uint32_t key_len, len; /* len: bytes of text, or number of children */
	struct json *parent, *next;
	struct json *child, *last; /* first and last element or member */
};
/* One cache line: every name of a seccomp profile is a node. */
_Static_assert(sizeof(void *) != 8 || sizeof(struct json) == 64, "struct json");

/* Depth of arrays and objects beyond which a document is refused: real ones reach 8. */
#define JSON_DEPTH_MAX 64

enum { JSON_COMMENTS = 1 }; /* policy files may hold comments, nothing else may */
enum { JSON_PRETTY = 1 };

/*
 * Parses exactly one RFC 8259 document. Refuses what runtimes disagree on: duplicate members, NUL,
 * ill-formed UTF-8, lone surrogates, depth, trailing bytes, BOM. err names line and column.
 */
struct json *json_parse(struct arena *arena, const char *text, size_t len, unsigned flags,
			struct error *err) must_check;

/*
 * Of a document that a trusted program has written, the members that wanted names by words like
 * "pid config/labels", each with all that is below it; the others are passed over, and what is wrong with them
 * may be, too. What it finds is parsed as above.
 */
struct json *json_parse_some(struct arena *arena, const char *text, size_t len, const char *wanted,
			     struct error *err) must_check;

/* The document as text with its length; NUL-terminated. Pretty: indented by four spaces. */
char *json_print(struct arena *arena, const struct json *json, unsigned flags, size_t *len);

/* Looking up: all accept NULL and answer NULL or false for what is not there. */
struct json *json_member_of(const struct json *object, const char *key, size_t len);
struct json *json_at(const struct json *root, const char *pointer);
const char *json_string(const struct json *json); /* NULL unless a string */
bool json_true(const struct json *json);
bool json_i64(const struct json *json, int64_t *value); /* false unless an integer in range */
bool json_u64(const struct json *json, uint64_t *value);
bool json_has(const struct json *array, const char *word);   /* an element equal to word */
bool json_equal(const struct json *a, const struct json *b); /* order of members counts */

/* The pointer that leads from the root to this node. */
char *json_pointer(struct arena *arena, const struct json *json);

/* Making nodes, not yet in a tree. */
struct json *json_new(struct arena *arena, enum json_type type);
struct json *json_new_string(struct arena *arena, const char *text);
struct json *json_new_bool(struct arena *arena, bool value);
struct json *json_new_u64(struct arena *arena, uint64_t value);
struct json *json_new_i64(struct arena *arena, int64_t value);
struct json *json_clone(struct arena *arena, const struct json *json);

/* Changing a tree. json_set adds or replaces a member; the value must not be in a tree yet. */
void json_append(struct json *array, struct json *value);
void json_prepend(struct json *array, struct json *value);
void json_set(struct arena *arena, struct json *object, const char *key, struct json *value);
void json_remove(struct json *json);
void json_replace(struct json *json, struct json *value); /* keeps place and key */

/*
 * The object at pointer, with missing or null objects on the way made. NULL if something else than
 * an object stands there.
 */
struct json *json_make(struct arena *arena, struct json *root, const char *pointer);

/* Line and column (from 1) of an offset of text. */
void json_position(const char *text, size_t len, size_t offset, unsigned *line, unsigned *column);

/*
 * Whether the bytes are the same, for names and other short texts: musl's memcmp goes byte by byte. The
 * last loads overlap those before where len is no multiple.
 */
static inline bool json_same(const char *a, const char *b, size_t len)
{
	uint64_t x, y;
	uint32_t v, w, first, second;

	if (len >= 8) {
		for (size_t at = 0; at + 8 < len; at += 8) {
			memcpy(&x, a + at, 8);
			memcpy(&y, b + at, 8);
			if (x != y)
				return false;
		}
		memcpy(&x, a + len - 8, 8);
		memcpy(&y, b + len - 8, 8);
		return x == y;
	}
	if (len >= 4) {
		memcpy(&v, a, 4);
		memcpy(&w, b, 4);
		memcpy(&first, a + len - 4, 4);
		memcpy(&second, b + len - 4, 4);
		return v == w && first == second;
	}
	return len == 0 || (a[0] == b[0] && a[len / 2] == b[len / 2] && a[len - 1] == b[len - 1]);
}

/* Names in the code are constants, whose length the compiler knows. */
static inline struct json *json_member(const struct json *object, const char *key)
{
	return json_member_of(object, key, strlen(key));
}

/* A string equal to word. */
static inline bool json_is(const struct json *json, const char *word)
{
	size_t len = strlen(word);

	return json && json->type == JSON_STRING && json->len == len &&
	       json_same(json->text, word, len);
}

/* The first element or member; NULL for NULL and for what holds none. */
static inline struct json *json_first(const struct json *json)
{
	return json && json->type >= JSON_ARRAY ? json->child : NULL;
}

/* json_append, for who appends by the hundred. */
static inline void json_push(struct json *array, struct json *value)
{
	value->parent = array;
	value->next = NULL;
	if (array->last)
		array->last->next = value;
	else
		array->child = value;
	array->last = value;
	array->len++;
}

/* for (each element or member of what); a node may be removed or replaced on the way. */
#define json_each(node, what) for (struct json *node = json_first(what); node; node = node->next)

#endif
