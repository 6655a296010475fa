/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers that were costly to find, remembered in a root-owned directory below SEAWALL_STATEDIR. It may be
 * deleted at any time: whatever is not remembered is asked again.
 */
#ifndef SEAWALL_MEMORY_H
#define SEAWALL_MEMORY_H

#include <stddef.h>

#include "arena.h"

/* Opens SEAWALL_STATEDIR/topic, making it if it is missing; -1 unless it is ours alone. */
int memory_open(struct arena *arena, const char *topic);

/* The answer for a key, a SHA-256 in hexadecimal; NULL if there is none. */
char *memory_get(struct arena *arena, int memory, const char *key, size_t *len);
void memory_put(int memory, const char *key, const char *answer, size_t len);

#endif
