/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing filters, and a profile with the default. */
#include <string.h>

#include "filter.h"

/* Combinations of argument values that are tried for one call; more count as an excess. */
#define TRIES_MAX (1u << 22)

/* Numbers that no table has, and an architecture that no kernel has. */
static const uint32_t strange_numbers[] = { 0x3fffffff, 0x7fffffff, 0xfffffffe, 0xffffffff };
#define STRANGE_ARCH 0x5ea3a11u

struct compare {
	struct arena *arena;
	const struct filter *a, *b;
	struct filter_excess *first, **last;
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

/* The next combination of values; false after the last. */
static bool next_try(const struct filter_probes *probes, size_t *at, struct seccomp_data *data)
{
	unsigned word = 0;
	uint32_t words[FILTER_WORDS];

	while (word < FILTER_WORDS && at[word] + 1 >= probes->count[word])
		at[word++] = 0;
	if (word == FILTER_WORDS)
		return false;
	at[word]++;
	for (word = 0; word < FILTER_WORDS; word++)
		words[word] = probes->count[word] ? probes->value[word][at[word]] : 0;
	memcpy(data->args, words, sizeof(words));
	return true;
}

/* True if some arguments pass a and not b; also when there are too many to try. */
static bool tries_find(const struct compare *compare, const struct filter_probes *probes,
		       uint32_t audit, uint32_t number)
{
	struct seccomp_data data = { .nr = (int)number, .arch = audit };
	size_t at[FILTER_WORDS] = { 0 };
	uint64_t tries = 1;

	for (unsigned word = 0; word < FILTER_WORDS; word++) {
		tries *= probes->count[word] ? probes->count[word] : 1;
		if (tries > TRIES_MAX)
			return true;
	}
	if (probes->overflow)
		return true;
	/* the first combination */
	for (unsigned word = 0; word < FILTER_WORDS; word++)
		if (probes->count[word])
			memcpy((char *)data.args + 4 * (size_t)word, &probes->value[word][0], 4);
	do {
		if (filter_passes(filter_run(compare->a, &data)) &&
		    !filter_passes(filter_run(compare->b, &data)))
			return true;
	} while (next_try(probes, at, &data));
	return false;
}

static void compare_call(struct compare *compare, const struct filter_abi *abi, uint32_t audit,
			 uint32_t number)
{
	unsigned a = filter_may(compare->a, audit, number, NULL);
	unsigned b = a & FILTER_MAY_PASS ? filter_may(compare->b, audit, number, NULL) : 0;
	struct filter_probes *probes;

	if (!(a & FILTER_MAY_PASS) || b == FILTER_MAY_PASS)
		return;
	if (!(b & FILTER_MAY_PASS)) {
		report(compare, abi, number, a & FILTER_MAY_BLOCK);
		return;
	}
	probes = arena_alloc(compare->arena, sizeof(*probes));
	filter_may(compare->a, audit, number, probes);
	filter_may(compare->b, audit, number, probes);
	if (tries_find(compare, probes, audit, number))
		report(compare, abi, number, true);
}

struct filter_excess *filter_excess(struct arena *arena, const struct filter *a,
				    const struct filter *b)
{
	struct compare compare = { .arena = arena, .a = a, .b = b, .last = &compare.first };
	const struct filter_abi *abi;

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

bool filter_judge(struct arena *arena, const struct json *seccomp,
		  const struct syscalls_target *target, enum filter_verdict *verdict,
		  struct filter_excess **excess, struct error *err)
{
	struct filter theirs, ours, meet;
	struct filter_excess *found;
	struct error unused;

	if (!filter_build(arena, seccomp, &theirs, err))
		return false;
	if (!filter_build(arena, syscalls_profile(arena, target), &ours, err))
		return error_prefix(err, "the default profile");
	found = filter_excess(arena, &theirs, &ours);
	if (excess)
		*excess = found;
	*verdict = FILTER_STRONG;
	if (!found)
		return true;
	*verdict = FILTER_DEFAULT;
	if (filter_build(arena, syscalls_meet(arena, seccomp, target), &meet, &unused) &&
	    within(arena, &meet, &ours) && within(arena, &meet, &theirs))
		*verdict = FILTER_MEET;
	return true;
}
