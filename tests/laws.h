/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must be true of every judgement, whatever the document: laws, checked over all cases and
 * recordings by test_laws and over everything that fuzz_harden thinks of. Each answers NULL if it
 * holds, else what broke it.
 */
#ifndef SEAWALL_TESTS_LAWS_H
#define SEAWALL_TESTS_LAWS_H

#include "arena.h"
#include "harden.h"

/* Hardening what was hardened finds nothing more to mend and changes nothing more. */
const char *law_twice(struct arena *arena, const struct task *task);

/* Members that no rule knows keep their place, their order and the text of their numbers. */
const char *law_kept(struct arena *arena, const struct task *task);

/* With every rule off the document keeps its meaning. */
const char *law_off(struct arena *arena, const struct task *task);

/* In audit mode nothing is refused for what a rule found, and nothing is changed. */
const char *law_audit(struct arena *arena, const struct task *task);

/* What comes out never grants what did not go in. */
const char *law_grants(struct arena *arena, const struct task *task);

/* The heart of law_grants: two documents of one shape; container and host as in struct task. */
const char *grants_config(struct arena *arena, const struct json *before, const struct json *after,
			  const struct host *host);
const char *grants_mounts(struct arena *arena, const struct json *before, const struct json *after,
			  const struct host *host);
const char *grants_process(struct arena *arena, const struct json *before, const struct json *after,
			   const struct json *container);

#endif
