/* SPDX-License-Identifier: Apache-2.0 */
/* A container as it was recorded, for tests that change one thing of it. */
#ifndef SEAWALL_TESTS_RECORDED_H
#define SEAWALL_TESTS_RECORDED_H

#include "kernel.h"

extern const char recorded_config[], recorded_mounts[];

/* What the kernel would say of the container, with that mount table, and of the host. */
void recorded_fill(struct arena *arena, const char *mounts, struct kernel *kernel,
		   struct kernel *host);

#endif
