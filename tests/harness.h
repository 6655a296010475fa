/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of judgement share: a subject is a document with everything that belongs to it, read
 * from a directory of tests/cases or from the recordings of tests/corpus. Errors of the test data
 * themselves end the program: a case that cannot be read is a failure, never a skip.
 */
#ifndef SEAWALL_TESTS_HARNESS_H
#define SEAWALL_TESTS_HARNESS_H

#include "arena.h"
#include "harden.h"
#include "json.h"
#include "policy.h"

struct subject {
	const char *name; /* where it comes from, for messages */
	struct policy policy;
	struct task task; /* task.policy points at policy */
};

/* Ends the program with a message. */
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* A file's text; NULL if there is no such file. */
char *slurp(struct arena *arena, const char *path, size_t *len);
void spill(const char *path, const char *text, size_t len);

/* Parses a JSON file of the test data; NULL if there is no such file. */
struct json *slurp_json(struct arena *arena, const char *path);

/* The names in a directory, sorted, without those that begin with a dot. NULL-terminated. */
char **names_in(struct arena *arena, const char *dir);

/* The built-in policy with one document on top; text NULL: nothing on top. */
void policy_of(struct arena *arena, const char *name, const char *text, struct policy *policy);

/* Reads tests/cases/RULE/CASE; name is its directory. */
void subject_case(struct arena *arena, const char *dir, struct subject *subject);

/* Reads one row of tests/corpus/index.json. */
void subject_corpus(struct arena *arena, const struct json *row, struct subject *subject);

/* Calls each for every case in the order of their names, and says how many there were. */
size_t cases_each(struct arena *arena,
		  void (*each)(void *data, struct arena *arena, const char *rule, const char *name,
			       const char *dir),
		  void *data);

/* The rows of tests/corpus/index.json. */
const struct json *corpus_index(struct arena *arena);

/* A copy without the annotations that seawall itself writes, and without an annotations object that is
 * then empty. */
struct json *unsigned_copy(struct arena *arena, const struct json *doc);

#endif
