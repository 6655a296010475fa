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

/* Any of some conditions on one argument; none of them: nothing fits, or it cannot be said. */
#define CONDITIONS_MAX 64
struct conditions {
	size_t count;
	struct syscall_condition any[CONDITIONS_MAX];
};

/* Only 64-bit ABIs see the values whole: 32-bit filters are compiled from their lower half. */
bool condition_is_wide(const struct syscall_condition *c);
/* No value fits, as for bits beyond a mask. */
bool condition_never(const struct syscall_condition *c);
bool condition_holds(const struct syscall_condition *c, uint64_t value);
/* True only if every value that fits a fits b, on 64-bit and on 32-bit ABIs. */
bool condition_implies(const struct syscall_condition *a, const struct syscall_condition *b);
/* True only if no value fits both. */
bool condition_excludes(const struct syscall_condition *a, const struct syscall_condition *b);
void condition_invert(const struct syscall_condition *c, struct conditions *set);
/* Of two of which none implies or excludes the other. */
void condition_meet(const struct syscall_condition *a, const struct syscall_condition *b,
		    struct conditions *set);

struct ways *ways_new(struct arena *arena);
void ways_add(struct ways *ways, const struct way *way);
/* One more way of one condition, which implies none that is there and is implied by none. */
void ways_append(struct ways *ways, const struct syscall_condition *condition);
/* One more way, which always holds. */
void ways_add_all(struct ways *ways);
/* One more way of one condition. */
void ways_add_condition(struct ways *ways, const struct syscall_condition *condition);
bool ways_hold_always(const struct ways *ways);
/* True only if the way lies within one of ways. */
bool way_fits(const struct way *way, const struct ways *ways);
/* True only if every way of a lies within one of b. */
bool ways_within(const struct ways *a, const struct ways *b);
const struct ways *ways_meet(struct arena *arena, const struct ways *a, const struct ways *b);
/* What is left of ways without those of denied. */
const struct ways *ways_without(struct arena *arena, const struct ways *ways,
				const struct ways *denied);

/*
 * Whether rules of these ways, allowing and denying ones together, are of a form that libseccomp 2.5
 * compiles to what they say. It loses conditions when it merges rules that ask for several arguments or
 * compare upper halves, and then allows what no rule does. It is right for one condition each, on one
 * argument, below 2^32; beside them, for single values of it, a second argument may be asked.
 */
bool ways_plain(const struct ways *ways);
/* Adds more if that leaves ways plain. */
bool ways_join(struct ways *ways, const struct ways *more);
/* As many of the ways as are plain together. */
const struct ways *ways_made_plain(struct arena *arena, const struct ways *ways);

/*
 * Adds the ways of one rule of an OCI object, as runc and crun take them: two conditions on one argument
 * make every condition of the rule a rule of its own. False if the arguments are not understood, or too
 * many.
 */
bool ways_of_rule(struct ways *ways, const struct json *rule);

#endif
