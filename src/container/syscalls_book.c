/* SPDX-License-Identifier: Apache-2.0 */
/* What the tables of syscalls.c, or the operator's profile, make of each call. */
#include "syscalls_book.h"
#include "syscalls_said.h"

#include <string.h>

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
	for (uint32_t id = 0; id < names_known; id++) {
		const struct rule_ref *first = said_first(said, id);
		const struct ways *ways;

		if (!first)
			continue;
		ways = said_ways(arena, false, first);
		book->standing[id] = ways_hold_always(ways) ? CALL_ALLOWED
				     : ways->count	    ? CALL_FILTERED
							    : CALL_BLOCKED;
		book->ways[id] = ways;
	}
}

/* A call of two groups is allowed if one of them is; else the latter has the word. */
static void put_groups(struct book *book, const struct syscalls_target *target)
{
	enum standing standings[NAMES_NO_GROUP + 1];
	const struct syscall_group *group;

	standings[NAMES_NO_GROUP] = CALL_BLOCKED;
	for (size_t i = 0; i < NAMES_NO_GROUP && (group = syscall_group_at(i)); i++) {
		standings[i] = group_standing(group, target);
		if (target->own && standings[i] == CALL_ALLOWED)
			standings[i] = CALL_BLOCKED;
	}
	for (uint32_t id = 0; id < names_known; id++) {
		enum standing standing = standings[names_table[id].group];

		if (names_table[id].other != NAMES_NO_GROUP && standing != CALL_ALLOWED)
			standing = standings[names_table[id].other];
		book->standing[id] = standing;
	}
}

static void put_filters(struct book *book)
{
	const struct syscall_filter *filter;
	const char *before = NULL;

	for (size_t i = 0; (filter = syscall_filter_at(i)); before = filter->call, i++) {
		uint32_t id;

		/* Those of one call stand together. */
		if (filter->call == before)
			continue;
		id = names_find(filter->call, strlen(filter->call));
		if (id != NAMES_NONE && book->standing[id] != CALL_ALLOWED)
			book->standing[id] = CALL_FILTERED;
	}
}

struct book *book_default(struct arena *arena, const struct syscalls_target *target)
{
	struct said said = { .known = NULL };
	struct book *book;

	if (target->book && *target->book)
		return *target->book;
	if (target->own)
		said = said_of(arena, json_member(target->own, "syscalls"));
	book = arena_alloc(arena, sizeof(*book));
	book->standing = arena_alloc(arena, names_known * sizeof(*book->standing));
	book->ways = arena_alloc(arena, names_known * sizeof(const struct ways *));
	put_groups(book, target);
	if (target->own)
		put_own(arena, book, &said);
	else
		put_filters(book);
	if (target->book)
		*target->book = book;
	return book;
}

enum standing book_standing(const struct book *book, const char *name, size_t len)
{
	uint32_t id = names_find(name, len);

	return id == NAMES_NONE ? CALL_BLOCKED : book->standing[id];
}

static bool is_about(const struct syscall_filter *filter, struct name name)
{
	return filter->call[0] == name.text[0] && strlen(filter->call) == name.len &&
	       json_same(filter->call, name.text, name.len);
}

static const struct ways *default_ways(struct arena *arena, const struct syscalls_target *target,
				       struct name name, enum standing standing)
{
	struct ways *ways = ways_new(arena);
	const struct syscall_filter *filter;

	if (standing == CALL_ALLOWED)
		ways_add_all(ways);
	for (size_t i = 0; standing == CALL_FILTERED && (filter = syscall_filter_at(i)); i++) {
		if (!is_about(filter, name))
			continue;
		if (filter->unless & target->caps)
			ways_add_all(ways);
		else
			ways_append(ways, &filter->condition);
	}
	return ways;
}

/* Found once: a profile may have dozens of rules on the arguments of one call. */
const struct ways *book_ways(struct arena *arena, const struct book *book,
			     const struct syscalls_target *target, uint32_t id)
{
	const struct ways **ways = &book->ways[id];

	if (!*ways)
		*ways = default_ways(arena, target, names_at(id), book->standing[id]);
	return *ways;
}
