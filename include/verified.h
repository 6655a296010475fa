/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process that runs, held against the config of its bundle: what the kernel enforces is read, compared,
 * and what differs is added to findings. Used by the hook, right after the start, and by the operator.
 */
#ifndef SEAWALL_VERIFIED_H
#define SEAWALL_VERIFIED_H

#include <stdbool.h>

#include "arena.h"
#include "error.h"
#include "host.h"
#include "json.h"
#include "kernel.h"
#include "report.h"

struct verified {
	struct kernel *kernel;	   /* opened, not yet read */
	struct json *config;	   /* a relative root becomes an absolute one */
	const char *bundle;	   /* canonical */
	const struct host *judged; /* the facts the config was judged by, or NULL */
	pid_t around;		   /* whose view of the host counts; 0: ours */
};

/* Everything. False and err if the process cannot be read: it is gone, or not ours to read. */
bool verified_all(struct arena *arena, const struct verified *verified, struct findings *findings,
		  struct error *err) must_check;

/* The mounts, as they stand before the container's root is entered. */
bool verified_mounts(struct arena *arena, const struct verified *verified,
		     struct findings *findings, struct error *err) must_check;

#endif
