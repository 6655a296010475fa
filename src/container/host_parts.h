/* SPDX-License-Identifier: Apache-2.0 */
/* The parts the real host is made of. */
#ifndef SEAWALL_HOST_PARTS_H
#define SEAWALL_HOST_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "host.h"

struct mount_row {
	int id;
	const char *device;  /* "major:minor" */
	const char *root;    /* the directory of that filesystem that is mounted */
	const char *point;   /* where */
	const char *kind;    /* "ext4", "overlay" */
	const char *options; /* of the file system: "rw,lowerdir=..." */
	struct mount_row *next;
};

/* Reads /proc/self/mountinfo's text. A row that is not understood is NULL for all: closed. */
struct mount_row *mounts_parse(struct arena *arena, const char *text);

/*
 * As host->aliases. id and base are the mounts of the question's real path and base (0: none);
 * UNKNOWN if id is not in the table.
 */
enum fact mounts_aliases(struct arena *arena, const struct mount_row *rows, int id, int base,
			 const struct alias_question *question);

/* As host->ns. */
enum host_ns host_ns(struct arena *arena, const char *type, const char *path, const char *sandbox);

/* As host->sockets. */
enum fact host_sockets(const char *real);

#endif
