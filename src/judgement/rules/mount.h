/* SPDX-License-Identifier: Apache-2.0 */
/* What the rules about mounts share: one mount read, and which host paths are the engine's own. */
#ifndef SEAWALL_RULES_MOUNT_H
#define SEAWALL_RULES_MOUNT_H

#include "rule.h"

/* Runtimes go by the options: with bind or rbind the type means nothing to them. */
bool mount_is_bind(const struct json *mount);
/* The file system that is mounted, "bind" for binds whatever their type says. */
const char *mount_kind(const struct json *mount);
/* Those options of the mount that rules ask for. */
enum {
	OPTION_BIND = 1 << 0, /* or rbind */
	OPTION_RBIND = 1 << 1,
	OPTION_RO = 1 << 2,
	OPTION_RRO = 1 << 3,
	OPTION_RW = 1 << 4, /* or rrw */
	OPTION_NOSUID = 1 << 5,
	OPTION_SUID = 1 << 6, /* these as well with an r in front */
	OPTION_NODEV = 1 << 7,
	OPTION_DEV = 1 << 8, /* likewise */
	OPTION_SYNC = 1 << 9,
	OPTION_ASYNC = 1 << 10,
	OPTION_NOSYMFOLLOW = 1 << 11, /* and these */
	OPTION_SYMFOLLOW = 1 << 12,
	OPTION_SHARED = 1 << 13,
	OPTION_SLAVE = 1 << 14,
};
unsigned mount_options(const struct json *mount);
void mount_add(struct judge *judge, struct json *mount, const char *option);
void mount_drop(struct json *mount, const char *words);
/* Read-only, what is mounted below included where the kernel can do that. */
void mount_readonly(struct judge *judge, struct json *mount);
/* The rule mount-options. */
const char *mount_check_options(struct judge *judge, const struct place *place);
void mount_fix_options(struct judge *judge, const struct place *place);
/* The destination without "//" and trailing "/", or NULL. */
const char *mount_destination(struct arena *arena, const struct json *mount);

/* The namespace entry of a type, or NULL. */
const struct json *namespace_of(const struct json *doc, const char *type);

enum own {
	OWN_NOT,
	OWN_FILE,	/* made by the engine for this container or pod */
	OWN_VOLUME,	/* of the engine: its other names must be allowed as well */
	OWN_POD_VOLUME, /* made by the kubelet: claims and drivers put anything there */
	OWN_SUBPATH,	/* a part of one of the pod's volumes, bound by the kubelet */
	OWN_PROGRAM,	/* the engine's init: read-only alone */
};

/* A bind's source and where it leads. */
struct source {
	const struct json *mount;
	const char *given;
	struct host_path where;
	enum own own;
	const char *base;
};

/* False if the place, a mount's source, is no bind's. */
bool source_read(struct judge *judge, const struct place *place, struct source *source);

/* The entry of the list "allow" that the path is in, or NULL. */
const struct json *source_listed(struct judge *judge, const char *path);

/* True if the path is a directory of the host's that matters, or lies below or above one. */
bool source_protected(struct judge *judge, const char *path);

/*
 * Why a source that is allowed by its name is not for another name of its place; NULL if it is. For
 * volumes that an engine's users define, for others, and for parts of a pod's volumes.
 */
const char *source_check_volume(struct judge *judge, const struct source *source);
const char *source_check_names(struct judge *judge, const struct source *source, const char *base);
const char *source_check_subpath(struct judge *judge, const struct source *source);

/*
 * What a source is to the workload's engine. given is the source as written, real where it leads:
 * either may go through a link that a data root is. *base gets the engine's directory it is in.
 */
enum own engine_owns(struct judge *judge, const char *given, const char *real, const char **base);

/* True if the path lies in a directory where the workload's engine keeps root file systems. */
bool engine_stores(struct judge *judge, const char *path);

#endif
