/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operator's command: a table of subcommands, one file each in src/doors/ctl. Help, completion and
 * the reading of options come from the same tables, so that they cannot disagree.
 *
 * A command gets its options and arguments read and checked, prints its answer with ctl_out and returns
 * what the program exits with.
 */
#ifndef SEAWALL_CTL_H
#define SEAWALL_CTL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "arena.h"
#include "error.h"
#include "harden.h"
#include "json.h"
#include "policy.h"
#include "report.h"

enum ctl_status {
	CTL_GOOD,
	CTL_NO,	    /* the answer is no */
	CTL_FAILED, /* could not be done: usage, unreadable, not understood */
};

#define CTL_OPTIONS_MAX 12

struct ctl_option {
	const char *name; /* long, without dashes; NULL ends a list */
	char letter;	  /* 0 without one */
	const char *
		value; /* "FILE"; "text|json" is a choice, its first word the default; NULL: a flag */
	const char *what;
};

struct ctl;

struct ctl_command {
	const char *name;     /* "check"; "policy show" stands below "policy" */
	const char *args;     /* "FILE|BUNDLE..." or NULL */
	const char *what;     /* one line */
	const char *about;    /* paragraphs, one per line; wrapped when shown */
	const char *examples; /* lines, or NULL */
	const struct ctl_option *options;
	size_t min, max; /* how many arguments */
	enum ctl_status (*run)(struct ctl *ctl);
};

struct ctl {
	struct arena *arena;
	const struct ctl_command *command;
	const char *values[CTL_OPTIONS_MAX]; /* by option; NULL if not given, "" for a flag */
	const char **args;		     /* NULL-terminated */
	size_t count;
	bool color;
	unsigned width; /* of the terminal; 80 without one */
};

/* Options that several commands share, as elements of their lists. */
#define CTL_POLICY                                                                       \
	{                                                                                \
		"policy", 0, "FILE", "judge by this policy instead of the installed one" \
	}
#define CTL_PROFILE                                                                    \
	{                                                                              \
		"profile", 0, "NAME",                                                  \
			"privileged, baseline, restricted, or one of the policy's own" \
	}
#define CTL_HOST                                                             \
	{                                                                    \
		"host", 0, "FILE", "judge by recorded facts of another host" \
	}
#define CTL_OFFLINE                                                                \
	{                                                                          \
		"offline", 0, NULL, "look at no host at all; judge by names alone" \
	}
#define CTL_COLOR                                                                \
	{                                                                        \
		"color", 0, "auto|always|never", "colours on a terminal, or not" \
	}
#define CTL_END                     \
	{                           \
		NULL, 0, NULL, NULL \
	}

/* commands.c: the table; NULL past the end. */
const struct ctl_command *ctl_command_at(size_t index);

/* options.c */
bool ctl_read(struct ctl *ctl, const char *const *words, struct error *err) must_check;
/* The value of an option, the default of a choice, "" for a flag that was given; else NULL. */
const char *ctl_value(const struct ctl *ctl, const char *name);
bool ctl_is(const struct ctl *ctl, const char *name, const char *value);
/* The nearest of the words that next(data, i) gives until NULL: " (did you mean X?)" or "". */
const char *ctl_guess(struct arena *arena, const char *word,
		      const char *(*next)(const void *data, size_t index), const void *data);

/* help.c */
void ctl_help(const struct ctl *ctl, struct text *text, const char *group);
void ctl_help_command(const struct ctl *ctl, struct text *text);
/* Adds words, wrapped between indent and the width of the terminal; at is the column it begins in. */
void ctl_wrap(const struct ctl *ctl, struct text *text, unsigned indent, unsigned at,
	      const char *words);

/* output.c */
enum ctl_status ctl_out(const struct text *text, enum ctl_status status);
/* A document, indented, with a newline behind it. */
void ctl_put_json(struct text *text, const struct json *json);
/* "seawall: ..." on stderr; always CTL_FAILED. */
enum ctl_status ctl_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
enum ctl_status ctl_worse(enum ctl_status a, enum ctl_status b);
/* Colours for the text of a person, or "". */
const char *ctl_red(const struct ctl *ctl);
const char *ctl_green(const struct ctl *ctl);
const char *ctl_bold(const struct ctl *ctl);
const char *ctl_dim(const struct ctl *ctl);
const char *ctl_off(const struct ctl *ctl);

/* subject.c: what is judged, and by what. */
struct subject {
	const char *name; /* as the operator wrote it, for messages */
	struct task task;
	struct stat stat; /* of the file; not for stdin */
	const char *path; /* of the file; NULL for stdin */
};

/* The policy that --policy and --profile ask for. */
bool ctl_policy(const struct ctl *ctl, struct policy *policy, struct error *err) must_check;
/* Reads a config.json, a bundle, or with "-" standard input. */
bool ctl_subject(const struct ctl *ctl, const char *path, const struct policy *policy,
		 struct subject *subject, struct error *err) must_check;
/* json_parse, with "name:line:column: " in err. */
struct json *ctl_parse(struct arena *arena, const char *name, const char *text, size_t len,
		       struct error *err) must_check;
/* Says on stderr why a document could not be judged. Always CTL_FAILED. */
enum ctl_status ctl_unread(struct arena *arena, const struct subject *subject,
			   const struct report *report);

/* One judged file, for the formats of check. */
struct judged {
	struct subject subject;
	struct report report;
	bool counts; /* bad enough for --fail-on */
};

/* sarif.c, junit.c */
void ctl_sarif(struct arena *arena, struct text *text, const struct judged *judged, size_t count);
void ctl_junit(struct arena *arena, struct text *text, const struct judged *judged, size_t count,
	       enum outcome fail_on);
/* True if a finding is as bad as fail_on, or worse. */
bool ctl_counts(const struct finding *finding, enum outcome fail_on);

/* lines.c: a unified diff; nothing when both are equal. */
void ctl_unified(const struct ctl *ctl, struct text *text, const char *before, const char *after,
		 const char *name);
/* patch.c: RFC 6902. */
struct json *ctl_patch(struct arena *arena, const struct json *before, const struct json *after);

/* rules.c */
void ctl_rules_text(const struct ctl *ctl, struct text *text);
/* rules_json.c */
void ctl_rules_json(struct arena *arena, struct text *text);
struct json *ctl_rule_json(struct arena *arena, const struct rule *rule);
/* rules_doc.c */
void ctl_rules_markdown(struct arena *arena, struct text *text);
void ctl_rules_man(struct arena *arena, struct text *text);
/* The words of a rule's parameter in a profile, for people. */
const char *ctl_param_text(struct arena *arena, const struct rule_param *param,
			   enum profile profile);
/* The action of a rule in a profile. */
enum action ctl_action(const struct rule *rule, enum profile profile);

/* policy_schema.c, starters.c */
struct json *ctl_schema(struct arena *arena);
/* The starter policy for a kind of machine; NULL if there is none. */
const char *ctl_starter(const char *kind);

/* The commands. */
enum ctl_status ctl_check(struct ctl *ctl);
enum ctl_status ctl_diff(struct ctl *ctl);
enum ctl_status ctl_apply(struct ctl *ctl);
enum ctl_status ctl_explain(struct ctl *ctl);
enum ctl_status ctl_rules(struct ctl *ctl);
enum ctl_status ctl_policy_check(struct ctl *ctl);
enum ctl_status ctl_policy_show(struct ctl *ctl);
enum ctl_status ctl_policy_init(struct ctl *ctl);
enum ctl_status ctl_policy_schema(struct ctl *ctl);
enum ctl_status ctl_policy_update(struct ctl *ctl);
enum ctl_status ctl_verify(struct ctl *ctl);
enum ctl_status ctl_scan(struct ctl *ctl);
enum ctl_status ctl_completion(struct ctl *ctl);

#endif
