/* SPDX-License-Identifier: Apache-2.0 */
/* The parts the real host is made of. */
#ifndef SEAWALL_HOST_PARTS_H
#define SEAWALL_HOST_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "host.h"
#include "mountinfo.h"

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

/* As host->tenant. */
const char *host_tenant(struct arena *arena, const char *lists, const char *layer);

#endif
