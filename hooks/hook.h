/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of seawall-hook. */
#ifndef SEAWALL_HOOK_H
#define SEAWALL_HOOK_H

#include "bundle.h"
#include "harden.h"
#include "kernel.h"
#include "limit.h"

struct hook {
	struct arena *arena;
	int64_t started; /* date_now() */
	struct policy policy;
	struct task task;
	struct report report;
	struct bundle bundle;
	const char *input; /* what came on stdin */
	size_t len;
	const struct json *state; /* of the container, but for precreate */
	struct kernel kernel;	  /* its process */
	bool held;		  /* we have hold of that */
	struct limit limit;
	char *output; /* what the engine is given, or NULL */
	size_t output_len;
	struct error err;
};

/* Takes hold of the process that the state names. */
bool hook_open(struct hook *hook) must_check;

/* Judges the bundle that the state names. False and err: seawall itself failed. */
bool hook_judge(struct hook *hook) must_check;

/* prestart, createRuntime: what is mounted already, against the config. */
bool hook_mounts(struct hook *hook) must_check;

/* poststart: everything the kernel enforces, against the config; findings go to the report. */
bool hook_verify(struct hook *hook) must_check;

/* What the container's cgroup is called; NULL if it cannot be told. */
const char *hook_cgroup(struct hook *hook);

/* A config that can only fail, saying line; NULL if none can be made of what came in. */
char *hook_refusal(struct hook *hook, const char *line, size_t *len);

#endif
