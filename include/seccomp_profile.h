/* SPDX-License-Identifier: Apache-2.0 */
/* The seccomp profile that a policy names in "seccomp": {"profile": "/path"}. */
#ifndef SEAWALL_SECCOMP_PROFILE_H
#define SEAWALL_SECCOMP_PROFILE_H

#include "arena.h"
#include "error.h"
#include "policy.h"

/*
 * Reads and checks the file, with the FILE_* flags, and puts it into the policy; its text becomes part
 * of the policy's hash. Nothing to do for "default". err says file, line and column.
 */
bool seccomp_profile_load(struct arena *arena, unsigned flags, struct policy *policy,
			  struct error *err) must_check;

#endif
