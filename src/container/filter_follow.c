/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Following a seccomp program along every path that a call can take. Programs only jump forwards, so
 * one pass over the code meets every state before it is left. A place that is reached with two
 * different values goes on with an unknown one: that can only add paths.
 */
#include <string.h>

#include "filter.h"
#include "filter_code.h"

/* What is known where an instruction is reached. */
struct filter_state {
	bool reached;
	bool known;
	uint32_t value;
};

struct follow {
	const struct filter *filter;
	uint32_t audit, number;
	unsigned may;
};

struct filter filter_of(struct arena *arena, const struct sock_filter *code, size_t count)
{
	struct filter filter = { .code = code, .count = count };

	filter.state = arena_alloc(arena, (count + 1) * sizeof(*filter.state));
	return filter;
}

static bool same_state(const struct filter_state *a, const struct filter_state *b)
{
	return a->known == b->known && (!a->known || a->value == b->value);
}

static void reach(struct follow *follow, size_t at, const struct filter_state *state)
{
	struct filter_state *there = &follow->filter->state[at];

	if (at >= follow->filter->count)
		return;
	if (there->reached && !same_state(there, state)) {
		*there = (struct filter_state){ .reached = true };
		return;
	}
	*there = *state;
	there->reached = true;
}

static struct filter_state follow_load(const struct follow *follow, const struct sock_filter *code)
{
	struct filter_state state = { .known = true };

	if (BPF_MODE(code->code) == BPF_IMM)
		state.value = code->k;
	else if (BPF_MODE(code->code) == BPF_ABS && code->k == offsetof(struct seccomp_data, nr))
		state.value = follow->number;
	else if (BPF_MODE(code->code) == BPF_ABS && code->k == offsetof(struct seccomp_data, arch))
		state.value = follow->audit;
	else
		state.known = false;
	return state;
}

static void follow_compute(struct filter_state *state, const struct sock_filter *code)
{
	state->known = state->known && BPF_SRC(code->code) == BPF_K;
	if (state->known)
		state->value = filter_compute(code->code, state->value, code->k);
}

static void follow_jump(struct follow *follow, size_t at, const struct filter_state *state)
{
	const struct sock_filter *code = &follow->filter->code[at];

	if (BPF_OP(code->code) == BPF_JA) {
		reach(follow, at + 1 + code->k, state);
		return;
	}
	if (state->known && BPF_SRC(code->code) == BPF_K) {
		bool yes = filter_compare(code->code, state->value, code->k);

		reach(follow, at + 1 + (yes ? code->jt : code->jf), state);
		return;
	}
	reach(follow, at + 1 + code->jt, state);
	reach(follow, at + 1 + code->jf, state);
}

static void follow_one(struct follow *follow, size_t at)
{
	const struct sock_filter *code = &follow->filter->code[at];
	struct filter_state state = follow->filter->state[at];

	switch (BPF_CLASS(code->code)) {
	case BPF_RET:
		if (BPF_RVAL(code->code) == BPF_A)
			follow->may |= FILTER_MAY_PASS | FILTER_MAY_BLOCK;
		else
			follow->may |= filter_passes(code->k) ? FILTER_MAY_PASS : FILTER_MAY_BLOCK;
		return;
	case BPF_JMP:
		follow_jump(follow, at, &state);
		return;
	case BPF_LD:
		state = follow_load(follow, code);
		break;
	case BPF_ALU:
		follow_compute(&state, code);
		break;
	case BPF_MISC:
		if (BPF_MISCOP(code->code) == BPF_TXA)
			state.known = false;
		break;
	default:
		break;
	}
	reach(follow, at + 1, &state);
}

unsigned filter_may(const struct filter *filter, uint32_t audit, uint32_t number)
{
	struct follow follow = { .filter = filter, .audit = audit, .number = number };

	memset(filter->state, 0, filter->count * sizeof(*filter->state));
	reach(&follow, 0, &(struct filter_state){ .known = true });
	for (size_t at = 0; at < filter->count; at++)
		if (filter->state[at].reached)
			follow_one(&follow, at);
	return follow.may;
}
