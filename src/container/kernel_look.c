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

static const char *real_path(struct arena *arena, int fd)
{
	char real[PATH_MAX];
	ssize_t len = readlink(arena_printf(arena, "/proc/self/fd/%d", fd), real, sizeof(real));

	return arena_strndup(arena, real, len > 0 ? (size_t)len : 0);
}

static struct kernel_spot look_at(const struct kernel *kernel, struct arena *arena,
				  const char *path)
{
	int fd cleanup_fd = calls_open(kernel_top(kernel, arena), path,
				       RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
	struct calls_statx stat;

	/* What is kept from us is there: only what is missing may be neither masked nor mounted. */
	if (fd < 0 || !calls_statx(fd, CALLS_MOUNT | CALLS_TYPE_MODE_UID, &stat))
		return (struct kernel_spot){ .exists = errno != ENOENT && errno != ENOTDIR };
	return (struct kernel_spot){
		.exists = true,
		.null = S_ISCHR(stat.mode) && stat.rdev_major == 1 && stat.rdev_minor == 3,
		.mount_root = stat.attributes & CALLS_MOUNT_ROOT,
		.mount = kernel_mount(kernel->mounts, stat.mount),
		.real = kernel->viewed ? real_path(arena, fd) : NULL,
	};
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

static struct kernel_known *known_of(const struct kernel *kernel, const char *path, size_t *count)
{
	struct kernel_known *known = *kernel->known;

	for (*count = 0; known; known = known->next, ++*count)
		if (kernel->mounts && known->mounts == kernel->mounts &&
		    strcmp(known->path, path) == 0)
			return known;
	return NULL;
}

/* Masks and mounts are asked about by several comparisons, and each time three calls answer. */
struct kernel_spot kernel_look(const struct kernel *kernel, struct arena *arena,
				    const char *path)
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
					.next = *kernel->known };
	*kernel->known = known;
	return known->spot;
}

static bool is_empty(const struct kernel *kernel, struct arena *arena, const char *path)
{
	int fd cleanup_fd = calls_open(kernel_top(kernel, arena), path,
				       RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
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
