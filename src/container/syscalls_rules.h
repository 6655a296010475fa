/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading and writing the rules of OCI seccomp objects. Inside the container room only. Texts and keys
 * that are written are not copied: they are constants, or live in the arena already.
 */
#ifndef SEAWALL_SYSCALLS_RULES_H
#define SEAWALL_SYSCALLS_RULES_H

#include "syscalls_book.h"

#define SPEC_ALLOW "SECCOMP_FILTER_FLAG_SPEC_ALLOW"

/* What software expects of a call that it may not use; the engines' default too. */
#define SYSCALLS_ERRNO 1
/* "no such call": C libraries then fall back to clone, whose flags a filter can see. */
#define SYSCALLS_CLONE3_ERRNO 38

enum act { ACT_UNKNOWN, ACT_BLOCK, ACT_PASS, ACT_NOTIFY };

/* What an action comes to; NULL is unknown. */
enum act act_of(const char *action);
enum act rule_act(const struct json *rule);
bool rule_has_args(const struct json *rule);

struct json *text_node(struct arena *arena, const char *text);
struct json *number_node(struct arena *arena, uint64_t value);

/* Adds a member that the object does not have yet. */
static inline void member_add(struct json *object, const char *key, struct json *value)
{
	value->key = key;
	value->key_len = (uint32_t)strlen(key);
	json_push(object, value);
}

/* A rule without names. */
struct json *rule_new(struct arena *arena, const char *action);
void rule_add_name(struct arena *arena, struct json *rule, const char *name, size_t len);
void rule_add_args(struct arena *arena, struct json *rule, const struct way *way);
/* The rule without names and without what runtimes do not know. */
struct json *rule_plain(struct arena *arena, const struct json *rule);
/* {"names":["clone3"],"action":"SCMP_ACT_ERRNO","errnoRet":38} */
struct json *rule_clone3(struct arena *arena);

#endif
