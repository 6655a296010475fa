/* SPDX-License-Identifier: Apache-2.0 */
/* The arithmetic of single conditions on an argument. */
#include "syscalls_ways.h"

/* Ranges up to this size are told value by value. */
#define VALUES_MAX 32

bool condition_is_wide(const struct syscall_condition *c)
{
	return c->value > UINT32_MAX || c->other > UINT32_MAX;
}

/* Bits are wanted that the mask takes away. */
bool condition_never(const struct syscall_condition *c)
{
	return c->op == SYSCALL_MASKED && c->other & ~c->value;
}

bool condition_holds(const struct syscall_condition *c, uint64_t value)
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

/* The values that fit, if they are one range; an empty one is none. */
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

/* The bits that all values of a range share. */
static uint64_t shared_bits(uint64_t low, uint64_t high)
{
	uint64_t differ = low ^ high;

	return differ ? ~(UINT64_MAX >> __builtin_clzll(differ)) : UINT64_MAX;
}

static bool masked_implies(const struct syscall_condition *a, const struct syscall_condition *b)
{
	uint64_t low, high;

	if (b->op == SYSCALL_MASKED)
		return (a->value & b->value) == b->value && (a->other & b->value) == b->other;
	if (b->op == SYSCALL_NE)
		return !condition_holds(a, b->value);
	return range_of(b, &low, &high) && high == UINT64_MAX && a->other >= low;
}

bool condition_implies(const struct syscall_condition *a, const struct syscall_condition *b)
{
	uint64_t low, high, from, to;

	if (a->index != b->index || condition_is_wide(a) || condition_is_wide(b))
		return false;
	if (b->op == SYSCALL_MASKED && b->value == 0 && b->other == 0)
		return true;
	if (a->op == b->op && a->value == b->value && a->other == b->other)
		return true;
	if (a->op == SYSCALL_MASKED)
		return masked_implies(a, b);
	if (!range_of(a, &low, &high))
		return false;
	if (b->op == SYSCALL_NE)
		return b->value < low || b->value > high;
	if (b->op == SYSCALL_MASKED)
		return !(b->value & ~shared_bits(low, high)) && (low & b->value) == b->other;
	return range_of(b, &from, &to) && from <= low && high <= to;
}

bool condition_excludes(const struct syscall_condition *a, const struct syscall_condition *b)
{
	uint64_t low, high, from, to;

	if (a->index != b->index || condition_is_wide(a) || condition_is_wide(b))
		return false;
	if (condition_never(a) || condition_never(b))
		return true;
	if (a->op == SYSCALL_EQ)
		return !condition_holds(b, a->value);
	if (b->op == SYSCALL_EQ)
		return !condition_holds(a, b->value);
	if (a->op == SYSCALL_MASKED && b->op == SYSCALL_MASKED)
		return (a->other ^ b->other) & a->value & b->value;
	if (a->op == SYSCALL_MASKED)
		return condition_excludes(b, a);
	if (!range_of(a, &low, &high))
		return false;
	if (b->op == SYSCALL_MASKED)
		return (low ^ b->other) & b->value & shared_bits(low, high) || high < b->other;
	return range_of(b, &from, &to) && (high < from || to < low);
}

static void add(struct conditions *set, const struct syscall_condition *like, enum syscall_op op,
		uint64_t value, uint64_t other)
{
	if (set->count < CONDITIONS_MAX)
		set->any[set->count++] = (struct syscall_condition){
			.index = like->index, .op = op, .value = value, .other = other
		};
}

static void add_range(struct conditions *set, const struct syscall_condition *like, uint64_t low,
		      uint64_t high)
{
	if (low == 0 && high < UINT64_MAX)
		add(set, like, high ? SYSCALL_LE : SYSCALL_EQ, high, 0);
	else if (high == UINT64_MAX)
		add(set, like, SYSCALL_GE, low, 0);
	else if (high - low < VALUES_MAX)
		for (uint64_t value = low; value <= high; value++)
			add(set, like, SYSCALL_EQ, value, 0);
}

/* For each bit that the mask leaves free: the mask, and this bit other than in value or set. */
static void add_bits(struct conditions *set, const struct syscall_condition *masked, uint64_t least,
		     uint64_t value)
{
	for (uint64_t bit = 1; bit <= UINT32_MAX; bit <<= 1)
		if (bit >= least && !(masked->value & bit))
			add(set, masked, SYSCALL_MASKED, masked->value | bit,
			    masked->other | (bit & ~value));
}

void condition_invert(const struct syscall_condition *c, struct conditions *set)
{
	static const enum syscall_op opposite[] = {
		[SYSCALL_EQ] = SYSCALL_NE, [SYSCALL_NE] = SYSCALL_EQ, [SYSCALL_LT] = SYSCALL_GE,
		[SYSCALL_GE] = SYSCALL_LT, [SYSCALL_GT] = SYSCALL_LE, [SYSCALL_LE] = SYSCALL_GT,
	};

	set->count = 0;
	if (c->op != SYSCALL_MASKED) {
		add(set, c, opposite[c->op], c->value, 0);
		return;
	}
	for (uint64_t bit = 1; bit && bit <= c->value; bit <<= 1)
		if (c->value & bit)
			add(set, c, SYSCALL_MASKED, bit, ~c->other & bit);
}

/* One of a small range: those of its values that fit c. */
static bool add_values(struct conditions *set, const struct syscall_condition *range,
		       const struct syscall_condition *c)
{
	uint64_t low, high;

	if (!range_of(range, &low, &high) || high - low >= VALUES_MAX)
		return false;
	for (uint64_t value = low; value <= high; value++)
		if (condition_holds(c, value))
			add(set, c, SYSCALL_EQ, value, 0);
	return true;
}

static void meet_masked(const struct syscall_condition *masked, const struct syscall_condition *c,
			struct conditions *set)
{
	uint64_t low, high;

	if (c->op == SYSCALL_MASKED)
		add(set, c, SYSCALL_MASKED, masked->value | c->value, masked->other | c->other);
	else if (c->op == SYSCALL_NE)
		add_bits(set, masked, 1, c->value);
	else if (range_of(c, &low, &high) && high == UINT64_MAX)
		add_bits(set, masked, low, 0);
}

static void meet_ranges(const struct syscall_condition *a, const struct syscall_condition *b,
			struct conditions *set)
{
	uint64_t low = 0, high = UINT64_MAX, from, to;

	if (a->op == SYSCALL_NE && (b->op != SYSCALL_NE || b->value < a->value)) {
		meet_ranges(b, a, set);
		return;
	}
	if (a->op == SYSCALL_NE) {
		if (a->value > 0)
			add_range(set, a, 0, a->value - 1);
		low = a->value + 1;
	} else if (!range_of(a, &low, &high)) {
		return;
	}
	if (b->op != SYSCALL_NE) {
		if (range_of(b, &from, &to))
			add_range(set, a, low > from ? low : from, high < to ? high : to);
		return;
	}
	if (low < b->value)
		add_range(set, a, low, b->value - 1);
	if (b->value < high)
		add_range(set, a, b->value + 1, high);
}

void condition_meet(const struct syscall_condition *a, const struct syscall_condition *b,
		    struct conditions *set)
{
	set->count = 0;
	if (condition_is_wide(a) || condition_is_wide(b) || add_values(set, a, b) ||
	    add_values(set, b, a))
		return;
	if (a->op == SYSCALL_MASKED)
		meet_masked(a, b, set);
	else if (b->op == SYSCALL_MASKED)
		meet_masked(b, a, set);
	else
		meet_ranges(a, b, set);
}
