/* SPDX-License-Identifier: Apache-2.0 */
/* System calls by name: a hash table over the tables of syscalls.c. */
#include "syscalls_book.h"
#include "syscalls_said.h"
#include "words.h"

#include <string.h>

/* More than all names of the tables. */
#define DEFAULT_ROOM 640

/* The two ends of a name; they overlap where it is short. */
static void ends_of(const char *name, size_t len, uint64_t ends[2])
{
	ends[0] = ends[1] = 0;
	if (len >= 8) {
		memcpy(&ends[0], name, 8);
		memcpy(&ends[1], name + len - 8, 8);
	} else if (len >= 4) {
		memcpy(&ends[0], name, 4);
		memcpy(&ends[1], name + len - 4, 4);
	} else if (len > 0) {
		ends[0] = (unsigned char)name[0];
		ends[1] =
			(uint64_t)(unsigned char)name[len / 2] << 8 | (unsigned char)name[len - 1];
	}
}

/* A thousand names are looked up per container: twelve steps instead of four per letter. */
static uint32_t hash_of(const char *name, size_t len)
{
	uint64_t ends[2], hash;

	ends_of(name, len, ends);
	hash = (ends[0] * 0x9e3779b97f4a7c15u ^ ends[1]) * 0xc2b2ae3d27d4eb4fu ^ len;
	return (uint32_t)(hash ^ hash >> 32);
}

static bool same_name(const struct call *call, const char *name, size_t len)
{
	uint64_t a[2], b[2];

	if (call->len != len)
		return false;
	ends_of(call->name, len, a);
	ends_of(name, len, b);
	return a[0] == b[0] && a[1] == b[1] &&
	       (len <= 16 || memcmp(call->name + 8, name + 8, len - 16) == 0);
}

struct book *book_new(struct arena *arena, size_t room)
{
	struct book *book = arena_alloc(arena, sizeof(*book));
	uint32_t slots = 8;

	while (slots < room + room / 2 && slots < UINT32_MAX / 2)
		slots *= 2;
	book->room = room;
	book->call = arena_alloc(arena, (room + 1) * sizeof(*book->call));
	book->slot = arena_alloc(arena, slots * sizeof(*book->slot));
	book->mask = slots - 1;
	return book;
}

/* The slot that holds the name, or the empty one where it belongs. A slot holds an index plus one. */
static uint32_t *slot_of(const struct book *book, const char *name, size_t len)
{
	uint32_t at = hash_of(name, len) & book->mask;

	while (book->slot[at]) {
		const struct call *call = &book->call[book->slot[at] - 1];

		if (same_name(call, name, len))
			break;
		at = (at + 1) & book->mask;
	}
	return &book->slot[at];
}

struct call *book_find(const struct book *book, const char *name, size_t len)
{
	uint32_t index = *slot_of(book, name, len);

	return index ? &book->call[index - 1] : NULL;
}

struct call *book_put(struct book *book, const char *name, size_t len)
{
	uint32_t *slot = slot_of(book, name, len);
	struct call *call;

	if (*slot)
		return &book->call[*slot - 1];
	/* Room is counted before; one spare call at the end takes what should not be. */
	call = &book->call[book->count];
	if (book->count < book->room)
		*slot = (uint32_t)++book->count;
	*call = (struct call){ .name = name, .len = (uint32_t)len, .standing = CALL_BLOCKED };
	return call;
}

static enum standing group_standing(const struct syscall_group *group,
				    const struct syscalls_target *target)
{
	if (group->arch && strcmp(group->arch, syscalls_arch) != 0)
		return CALL_FOREIGN;
	if (group->kernel > target->kernel)
		return CALL_BLOCKED;
	if (group->when == SYSCALL_ALWAYS)
		return CALL_ALLOWED;
	return group->when == SYSCALL_CAPS && group->caps & target->caps ? CALL_ALLOWED
									 : CALL_BLOCKED;
}

/* The operator's profile stands in for the tables. */
static void put_own(struct arena *arena, struct book *book, const struct said *said)
{
	for (size_t i = 0; i < said->book->count; i++) {
		const struct call *theirs = &said->book->call[i];
		const struct ways *ways = said_ways(arena, false, said->of[i].first);
		struct call *call = book_put(book, theirs->name, theirs->len);

		call->standing = ways_hold_always(ways) ? CALL_ALLOWED
				 : ways->count		? CALL_FILTERED
							: CALL_BLOCKED;
		book->ways[call - book->call] = ways;
	}
}

static void put_group(struct book *book, const struct syscall_group *group, enum standing standing)
{
	const char *words = group->calls, *name;
	size_t len;

	while ((name = word_next(&words, &len))) {
		struct call *call = book_put(book, name, len);

		if (standing == CALL_ALLOWED || call->standing != CALL_ALLOWED)
			call->standing = standing;
	}
}

static void put_filters(struct book *book, bool own)
{
	const struct syscall_filter *filter;

	for (size_t i = 0; (filter = syscall_filter_at(i)); i++) {
		struct call *call = book_put(book, filter->call, strlen(filter->call));

		if (call->standing != CALL_ALLOWED && !own)
			call->standing = CALL_FILTERED;
	}
}

struct book *book_default(struct arena *arena, const struct syscalls_target *target)
{
	const struct json *rules = json_member(target->own, "syscalls");
	struct said said = { .book = NULL };
	const struct syscall_group *group;
	struct book *book;

	if (target->book && *target->book)
		return *target->book;
	if (target->own)
		said = said_of(arena, rules);
	book = book_new(arena, DEFAULT_ROOM + (said.book ? said.book->count : 0));
	for (size_t i = 0; (group = syscall_group_at(i)); i++) {
		enum standing standing = group_standing(group, target);

		put_group(book, group,
			  said.book && standing == CALL_ALLOWED ? CALL_BLOCKED : standing);
	}
	put_filters(book, target->own != NULL);
	book->ways = arena_alloc(arena, (book->room + 1) * sizeof(const struct ways *));
	if (said.book)
		put_own(arena, book, &said);
	if (target->book)
		*target->book = book;
	return book;
}

static const struct ways *default_ways(struct arena *arena, const struct syscalls_target *target,
				       const struct call *call)
{
	struct ways *ways = ways_new(arena);
	const struct syscall_filter *filter;

	if (call->standing == CALL_ALLOWED)
		ways_add_all(ways);
	for (size_t i = 0; call->standing == CALL_FILTERED && (filter = syscall_filter_at(i));
	     i++) {
		if (strlen(filter->call) != call->len ||
		    memcmp(filter->call, call->name, call->len) != 0)
			continue;
		if (filter->unless & target->caps)
			ways_add_all(ways);
		else
			ways_add_condition(ways, &filter->condition);
	}
	return ways;
}

/* Found once: a profile may have dozens of rules on the arguments of one call. */
const struct ways *book_ways(struct arena *arena, const struct book *book,
			     const struct syscalls_target *target, const struct call *call)
{
	const struct ways **ways = &book->ways[call - book->call];

	if (!*ways)
		*ways = default_ways(arena, target, call);
	return *ways;
}
