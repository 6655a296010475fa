/* SPDX-License-Identifier: Apache-2.0 */
/* What stands at a path, as a process sees it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calls.h"
#include "file.h"
#include "kernel_parts.h"
#include "mountinfo.h"

int kernel_top(const struct kernel *kernel, struct arena *arena)
{
	if (*kernel->top < 0)
		*kernel->top =
			openat(kernel_dir(kernel), arena_printf(arena, "root%s", kernel->root),
			       O_PATH | O_DIRECTORY | O_CLOEXEC);
	return *kernel->top;
}

/* Beyond, looking for an answer takes longer than asking again. */
#define KNOWN_MAX 256

struct kernel_known {
	const struct mount_row *mounts; /* an answer is of the moment when these were read */
	const char *path;
	struct kernel_spot spot;
	enum { NOT_ASKED, EMPTY, NOT_EMPTY } inside;
	struct kernel_known *next;
};

struct kernel_looked {
	struct kernel_known *first;
	const struct mount_row *mounts; /* then */
	const char *dir;		/* the directory looked into last, open at fd; NULL: none */
	int fd;
	int why; /* errno, if it could not be opened */
};

struct kernel_looked *kernel_looked_new(struct arena *arena)
{
	struct kernel_looked *looked = arena_alloc(arena, sizeof(*looked));

	looked->fd = -1;
	return looked;
}

void kernel_looked_close(struct kernel_looked *looked)
{
	file_cleanup(&looked->fd);
	looked->fd = -1;
	looked->dir = NULL;
}

static int open_below(const struct kernel *kernel, struct arena *arena, const char *path)
{
	return calls_open(kernel_top(kernel, arena), path, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
}

/* Opens a directory; one after the other, as most paths are siblings. */
static int open_dir(const struct kernel *kernel, struct arena *arena, const char *path, size_t len)
{
	struct kernel_looked *looked = kernel->looked;

	if (looked->dir && looked->mounts == kernel->mounts && strlen(looked->dir) == len &&
	    memcmp(looked->dir, path, len) == 0) {
		errno = looked->why;
		return looked->fd;
	}
	kernel_looked_close(looked);
	looked->mounts = kernel->mounts;
	looked->dir = arena_strndup(arena, path, len);
	looked->fd = open_below(kernel, arena, looked->dir);
	looked->why = errno;
	return looked->fd;
}

#define EXAMINED (CALLS_MOUNT | CALLS_TYPE_MODE_UID)

/* True, or false with errno: nothing is there, or it cannot be told. */
static bool examine(const struct kernel *kernel, struct arena *arena, const char *path,
		    struct calls_statx *stat)
{
	const char *slash = strrchr(path, '/');
	int fd cleanup_fd = -1;

	/* A name in a directory that is no link is a call where a path takes three. */
	if (slash && slash > path && slash[1] && strcmp(slash, "/.") != 0 &&
	    strcmp(slash, "/..") != 0) {
		int dir = open_dir(kernel, arena, path, (size_t)(slash - path));

		if (dir < 0 || !calls_statx_at(dir, slash + 1, EXAMINED, stat))
			return false;
		if (!S_ISLNK(stat->mode))
			return true;
	}
	fd = open_below(kernel, arena, path);
	return fd >= 0 && calls_statx(fd, EXAMINED, stat);
}

static const char *real_path(const struct kernel *kernel, struct arena *arena, const char *path)
{
	int fd cleanup_fd = open_below(kernel, arena, path);
	char real[PATH_MAX];
	ssize_t len = readlink(arena_printf(arena, "/proc/self/fd/%d", fd), real, sizeof(real));

	return arena_strndup(arena, real, len > 0 ? (size_t)len : 0);
}

static struct kernel_spot look_at(const struct kernel *kernel, struct arena *arena,
				  const char *path)
{
	struct calls_statx stat;

	/* What is kept from us is there: only what is missing may be neither masked nor mounted. */
	if (!examine(kernel, arena, path, &stat))
		return (struct kernel_spot){ .exists = errno != ENOENT && errno != ENOTDIR };
	return (struct kernel_spot){
		.exists = true,
		.null = S_ISCHR(stat.mode) && stat.rdev_major == 1 && stat.rdev_minor == 3,
		.mount_root = stat.attributes & CALLS_MOUNT_ROOT,
		.mount = kernel_mount(kernel->mounts, stat.mount),
		.real = kernel->viewed ? real_path(kernel, arena, path) : NULL,
	};
}

static struct kernel_known *known_of(const struct kernel *kernel, const char *path, size_t *count)
{
	struct kernel_known *known = kernel->looked->first;

	for (*count = 0; known; known = known->next, ++*count)
		if (kernel->mounts && known->mounts == kernel->mounts &&
		    strcmp(known->path, path) == 0)
			return known;
	return NULL;
}

/* Masks and mounts are asked about by several comparisons. */
struct kernel_spot kernel_look(const struct kernel *kernel, struct arena *arena, const char *path)
{
	struct kernel_known *known;
	size_t count;

	/* A config that nobody judged may hold anything: this is no path, so nothing hides it. */
	if (!path)
		return (struct kernel_spot){ .exists = true };
	known = known_of(kernel, path, &count);
	if (known)
		return known->spot;
	if (count >= KNOWN_MAX)
		return look_at(kernel, arena, path);
	known = arena_alloc(arena, sizeof(*known));
	*known = (struct kernel_known){ .mounts = kernel->mounts,
					.path = arena_strndup(arena, path, strlen(path)),
					.spot = look_at(kernel, arena, path),
					.next = kernel->looked->first };
	kernel->looked->first = known;
	return known->spot;
}

static bool is_empty(const struct kernel *kernel, struct arena *arena, const char *path)
{
	int fd cleanup_fd = open_below(kernel, arena, path);
	int dir cleanup_fd = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct calls_names names = { .fd = dir };

	return fd >= 0 && dir >= 0 && !calls_name(&names) && errno == 0;
}

bool kernel_empty(const struct kernel *kernel, struct arena *arena, const char *path)
{
	size_t count;
	struct kernel_known *known = known_of(kernel, path, &count);

	if (!known)
		return is_empty(kernel, arena, path);
	if (known->inside == NOT_ASKED)
		known->inside = is_empty(kernel, arena, path) ? EMPTY : NOT_EMPTY;
	return known->inside == EMPTY;
}
