/* SPDX-License-Identifier: Apache-2.0 */
/* Between verify.c and verify_mounts.c only. */
#ifndef SEAWALL_VERIFY_PARTS_H
#define SEAWALL_VERIFY_PARTS_H

#include "verify.h"

struct compare {
	struct arena *arena;
	const struct json *config;
	const struct kernel *kernel, *host;
	struct findings *findings;
};

/* The kernel enforces found where the config's pointer wants want. */
void verify_differs(const struct compare *compare, const char *rule, const char *pointer,
		    const char *found, const char *want, const char *message);

/* all: flags, masks and the root too, which stand only in the end. */
void verify_mounts(const struct compare *compare, bool all);

#endif
