/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where config.json, process.json and the container's own config are found, read and replaced.
 */
#ifndef SEAWALL_BUNDLE_H
#define SEAWALL_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "arena.h"
#include "error.h"
#include "json.h"

struct bundle {
	int fd;		  /* the bundle directory, O_PATH */
	const char *path; /* canonical */
	const char *text; /* config.json */
	size_t len;
	struct stat stat;
	const struct json *state; /* by bundle_find: what the runtime wrote of the container */
	const char *runtime;	  /* whose state that is: "runc" or "crun" */
};

/*
 * Opens a bundle (path NULL: the working directory) and reads its config.json once. With change, one that
 * belongs to the root of the container's user namespace is made ours first.
 */
bool bundle_read(struct arena *arena, const char *path, bool change, struct bundle *bundle,
		 struct error *err) must_check;

bool bundle_replace(const struct bundle *bundle, const char *text, size_t len,
		    struct error *err) must_check;

/*
 * Finds the bundle of a container that exists, through the runtime's state below root: runc's
 * ROOT/ID/state.json (the last "bundle=" label), crun's ROOT/ID/status. root NULL: the runtime's
 * default directories.
 */
bool bundle_find(struct arena *arena, const char *root, const char *id, bool change,
		 struct bundle *bundle, struct error *err) must_check;

/* No runtime has such a container below root. */
bool bundle_missing(struct arena *arena, const char *root, const char *id);

/* The directory that runc takes for root when it is not told one. */
const char *bundle_root(struct arena *arena);

/* What runc has created waits for its start, and runs nothing yet. */
bool bundle_waits(struct arena *arena, const char *root, const char *id);

/*
 * A file in memory that nobody else can reach or change. Its descriptor stays open across execve; the
 * runtime opens it as /proc/self/fd/FD. -1 and err if it cannot be made.
 */
int bundle_private(const char *text, size_t len, struct error *err) must_check;

#endif
