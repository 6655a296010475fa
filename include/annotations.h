/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The annotations that the runtime below says it obeys, in SEAWALL_STATEDIR/annotations.json:
 * {"runtime": "/usr/bin/runc", "annotations": ["bundle", "org.criu.config"]}. Asking costs as much as a
 * start, so "seawall policy update" asks once and the hot path reads the answer.
 */
#ifndef SEAWALL_ANNOTATIONS_H
#define SEAWALL_ANNOTATIONS_H

#include "arena.h"
#include "error.h"
#include "policy.h"

/* Sets policy->annotations; NULL if nobody has asked. False and err if the file is not to be trusted. */
bool annotations_load(struct arena *arena, struct policy *policy, struct error *err) must_check;

/* The file's text for what runtime answered to "features": a list that may be empty. */
struct json *annotations_of(struct arena *arena, const char *runtime, const struct json *features);

bool annotations_save(struct arena *arena, const struct json *annotations,
		      struct error *err) must_check;

#endif
