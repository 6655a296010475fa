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
#include "json.h"
#include "log.h"

enum verb {
	VERB_PASS,
	VERB_CREATE,
	VERB_RUN,
	VERB_EXEC,
	VERB_RESTORE,
	VERB_UPDATE,
	VERB_CHECKPOINT,
	VERB_START
};

struct option;

struct argv_option {
	const char *name;	     /* long name without dashes */
	const char *value;	     /* NULL for a flag */
	const struct option *option; /* what the table says of it; NULL if argv_set added it */
	struct argv_option *next;
};

struct call {
	enum verb verb;
	const char *name;		       /* the verb as written; NULL if there is none */
	struct argv_option *globals, *options; /* in the order of the command line */
	const char *id;
	char *const *args; /* exec without --process: the command; NULL-terminated */

	/* what the shim asks for most; NULL if not given */
	const char *bundle, *process, *resources, *root;
	unsigned long preserve_fds;
	struct log log;
};

/*
 * Reads a command line. For VERB_PASS nothing but verb, name and log is set. False and err for a judged
 * command that is not understood; log and verb are set as far as they could be read, so that the
 * refusal is seen.
 */
bool argv_parse(struct arena *arena, int argc, char *const argv[], struct call *call,
		struct error *err) must_check;

/* Changes or adds (value NULL: removes) an option of the verb. */
void argv_set(struct arena *arena, struct call *call, const char *name, const char *value);

/*
 * The options that weaken what the config says, for the rules about them: {"no-pivot": true,
 * "preserve-fds": "3"}. argv_keep takes off the command line what is not left of them.
 */
struct json *argv_judged(struct arena *arena, const struct call *call);
void argv_keep(struct arena *arena, struct call *call, const struct json *left);

/*
 * exec ID COMMAND and update with limits as options say in argv what --process and --resources say in a
 * file. These make that document, so that one judgement serves both, and take what went into it off
 * the command line. argv_process starts from the container's own process, as runc does.
 */
struct json *argv_process(struct arena *arena, struct call *call, const struct json *container,
			  struct error *err) must_check;
struct json *argv_resources(struct arena *arena, struct call *call, struct error *err) must_check;

/* The canonical command line for runtime: its name, globals, verb, options as --name=value, "--", id. */
char *const *argv_emit(struct arena *arena, const struct call *call, const char *runtime);

#endif
