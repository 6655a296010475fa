/* SPDX-License-Identifier: Apache-2.0 */
/* Between the verify files only. */
#ifndef SEAWALL_VERIFY_PARTS_H
#define SEAWALL_VERIFY_PARTS_H

#include "verify.h"

/* One of the config's mounts and what really stands at its destination. */
struct placed {
	const struct json *mount;
	const char *destination;
	struct kernel_spot spot;
	struct kernel_spot source; /* of a bind: on the host */
	bool bind, hidden;	   /* hidden: below or behind a later mount */
};

struct compare {
	struct arena *arena;
	const struct json *config;
	const struct kernel *kernel, *host;
	const struct host *judged;
	struct findings *findings;
	const char *root; /* where the root file system really lies on the host, or NULL */
	struct placed *placed;
	size_t count;
};

/* The kernel enforces found where the config's pointer wants want. */
struct finding *verify_differs(const struct compare *compare, const char *rule, const char *pointer,
			       const char *found, const char *want, const char *message);

/* The text at a pointer of the config; "" if there is none. */
const char *verify_text(const struct compare *compare, const char *pointer);

/* verify.c: what the program may do by now without anybody having weakened anything. */
bool verify_may(const struct compare *compare, const char *capability);

/* The entry of a type among the config's namespaces, or NULL. */
const struct json *verify_namespace(const struct json *config, const char *type);

/* verify_kinds.c: what is mounted is a file system of the kind asked for, made for the container. */
void verify_kind(const struct compare *compare, const char *pointer, const struct placed *placed);
/* The host has that very file system mounted, too. */
bool verify_is_hosts(const struct compare *compare, const struct mount_row *row);
/* All of a file system that the host has not mounted. */
bool verify_is_made(const struct compare *compare, const struct mount_row *row);

/* verify_cgroup.c: the process's cgroup. */
void verify_cgroup(const struct compare *compare);
bool verify_of_cgroup(const struct json *mount);
/* Why the row is not what the config's mount of cgroups asks for; NULL if it is. */
const char *verify_cgroup_mount(const struct compare *compare, const struct json *mount,
				const struct mount_row *row);

/* verify_user.c: ids, groups, maps, limits. */
void verify_user(const struct compare *compare);

/* verify_mounts.c. all: flags, masks and the root too, which stand only in the end. */
void verify_mounts(struct compare *compare, bool all);
/* Where a spot of the host's lies in its file system, "major:minor/path"; NULL if that cannot be told. */
const char *verify_place_of(struct arena *arena, const struct kernel_spot *spot);
/* The same of a mount's root. */
const char *verify_place_mounted(struct arena *arena, const struct mount_row *row);
bool verify_has_flag(const char *flags, const char *word);

/* verify_others.c: masks, read-only paths, and mounts that the config does not name. */
void verify_masks(const struct compare *compare);
void verify_others(const struct compare *compare);
/* Hooks of the policy's run before the start that may bring devices, and mounts. */
bool verify_hooks_bring(const struct compare *compare);

/* verify_devices.c: nodes in /dev that the config does not name. */
void verify_devices(const struct compare *compare);

#endif
