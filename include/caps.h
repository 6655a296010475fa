/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Capability names and sets. Runtimes differ in spelling:
 * runc ignores what is not CAP_UPPER, crun folds case and takes names without the prefix; so every
 * spelling is understood here and one is written.
 */
#ifndef SEAWALL_CAPS_H
#define SEAWALL_CAPS_H

#include <stdint.h>

#include "arena.h"
#include "json.h"

/* Bit n is capability n of capabilities(7). */
typedef uint64_t caps_set;

/* The number of a capability in any spelling (CAP_X, cap_x, X), or -1. */
int caps_number(const char *name);
/* "CAP_SYS_ADMIN"; NULL for a number without a name. */
const char *caps_name(int number);
/* All capabilities in an array of names; unknown names are left out (runtimes ignore them). */
caps_set caps_of(const struct json *array);
/* Every capability that has a name. */
caps_set caps_all(void);
/* An array of canonical names, by number. */
struct json *caps_json(struct arena *arena, caps_set set);
/* "SYS_ADMIN, NET_RAW" for messages. */
const char *caps_text(struct arena *arena, caps_set set);
/* The same, but of a long list only the beginning: "CHOWN, KILL, SETUID and 36 more". */
const char *caps_brief(struct arena *arena, caps_set set);

#endif
