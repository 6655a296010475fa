/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls by group with the reason each group is allowed, and the default seccomp profile made
 * of them. Data only: no libseccomp here (src/container/filter.c), so that the shim stays small and fast.
 */
#ifndef SEAWALL_SYSCALLS_H
#define SEAWALL_SYSCALLS_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "caps.h"
#include "json.h"

struct syscall_group {
	const char *name;		/* "files", "memory", "mount" ... */
	const char *why;		/* the reason it is allowed, or allowed only with caps */
	const char *calls;		/* names separated by spaces */
	caps_set caps;			/* allowed if the container holds any of these; 0: always */
	const char *arch;		/* "amd64", "arm64" ... or NULL: every architecture */
};

const struct syscall_group *syscall_group_at(size_t index);	/* NULL past the end */

/* The default profile as OCI object, resolved for the final capabilities; native: without the 32-bit
 * and x32 ABIs. */
struct json *syscalls_profile(struct arena *arena, caps_set caps, bool native);

/* True if the OCI seccomp object is one that is known to be as strict as the default for caps: our
 * own, or an engine's default, known by hash. */
bool syscalls_known(const struct json *seccomp, caps_set caps);

#endif
