/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's truth held against the config that was decided on. Pure: what the kernel enforces comes in
 * struct kernel, both of the container and of the host.
 */
#ifndef SEAWALL_VERIFY_H
#define SEAWALL_VERIFY_H

#include "arena.h"
#include "host.h"
#include "json.h"
#include "kernel.h"
#include "report.h"

struct verification {
	const struct json *config;
	const struct kernel *kernel; /* the container's first process */
	const struct kernel *host;   /* a process of the host: ourselves */
	/*
	 * The facts the config was judged by, or NULL: where a source led then is where it must have
	 * led when it was mounted, whatever has been put in its place since.
	 */
	const struct host *judged;
};

/* Adds a finding with outcome rejected for whatever the kernel enforces less than the config says. */
void verify(struct arena *arena, const struct verification *verification,
	    struct findings *findings);

/* The mounts alone, where they lead and of which kind they are: what stands before the start. */
void verify_made(struct arena *arena, const struct verification *verification,
		 struct findings *findings);

#endif
