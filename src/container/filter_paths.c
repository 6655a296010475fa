/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holding one seccomp program against another for one call: every path through the first that ends in a
 * passing action is gone on with through the second, under what its jumps say of the arguments. No values are
 * tried: two programs may differ in one value of 2^64 only.
 */
#include <string.h>

#include "filter.h"
#include "filter_code.h"

#define WORDS 12 /* halves of arguments */

/* Longer paths are not followed but taken for an excess. */
#define DEPTH_MAX 1024
/* Values of a word that are looked at for one that no inequality refuses. */
#define VALUES_MAX 256

/* What is known of one half of an argument. */
struct word {
	uint32_t low, high;  /* between these */
	uint32_t mask, bits; /* value & mask == bits */
	uint32_t fits;	     /* a value that all of it fits */
};

/* On the way to here: value & mask != other. */
struct unequal {
	const struct unequal *before;
	unsigned count; /* with those before */
	unsigned word;
	uint32_t mask, other;
};

struct path {
	const struct filter *filter;
	size_t at;
	bool second; /* in b: the call has passed a */
	bool known;  /* the accumulator is value, else the masked half of an argument if argument */
	bool argument;
	unsigned held;
	uint32_t value, mask;
	struct word word[WORDS];
	const struct unequal *unequal;
	unsigned depth;
	unsigned *budget;
};

struct walk {
	const struct filter *a, *b;
	uint32_t audit, number;
};

static void spend(const struct path *path, unsigned steps)
{
	*path->budget -= steps < *path->budget ? steps : *path->budget;
}

static bool unequal_allow(const struct unequal *unequal, unsigned word, uint32_t value)
{
	for (; unequal; unequal = unequal->before)
		if (unequal->word == word && (value & unequal->mask) == unequal->other)
			return false;
	return true;
}

/* The least value from low on with these bits; false if there is none. */
static bool next_fit(const struct word *word, uint32_t low, uint32_t *value)
{
	uint32_t bit = 1u << 31;

	if ((low & word->mask) == word->bits) {
		*value = low;
		return true;
	}
	/* the highest bit that is wrong: below it all is free to be least */
	while (!((low ^ word->bits) & word->mask & bit))
		bit >>= 1;
	if (!(low & bit)) {
		*value = ((low & ~(bit - 1)) | bit);
	} else {
		/* the next free bit above that can go up */
		uint32_t up = bit << 1;

		while (up && (word->mask & up || low & up))
			up <<= 1;
		if (!up)
			return false;
		*value = (low & ~(up - 1)) | up;
		bit = up;
	}
	*value = (*value & ~(bit - 1) & ~word->mask) | word->bits;
	return *value >= low;
}

/* Bits that all values between low and high share are known too. */
static bool share_bits(struct word *word)
{
	uint32_t differ = word->low ^ word->high;
	uint32_t mask = differ ? ~(UINT32_MAX >> __builtin_clz(differ)) : UINT32_MAX;

	if ((word->bits ^ word->low) & word->mask & mask)
		return false;
	word->bits |= word->low & mask;
	word->mask |= mask;
	return true;
}

/* Whether some value may fit all that is known; true also if that takes too long to say. */
static bool possible(struct path *path, unsigned n)
{
	struct word *word = &path->word[n];
	uint32_t value = word->low;

	spend(path, path->unequal ? path->unequal->count : 0);
	if (word->low > word->high)
		return false;
	if (word->fits >= word->low && word->fits <= word->high &&
	    (word->fits & word->mask) == word->bits && unequal_allow(path->unequal, n, word->fits))
		return true;
	if (!share_bits(word))
		return false;
	for (const struct unequal *u = path->unequal; u; u = u->before)
		if (u->word == n && !(u->mask & ~word->mask) && (word->bits & u->mask) == u->other)
			return false;
	for (unsigned i = 0; i < VALUES_MAX && *path->budget; i++) {
		spend(path, path->unequal ? path->unequal->count : 0);
		if (!next_fit(word, value, &value) || value > word->high)
			return false;
		if (unequal_allow(path->unequal, n, value)) {
			word->fits = value;
			return true;
		}
		if (value++ == UINT32_MAX)
			return false;
	}
	return true;
}

static bool must_be(struct path *path, uint32_t mask, uint32_t bits)
{
	struct word *word = &path->word[path->held];

	if (bits & ~mask || (word->bits ^ bits) & word->mask & mask)
		return false;
	word->mask |= mask;
	word->bits |= bits;
	return possible(path, path->held);
}

static bool must_not_be(struct path *path, struct unequal *unequal, uint32_t mask, uint32_t bits)
{
	if (bits & ~mask)
		return true;
	*unequal = (struct unequal){
		.before = path->unequal,
		.count = 1 + (path->unequal ? path->unequal->count : 0),
		.word = path->held,
		.mask = mask,
		.other = bits,
	};
	path->unequal = unequal;
	return possible(path, path->held);
}

static bool must_lie(struct path *path, uint64_t low, uint64_t high)
{
	struct word *word = &path->word[path->held];

	/* of masked values nothing is kept: that only adds paths */
	if (path->mask != UINT32_MAX)
		return true;
	if (low > high || low > UINT32_MAX)
		return false;
	word->low = low > word->low ? (uint32_t)low : word->low;
	word->high = high < word->high ? (uint32_t)high : word->high;
	return possible(path, path->held);
}

/* Adds what one outcome of a comparison says; false if it cannot come out so. */
static bool goes(struct path *path, const struct sock_filter *code, bool yes,
		 struct unequal *unequal)
{
	uint32_t k = code->k;

	if (!path->argument || BPF_SRC(code->code) != BPF_K)
		return true;
	switch (BPF_OP(code->code)) {
	case BPF_JEQ:
		return yes ? must_be(path, path->mask, k)
			   : must_not_be(path, unequal, path->mask, k);
	case BPF_JSET:
		return yes ? must_not_be(path, unequal, path->mask & k, 0)
			   : must_be(path, path->mask & k, 0);
	case BPF_JGT:
		return yes ? must_lie(path, (uint64_t)k + 1, UINT32_MAX) : must_lie(path, 0, k);
	case BPF_JGE:
		if (!yes && k == 0)
			return false;
		return yes ? must_lie(path, k, UINT32_MAX) : must_lie(path, 0, k - 1);
	default:
		return true;
	}
}

static void load(const struct walk *walk, struct path *path, const struct sock_filter *code)
{
	const uint32_t args = offsetof(struct seccomp_data, args);

	path->known = path->argument = false;
	path->mask = UINT32_MAX;
	if (BPF_MODE(code->code) == BPF_IMM) {
		path->known = true;
		path->value = code->k;
	} else if (BPF_MODE(code->code) != BPF_ABS || code->k % 4) {
		return;
	} else if (code->k == offsetof(struct seccomp_data, nr)) {
		path->known = true;
		path->value = walk->number;
	} else if (code->k == offsetof(struct seccomp_data, arch)) {
		path->known = true;
		path->value = walk->audit;
	} else if (code->k >= args && code->k < args + 4 * WORDS) {
		path->argument = true;
		path->held = (code->k - args) / 4;
	}
}

static void compute(struct path *path, const struct sock_filter *code)
{
	bool constant = BPF_SRC(code->code) == BPF_K;

	if (path->argument && constant && BPF_OP(code->code) == BPF_AND) {
		path->mask &= code->k;
		return;
	}
	path->argument = false;
	path->known = path->known && constant;
	if (path->known)
		path->value = filter_compute(code->code, path->value, code->k);
}

static bool leads_out(struct walk *walk, struct path *path);

/* True if an outcome of a comparison leads to an excess; the other one is left to the caller. */
static bool branch(struct walk *walk, const struct path *path, const struct sock_filter *code,
		   bool yes)
{
	struct path copy = *path;
	struct unequal unequal;

	copy.at += 1u + (yes ? code->jt : code->jf);
	copy.depth++;
	return goes(&copy, code, yes, &unequal) && leads_out(walk, &copy);
}

/* The end of a program: true for an excess, false if this path holds none. */
static bool ends(struct walk *walk, struct path *path, const struct sock_filter *code)
{
	bool passes = BPF_RVAL(code->code) == BPF_A || filter_passes(code->k);

	if (path->second)
		return BPF_RVAL(code->code) == BPF_A || !passes;
	if (!passes)
		return false;
	path->filter = walk->b;
	path->second = true;
	path->at = 0;
	path->known = true;
	path->argument = false;
	path->value = 0;
	return leads_out(walk, path);
}

/* Whether a path on from here passes a and not b. */
static bool leads_out(struct walk *walk, struct path *path)
{
	if (path->depth > DEPTH_MAX)
		return true;
	for (; path->at < path->filter->count; path->at++) {
		const struct sock_filter *code = &path->filter->code[path->at];

		spend(path, 1);
		if (*path->budget == 0)
			return true;
		switch (BPF_CLASS(code->code)) {
		case BPF_RET:
			return ends(walk, path, code);
		case BPF_LD:
			load(walk, path, code);
			break;
		case BPF_ALU:
			compute(path, code);
			break;
		case BPF_MISC:
			if (BPF_MISCOP(code->code) == BPF_TXA)
				path->known = path->argument = false;
			break;
		case BPF_JMP:
			if (BPF_OP(code->code) == BPF_JA)
				path->at += code->k;
			else if (path->known && BPF_SRC(code->code) == BPF_K)
				path->at += filter_compare(code->code, path->value, code->k)
						    ? code->jt
						    : code->jf;
			else
				return branch(walk, path, code, true) ||
				       branch(walk, path, code, false);
			break;
		default:
			break;
		}
	}
	/* no program ends without saying what is to be done */
	return path->second;
}

bool filter_exceeds(const struct filter *a, const struct filter *b, uint32_t audit, uint32_t number,
		    unsigned *budget)
{
	struct walk walk = { .a = a, .b = b, .audit = audit, .number = number };
	struct path path = { .filter = a, .known = true, .budget = budget };

	for (unsigned n = 0; n < WORDS; n++)
		path.word[n].high = UINT32_MAX;
	return leads_out(&walk, &path);
}
