/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a process has open, and the mounts it could reach by it: a descriptor of a directory of the host's,
 * left open by the runtime, leads out of any container (CVE-2024-21626).
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls.h"
#include "file.h"
#include "kernel_parts.h"
#include "mountinfo.h"

/* As fdinfo has them, which is as the kernel does: musl's O_PATH is another. */
#define FLAG_PATH    010000000u
#define FLAG_CLOEXEC 02000000u

static const char *line_of(const char *text, const char *name)
{
	const char *line = strstr(text, name);

	return line ? line + strlen(name) : "";
}

static void add(struct arena *arena, struct kernel *kernel, const char *name, uint64_t mount)
{
	struct kernel_stray *stray = arena_alloc(arena, sizeof(*stray));
	char leads[PATH_MAX];
	ssize_t len = readlinkat(kernel_dir(kernel), name, leads, sizeof(leads));

	*stray = (struct kernel_stray){ .name = name,
					.leads = arena_strndup(arena, leads,
							       len > 0 ? (size_t)len : 0),
					.mount = mount,
					.next = kernel->strays };
	kernel->strays = stray;
}

/* What can be read or written, and is neither a directory nor a disk. As a place (O_PATH) it could be neither. */
static bool is_given(const struct kernel *kernel, const char *name, const struct stat *stat)
{
	struct stat link;

	return !S_ISDIR(stat->st_mode) && !S_ISBLK(stat->st_mode) &&
	       fstatat(kernel_dir(kernel), name, &link, AT_SYMLINK_NOFOLLOW) == 0 &&
	       (link.st_mode & (S_IRUSR | S_IWUSR));
}

/*
 * Files and sockets are given to containers on purpose (stdio, socket activation); a place in a file
 * system, or a disk, is not. Before its start the process's own descriptors are still the runtime's, which
 * close with the start.
 */
static void look(struct arena *arena, struct kernel *kernel, const char *name)
{
	struct error err;
	struct stat stat;
	const char *info;
	unsigned long flags;
	uint64_t mount;

	if (fstatat(kernel_dir(kernel), name, &stat, 0) < 0 || is_given(kernel, name, &stat))
		return;
	info = kernel_file(arena, kernel, arena_printf(arena, "fdinfo%s", strchr(name, '/')), &err);
	/* Closed since. */
	if (!info)
		return;
	flags = strtoul(line_of(info, "flags:"), NULL, 8);
	mount = strtoull(line_of(info, "mnt_id:"), NULL, 10);
	if ((!kernel->started && (flags & FLAG_CLOEXEC)) || kernel_mount(kernel->mounts, mount))
		return;
	if ((flags & FLAG_PATH) || S_ISDIR(stat.st_mode) || S_ISBLK(stat.st_mode))
		add(arena, kernel, name, mount);
}

bool kernel_read_open(struct arena *arena, struct kernel *kernel, struct error *err)
{
	int cwd cleanup_fd = openat(kernel_dir(kernel), "cwd", O_PATH | O_CLOEXEC);
	int fd cleanup_fd = openat(kernel_dir(kernel), "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct calls_names names = { .fd = fd };
	struct calls_statx stat;
	const char *name;

	if (fd < 0 || cwd < 0 || !calls_statx(cwd, CALLS_MOUNT, &stat))
		return error_errno(err, "/proc/%d/fd", (int)kernel->pid);
	if (!kernel_mount(kernel->mounts, stat.mount))
		add(arena, kernel, "cwd", stat.mount);
	while ((name = calls_name(&names)) != NULL)
		look(arena, kernel, arena_printf(arena, "fd/%s", name));
	/* What could not be listed may lead out. */
	return errno == 0 || error_errno(err, "/proc/%d/fd", (int)kernel->pid);
}

/* In the mount namespace with its own root until nobody waits any more. */
static void stand_in(const struct kernel *kernel, int said, int end)
{
	int ns = openat(kernel_dir(kernel), "ns/mnt", O_RDONLY | O_CLOEXEC);
	char byte = 'y';

	if (ns >= 0 && setns(ns, CLONE_NEWNS) == 0 && write(said, &byte, 1) == 1)
		while (read(end, &byte, 1) < 0 && errno == EINTR)
			;
	_exit(0);
}

static bool view_of(struct arena *arena, struct kernel *kernel, pid_t pid)
{
	int dir cleanup_fd =
		open(arena_printf(arena, "/proc/%d", (int)pid), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int top = openat(dir, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct error err;
	size_t len;
	char *text = file_read(arena, dir, "mountinfo", 0, &len, NULL, &err);
	const struct mount_row *mounts = text ? mounts_parse(arena, text) : NULL;

	if (top < 0 || !mounts) {
		file_cleanup(&top);
		return false;
	}
	file_cleanup(kernel->top);
	*kernel->top = top;
	kernel->mounts = mounts;
	kernel->started = kernel_has_started(kernel);
	return true;
}

bool kernel_read_all(struct arena *arena, struct kernel *kernel)
{
	int said[2], end[2];
	bool seen = false;
	char byte;
	pid_t pid;

	if (pipe2(said, O_CLOEXEC) < 0)
		return false;
	if (pipe2(end, O_CLOEXEC) < 0) {
		close(said[0]);
		close(said[1]);
		return false;
	}
	pid = fork();
	if (pid == 0) {
		close(end[1]);
		stand_in(kernel, said[1], end[0]);
	}
	close(said[1]);
	close(end[0]);
	if (pid > 0 && read(said[0], &byte, 1) == 1)
		seen = view_of(arena, kernel, pid);
	close(said[0]);
	close(end[1]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return seen;
}
