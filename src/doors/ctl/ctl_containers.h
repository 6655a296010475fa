/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands that look at running containers share. */
#ifndef SEAWALL_CTL_CONTAINERS_H
#define SEAWALL_CTL_CONTAINERS_H

#include "bundle.h"
#include "ctl.h"
#include "kernel.h"

/* A container whose first process exists. */
struct container {
	const char *id, *root; /* root: the directory of the runtime's state, as --root names it */
	const char *runtime;   /* "runc" or "crun": whose state it is */
	pid_t pid;
	struct kernel kernel; /* opened */
	struct bundle bundle;
	struct json *config; /* NULL with why if it cannot be read */
	const char *why;
	struct workload workload;
	struct container *next;
};

/* All of them, in the order of their ids. */
struct container *ctl_containers(struct arena *arena);

/* Compares with the kernel; false with why if that cannot be done. */
bool ctl_compare(struct arena *arena, struct container *container, struct kernel *kernel,
		 struct findings *findings, const char **why) must_check;

/* A rule, its place, what was found and expected: the lines below a container. */
void ctl_differences(const struct ctl *ctl, struct text *text, const struct findings *findings);

/* The object of report_json with id, pid and runtime in front. */
struct json *ctl_container_json(struct arena *arena, const struct container *container,
				const struct report *report);

#endif
