/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading and replacing files, safely: the checks are made on the open descriptor, never on a name.
 */
#ifndef SEAWALL_FILE_H
#define SEAWALL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "arena.h"
#include "error.h"

/* Closes the descriptor when the variable goes out of scope. */
#define cleanup_fd __attribute__((cleanup(file_cleanup)))
void file_cleanup(int *fd);

enum {
	FILE_OWNED = 1,	   /* owner root (or ourselves), not writable by group or others */
	FILE_NOFOLLOW = 2, /* the last part may not be a symbolic link */
	FILE_ANY = 4,  /* pipes and the like too: read to the end (stdin, process substitution) */
	FILE_LEFT = 8, /* stays open until execve or the end: of what a run does once */
};

/*
 * Root's or our own. In a user namespace that has no number for root, as rootless engines live in, root's
 * files are seen as nobody's, and so are other people's: there it rests on who may write the directories
 * on the way.
 */
bool file_owner_trusted(uid_t uid);

/*
 * True if not even a link that leads nowhere has the name: what is broken is not missing. faccessat, which
 * could tell, fails in musl on kernels before 5.8.
 */
bool file_missing(int dirfd, const char *name);

/* Largest document that is read, in bytes. */
#define FILE_SIZE_MAX (16u << 20)

/*
 * Reads a whole regular file below dirfd (AT_FDCWD for a plain path), NUL-terminated in the arena.
 * stat may be NULL. err says what, without the path.
 */
char *file_read(struct arena *arena, int dirfd, const char *path, unsigned flags, size_t *len,
		struct stat *stat, struct error *err) must_check;
char *file_read_fd(struct arena *arena, int fd, unsigned flags, size_t *len, struct stat *stat,
		   struct error *err) must_check;

/*
 * Puts data in place of dirfd/name: a temporary file beside it with the owner and mode of like, then
 * a rename. The old file or the new one stands there, whatever happens. Temporary names are fixed per
 * name, so that a retry after a crash removes what was left. flags: FILE_LEFT, or 0.
 */
bool file_replace(int dirfd, const char *name, const char *data, size_t len,
		  const struct stat *like, unsigned flags, struct error *err) must_check;

/* SHA-256 in hexadecimal, 64 characters and a NUL. */
void file_sha256(const char *data, size_t len, char hex[65]);

/* The same of several texts: what the processor can do is found out once. */
struct file_hash {
	const char *data;
	size_t len;
	char hex[65];
};

void file_hash(struct file_hash *hashes, size_t count);

#endif
