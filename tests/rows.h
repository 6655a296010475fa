/* SPDX-License-Identifier: Apache-2.0 */
/* One rule, one small document, and how that has to end: rows of a table, run by rows_run. */
#ifndef SEAWALL_TESTS_ROWS_H
#define SEAWALL_TESTS_ROWS_H

#include "rule.h"

struct row {
	const char *doc;
	const char *want;   /* "" holds; "tightened /pointer, rejected /pointer" */
	const char *after;  /* the document afterwards; NULL: not looked at, or unchanged if "" */
	const char *params; /* the rule's object in the policy */
	const char *extra;  /* an exemption's "allow" list */
	const char *container; /* at exec and update */
	const char *facts;     /* of the host, as in host.json */
	const char *id, *pod_uid;
	enum engine engine;
	enum boundary at;
	enum profile base; /* PROFILE_PRIVILEGED (0) stands for baseline */
	bool sandbox, rootless;
};

/* Runs every row through the rule, with its action of the row's profile. Off is taken for reject. */
void rows_run(const char *rule, const struct row *rows, size_t count);

/* What a row does not say is zero; -Wextra would have it said. */
#define ROWS(rule, ...)                                                                           \
	do {                                                                                      \
		_Pragma("GCC diagnostic push")                                                    \
			_Pragma("GCC diagnostic ignored \"-Wmissing-field-initializers\"")        \
				const struct row rows[] = { __VA_ARGS__ };                        \
		_Pragma("GCC diagnostic pop") rows_run(rule, rows, sizeof(rows) / sizeof(*rows)); \
	} while (0)

#endif
