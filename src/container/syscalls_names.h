/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls by name, as numbers: those in the tables of syscalls.c, in their order. What the tables do not
 * know has no number: whoever writes a profile cannot make a lookup long. Inside the container room only.
 */
#ifndef SEAWALL_SYSCALLS_NAMES_H
#define SEAWALL_SYSCALLS_NAMES_H

#include <string.h>

#include "syscalls.h"

#define NAMES_NONE UINT32_MAX

struct name {
	const char *text; /* len bytes, and a NUL behind them */
	size_t len;
};

/* What the tables know, made at build time. */
struct known {
	uint16_t at; /* in names_texts */
	uint8_t len;
	uint8_t group, other; /* as index; NAMES_NO_GROUP for none */
};
#define NAMES_NO_GROUP 255

extern const char names_texts[];
extern const struct known names_table[];
extern const uint32_t names_known; /* how many there are */

/* Numbers plus one, by hash. */
#define NAMES_SLOTS 2048
extern const uint16_t names_slots[NAMES_SLOTS];

static inline struct name names_at(uint32_t id)
{
	const struct known *known = &names_table[id];

	return (struct name){ .text = names_texts + known->at, .len = known->len };
}

/* The two ends of a name; they overlap where it is short. */
static inline void names_ends(const char *text, size_t len, uint64_t ends[2])
{
	ends[0] = ends[1] = 0;
	if (len >= 8) {
		memcpy(&ends[0], text, 8);
		memcpy(&ends[1], text + len - 8, 8);
	} else if (len >= 4) {
		memcpy(&ends[0], text, 4);
		memcpy(&ends[1], text + len - 4, 4);
	} else if (len > 0) {
		ends[0] = (unsigned char)text[0];
		ends[1] =
			(uint64_t)(unsigned char)text[len / 2] << 8 | (unsigned char)text[len - 1];
	}
}

/* A thousand names are looked up per container: twelve steps instead of four per letter. */
static inline uint32_t names_hash(const char *text, size_t len)
{
	uint64_t ends[2], hash;

	names_ends(text, len, ends);
	hash = (ends[0] * 0x9e3779b97f4a7c15u ^ ends[1]) * 0xc2b2ae3d27d4eb4fu ^ len;
	return (uint32_t)(hash ^ hash >> 32);
}

/* The number of a call; NAMES_NONE if it is not in the tables. */
static inline uint32_t names_find(const char *text, size_t len)
{
	uint32_t at = names_hash(text, len) % NAMES_SLOTS;

	for (; names_slots[at]; at = (at + 1) % NAMES_SLOTS) {
		const struct known *known = &names_table[names_slots[at] - 1];

		if (known->len == len && json_same(names_texts + known->at, text, len))
			return names_slots[at] - 1u;
	}
	return NAMES_NONE;
}

#endif
