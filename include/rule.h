/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule is one table entry: what it is about, where it looks, a check that answers, and perhaps a fix
 * that edits. rule_apply runs one rule over a document and trusts nobody: a fix counts only when the
 * check then passes, otherwise the finding rejects.
 *
 * Rules are pure: what they must know of the host comes in struct host, of the workload in struct
 * workload, of the operator's wishes through the param_ functions.
 */
#ifndef SEAWALL_RULE_H
#define SEAWALL_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "host.h"
#include "identity.h"
#include "json.h"
#include "words.h"

enum action { ACTION_OFF, ACTION_AUDIT, ACTION_TIGHTEN, ACTION_REJECT };
enum profile { PROFILE_PRIVILEGED, PROFILE_BASELINE, PROFILE_RESTRICTED };

/* Where the judgement happens; rules may apply to some boundaries only. */
enum boundary {
	AT_CREATE,
	AT_RUN,
	AT_EXEC,
	AT_RESTORE,
	AT_UPDATE,
	AT_PRECREATE,
	AT_PRESTART,
	AT_CREATERUNTIME,
	AT_POSTSTART,
	AT_CHECKPOINT,
};

struct rule;

/* What the policy says of one rule, for the workload at hand. */
struct setting {
	enum action action;
	const struct json *params; /* the rule's object in the policy, or NULL */
	const struct json *extra;  /* an exemption's "allow" list for this rule, or NULL */
	const char *from;	   /* "profile baseline", "policy.d/10-web.json" ... */
};

struct judge {
	struct arena *arena;
	struct json *doc;     /* the config; at exec /process is the new process */
	struct json *command; /* what the command line says beside it: option -> value, or NULL */
	const struct json *container; /* at exec and update: the container's own config */
	const struct host *host;
	const struct workload *workload;
	enum boundary boundary;
	enum profile base;		/* profile the parameters' defaults come from */
	const struct json *policy;	/* the policy's document, for members beside "rules" */
	const struct json *annotations; /* names that the runtime obeys by its own word, or NULL */
	const struct json
		*seccomp; /* the profile in place of the default, as written; NULL: none */

	/* of the rule being applied */
	const struct rule *rule;
	struct setting setting;
	const struct json *culprit; /* set by a check: the node to blame, when below the place */
	bool unproven;		    /* set by a check: this host cannot tell */
	bool mild;		    /* set by a check: to be audited at most */
	struct json *filter;	    /* of the seccomp rules: what a fix puts in, or has put in */
	const struct syscalls_target *target; /* of the seccomp rules, for the final capabilities */
	struct source_read *sources;	      /* of the rules about binds: what they have read */
	bool allowed_known;		      /* of the rule "capabilities": its list, as a set */
	uint64_t allowed;
};

/* One place a rule looks at. */
struct place {
	const char *pointer; /* NULL during the first check: most pass and need no words */
	const char *key;     /* of the member; NULL for an element of an array */
	struct json *parent; /* NULL if that is missing too */
	struct json *node;   /* NULL if absent */
};

enum param_type { PARAM_NONE, PARAM_WORDS, PARAM_NUMBER, PARAM_PATHS, PARAM_DEVICES };

struct rule_param {
	const char *name; /* member of the rule's object in the policy: "allow", "limit" */
	enum param_type type;
	const char *baseline, *restricted; /* defaults, words separated by spaces */
	const char *what;
};

enum {
	RULE_ALWAYS = 1,     /* cannot be switched off, audited or exempted */
	RULE_PRIVILEGED = 2, /* covered by an exemption for "privileged" */
	RULE_EXEC = 4,	     /* also at exec although its path is not below /process */
	RULE_EXEC_ONLY = 8,
	RULE_UPDATE_ONLY = 16,
	RULE_CHECKPOINT = 64, /* also when a container is written out */
	RULE_NARROWS = 32,    /* the fix only narrows what is allowed: tried under reject too */
};

/* What only the operator's program tells: shim and hook have neither the text nor a pointer to set up. */
#ifdef SEAWALL_UNTOLD
#define TOLD(text) NULL
#else
#define TOLD(text) text
#endif

struct rule {
	const char *id, *title, *why, *want; /* want: what is expected at the place */
	const char *refs;		     /* "CIS Docker 1.6 5.3; PSS Capabilities; ..." */
	/*
	 * Where it looks: a pointer in which "*" stands for every element or member. "/mounts/N" gives
	 * one place per mount; a last part that is absent gives a place whose node is NULL. "--no-pivot"
	 * is an option of the runtime's command line.
	 */
	const char *path;
	/*
	 * NULL if the rule holds at the place, else why not: "is the host's root". The value found is put
	 * in front of a reason that begins with "is ", "are " or "leads "; others stand alone.
	 */
	const char *(*check)(struct judge *judge, const struct place *place);
	/* Edits so that the check may pass; NULL: nothing can be done, reject. */
	void (*fix)(struct judge *judge, const struct place *place);
	const char *arg; /* for checks that rules share */
	enum action baseline, restricted;
	unsigned flags;
	struct rule_param params[2];
};

struct rule_table {
	const char *theme;
	const struct rule *rules;
	size_t count;
};

enum outcome {
	OUTCOME_NONE,
	OUTCOME_AUDITED,
	OUTCOME_TIGHTENED,
	OUTCOME_REJECTED,
	OUTCOME_EXEMPTED,
	OUTCOME_UNPROVEN
};

struct finding {
	const char *rule, *pointer;
	const char *found; /* the value as JSON, cut and with secrets left out; NULL absent */
	const char *want;
	const char *message;
	const char *fixed; /* the value after a fix, as found; NULL */
	enum action action;
	enum outcome outcome, would; /* would: in audit mode */
	const char *exemption;	     /* id, or NULL */
	struct finding *next;
};

struct findings {
	struct finding *first, *last;
	size_t count;
};

/* True if the rule has a say at this boundary. */
bool rule_applies(const struct rule *rule, enum boundary boundary);

/* Applies judge->rule with judge->setting to judge->doc. exemption: id of one that covers it, or NULL. */
void rule_apply(struct judge *judge, const char *exemption, struct findings *findings);

struct finding *findings_add(struct arena *arena, struct findings *findings, const char *rule,
			     const char *pointer);

/* Parameters of the rule at hand: the policy's if it gives the member, else the rule's defaults. */
bool param_word(const struct judge *judge, const char *name, const char *word);
uint64_t param_number(const struct judge *judge, const char *name); /* 0 if none */
/* The list itself: the policy's array, or the defaults as array; NULL when there is neither. */
const struct json *param_list(const struct judge *judge, const char *name);

/* Checks and fixes that rules share. */
const char *check_true(struct judge *judge, const struct place *place); /* true stands here */
void fix_true(struct judge *judge, const struct place *place);
const char *check_absent(struct judge *judge,
			 const struct place *place); /* nothing, null, [] or {} */
void fix_remove(struct judge *judge, const struct place *place);
/* Variables by which a loader or C library runs foreign code or opens foreign files: "LD_PRELOAD=...". */
bool environment_is_loader(const char *entry);
/* Sets the value at the place, making what objects are missing on the way. */
void place_set(struct judge *judge, const struct place *place, struct json *value);

/* rules.c: all rules, in the order they are applied and reported. The cursor begins as { 0 }. */
struct rule_cursor {
	size_t table, index;
};
const struct rule *rule_next(struct rule_cursor *cursor); /* NULL past the end */
const struct rule *rule_at(size_t index);		  /* NULL past the end */
const struct rule *rule_find(const char *id);		  /* NULL unknown */
size_t rule_index(const struct rule *rule);
size_t rule_count(void);

const char *action_name(enum action action);
const char *outcome_name(enum outcome outcome);
const char *profile_name(enum profile profile);
const char *boundary_name(enum boundary boundary);

#endif
