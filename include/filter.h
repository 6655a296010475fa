/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a seccomp profile really allows: compiled as runtimes compile it, then followed along every
 * path. Building needs libseccomp and belongs to the seawall program; a filter taken from a running
 * process can be followed without it.
 */
#ifndef SEAWALL_FILTER_H
#define SEAWALL_FILTER_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "error.h"
#include "json.h"
#include "syscalls.h"

/* The version of libseccomp that filters are built with, "2.5.4". */
extern const char filter_library[];

struct filter {
	const struct sock_filter *code;
	size_t count;
	struct filter_state *state; /* room for following it, by instruction */
};

/* A filter of these instructions, which are not copied. */
struct filter filter_of(struct arena *arena, const struct sock_filter *code, size_t count);

/* One calling convention of this machine's kernel. */
struct filter_abi {
	const char *name; /* "x86-64", "i386", "x32" ... */
	uint32_t audit;	  /* AUDIT_ARCH_* */
	uint32_t base;	  /* added to every number: x32's bit */
	uint32_t token;	  /* libseccomp's */
};

const struct filter_abi *filter_abi_at(size_t index); /* NULL past the end */

/* The name of a call, its number with the ABI's base; NULL if libseccomp knows none. */
const char *filter_name(struct arena *arena, const struct filter_abi *abi, uint32_t number);

/* Whether libseccomp knows a call of this name, on any machine. */
bool filter_knows(const char *name);

/* No call of any ABI has a number from here on, but for the few private ones of arm. */
#define FILTER_NUMBERS 1024

/* Compiles an OCI seccomp object as runc does. */
bool filter_build(struct arena *arena, const struct json *seccomp, struct filter *filter,
		  struct error *err) must_check;

/* The action for one call, as the kernel would find it: SECCOMP_RET_* with its data. */
uint32_t filter_run(const struct filter *filter, const struct seccomp_data *data);

/* True for actions after which the call may be made: allow, log, trace, notify. */
bool filter_passes(uint32_t action);

enum { FILTER_MAY_PASS = 1, FILTER_MAY_BLOCK = 2 };

/* What can happen to a call whatever its arguments: some of FILTER_MAY_*. */
unsigned filter_may(const struct filter *filter, uint32_t audit, uint32_t number);

/*
 * Whether a lets a call pass with some arguments and b does not: each path through a to a passing action is
 * gone on with through b, under what the path says of the arguments. True also where that is not certain,
 * and when the budget of steps is used up.
 */
bool filter_exceeds(const struct filter *a, const struct filter *b, uint32_t audit, uint32_t number,
		    unsigned *budget);

/* What one filter lets pass and another does not. */
struct filter_excess {
	const struct filter_abi *abi; /* NULL: an architecture that nobody has */
	uint32_t number;
	const char *call; /* name, or NULL */
	bool some;	  /* for some arguments only */
	struct filter_excess *next;
};

/* Everything that a lets pass and b does not, in the order of ABIs and numbers; NULL: nothing. */
struct filter_excess *filter_excess(struct arena *arena, const struct filter *a,
				    const struct filter *b);

enum filter_verdict {
	FILTER_STRONG,	/* lies within the default */
	FILTER_MEET,	/* does not; syscalls_meet lies within both */
	FILTER_DEFAULT, /* does not, and only the default itself will do */
};

/*
 * What rules alone show to be weak is so here too, whatever libseccomp makes of it. excess may be NULL. False and err if libseccomp refuses the profile.
 */
bool filter_judge(struct arena *arena, const struct json *seccomp,
		  const struct syscalls_target *target, enum filter_verdict *verdict,
		  struct filter_excess **excess, struct error *err) must_check;

#endif
