/* SPDX-License-Identifier: Apache-2.0 */
/* How the shape tables are written; for src/container/spec*.c alone. */
#ifndef SEAWALL_SPEC_TABLE_H
#define SEAWALL_SPEC_TABLE_H

#include "spec.h"

#define FIELD(kind, key, shape, low, high, must, text)                                     \
	{                                                                                  \
		.name = (key), .len = sizeof(key) - 1, .type = (kind), .required = (must), \
		.detail = (shape), .min = (low), .max = (high), .what = (text),            \
	}

#define STRING(key, text)	     FIELD(SPEC_STRING, key, NULL, 0, 0, false, text)
#define BOOL(key, text)		     FIELD(SPEC_BOOL, key, NULL, 0, 0, false, text)
#define RANGE(key, low, high, text)  FIELD(SPEC_INTEGER, key, NULL, low, high, false, text)
#define U16(key, text)		     RANGE(key, 0, UINT16_MAX, text)
#define U32(key, text)		     RANGE(key, 0, UINT32_MAX, text)
#define U64(key, text)		     RANGE(key, 0, UINT64_MAX, text)
#define I32(key, text)		     RANGE(key, INT32_MIN, INT32_MAX, text)
#define I64(key, text)		     RANGE(key, INT64_MIN, INT64_MAX, text)
#define STRINGS(key, text)	     FIELD(SPEC_STRINGS, key, NULL, 0, 0, false, text)
#define WORDS(key, text)	     FIELD(SPEC_WORDS, key, NULL, 0, 0, false, text)
#define OBJECT(key, shape, text)     FIELD(SPEC_OBJECT, key, shape, 0, 0, false, text)
#define OBJECTS(key, shape, text)    FIELD(SPEC_OBJECTS, key, shape, 0, 0, false, text)
#define STRING_MAP(key, text)	     FIELD(SPEC_STRING_MAP, key, NULL, 0, 0, false, text)
#define OBJECT_MAP(key, shape, text) FIELD(SPEC_OBJECT_MAP, key, shape, 0, 0, false, text)

/* The same, required. */
#define MUST_STRING(key, text) FIELD(SPEC_STRING, key, NULL, 0, 0, true, text)
#define MUST_BOOL(key, text)   FIELD(SPEC_BOOL, key, NULL, 0, 0, true, text)
/* 4294967295 is no id: the kernel takes it for "as it is", and crun 1.8 runs it as root. */
#define ID_LAST			      (UINT32_MAX - 1)
#define IDS(key, text)		      FIELD(SPEC_INTEGERS, key, NULL, 0, ID_LAST, false, text)
#define MUST_ID(key, text)	      FIELD(SPEC_INTEGER, key, NULL, 0, ID_LAST, true, text)
#define MUST_U32(key, text)	      FIELD(SPEC_INTEGER, key, NULL, 0, UINT32_MAX, true, text)
#define MUST_U64(key, text)	      FIELD(SPEC_INTEGER, key, NULL, 0, UINT64_MAX, true, text)
#define MUST_I64(key, text)	      FIELD(SPEC_INTEGER, key, NULL, INT64_MIN, INT64_MAX, true, text)
#define MUST_STRINGS(key, text)	      FIELD(SPEC_STRINGS, key, NULL, 0, 0, true, text)
#define MUST_OBJECT(key, shape, text) FIELD(SPEC_OBJECT, key, shape, 0, 0, true, text)

#define SHAPE(label, table, needs)                                                               \
	{                                                                                        \
		.name = (label), .fields = (table), .count = sizeof(table) / sizeof((table)[0]), \
		.required = (needs),                                                             \
	}

extern const struct spec_shape spec_shape_process, spec_shape_linux, spec_shape_resources,
	spec_shape_id_mapping;

#endif
