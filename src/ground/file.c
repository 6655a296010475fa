/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and replacing files; what matters is checked on the open descriptor, never on a name. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

/* Pipes and files of /proc do not tell how long they are; most are short. */
#define READ_STEP (4u << 10)

#define NOBODY 65534 /* how an id is seen that our user namespace has no number for */

void file_cleanup(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* Of the first user namespace, or of one that knows root by another number. */
static bool knows_root(void)
{
	static const char all[] = "         0          0 4294967295\n";
	char map[sizeof(all)] = "";
	int fd cleanup_fd = open("/proc/self/uid_map", O_RDONLY | O_CLOEXEC);

	return fd < 0 || read(fd, map, sizeof(map) - 1) != (ssize_t)sizeof(map) - 1 ||
	       memcmp(map, all, sizeof(map) - 1) == 0;
}

bool file_owner_trusted(uid_t uid)
{
	return uid == 0 || uid == geteuid() || (uid == NOBODY && !knows_root());
}

bool file_missing(int dirfd, const char *name)
{
	struct stat stat;

	return fstatat(dirfd, name, &stat, AT_SYMLINK_NOFOLLOW) < 0 &&
	       (errno == ENOENT || errno == ENOTDIR);
}

static bool check_owner(const struct stat *stat, struct error *err)
{
	if (!file_owner_trusted(stat->st_uid))
		return error_set(err, "wrong owner (found uid %u, expected 0); chown root it",
				 (unsigned)stat->st_uid);
	if (stat->st_mode & (S_IWGRP | S_IWOTH))
		return error_set(
			err, "writable by others (found mode %04o, expected %04o); chmod go-w it",
			(unsigned)stat->st_mode & 07777,
			(unsigned)stat->st_mode & 07777 & ~(unsigned)(S_IWGRP | S_IWOTH));
	return true;
}

static bool too_large(struct error *err)
{
	return error_set(err, "too large (expected at most %u MiB)", FILE_SIZE_MAX >> 20);
}

/* Reads to the end; a file that grows while it is read is as large as it was seen. */
static char *read_all(struct arena *arena, int fd, size_t hint, size_t *len, struct error *err)
{
	size_t size = hint ? hint + 1 : READ_STEP;
	char *data = arena_alloc(arena, size + 1);
	ssize_t got;

	*len = 0;
	for (;;) {
		got = read(fd, data + *len, size - *len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		*len += (size_t)got;
		/* As long as it was said to be, with room for more: that was all. */
		if (hint && *len == hint)
			break;
		if (*len > FILE_SIZE_MAX) {
			too_large(err);
			return NULL;
		}
		if (*len == size) {
			char *more = arena_alloc(arena, size * 2 + 1);

			memcpy(more, data, *len);
			data = more;
			size *= 2;
		}
	}
	if (got < 0) {
		error_errno(err, "cannot be read");
		return NULL;
	}
	data[*len] = '\0';
	return data;
}

char *file_read_fd(struct arena *arena, int fd, unsigned flags, size_t *len, struct stat *stat,
		   struct error *err)
{
	struct stat own;

	if (!stat)
		stat = &own;
	if (fstat(fd, stat) < 0) {
		error_errno(err, "cannot be examined");
		return NULL;
	}
	if (!S_ISREG(stat->st_mode) && !(flags & FILE_ANY)) {
		error_set(err, "not a regular file");
		return NULL;
	}
	if ((flags & FILE_OWNED) && !check_owner(stat, err))
		return NULL;
	if (stat->st_size > (off_t)FILE_SIZE_MAX) {
		too_large(err);
		return NULL;
	}
	return read_all(arena, fd, S_ISREG(stat->st_mode) ? (size_t)stat->st_size : 0, len, err);
}

/* O_NONBLOCK: a FIFO put in a file's place must not hold us up. It means nothing to regular files. */
char *file_read(struct arena *arena, int dirfd, const char *path, unsigned flags, size_t *len,
		struct stat *stat, struct error *err)
{
	int mode = O_RDONLY | O_CLOEXEC | O_NOCTTY;
	int fd cleanup_fd = -1;
	char *text;

	if (!(flags & FILE_ANY))
		mode |= O_NONBLOCK;
	if (flags & FILE_NOFOLLOW)
		mode |= O_NOFOLLOW;
	fd = openat(dirfd, path, mode);
	if (fd < 0) {
		error_errno(err, "cannot be opened");
		return NULL;
	}
	text = file_read_fd(arena, fd, flags, len, stat, err);
	if (flags & FILE_LEFT)
		fd = -1; /* NOLINT(clang-analyzer-deadcode.DeadStores): the cleanup reads it */
	return text;
}

static bool write_all(int fd, const char *data, size_t len, struct error *err)
{
	while (len > 0) {
		ssize_t put = write(fd, data, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return error_errno(err, "cannot be written");
		data += put;
		len -= (size_t)put;
	}
	return true;
}

/* Only what differs from what O_CREAT made is asked for: the usual file is root's with mode 0644. */
static bool take_after(int fd, const struct stat *like, struct error *err)
{
	struct stat own;

	if (!like)
		return true;
	if (fstat(fd, &own) < 0)
		return error_errno(err, "cannot be examined");
	if ((own.st_uid != like->st_uid || own.st_gid != like->st_gid) &&
	    fchown(fd, like->st_uid, like->st_gid) < 0)
		return error_errno(err, "owner cannot be set");
	if ((own.st_mode & 07777) != (like->st_mode & 07777) &&
	    fchmod(fd, like->st_mode & 07777) < 0)
		return error_errno(err, "mode cannot be set");
	return true;
}

/*
 * The mode to make the file with is known, and its owner where we are that. A group has no say in 0600, so
 * nothing is left to do: the usual config.json. A umask that took its owner's bits would only shut it.
 */
static bool made_alike(const struct stat *like)
{
	return like && (like->st_mode & 07777) == 0600 && like->st_uid == getauxval(AT_EUID);
}

/* Where the descriptor is closed its result is looked at: some filesystems report a full disk only then. */
static bool fill(int dirfd, const char *name, const char *data, size_t len, const struct stat *like,
		 unsigned flags, struct error *err)
{
	mode_t mode = like ? like->st_mode & 0777 : 0600;
	int how = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
	int fd = openat(dirfd, name, how, mode);
	bool good;

	if (fd < 0 && errno == EEXIST) {
		unlinkat(dirfd, name, 0);
		fd = openat(dirfd, name, how, mode);
	}
	if (fd < 0)
		return error_errno(err, "%s cannot be made", name);
	good = write_all(fd, data, len, err) && (made_alike(like) || take_after(fd, like, err));
	if (!(flags & FILE_LEFT) && close(fd) < 0 && good)
		good = error_errno(err, "cannot be closed");
	return good;
}

bool file_replace(int dirfd, const char *name, const char *data, size_t len,
		  const struct stat *like, unsigned flags, struct error *err)
{
	char temporary[256];
	int size = snprintf(temporary, sizeof(temporary), ".%s.seawall", name);

	if (size < 0 || (size_t)size >= sizeof(temporary))
		return error_set(err, "%s: name too long", name);
	if (!fill(dirfd, temporary, data, len, like, flags, err)) {
		unlinkat(dirfd, temporary, 0);
		return error_prefix(err, "%s", name);
	}
	if (renameat(dirfd, temporary, dirfd, name) < 0) {
		error_errno(err, "%s cannot be replaced", name);
		unlinkat(dirfd, temporary, 0);
		return false;
	}
	return true;
}
