/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A time limit for who looks at processes and file systems of others: any of these may hang. Five seconds,
 * whatever signals were blocked; then the program ends, or becomes what was to come next.
 */
#ifndef SEAWALL_LIMIT_H
#define SEAWALL_LIMIT_H

#include <stdbool.h>

#include "error.h"
#include "kernel.h"

/* May change while the time runs; must stay where it is. */
struct limit {
	const char *who;     /* "seawall-hook", for the message */
	int process;	     /* a directory of /proc, whose process is ended then; -1: nobody */
	bool good;	     /* nobody is ended, and the program ends well */
	const char *runtime; /* or becomes this, told the same; NULL: it does not */
	char *const *argv, *const *environment;
	const struct kernel *kernel; /* whom it may trace by then, and must let go; or NULL */
};

/* False and err if no limit can be set. */
bool limit_time(const struct limit *limit, struct error *err) must_check;

#endif
