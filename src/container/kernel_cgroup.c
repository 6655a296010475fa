/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All processes of a container's cgroup. To end its first process ends the others only in a pid namespace
 * of the container's own, which is one of the things a runtime may have lied about.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "kernel.h"

#define KILL_MAX  200 /* times five milliseconds */
#define EMPTY_MAX 40

/* "/docker/ID" as it is; "slice:docker:ID" is a unit "docker-ID.scope". */
const char *kernel_cgroup_name(struct arena *arena, const char *path, const char *id)
{
	const char *first = path ? strchr(path, ':') : NULL;
	const char *second = first ? strchr(first + 1, ':') : NULL;
	size_t len;

	if (!path || !*path)
		return id && *id ? id : NULL;
	if (second && second == first + 1)
		return arena_printf(arena, "%s.scope", second + 1);
	if (second)
		return arena_printf(arena, "%.*s-%s.scope", (int)(second - first - 1), first + 1,
				    second + 1);
	path += strspn(path, "/");
	len = strlen(path);
	while (len && path[len - 1] == '/')
		len--;
	return len ? arena_strndup(arena, path, len) : NULL;
}

bool kernel_cgroup_has(const char *text, const char *name)
{
	for (const char *at = strstr(text, name); at; at = strstr(at + 1, name))
		if (at > text && at[-1] == '/' && strchr("/\n", at[strlen(name)]))
			return true;
	return false;
}

/* The process of a directory of /proc is in the cgroup or below it. */
static bool is_in(int dir, const char *name)
{
	char text[8192];
	int fd cleanup_fd = openat(dir, "cgroup", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (len <= 0)
		return false;
	text[len] = '\0';
	return kernel_cgroup_has(text, name);
}

/* What the host's own processes are in is no container's. */
static bool is_ours(const char *name)
{
	static const char *const dirs[] = { "/proc/self", "/proc/1" };
	bool ours = false;

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		int fd cleanup_fd = open(dirs[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		ours = ours || fd < 0 || is_in(fd, name);
	}
	return ours;
}

/* Sends the signal (0: none) to all of them; how many there were. */
static size_t each(const char *name, int signal)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	size_t count = 0;

	while (proc && (entry = readdir(proc)) != NULL) {
		struct kernel kernel = { .pid = (pid_t)strtol(entry->d_name, NULL, 10) };
		int dir cleanup_fd = -1;

		if (kernel.pid <= 1)
			continue;
		dir = openat(dirfd(proc), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		kernel.dir = dir;
		if (dir < 0 || !is_in(dir, name) || !kernel_alive(&kernel))
			continue;
		count++;
		if (signal)
			syscall(SYS_pidfd_send_signal, dir, signal, NULL, 0);
	}
	if (proc)
		closedir(proc);
	return count;
}

bool kernel_cgroup_empty(const char *name)
{
	const struct timespec pause = { .tv_nsec = 5000000 };

	for (int i = 0; name && i < EMPTY_MAX; i++) {
		if (is_ours(name) || each(name, 0) == 0)
			return true;
		/* A first process that ends takes the others with it, but not in an instant. */
		nanosleep(&pause, NULL);
	}
	return !name;
}

/* They may make others meanwhile: until there is none. */
bool kernel_cgroup_kill(const char *name)
{
	const struct timespec pause = { .tv_nsec = 5000000 };

	if (!name || is_ours(name))
		return true;
	for (int i = 0; i < KILL_MAX; i++) {
		if (each(name, SIGKILL) == 0)
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}
