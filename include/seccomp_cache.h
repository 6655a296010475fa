/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a seccomp profile that rules alone do not explain really allows: asked of the seawall program,
 * which compiles it, once per profile, and remembered. The memory may be deleted at any time.
 */
#ifndef SEAWALL_SECCOMP_CACHE_H
#define SEAWALL_SECCOMP_CACHE_H

#include "host.h"
#include "syscalls.h"

/* For struct host's filter. UNKNOWN whenever anything fails: the profile is then taken for weak. */
enum fact seccomp_judged(const struct host *host, struct arena *arena, const struct json *seccomp,
			 const struct syscalls_target *target, struct json **replacement);

#endif
