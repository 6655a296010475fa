/* SPDX-License-Identifier: Apache-2.0 */
/* The arithmetic of conditions on several arguments. */
#include "syscalls_ways.h"

#include <string.h>

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

bool way_fits(const struct way *way, const struct ways *ways)
{
	for (size_t i = 0; i < ways->count; i++)
		if (way_within(way, &ways->way[i]))
			return true;
	return false;
}

bool ways_within(const struct ways *a, const struct ways *b)
{
	for (size_t i = 0; i < a->count; i++)
		if (!way_fits(&a->way[i], b))
			return false;
	return true;
}

static void meet_way(struct ways *meet, struct way way, const struct way *b, unsigned n);

/* Where what fits both of two conditions takes several, several ways. */
static void spread(struct ways *meet, struct way way, const struct way *b, unsigned n)
{
	struct conditions set;

	condition_meet(&way.on[n], &b->on[n], &set);
	for (size_t i = 0; i < set.count; i++) {
		way.on[n] = set.any[i];
		meet_way(meet, way, b, n + 1);
	}
}

/* Adds what fits both, from argument n on. */
static void meet_way(struct ways *meet, struct way way, const struct way *b, unsigned n)
{
	for (; b->set >> n; n++) {
		const struct syscall_condition *c = &b->on[n];

		if (!(b->set >> n & 1))
			continue;
		if (way.set >> n & 1) {
			if (condition_excludes(&way.on[n], c))
				return;
			if (condition_implies(&way.on[n], c))
				continue;
			if (!condition_implies(c, &way.on[n])) {
				spread(meet, way, b, n);
				return;
			}
		}
		way.set |= 1u << n;
		way.on[n] = *c;
	}
	ways_add(meet, &way);
}

const struct ways *ways_meet(struct arena *arena, const struct ways *a, const struct ways *b)
{
	struct ways *meet;

	if (ways_hold_always(b))
		return a;
	meet = ways_new(arena);
	for (size_t i = 0; i < a->count; i++)
		for (size_t j = 0; j < b->count; j++)
			meet_way(meet, a->way[i], &b->way[j], 0);
	return meet;
}

static bool way_excludes(const struct way *a, const struct way *b)
{
	for (unsigned n = 0; n < WAY_ARGS; n++) {
		if (b->set >> n & 1 && condition_never(&b->on[n]))
			return true;
		if (a->set & b->set & 1u << n && condition_excludes(&a->on[n], &b->on[n]))
			return true;
	}
	return false;
}

/* What is outside of a way: any of its conditions does not hold. */
static const struct ways *outside_of(struct arena *arena, const struct way *way)
{
	struct ways *outside = ways_new(arena);

	for (unsigned n = 0; n < WAY_ARGS; n++) {
		struct conditions set;

		if (!(way->set >> n & 1))
			continue;
		condition_invert(&way->on[n], &set);
		for (size_t i = 0; i < set.count; i++)
			ways_add_condition(outside, &set.any[i]);
	}
	return outside;
}

const struct ways *ways_without(struct arena *arena, const struct ways *ways,
				const struct ways *denied)
{
	const struct ways *left = ways;

	for (size_t i = 0; i < denied->count; i++) {
		const struct ways *outside = outside_of(arena, &denied->way[i]);
		struct ways *kept = ways_new(arena);

		for (size_t j = 0; j < left->count; j++) {
			if (way_excludes(&left->way[j], &denied->way[i])) {
				ways_add(kept, &left->way[j]);
				continue;
			}
			for (size_t k = 0; k < outside->count; k++)
				meet_way(kept, left->way[j], &outside->way[k], 0);
		}
		left = kept;
	}
	return left;
}

/* The only argument with a condition; -1 if there are others, or none. */
static int lone_argument(const struct way *way)
{
	return __builtin_popcount(way->set) == 1 ? __builtin_ctz(way->set) : -1;
}

static bool is_narrow(const struct way *way)
{
	for (unsigned n = 0; n < WAY_ARGS; n++)
		if (way->set >> n & 1 &&
		    (condition_is_wide(&way->on[n]) || condition_never(&way->on[n])))
			return false;
	return true;
}

/* Another argument is asked only for one value of the first, and for that value by all. */
static bool stands_apart(const struct ways *ways, const struct way *way, unsigned first)
{
	const struct syscall_condition *value = &way->on[first];

	if (lone_argument(way) >= 0)
		return true;
	if (value->op != SYSCALL_EQ || __builtin_popcount(way->set) != 2)
		return false;
	for (size_t i = 0; i < ways->count; i++) {
		const struct way *other = &ways->way[i];

		if (condition_holds(&other->on[first], value->value) &&
		    (other->set != way->set || other->on[first].op != SYSCALL_EQ))
			return false;
	}
	return true;
}

static bool plain_from(const struct ways *ways, unsigned first)
{
	for (size_t i = 0; i < ways->count; i++)
		if (!(ways->way[i].set >> first & 1))
			return false;
	for (size_t i = 0; i < ways->count; i++)
		if (!stands_apart(ways, &ways->way[i], first))
			return false;
	return true;
}

bool ways_plain(const struct ways *ways)
{
	for (size_t i = 0; i < ways->count; i++)
		if (!is_narrow(&ways->way[i]))
			return false;
	for (unsigned first = 0; first < WAY_ARGS; first++)
		if (plain_from(ways, first))
			return true;
	return ways->count == 0 || ways_hold_always(ways);
}

bool ways_join(struct ways *ways, const struct ways *more)
{
	size_t before = ways->count;

	for (size_t i = 0; i < more->count; i++)
		ways_push(ways, &more->way[i]);
	if (ways->count == before + more->count && ways_plain(ways))
		return true;
	ways->count = before;
	return false;
}

const struct ways *ways_made_plain(struct arena *arena, const struct ways *ways)
{
	struct ways *plain;

	if (ways_plain(ways))
		return ways;
	plain = ways_new(arena);
	for (size_t i = 0; i < ways->count; i++) {
		struct ways one = { .way = &ways->way[i], .count = 1 };

		ways_join(plain, &one);
	}
	return plain;
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

	if (ways->count == WAYS_MAX)
		return false;
	json_each(arg, json_member(rule, "args")) {
		struct syscall_condition c;

		if (!read_condition(arg, &c))
			return false;
		split = split || way.set >> c.index & 1;
		way.set |= 1u << c.index;
		way.on[c.index] = c;
	}
	if (!split) {
		ways_push(ways, &way);
		return true;
	}
	json_each(arg, json_member(rule, "args")) {
		struct syscall_condition c;

		if (!read_condition(arg, &c) || ways->count == WAYS_MAX)
			return false;
		ways_append(ways, &c);
	}
	return true;
}
