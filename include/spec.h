/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shape of config.json: which members the OCI runtime-spec 1.3 knows for Linux, of which type and
 * range. One table, used for checking types and spelling, for explaining, and for the JSON schema.
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
	SPEC_STRING, SPEC_BOOL, SPEC_INTEGER,
	SPEC_OBJECT,		/* detail names the shape */
	SPEC_STRINGS,		/* array of strings */
	SPEC_INTEGERS,
	SPEC_OBJECTS,		/* array of objects of shape detail */
	SPEC_STRING_MAP,	/* free keys, string values; keys are case-sensitive to every runtime */
	SPEC_OBJECT_MAP,	/* free keys, values of shape detail */
	SPEC_INTEGER_MAP,
};

struct spec_field {
	const char *shape;	/* the object it is a member of: "config", "process", "user" ... */
	const char *name;
	enum spec_type type;
	const char *detail;	/* shape of the object(s), or NULL */
	const char *min, *max;	/* integers, as decimal text; NULL: the bounds of int64/uint64 */
	bool null;		/* null stands for absent here, as Go writes it for empty slices */
	const char *what;	/* one line for seawall explain POINTER */
};

const struct spec_field *spec_fields(size_t *count);

/* The field a pointer names ("/process/user/uid", array indices allowed), or NULL. */
const struct spec_field *spec_at(const char *pointer);

/*
 * Checks types, ranges, required members and spelling below node, taken as an object of shape
 * ("config" for config.json, "process" for process.json, "resources" for update). A member whose name
 * only case-folds (Go's simple folding, U+017F and U+212A included) to a known one is refused: runc
 * reads it, crun does not. err says "/pointer: what (found X, expected Y)". Unknown members pass.
 */
bool spec_check(struct arena *arena, const struct json *node, const char *shape,
		struct error *err) must_check;

/* Calls each(data, node) for every member, at any depth, that the table does not know. */
void spec_unknown(const struct json *node, const char *shape,
		  void (*each)(void *data, const struct json *node), void *data);

#endif
