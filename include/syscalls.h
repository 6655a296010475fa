/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls by group with the reason each group is allowed, and the default seccomp profile made
 * of them. Data only: no libseccomp here (src/container/filter.c), so that the shim stays small and
 * fast.
 *
 * What is said here of a profile is said from its rules alone and is one-sided: a profile called
 * strong is strong, whatever libseccomp makes of it; one that cannot be told from its rules is
 * STRENGTH_UNKNOWN and left to who compiles it.
 */
#ifndef SEAWALL_SYSCALLS_H
#define SEAWALL_SYSCALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "caps.h"
#include "error.h"
#include "json.h"

enum syscall_when {
	SYSCALL_ALWAYS,
	SYSCALL_CAPS, /* if the container holds any of the group's capabilities */
	SYSCALL_NEVER,
};

struct syscall_group {
	const char *name;  /* "files", "memory", "mount" ... */
	const char *why;   /* the reason it is allowed, or is not */
	const char *calls; /* names separated by spaces */
	const char *arch;  /* "amd64", "arm64", or NULL: every architecture */
	caps_set caps;
	enum syscall_when when;
	int kernel; /* least kernel, as KERNEL(); 0: any */
};

const struct syscall_group *syscall_group_at(size_t index); /* NULL past the end */
/* The group that holds the call; a call of several groups belongs to the first. NULL: unknown. */
const struct syscall_group *syscall_group_of(const char *call);

#define KERNEL(version, patch_level) ((version)*1000 + (patch_level))

struct book;

/* What a profile is made for. */
struct syscalls_target {
	caps_set caps; /* what the container may hold in the end */
	int kernel;    /* as KERNEL(); 0 unknown: taken for an old one */
	bool native;   /* without the 32-bit ABIs and x32 */
	/*
	 * What the operator has put in place of the default, as syscalls_resolve gives it; NULL: the
	 * default. "The default" below then means this.
	 */
	const struct json *own;
	struct book *
		*book; /* keeps what was read of the default for the next question; may be NULL */
};

/*
 * Reads a profile that an operator wrote, as OCI object or in the format of moby and containers
 * (archMap, includes, excludes, minKernel), and gives the OCI object for target. It must deny by
 * default. err says "line:column: what" in text, the source that doc was parsed from; without text
 * unknown calls are no error, as for runtimes.
 */
struct json *syscalls_resolve(struct arena *arena, const struct json *doc,
			      const struct syscalls_target *target, const char *text, size_t len,
			      struct error *err) must_check;

/* (arg & value) == other for SYSCALL_MASKED; other is not used else. */
enum syscall_op {
	SYSCALL_EQ,
	SYSCALL_NE,
	SYSCALL_LT,
	SYSCALL_LE,
	SYSCALL_GT,
	SYSCALL_GE,
	SYSCALL_MASKED
};

struct syscall_condition {
	unsigned index; /* of the argument, 0 to 5 */
	enum syscall_op op;
	uint64_t value, other;
};

/* A call that is allowed for some arguments only; several for one call: any of them. */
struct syscall_filter {
	const char *call;
	struct syscall_condition condition;
	caps_set unless; /* allowed whole if the container holds any of these */
	const char *why;
};

const struct syscall_filter *syscall_filter_at(size_t index); /* NULL past the end */

/* "SCMP_CMP_EQ" and its like, in the order of enum syscall_op. */
extern const char *const syscall_op_names[SYSCALL_MASKED + 1];

/* The architecture this program was built for, as Go and the moby profile format name it ("amd64"),
 * and as seccomp objects do ("SCMP_ARCH_X86_64"). */
extern const char syscalls_arch[], syscalls_native[];
/* The native one and those that its kernel runs beside it, NULL-terminated. */
extern const char *const syscalls_abis[];

/* The default profile as OCI object. */
struct json *syscalls_profile(struct arena *arena, const struct syscalls_target *target);

enum strength { STRENGTH_UNKNOWN, STRENGTH_WEAK, STRENGTH_STRONG };

/*
 * Whether an OCI seccomp object allows nothing that the default for target does not; *reason says why
 * not, or why that cannot be told ("allows ...").
 */
enum strength syscalls_strength(struct arena *arena, const struct json *seccomp,
				const struct syscalls_target *target, const char **reason);

/*
 * What both the profile and the default allow, as OCI object: the calls of the default that the
 * profile allows, with the argument filters of both. Where rules cannot say that, the call is left
 * out. Keeps the profile's default action, errno values and own denials. Always STRENGTH_STRONG.
 */
struct json *syscalls_meet(struct arena *arena, const struct json *seccomp,
			   const struct syscalls_target *target);

#endif
