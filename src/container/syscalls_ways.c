/* SPDX-License-Identifier: Apache-2.0 */
/* The arithmetic of argument conditions. */
#include "syscalls_ways.h"

#include <string.h>

/* Values that only 64-bit ABIs see whole: 32-bit filters are compiled from their lower half. */
static bool is_wide(const struct syscall_condition *c)
{
	return c->value > UINT32_MAX || c->other > UINT32_MAX;
}

static bool holds(const struct syscall_condition *c, uint64_t value)
{
	switch (c->op) {
	case SYSCALL_EQ:
		return value == c->value;
	case SYSCALL_NE:
		return value != c->value;
	case SYSCALL_LT:
		return value < c->value;
	case SYSCALL_LE:
		return value <= c->value;
	case SYSCALL_GT:
		return value > c->value;
	case SYSCALL_GE:
		return value >= c->value;
	case SYSCALL_MASKED:
		return (value & c->value) == c->other;
	}
	return false;
}

/* The values that fit, if they are one range; an empty range has low above high. */
static bool range_of(const struct syscall_condition *c, uint64_t *low, uint64_t *high)
{
	*low = 0;
	*high = UINT64_MAX;
	switch (c->op) {
	case SYSCALL_EQ:
		*low = *high = c->value;
		return true;
	case SYSCALL_LT:
	case SYSCALL_LE:
		*high = c->value - (c->op == SYSCALL_LT && c->value > 0);
		return c->op == SYSCALL_LE || c->value > 0;
	case SYSCALL_GT:
	case SYSCALL_GE:
		*low = c->value + (c->op == SYSCALL_GT && c->value < UINT64_MAX);
		return c->op == SYSCALL_GE || c->value < UINT64_MAX;
	case SYSCALL_NE:
	case SYSCALL_MASKED:
		break;
	}
	return false;
}

bool condition_implies(const struct syscall_condition *a, const struct syscall_condition *b)
{
	uint64_t low, high, from, to;

	if (a->index != b->index || is_wide(a) || is_wide(b))
		return false;
	if (b->op == SYSCALL_MASKED && b->value == 0 && b->other == 0)
		return true;
	if (a->op == b->op && a->value == b->value &&
	    (a->op != SYSCALL_MASKED || a->other == b->other))
		return true;
	if (a->op == SYSCALL_EQ)
		return holds(b, a->value);
	if (a->op == SYSCALL_MASKED)
		return b->op == SYSCALL_MASKED && (a->value & b->value) == b->value &&
		       (a->other & b->value) == b->other;
	if (!range_of(a, &low, &high))
		return false;
	if (b->op == SYSCALL_NE)
		return b->value < low || b->value > high;
	return range_of(b, &from, &to) && from <= low && high <= to;
}

/* False if what does not fit c is no condition. */
static bool invert(const struct syscall_condition *c, struct syscall_condition *inverse)
{
	static const enum syscall_op opposite[] = {
		[SYSCALL_EQ] = SYSCALL_NE, [SYSCALL_NE] = SYSCALL_EQ, [SYSCALL_LT] = SYSCALL_GE,
		[SYSCALL_GE] = SYSCALL_LT, [SYSCALL_GT] = SYSCALL_LE, [SYSCALL_LE] = SYSCALL_GT,
	};

	*inverse = *c;
	if (c->op == SYSCALL_MASKED)
		return false;
	inverse->op = opposite[c->op];
	return true;
}

static bool condition_excludes(const struct syscall_condition *a, const struct syscall_condition *b)
{
	struct syscall_condition inverse;

	if (a->index != b->index || is_wide(a) || is_wide(b))
		return false;
	if (a->op == SYSCALL_EQ)
		return !holds(b, a->value);
	if (b->op == SYSCALL_EQ)
		return !holds(a, b->value);
	return invert(b, &inverse) && condition_implies(a, &inverse);
}

/* Adds a condition to a way; false if nothing fits then, or it cannot be said on one argument. */
static bool way_add(struct way *way, const struct syscall_condition *c)
{
	struct syscall_condition *old = &way->on[c->index];

	if (!(way->set >> c->index & 1)) {
		way->set |= 1u << c->index;
		*old = *c;
		return true;
	}
	if (condition_excludes(old, c))
		return false;
	if (condition_implies(old, c))
		return true;
	if (!condition_implies(c, old))
		return false;
	*old = *c;
	return true;
}

static bool way_within(const struct way *a, const struct way *b)
{
	if (b->set & ~a->set)
		return false;
	for (unsigned i = 0; b->set >> i; i++)
		if (b->set >> i & 1 && !condition_implies(&a->on[i], &b->on[i]))
			return false;
	return true;
}

struct ways *ways_new(struct arena *arena)
{
	struct ways *ways = arena_alloc(arena, sizeof(*ways));

	ways->arena = arena;
	return ways;
}

static void ways_push(struct ways *ways, const struct way *way)
{
	size_t room = ways->room ? 2 * ways->room : 4;
	struct way *more;

	if (ways->count == WAYS_MAX)
		return;
	if (ways->count == ways->room) {
		more = arena_alloc(ways->arena, room * sizeof(*more));
		if (ways->count)
			memcpy(more, ways->way, ways->count * sizeof(*more));
		ways->way = more;
		ways->room = room;
	}
	ways->way[ways->count++] = *way;
}

void ways_add(struct ways *ways, const struct way *way)
{
	size_t kept = 0;

	for (size_t i = 0; i < ways->count; i++)
		if (way_within(way, &ways->way[i]))
			return;
	for (size_t i = 0; i < ways->count; i++)
		if (!way_within(&ways->way[i], way))
			ways->way[kept++] = ways->way[i];
	ways->count = kept;
	ways_push(ways, way);
}

void ways_add_all(struct ways *ways)
{
	ways_add(ways, &(struct way){ 0 });
}

static struct way way_of(const struct syscall_condition *condition)
{
	struct way way = { .set = 1u << condition->index };

	way.on[condition->index] = *condition;
	return way;
}

void ways_append(struct ways *ways, const struct syscall_condition *condition)
{
	struct way way = way_of(condition);

	ways_push(ways, &way);
}

void ways_add_condition(struct ways *ways, const struct syscall_condition *condition)
{
	struct way way = way_of(condition);

	ways_add(ways, &way);
}

bool ways_hold_always(const struct ways *ways)
{
	return ways->count == 1 && ways->way[0].set == 0;
}

bool ways_within(const struct ways *a, const struct ways *b)
{
	for (size_t i = 0; i < a->count; i++) {
		size_t j = 0;

		while (j < b->count && !way_within(&a->way[i], &b->way[j]))
			j++;
		if (j == b->count)
			return false;
	}
	return true;
}

const struct ways *ways_meet(struct arena *arena, const struct ways *a, const struct ways *b)
{
	struct ways *meet;

	if (ways_hold_always(b))
		return a;
	meet = ways_new(arena);
	for (size_t i = 0; i < a->count; i++) {
		for (size_t j = 0; j < b->count; j++) {
			struct way way = a->way[i];
			bool fits = true;

			for (unsigned n = 0; fits && n < WAY_ARGS; n++)
				if (b->way[j].set >> n & 1)
					fits = way_add(&way, &b->way[j].on[n]);
			if (fits)
				ways_add(meet, &way);
		}
	}
	return meet;
}

const struct ways *ways_without(struct arena *arena, const struct ways *ways,
				const struct ways *denied)
{
	const struct ways *left = ways;

	for (size_t i = 0; i < denied->count; i++) {
		struct ways *outside = ways_new(arena);

		for (unsigned n = 0; n < WAY_ARGS; n++) {
			struct syscall_condition inverse;

			if (denied->way[i].set >> n & 1 && invert(&denied->way[i].on[n], &inverse))
				ways_add_condition(outside, &inverse);
		}
		left = ways_meet(arena, left, outside);
	}
	return left;
}

#define OP_PREFIX (sizeof("SCMP_CMP_") - 1)

static bool begins_as_op(const struct json *op)
{
	return op && op->type == JSON_STRING && op->len > OP_PREFIX &&
	       json_same(op->text, "SCMP_CMP_", OP_PREFIX);
}

static bool read_condition(const struct json *arg, struct syscall_condition *c)
{
	const struct json *other = json_member(arg, "valueTwo");
	const struct json *op = json_member(arg, "op");
	uint64_t index;
	int found = -1;

	*c = (struct syscall_condition){ 0 };
	for (int i = 0; begins_as_op(op) && i <= SYSCALL_MASKED && found < 0; i++)
		if (strcmp(op->text + OP_PREFIX, syscall_op_names[i] + OP_PREFIX) == 0)
			found = i;
	if (found < 0 || !json_u64(json_member(arg, "index"), &index) || index >= WAY_ARGS ||
	    !json_u64(json_member(arg, "value"), &c->value) ||
	    (other && !json_u64(other, &c->other)))
		return false;
	c->index = (unsigned)index;
	c->op = (enum syscall_op)found;
	if (c->op != SYSCALL_MASKED)
		c->other = 0;
	return true;
}

bool ways_of_rule(struct ways *ways, const struct json *rule)
{
	struct way way = { 0 };
	bool split = false;

	json_each(arg, json_member(rule, "args")) {
		struct syscall_condition c;

		if (!read_condition(arg, &c))
			return false;
		split = split || way.set >> c.index & 1;
		way.set |= 1u << c.index;
		way.on[c.index] = c;
	}
	if (!split) {
		ways_add(ways, &way);
		return true;
	}
	json_each(arg, json_member(rule, "args")) {
		struct syscall_condition c;

		if (!read_condition(arg, &c) || ways->count == WAYS_MAX)
			return false;
		ways_add_condition(ways, &c);
	}
	return true;
}
