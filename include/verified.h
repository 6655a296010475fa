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
	bool waits;		   /* the process only waits for its start, and may be stopped */

	/*
	 * One filter among those of the process lets nothing pass which the config's own does not: else no
	 * and err, or unknown and err if nobody can tell. Comparing takes libseccomp: verified_strict has it,
	 * verified_ask has the seawall program do it.
	 */
	enum fact (*is_strict)(struct arena *arena, const struct json *seccomp,
			       const struct kernel_filter *list, struct error *err);
};

enum fact verified_strict(struct arena *arena, const struct json *seccomp,
			  const struct kernel_filter *list, struct error *err);
enum fact verified_ask(struct arena *arena, const struct json *seccomp,
		       const struct kernel_filter *list, struct error *err);

/* Everything. False and err if the process cannot be read: it is gone, or not ours to read. */
bool verified_all(struct arena *arena, const struct verified *verified, struct findings *findings,
		  struct error *err) must_check;

/* The mounts, as they stand before the container's root is entered. */
bool verified_mounts(struct arena *arena, const struct verified *verified,
		     struct findings *findings, struct error *err) must_check;

/* It is too late to tighten: what should have been tightened makes the container refused. */
void verified_late(struct report *report);

/* What was found different makes the verdict, or in audit mode what it would have been. */
void verified_verdict(struct report *report);

/*
 * Ends the process, and whoever else is in the cgroup (NULL: none is known): in a pid namespace that is not the
 * container's own the first process is not the only one. What could not be ended is said.
 */
void verified_end(struct arena *arena, const struct kernel *kernel, const char *cgroup);

#endif
