/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The product in one call: text in, judgement and hardened document out. Shim, hook and command line
 * all call this and nothing beside it.
 */
#ifndef SEAWALL_HARDEN_H
#define SEAWALL_HARDEN_H

#include <stddef.h>

#include "arena.h"
#include "host.h"
#include "identity.h"
#include "policy.h"
#include "report.h"

struct task {
	enum boundary boundary;
	const char *name; /* of the document, for messages */
	const char *text; /* config.json; at exec process.json; at update resources */
	size_t len;
	const struct json *container; /* at exec and update: the container's own config */
	const struct json *command;   /* options that rules judge: argv_judged; or NULL */
	struct call_facts facts;
	const struct policy *policy;
	const struct host *host;
	enum profile floor;
	const char *hook; /* the program that verifies after the start, or NULL */
	bool verifies;	  /* the caller will do so itself, at "start": the hook is left out */
};

/*
 * Never fails: what cannot be understood is a verdict too. report->doc is then what the runtime may
 * be given: config.json, or at exec the process, at update the resources; report->command
 * what is left of the options.
 */
void harden(struct arena *arena, const struct task *task, struct report *report);

/* One more finding of a boundary's own (command line, runtime), judged as the policy says. */
void harden_reject(struct arena *arena, struct report *report, const char *rule,
		   const char *pointer, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

#endif
