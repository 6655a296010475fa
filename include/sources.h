/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The installed policy, read from disk: SYSCONFDIR/seawall/policy.json, policy.d, policy.d/profiles. Every
 * file and directory must be owned by root and not writable by others; checked on the descriptor.
 */
#ifndef SEAWALL_SOURCES_H
#define SEAWALL_SOURCES_H

#include "arena.h"
#include "error.h"
#include "policy.h"

/* No policy at all is the built-in one. */
bool policy_load(struct arena *arena, struct policy *policy, struct error *err) must_check;

/* FILE of --policy, with FILE's directory's policy.d left alone; ownership is not asked for. */
bool policy_load_file(struct arena *arena, const char *path, struct policy *policy,
		      struct error *err) must_check;

/*
 * What Docker itself wrote of the container that the call is about; NULL, and nothing is read, unless the
 * policy matches on what only that tells.
 */
const struct json *policy_record(struct arena *arena, const struct policy *policy,
				 const struct call_facts *call);

/* The little that commands which are handed on need, wherever the policy can be read at all: "state"
 * and "kill" must work while a broken policy stops "create". */
struct handing_on {
	const struct json *runtimes; /* NULL: the built-in list */
	bool audit;
};

void policy_handing_on(struct arena *arena, struct handing_on *handing_on);

#endif
