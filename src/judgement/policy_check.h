/* SPDX-License-Identifier: Apache-2.0 */
/* Between policy.c and the files that check its shape. */
#ifndef SEAWALL_POLICY_CHECK_H
#define SEAWALL_POLICY_CHECK_H

#include "policy.h"

enum policy_type {
	POLICY_WORD, /* one of the words in detail */
	POLICY_BOOL,
	POLICY_STRING,
	POLICY_DATE, /* "2027-03-31" or "never" */
	POLICY_NUMBER,
	POLICY_PATH,
	POLICY_PATHS, /* array of absolute paths */
	POLICY_STRINGS,
	POLICY_GLOBS,	/* a glob or an array of them */
	POLICY_OBJECT,	/* of shape detail */
	POLICY_OBJECTS, /* array of objects of shape detail */
	POLICY_RULES,	/* object: rule id -> action or {action, parameters} */
	POLICY_RULE_IDS,
	POLICY_ALLOW,	 /* object: rule id -> array of what its "allow" takes */
	POLICY_PATH_MAP, /* object: word -> array of absolute paths */
};

struct policy_field {
	const char *shape, *name;
	enum policy_type type;
	const char *detail;
	bool required;
	const char *what; /* one line for policy schema and the manual */
};

const struct policy_field *policy_fields(size_t *count);

struct check {
	const struct source *source;
	struct error *err;
};

/* Checks one source's document against the table; err begins with its name, line and column. */
bool policy_check(const struct source *source, const struct json *doc,
		  struct error *err) must_check;

bool policy_shape(const struct check *check, const struct json *node, const char *shape);
bool policy_rules(const struct check *check, const struct json *node);
bool policy_rule_ids(const struct check *check, const struct json *node);
bool policy_allow(const struct check *check, const struct json *node);
bool policy_word(const struct check *check, const struct json *node, const char *words);

bool policy_number(const struct check *check, const struct json *node);
bool policy_path(const struct check *check, const struct json *node);

/* These say what is wrong at a node and are always false. */
bool policy_at(const struct check *check, const struct json *node);
bool policy_type_wrong(const struct check *check, const struct json *node, const char *expected);
bool policy_unknown(const struct check *check, const struct json *node, const char *what,
		    const char *word, const char *nearest);

#endif
