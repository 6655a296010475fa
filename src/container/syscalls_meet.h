/* SPDX-License-Identifier: Apache-2.0 */
/* What a profile and the default have in common. Inside the container room only. */
#ifndef SEAWALL_SYSCALLS_MEET_H
#define SEAWALL_SYSCALLS_MEET_H

#include "syscalls.h"

/* The result without rules. Members of the profile that nothing here is about stay as they are. */
struct json *meet_frame(struct arena *arena, const struct json *profile,
			const struct syscalls_target *target);

#endif
