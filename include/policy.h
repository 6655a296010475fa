/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operator's wishes: profile, actions, parameters, assignments, exemptions. policy_parse takes
 * texts (reading files is for edges/sources.c); policy_select answers for one workload.
 */
#ifndef SEAWALL_POLICY_H
#define SEAWALL_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "error.h"
#include "identity.h"
#include "json.h"
#include "rule.h"

#define RULES_MAX 96

enum mode { MODE_ENFORCE, MODE_AUDIT };
enum verify { VERIFY_OFF, VERIFY_REPORT, VERIFY_KILL };

/* One file's text, as read. The first source is policy.json, the others drop-ins in name order. */
struct source {
	const char *name; /* path, for messages */
	const char *text;
	size_t len;
	bool profile; /* a file of policy.d/profiles: adds a profile of its basename */
};

struct policy {
	const struct json *doc; /* everything merged */
	enum mode mode;
	/* While the workload is not known: to enforce, if any assignment says so. */
	enum mode mode_unplaced;
	const char *profile;
	bool on_error_allow;
	enum verify verify;
	const struct json *runtimes; /* array of absolute paths, or NULL: the built-in list */
	const struct json *profiles; /* object: name -> profile document */
	const struct json
		*seccomp; /* the file that seccomp.profile names, parsed; NULL: the default */
	const struct json *annotations; /* names that the runtime obeys by its own word, or NULL */
	const struct json *origins;	/* object: rule id -> name of the source that set it */
	const char *sha256; /* over all sources; of the empty text for the built-in policy */
};

/* count 0 gives the built-in policy: baseline, enforced. err: "file:line:column: what (found, expected)". */
bool policy_parse(struct arena *arena, const struct source *sources, size_t count,
		  struct policy *policy, struct error *err) must_check;

/* True if some match asks for what Docker's own record alone tells: image, digest, labels. */
bool policy_asks_record(const struct policy *policy);

/* What holds for one workload. */
struct selection {
	const char *profile; /* name as reported */
	enum profile base;
	enum mode mode;
	struct setting settings[RULES_MAX]; /* by rule_index */
};

/* floor: the profile argv[0] asks for; it can only make things stricter. */
void policy_select(struct arena *arena, const struct policy *policy,
		   const struct workload *workload, enum profile floor,
		   struct selection *selection);

/* The exemption that covers the rule for this workload today, or NULL; *allow is its parameter for the
 * rule (then the rule still applies, with more allowed), or NULL. today NULL: dates never pass. */
const char *policy_exempts(const struct policy *policy, const struct workload *workload,
			   const char *rule, const char *today, const struct json **allow);

/* True if the match object fits: every key, by trusted facts alone. */
bool policy_matches(const struct json *match, const struct workload *workload);

/* Exemptions that are expired, last less than 30 days, or are for ever: calls each for each. */
void policy_ageing(const struct policy *policy, const char *today,
		   void (*each)(void *data, const char *id, const char *what), void *data);

/* The effective policy as a document in the format of the policy file, for policy show. */
struct json *policy_show(struct arena *arena, const struct policy *policy,
			 const struct selection *selection);

#endif
