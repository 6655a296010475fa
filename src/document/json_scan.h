/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files that read JSON. */
#ifndef SEAWALL_JSON_SCAN_H
#define SEAWALL_JSON_SCAN_H

#include "json.h"

/*
 * Strings are looked at eight bytes at a time. Of the bytes that are marked, by their highest bit, the first
 * is marked for a reason; those behind it may not be (a difference below zero takes from its neighbour).
 */
#define JSON_EIGHT(byte) (0x0101010101010101u * (byte))

static inline uint64_t json_eight(const char *text)
{
	uint64_t eight;

	memcpy(&eight, text, sizeof(eight));
	return eight;
}

/*
 * Marks control characters, quotes and backslashes; above ASCII any. With one bit turned around a quote is
 * below all that may stand, as control characters are.
 */
static inline uint64_t json_marks(uint64_t eight)
{
	return ((eight ^ JSON_EIGHT(0x02)) - JSON_EIGHT(0x21)) |
	       ((eight ^ JSON_EIGHT('\\')) - JSON_EIGHT(1));
}

/* What ends a run of plain characters: the bytes of json_marks and those above ASCII. */
static inline uint64_t json_special(uint64_t eight)
{
	return (json_marks(eight) | eight) & JSON_EIGHT(0x80);
}

/* What is escaped in print: the bytes of json_marks alone. */
static inline uint64_t json_escaped(uint64_t eight)
{
	return json_marks(eight) & ~eight & JSON_EIGHT(0x80);
}

/* What in the text is refused although yajl would take it, with its offset; NULL if nothing is. */
const char *json_scan(const char *text, size_t len, unsigned flags, size_t *offset);

/* The later of two members of one name, or NULL. */
const struct json *json_twin(struct arena *arena, const struct json *object);

#endif
