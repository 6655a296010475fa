/* SPDX-License-Identifier: Apache-2.0 */
/* What the default for one target makes of each system call. Inside the container room only. */
#ifndef SEAWALL_SYSCALLS_BOOK_H
#define SEAWALL_SYSCALLS_BOOK_H

#include "syscalls_names.h"
#include "syscalls_ways.h"

enum __attribute__((packed)) standing {
	CALL_BLOCKED,
	CALL_ALLOWED,
	CALL_FILTERED, /* for some arguments */
	CALL_FOREIGN,  /* of another architecture: no runtime here resolves it */
};

/* Every call that the tables know; others have no place in a default. */
struct book {
	enum standing *standing;  /* by number */
	const struct ways **ways; /* by number; NULL: not looked for yet */
};

struct book *book_default(struct arena *arena, const struct syscalls_target *target);
/* CALL_BLOCKED for what nobody knows. */
enum standing book_standing(const struct book *book, const char *name, size_t len);
/* The ways of a call that the default filters by argument. */
const struct ways *book_ways(struct arena *arena, const struct book *book,
			     const struct syscalls_target *target, uint32_t id);

#endif
