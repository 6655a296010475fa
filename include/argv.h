/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The runtimes' command lines: a closed grammar read from tables, and written back canonically. What
 * is not understood on a judged command is refused; commands that can neither start nor widen anything
 * are handed on untouched, even when they are odd.
 */
#ifndef SEAWALL_ARGV_H
#define SEAWALL_ARGV_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "error.h"
#include "log.h"

enum verb { VERB_PASS, VERB_CREATE, VERB_RUN, VERB_EXEC, VERB_RESTORE, VERB_UPDATE,
	    VERB_CHECKPOINT, VERB_MOUNTS };

struct argv_option {
	const char *name;		/* long name without dashes */
	const char *value;		/* NULL for a flag */
	struct argv_option *next;
};

struct call {
	enum verb verb;
	const char *name;		/* the verb as written; NULL if there is none */
	struct argv_option *globals, *options;	/* in the order of the command line, each once */
	const char *id;
	char *const *args;		/* exec without --process: the command; NULL-terminated */

	/* what the shim asks for most; NULL if not given */
	const char *bundle, *process, *resources, *root;
	struct log log;
};

/*
 * Reads a command line. For VERB_PASS nothing but verb, name and log is set. False and err for a judged
 * command that is not understood; log is set as far as it could be read, so that the refusal is seen.
 */
bool argv_parse(struct arena *arena, int argc, char *const argv[], struct call *call,
		struct error *err) must_check;

/* Changes or adds (value NULL: removes) an option of the verb. */
void argv_set(struct arena *arena, struct call *call, const char *name, const char *value);

/* The canonical command line for runtime: globals, verb, options as --name=value, "--", id, args. */
char *const *argv_emit(struct arena *arena, const struct call *call, const char *runtime);

/* The environment the runtime gets, built from a list of what it needs. */
char *const *argv_environment(struct arena *arena, char *const environ[]);

#endif
