/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing filters, and a profile with the default. */
#include <string.h>

#include "filter.h"
#include "syscalls_rules.h"

/* Some tenths of a second; what is not decided by then counts as an excess. */
#define STEPS_MAX (1u << 26)

/* Numbers that no table has, and an architecture that no kernel has. */
static const uint32_t strange_numbers[] = { 0x3fffffff, 0x7fffffff, 0xfffffffe, 0xffffffff };
#define STRANGE_ARCH 0x5ea3a11u

struct compare {
	struct arena *arena;
	const struct filter *a, *b;
	struct filter_excess *first, **last;
	unsigned budget;
};

static void report(struct compare *compare, const struct filter_abi *abi, uint32_t number,
		   bool some)
{
	struct filter_excess *excess = arena_alloc(compare->arena, sizeof(*excess));

	excess->abi = abi;
	excess->number = number;
	excess->call = abi ? filter_name(compare->arena, abi, number) : NULL;
	excess->some = some;
	*compare->last = excess;
	compare->last = &excess->next;
}

static void compare_call(struct compare *compare, const struct filter_abi *abi, uint32_t audit,
			 uint32_t number)
{
	unsigned a = filter_may(compare->a, audit, number);
	unsigned b = a & FILTER_MAY_PASS ? filter_may(compare->b, audit, number) : 0;

	if (!(a & FILTER_MAY_PASS) || b == FILTER_MAY_PASS)
		return;
	if (!(b & FILTER_MAY_PASS)) {
		report(compare, abi, number, a & FILTER_MAY_BLOCK);
		return;
	}
	if (filter_exceeds(compare->a, compare->b, audit, number, &compare->budget))
		report(compare, abi, number, true);
}

struct filter_excess *filter_excess(struct arena *arena, const struct filter *a,
				    const struct filter *b)
{
	struct compare compare = {
		.arena = arena, .a = a, .b = b, .last = &compare.first, .budget = STEPS_MAX
	};
	const struct filter_abi *abi;

	if (a->count == b->count && memcmp(a->code, b->code, a->count * sizeof(*a->code)) == 0)
		return NULL;
	for (size_t i = 0; (abi = filter_abi_at(i)); i++) {
		for (uint32_t number = 0; number < FILTER_NUMBERS; number++)
			compare_call(&compare, abi, abi->audit, abi->base + number);
		for (size_t j = 0; j < sizeof(strange_numbers) / sizeof(*strange_numbers); j++)
			compare_call(&compare, abi, abi->audit, strange_numbers[j]);
	}
	compare_call(&compare, NULL, STRANGE_ARCH, 0);
	return compare.first;
}

static bool within(struct arena *arena, const struct filter *a, const struct filter *b)
{
	return filter_excess(arena, a, b) == NULL;
}

/*
 * Allows a call that the default does not and that the libseccomp here does not know: the one below a runtime
 * may be newer.
 */
static bool names_newer_calls(const struct json *seccomp, struct arena *arena,
			      const struct syscalls_target *target)
{
	const struct book *book = book_default(arena, target);

	json_each(rule, json_member(seccomp, "syscalls")) {
		if (rule_act(rule) == ACT_BLOCK)
			continue;
		json_each(name, json_member(rule, "names"))
			if (name->type == JSON_STRING &&
			    book_standing(book, name->text, name->len) == CALL_BLOCKED &&
			    !filter_knows(name->text))
				return true;
	}
	return false;
}

bool filter_judge(struct arena *arena, const struct json *seccomp,
		  const struct syscalls_target *target, enum filter_verdict *verdict,
		  struct filter_excess **excess, struct error *err)
{
	struct filter theirs, ours, meet;
	struct filter_excess *found;
	struct error unused;
	const char *reason;

	if (!filter_build(arena, seccomp, &theirs, err))
		return false;
	if (!filter_build(arena, syscalls_profile(arena, target), &ours, err))
		return error_prefix(err, "the default profile");
	found = filter_excess(arena, &theirs, &ours);
	if (excess)
		*excess = found;
	*verdict = FILTER_STRONG;
	if (!found && !names_newer_calls(seccomp, arena, target) &&
	    syscalls_strength(arena, seccomp, target, &reason) != STRENGTH_WEAK)
		return true;
	*verdict = FILTER_DEFAULT;
	if (filter_build(arena, syscalls_meet(arena, seccomp, target), &meet, &unused) &&
	    within(arena, &meet, &ours))
		*verdict = FILTER_MEET;
	return true;
}
