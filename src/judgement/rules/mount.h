/* SPDX-License-Identifier: Apache-2.0 */
/* What the rules about mounts share: one mount read, and which host paths are the engine's own. */
#ifndef SEAWALL_RULES_MOUNT_H
#define SEAWALL_RULES_MOUNT_H

#include "rule.h"

/* Runtimes go by the options: with bind or rbind the type means nothing to them. */
bool mount_is_bind(const struct json *mount);
/* The file system that is mounted, "bind" for binds whatever their type says. */
const char *mount_kind(const struct json *mount);
/* True if one of the words is an option of the mount. */
bool mount_has(const struct json *mount, const char *words);
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

/*
 * What a source is to the workload's engine. given is the source as written, real where it leads:
 * either may go through a link that a data root is. *base gets the engine's directory it is in.
 */
enum own engine_owns(struct judge *judge, const char *given, const char *real, const char **base);

/* True if the path lies in a directory where the workload's engine keeps root file systems. */
bool engine_stores(struct judge *judge, const char *path);

#endif
