/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decision log: one line of JSON per decision, appended with one write.
 */
#ifndef SEAWALL_DECISION_H
#define SEAWALL_DECISION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "error.h"
#include "json.h"
#include "report.h"

struct decision {
	const struct report *report;
	const char *host;    /* the node's name, or NULL: to be asked for */
	const char *runtime; /* the runtime that is or would have been called, or NULL */
	const char *before,
		*after; /* the documents, of which hashes are kept; NULL: none, as before */
	size_t before_len, after_len;
	int64_t started; /* date_now() when it began */
};

/* The record. Its time is now. */
struct json *decision_json(struct arena *arena, const struct decision *decision);

/*
 * Appends the record where the policy says (NULL: the default place). False and err if that could not
 * be done.
 */
bool decision_write(struct arena *arena, const struct policy *policy,
		    const struct decision *decision, struct error *err) must_check;

#endif
