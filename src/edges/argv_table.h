/* SPDX-License-Identifier: Apache-2.0 */
/* The grammar of runc's and crun's command lines as tables; read by argv.c and argv_document.c. */
#ifndef SEAWALL_ARGV_TABLE_H
#define SEAWALL_ARGV_TABLE_H

#include <stddef.h>

#include "argv.h"

/* A set of commands; options before the command stand in the place of VERB_PASS, which has none. */
#define IN(verb)  (1u << (verb))
#define IN_GLOBAL IN(VERB_PASS)

enum option_kind {
	OPTION_FLAG,
	OPTION_VALUE,
	OPTION_LIST,	/* may be given more than once */
	OPTION_QUIT,	/* the runtime prints something and ends: nothing is judged */
	OPTION_REFUSED, /* known, and refused */
};

/* How the value becomes a member of process.json or of the resources. */
enum option_form { FORM_NONE, FORM_TEXT, FORM_TRUE, FORM_NUMBER, FORM_BYTES, FORM_SPECIAL };

struct option {
	const char *name;
	char letter; /* the short form, 0 if none is accepted */
	unsigned in; /* where it may stand */
	enum option_kind kind;
	const char *values; /* the only values accepted, separated by spaces; NULL: any */
	const char *why;    /* it is refused, because ... */
	bool judged;	    /* by the rule about it */
	const char *place;  /* pointer into the document it is a short form of */
	enum option_form form;
};

/* Looks up by long name (letter 0) or by letter; NULL if the option may not stand there. */
const struct option *option_find(unsigned in, const char *name, size_t len, char letter);

struct command {
	const char *name;
	enum verb verb;
	const char *refused; /* why it is never handed on, or NULL */
};

/* NULL for a command that nobody has looked at. */
const struct command *command_find(const char *name);

#endif
