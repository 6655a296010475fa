/* SPDX-License-Identifier: Apache-2.0 */
/* The device nodes in a container's /dev. */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calls.h"
#include "file.h"
#include "kernel_parts.h"

/* /dev/net/tun, /dev/dri/by-path/x. */
#define DEPTH_MAX 4

struct walk {
	struct arena *arena;
	uint64_t mount; /* what is mounted below is looked at by others */
	const struct kernel_device *first;
};

static void walk(struct walk *found, int fd, const char *path, int depth);

static void look(struct walk *found, int dir, const char *name, const char *path, int depth)
{
	struct kernel_device *device;
	struct calls_statx stat;

	if (!calls_statx_at(dir, name, CALLS_MOUNT | CALLS_TYPE_MODE_UID, &stat) ||
	    stat.mount != found->mount)
		return;
	if (S_ISDIR(stat.mode) && depth > 1)
		walk(found, openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
		     path, depth - 1);
	if (!S_ISCHR(stat.mode) && !S_ISBLK(stat.mode))
		return;
	device = arena_alloc(found->arena, sizeof(*device));
	*device = (struct kernel_device){ .path = path,
					  .block = S_ISBLK(stat.mode),
					  .major = stat.rdev_major,
					  .minor = stat.rdev_minor,
					  .next = found->first };
	found->first = device;
}

/* Closes fd. */
static void walk(struct walk *found, int fd, const char *path, int depth)
{
	struct calls_names names = { .fd = fd };
	const char *name;

	while (fd >= 0 && (name = calls_name(&names)) != NULL)
		if (names.type != DT_LNK)
			look(found, fd, name, arena_printf(found->arena, "%s/%s", path, name),
			     depth);
	file_cleanup(&fd);
}

const struct kernel_device *kernel_devices(const struct kernel *kernel, struct arena *arena)
{
	struct walk found = { .arena = arena };
	int fd cleanup_fd = calls_open(kernel_top(kernel, arena), "/dev", RESOLVE_IN_ROOT);
	struct calls_statx stat;

	if (fd < 0 || !calls_statx(fd, CALLS_MOUNT, &stat))
		return NULL;
	found.mount = stat.mount;
	walk(&found, openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "/dev", DEPTH_MAX);
	return found.first;
}
