/* SPDX-License-Identifier: Apache-2.0 */
/* The mount table of a process: proc(5), /proc/PID/mountinfo. */
#ifndef SEAWALL_MOUNTINFO_H
#define SEAWALL_MOUNTINFO_H

#include <stdbool.h>

#include "arena.h"

struct mount_row {
	int id;
	const char *device;  /* "major:minor" */
	const char *root;    /* the directory of that filesystem that is mounted */
	const char *point;   /* where */
	const char *flags;   /* of the mount: "ro,nosuid,relatime" */
	const char *kind;    /* "ext4", "overlay" */
	const char *options; /* of the file system: "rw,lowerdir=..." */
	bool shared;	     /* what is mounted here is mounted elsewhere too */
	bool slave;	     /* what is mounted elsewhere is mounted here too */
	struct mount_row *next;
};

/* Reads mountinfo's text. A row that is not understood makes it NULL: closed. */
struct mount_row *mounts_parse(struct arena *arena, const char *text);

#endif
