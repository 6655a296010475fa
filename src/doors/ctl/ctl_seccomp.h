/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands below "seawall seccomp" share. */
#ifndef SEAWALL_CTL_SECCOMP_H
#define SEAWALL_CTL_SECCOMP_H

#include "ctl.h"
#include "filter.h"
#include "syscalls.h"

/* A profile as it was given, and what it is held against. */
struct ctl_seccomp {
	const char *name;
	const struct json *config; /* NULL unless it came within a config.json */
	const struct json *profile;
	bool resolved; /* it had conditions, which are for engines to resolve */
	struct syscalls_target target;
};

/* Reads a config.json, an OCI seccomp object, or a profile in the format of moby and containers. */
bool ctl_profile(const struct ctl *ctl, const char *path, struct ctl_seccomp *given,
		 struct error *err) must_check;

/* The same, with nothing to be held against. */
bool ctl_profile_alone(const struct ctl *ctl, const char *path, struct ctl_seccomp *given,
		       struct error *err) must_check;

/* --caps; without it what Docker gives. */
bool ctl_caps(const struct ctl *ctl, caps_set *caps, struct error *err) must_check;

/* For a profile that takes libseccomp forever: half a minute. */
void ctl_seccomp_limit(void);

/* For struct host's filter: compiles the profile right here. */
enum fact ctl_filter(const struct host *host, struct arena *arena, const struct json *seccomp,
		     const struct syscalls_target *target, struct json **replacement);

enum ctl_status ctl_seccomp_show(struct ctl *ctl);
enum ctl_status ctl_seccomp_calls(struct ctl *ctl);
enum ctl_status ctl_seccomp_check(struct ctl *ctl);
enum ctl_status ctl_seccomp_compare(struct ctl *ctl);
enum ctl_status ctl_seccomp_generate(struct ctl *ctl);

#endif
