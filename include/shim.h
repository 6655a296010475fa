/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of seawall-runtime: one call of an engine's, and how it may end. */
#ifndef SEAWALL_SHIM_H
#define SEAWALL_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "argv.h"
#include "bundle.h"
#include "harden.h"

struct shim {
	struct arena *arena;
	int argc;
	char *const *argv;
	int64_t started; /* date_now() */
	struct call call;
	const char *misread; /* why the command line is not understood, or NULL */
	struct policy policy;
	bool policy_known;
	struct task task;
	struct report report;
	struct bundle bundle;
	const char *runtime;
	char *text; /* what the runtime is given instead of task.text */
	size_t len;
	struct error err;
};

/* Judges a document of this call. */
void shim_judge(struct shim *shim, const char *name, const char *text, size_t len);

/* The shim has another text for the runtime than the one that came. */
bool shim_changed(const struct shim *shim);

/* False and err if the record is missing and the policy says that nothing may start without one. */
bool shim_record(struct shim *shim);

/* All of these end the call; what they answer is what the program exits with. */

/* Says line, and starts nothing. */
int shim_refuse(const struct shim *shim, const char *line);

/* Seawall itself failed, as err says: closed, unless the policy prefers to start unjudged. */
int shim_fail(struct shim *shim);

/* Becomes the runtime. */
int shim_become(struct shim *shim, char *const *argv, char *const *environment);

/* The command line as it came, but under the runtime's name: crun behaves as it is called. */
char *const *shim_untouched(const struct shim *shim);

/*
 * What is not judged. "start" is verified first if the runtime is runc, between whose "create" and "start"
 * everything is in force and nothing runs yet.
 */
int shim_hand_on(struct shim *shim);
int shim_start(struct shim *shim);

/* What waits for its start was created while the runtime was called runc, so no hook has verified it. */
bool shim_unverified(struct shim *shim);

#endif
