/* SPDX-License-Identifier: Apache-2.0 */
/* Two members of one name, of which Go takes the last and others the first. */
#include <string.h>

#include "json_scan.h"

static int compare_keys(const struct json *x, const struct json *y)
{
	size_t len = x->key_len < y->key_len ? x->key_len : y->key_len;
	int order = memcmp(x->key, y->key, len);

	if (order || x->key_len == y->key_len)
		return order;
	return x->key_len < y->key_len ? -1 : 1;
}

static bool is_ascending(const struct json *object)
{
	json_each(node, object)
		if (node->next && compare_keys(node, node->next) >= 0)
			return false;
	return true;
}

/* Merges the sorted parts of from, up to half and up to len, into to; a twin of the later part, or NULL. */
static const struct json *merge(const struct json **to, const struct json *const *from, size_t half,
				size_t len)
{
	const struct json *twin = NULL;
	size_t a = 0, b = half;

	for (size_t i = 0; i < len; i++) {
		int order = a == half ? 1 : b == len ? -1 : compare_keys(from[a], from[b]);

		if (order == 0 && !twin)
			twin = from[b];
		to[i] = order > 0 ? from[b++] : from[a++];
	}
	return twin;
}

/*
 * The later of two members with one name, or NULL. Go writes maps in order; others are sorted by merging, so
 * that a hostile object costs n log n and no more. The C library's qsort takes ten times as long.
 */
static const struct json *find_twin(struct arena *arena, const struct json *object)
{
	const struct json **members, **spare, **swap;
	size_t count = 0, len = object->len;

	if (is_ascending(object))
		return NULL;
	members = arena_alloc(arena, len * sizeof(*members));
	spare = arena_alloc(arena, len * sizeof(*spare));
	json_each(node, object)
		members[count++] = node;
	for (size_t run = 1; run < len; run *= 2) {
		for (size_t at = 0; at < len; at += 2 * run) {
			size_t part = len - at < 2 * run ? len - at : 2 * run;
			const struct json *twin =
				merge(spare + at, members + at, part < run ? part : run, part);

			if (twin)
				return twin;
		}
		swap = members;
		members = spare;
		spare = swap;
	}
	return NULL;
}

/* Few members are compared each with each: most objects have three. */
static const struct json *find_twin_among_few(const struct json *object)
{
	json_each(node, object)
		for (const struct json *other = node->next; other; other = other->next)
			if (node->key_len == other->key_len &&
			    json_same(node->key, other->key, node->key_len))
				return other;
	return NULL;
}

const struct json *json_twin(struct arena *arena, const struct json *object)
{
	return object->len > 16 ? find_twin(arena, object) : find_twin_among_few(object);
}
