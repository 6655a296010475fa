/* SPDX-License-Identifier: Apache-2.0 */
/* Reading profiles that an operator writes. Inside the container room only. */
#ifndef SEAWALL_SYSCALLS_RESOLVE_H
#define SEAWALL_SYSCALLS_RESOLVE_H

#include "syscalls_rules.h"

struct resolve {
	struct arena *arena;
	const struct syscalls_target *target;
	const char *text;
	size_t len;
	struct error *err;
};

/* The object but for its rules, and one rule: errors say line and column. */
bool resolve_check_top(const struct resolve *resolve, const struct json *doc) must_check;
bool resolve_check_rule(const struct resolve *resolve, const struct json *rule) must_check;

/* "4.8" as KERNEL(4, 8); 0 if it is none. */
int resolve_kernel(const char *text);
/* "EPERM" as 1; -1 if it is unknown, or no text. */
int resolve_errno(const struct json *name);

#endif
