/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shape of config.json: which members the OCI runtime-spec 1.3 knows for Linux, of which type and
 * range. One table, used for checking types and spelling, for explaining, and for the JSON schema.
 *
 * null stands for absent where Go writes it (empty slices, nil pointers to objects, and booleans, where
 * it is a no-op to every runtime); strings and integers, and whatever is required, are never null.
 */
#ifndef SEAWALL_SPEC_H
#define SEAWALL_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "error.h"
#include "json.h"

enum spec_type {
	SPEC_STRING,
	SPEC_BOOL,
	SPEC_INTEGER,
	SPEC_OBJECT,  /* of shape detail; without one nothing inside is known */
	SPEC_STRINGS, /* array of strings */
	SPEC_WORDS,   /* array of strings of letters and "_" alone */
	SPEC_INTEGERS,
	SPEC_OBJECTS,	 /* array of objects of shape detail */
	SPEC_STRING_MAP, /* free keys, string values; keys are case-sensitive to every runtime */
	SPEC_OBJECT_MAP, /* free keys, values of shape detail */
};

struct spec_field {
	const char *name;
	size_t len; /* of name */
	enum spec_type type;
	bool required;
	const struct spec_shape *detail;
	int64_t min; /* of integers */
	uint64_t max;
	const char *what; /* one line for seawall explain POINTER */
};

/* Fields stand in the order in which engines write them: that makes looking them up cheap. */
struct spec_shape {
	const char *name; /* "config", "process", "user" ... */
	const struct spec_field *fields;
	size_t count;
	size_t required; /* how many of the fields are */
};

/* "config" for config.json, "process" for process.json, "resources" for update; NULL if unknown. */
const struct spec_shape *spec_shape(const char *name);

/*
 * The field of config.json a pointer names ("/process/user/uid"), or NULL. Array indices and the keys
 * of maps lead to the field that holds them: "/mounts/3" is mounts.
 */
const struct spec_field *spec_at(const char *pointer);

/* What stands at a field, in words: "integer from 0 to 4294967295", "array of strings". */
const char *spec_type_text(struct arena *arena, const struct spec_field *field);

/*
 * Checks types, ranges, required members and spelling below node, taken as an object of that shape. A
 * member whose name only case-folds (Go's simple folding, U+017F and U+212A included) to a known one
 * is refused: runc reads it, crun does not. err says "/pointer: what (found X, expected Y)". Unknown
 * members pass.
 */
bool spec_check(struct arena *arena, const struct json *node, const char *shape,
		struct error *err) must_check;

/* Calls each(data, node) for every member, at any depth, that the table does not know. */
void spec_unknown(const struct json *node, const char *shape,
		  void (*each)(void *data, const struct json *node), void *data);

#endif
