/* SPDX-License-Identifier: Apache-2.0 */
/* System calls by name: a hash table made at build time, and one for what it does not hold. */
#include "syscalls_names.h"

#include "syscalls_known.h"

const uint32_t names_known = KNOWN;

/* The slot that holds the name, or the empty one where it belongs. A slot holds an index plus one. */
static uint32_t *slot_of(const struct names *names, const char *text, size_t len, uint32_t hash)
{
	uint32_t at = hash & names->mask;

	for (; names->slot[at]; at = (at + 1) & names->mask) {
		const struct name *name = &names->added[names->slot[at] - 1];

		if (name->len == len && json_same(name->text, text, len))
			break;
	}
	return &names->slot[at];
}

uint32_t names_find_added(const struct names *names, const char *text, size_t len, uint32_t hash)
{
	uint32_t index = names && names->slot ? *slot_of(names, text, len, hash) : 0;

	return index ? KNOWN + index - 1 : NAMES_NONE;
}

static void make_room(struct names *names)
{
	uint32_t slots = 8;

	while (slots < names->room + names->room / 2 && slots < UINT32_MAX / 2)
		slots *= 2;
	names->added = arena_alloc(names->arena, (names->room + 1) * sizeof(*names->added));
	names->slot = arena_alloc(names->arena, slots * sizeof(*names->slot));
	names->mask = slots - 1;
}

uint32_t names_put_added(struct names *names, const char *text, size_t len, uint32_t hash)
{
	uint32_t *slot;

	if (!names->slot)
		make_room(names);
	slot = slot_of(names, text, len, hash);
	if (*slot)
		return KNOWN + *slot - 1;
	/* Room is counted before; one spare name at the end takes what should not be. */
	names->added[names->count] = (struct name){ .text = text, .len = len };
	if (names->count == names->room)
		return KNOWN + names->count;
	*slot = ++names->count;
	return KNOWN + *slot - 1;
}
