/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What judgement says, and the forms it is told in: the one line on stderr, text for a person, JSON
 * for programs, the record of the decision log.
 */
#ifndef SEAWALL_REPORT_H
#define SEAWALL_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "identity.h"
#include "json.h"
#include "policy.h"
#include "rule.h"

enum verdict { VERDICT_ALLOWED, VERDICT_TIGHTENED, VERDICT_REJECTED, VERDICT_ERROR };

struct report {
	enum verdict verdict;
	enum mode mode;
	enum boundary boundary;
	const char *profile; /* NULL until the workload is known */
	const char *policy;  /* sha256 */
	struct workload workload;
	struct findings findings;
	struct json *doc;     /* the judged document, hardened unless in audit mode; NULL if
					 * it could not be read */
	struct json *command; /* options that rules judged, as they may be given on; or NULL */
	const char *error;    /* of our own code; verdict is then VERDICT_ERROR */
};

const char *verdict_name(enum verdict verdict);

/* "seawall: rejected: host-path: /mounts/7/source: ..." of the first three rejecting findings. */
const char *report_line(struct arena *arena, const struct report *report);

/* The object of check --format json; file may be NULL. */
struct json *report_json(struct arena *arena, const struct report *report, const char *file);

/* Findings for a person. color: use it. */
const char *report_text(struct arena *arena, const struct report *report, const char *file,
			bool color);

/* The text on one line of printable ASCII, everything else escaped. */
const char *report_plain(struct arena *arena, const char *text);

/* A value for messages: JSON on one line, control characters escaped, cut at 80 characters, a string at
 * 160; the values of environment variables and arguments left out. NULL for NULL. */
const char *report_value(struct arena *arena, const struct json *json);

#endif
