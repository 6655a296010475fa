/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking the seawall program, in a process of its own, what takes long or needs libseccomp. It gets no
 * environment, standard input and output are files in memory, and what it says on stderr is lost.
 */
#ifndef SEAWALL_PROGRAM_H
#define SEAWALL_PROGRAM_H

#include <stddef.h>

#include "arena.h"

struct program {
	const char *const *argv;
	const char *input;
	size_t len;
	unsigned seconds; /* for which it may run */

	/* set by program_ask: what it wrote, NUL-terminated; "" if that cannot be had */
	const char *output;
	size_t output_len;
};

#define PROGRAM SEAWALL_BINDIR "/seawall"

enum { PROGRAM_LATE = 256, PROGRAM_FAILED };

/* Its exit status; LATE: its time was over; FAILED: it could not be asked, or died. */
int program_ask(struct arena *arena, struct program *program);

#endif
