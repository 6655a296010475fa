/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For which arguments a call is allowed: any of several ways, each a set of conditions on different
 * arguments that must all hold. Inside the container room only.
 *
 * Every operation errs to the narrow side: what conditions of one filter cannot express is left out.
 */
#ifndef SEAWALL_SYSCALLS_WAYS_H
#define SEAWALL_SYSCALLS_WAYS_H

#include "syscalls.h"

#define WAY_ARGS 6
#define WAYS_MAX 64

struct way {
	unsigned set; /* bit n: there is a condition on argument n; 0: always */
	struct syscall_condition on[WAY_ARGS];
};

struct ways {
	struct arena *arena;
	struct way *way;
	size_t count, room;
};

/* True only if every value that fits a fits b, on 64-bit and on 32-bit ABIs. */
bool condition_implies(const struct syscall_condition *a, const struct syscall_condition *b);

struct ways *ways_new(struct arena *arena);
void ways_add(struct ways *ways, const struct way *way);
/* One more way of one condition, which implies none that is there and is implied by none. */
void ways_append(struct ways *ways, const struct syscall_condition *condition);
/* One more way, which always holds. */
void ways_add_all(struct ways *ways);
/* One more way of one condition. */
void ways_add_condition(struct ways *ways, const struct syscall_condition *condition);
bool ways_hold_always(const struct ways *ways);
/* True only if every way of a lies within one of b. */
bool ways_within(const struct ways *a, const struct ways *b);
const struct ways *ways_meet(struct arena *arena, const struct ways *a, const struct ways *b);
/* What is left of ways without those of denied. */
const struct ways *ways_without(struct arena *arena, const struct ways *ways,
				const struct ways *denied);

/*
 * The ways of one rule of an OCI object, as runc and crun take them: two conditions on one argument
 * make every condition of the rule a rule of its own. False if the arguments are not understood.
 */
bool ways_of_rule(struct ways *ways, const struct json *rule);

#endif
