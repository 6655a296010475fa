/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the runtime is given beside its command line: which program it is, its environment, its open
 * files. Each is built from what is needed, never from what was inherited.
 */
#ifndef SEAWALL_LAUNCH_H
#define SEAWALL_LAUNCH_H

#include <stdbool.h>

#include "arena.h"
#include "argv.h"
#include "error.h"
#include "json.h"

/*
 * The first of the runtimes that is there (NULL: the built-in list): an absolute path to a program that
 * root owns, nobody else can write, and that is not we. NULL and err if there is none.
 */
const char *launch_runtime(const struct json *runtimes, struct error *err) must_check;

/* True if the runtime is called runc, and where a link of that name leads, too. */
bool launch_is_runc(const char *runtime);

/* The environment the runtime gets. */
char *const *launch_environment(struct arena *arena, char *const given[]);

/* False and err if --preserve-fds names what is neither pipe nor socket: the caller's fault, not ours. */
bool launch_preserved(const struct call *call, struct error *err) must_check;

/*
 * Closes at execve every descriptor above 2 but conmon's pipes, the private file (-1: none) and what
 * --preserve-fds of an allowed call names, which must be pipes or sockets.
 */
bool launch_descriptors(const struct call *call, char *const given[], int private,
			struct error *err) must_check;

/* True unless we are the host's own root: an ordinary user, or root of a user namespace. */
bool launch_rootless(void);

/* The hook that verifies after the start, if it is installed; else NULL. */
const char *launch_hook(void);

#endif
