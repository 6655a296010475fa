/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls by name, with what the default for one target makes of each. Inside the container room
 * only.
 */
#ifndef SEAWALL_SYSCALLS_BOOK_H
#define SEAWALL_SYSCALLS_BOOK_H

#include "syscalls.h"
#include "syscalls_ways.h"

enum standing {
	CALL_ALLOWED,
	CALL_FILTERED, /* for some arguments */
	CALL_BLOCKED,
	CALL_FOREIGN, /* of another architecture: no runtime here resolves it */
};

struct call {
	const char *name; /* len bytes, no NUL behind them */
	uint32_t len;
	enum standing standing;
};

struct book {
	struct call *call; /* in the order they were added */
	size_t count, room;
	uint32_t *slot, mask;
	const struct ways **ways; /* by index of the call; NULL: not looked for yet */
};

/* An empty book for so many names. */
struct book *book_new(struct arena *arena, size_t room);
struct call *book_find(const struct book *book, const char *name, size_t len);
/* The call, added if it is not there (as CALL_BLOCKED). */
struct call *book_put(struct book *book, const char *name, size_t len);

/* Every call that the table knows, or that the operator's profile names. */
struct book *book_default(struct arena *arena, const struct syscalls_target *target);
/* The ways of a call that the default filters by argument. */
const struct ways *book_ways(struct arena *arena, const struct book *book,
			     const struct syscalls_target *target, const struct call *call);

#endif
