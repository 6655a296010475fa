/* SPDX-License-Identifier: Apache-2.0 */
/* Chooses the runtime and builds the surroundings it starts in. */
#include "launch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "file.h"

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC 4
#endif

#define FIXED_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static const char *const built_in[] = {
	"/usr/bin/runc",       "/usr/sbin/runc", "/usr/local/sbin/runc",
	"/usr/local/bin/runc", "/usr/bin/crun",	 "/usr/local/bin/crun",
};

/* False and err if what is there must not be started. */
static bool check_runtime(const char *path, const struct stat *runtime, struct error *err)
{
	struct stat self;

	if (!S_ISREG(runtime->st_mode) || !(runtime->st_mode & 0111))
		return error_set(err, "runtime %.200s: is no program", path);
	if (!file_owner_trusted(runtime->st_uid))
		return error_set(err, "runtime %.200s: wrong owner (found uid %u, expected 0)",
				 path, (unsigned)runtime->st_uid);
	if (runtime->st_mode & (S_IWGRP | S_IWOTH))
		return error_set(err, "runtime %.200s: writable by others (found mode %04o)", path,
				 (unsigned)runtime->st_mode & 07777);
	if (stat("/proc/self/exe", &self) < 0)
		return error_errno(err, "/proc/self/exe");
	if (self.st_dev == runtime->st_dev && self.st_ino == runtime->st_ino)
		return error_set(err, "runtime %.200s: is seawall itself", path);
	return true;
}

/* NULL with an empty err: not there, try the next. */
static const char *try_runtime(const char *path, struct error *err)
{
	struct stat runtime;

	err->msg[0] = '\0';
	if (!path || path[0] != '/')
		error_set(err, "runtime %.200s: not an absolute path", path ? path : "null");
	else if (stat(path, &runtime) == 0)
		return check_runtime(path, &runtime, err) ? path : NULL;
	else if (errno != ENOENT && errno != ENOTDIR)
		error_errno(err, "runtime %.200s", path);
	return NULL;
}

const char *launch_runtime(const struct json *runtimes, struct error *err)
{
	const char *found = NULL, *last = built_in[0];

	err->msg[0] = '\0';
	json_each(path, runtimes) {
		last = json_string(path);
		found = try_runtime(last, err);
		if (found || err->msg[0])
			return found;
	}
	for (size_t i = 0; !runtimes && i < sizeof(built_in) / sizeof(*built_in); i++) {
		found = try_runtime(built_in[i], err);
		if (found || err->msg[0])
			return found;
	}
	error_set(err, "no runtime is installed (looked for %.200s%s)", last,
		  runtimes && runtimes->len < 2 ? "" : " and the others of the list");
	return NULL;
}

static bool is_called_runc(const char *path)
{
	static const char name[] = "/runc";
	size_t len = strlen(path);

	return len >= sizeof(name) - 1 && strcmp(path + len - (sizeof(name) - 1), name) == 0;
}

bool launch_is_runc(const char *runtime)
{
	char real[PATH_MAX];

	if (!is_called_runc(runtime))
		return false;
	if (readlink(runtime, real, sizeof(real)) < 0)
		return errno == EINVAL;
	return realpath(runtime, real) && is_called_runc(real);
}

bool launch_rootless(void)
{
	static const char host[] = "0          0 4294967295";
	char map[64] = "";
	int fd cleanup_fd = -1;
	const char *start;

	if (geteuid() != 0)
		return true;
	fd = openat(AT_FDCWD, "/proc/self/uid_map", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, map, sizeof(map) - 1) <= 0)
		return false;
	start = map + strspn(map, " ");
	return strncmp(start, host, sizeof(host) - 1) != 0;
}

static char *variable(char *const given[], const char *name)
{
	size_t len = strlen(name);

	for (; *given; given++)
		if (strncmp(*given, name, len) == 0 && (*given)[len] == '=')
			return *given;
	return NULL;
}

/*
 * Everything else is dropped: LD_* and GLIBC_TUNABLES reach the runtime's own start, GODEBUG its
 * language, RUN_OCI_SECCOMP_RECEIVER and NOTIFY_SOCKET make it connect to or mount what no config
 * names, LISTEN_FDS hands open files to the container, and hooks inherit the rest.
 */
char *const *launch_environment(struct arena *arena, char *const given[])
{
	static const char *const always[] = { "_OCI_SYNCPIPE", "_OCI_STARTPIPE", "USER" };
	static const char *const rootless[] = { "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS",
						"HOME" };
	bool wanted = variable(given, rootless[0]) && launch_rootless();
	char **kept = arena_alloc(arena, 8 * sizeof(*kept));
	size_t at = 0;

	kept[at++] = arena_printf(arena, "PATH=%s", FIXED_PATH);
	for (size_t i = 0; i < sizeof(always) / sizeof(*always); i++)
		if ((kept[at] = variable(given, always[i])) != NULL)
			at++;
	for (size_t i = 0; wanted && i < sizeof(rootless) / sizeof(*rootless); i++)
		if ((kept[at] = variable(given, rootless[i])) != NULL)
			at++;
	return kept;
}

/* What kernels before 5.11 have instead of close_range with CLOEXEC. */
static bool close_each(void)
{
	DIR *dir = opendir("/proc/self/fd");
	const struct dirent *entry;

	if (!dir)
		return false;
	while ((entry = readdir(dir)) != NULL) {
		long fd = strtol(entry->d_name, NULL, 10);

		if (fd > STDERR_FILENO)
			fcntl((int)fd, F_SETFD, FD_CLOEXEC);
	}
	closedir(dir);
	return true;
}

static bool keep(int fd)
{
	return fcntl(fd, F_SETFD, 0) == 0;
}

static bool is_channel(int fd, mode_t also)
{
	struct stat stat;

	return fstat(fd, &stat) == 0 && (S_ISFIFO(stat.st_mode) || (stat.st_mode & S_IFMT) == also);
}

/* conmon tells by these that it waits; they must still be the pipes it made. */
static void keep_conmon(char *const given[])
{
	static const char *const names[] = { "_OCI_SYNCPIPE", "_OCI_STARTPIPE" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *pair = variable(given, names[i]);
		long fd = pair ? strtol(strchr(pair, '=') + 1, NULL, 10) : 0;

		if (fd > STDERR_FILENO && fd < INT_MAX && is_channel((int)fd, S_IFIFO))
			keep((int)fd);
	}
}

bool launch_preserved(const struct call *call, struct error *err)
{
	for (unsigned long i = 0; i < call->preserve_fds; i++) {
		int fd = STDERR_FILENO + 1 + (int)i;

		if (!is_channel(fd, S_IFSOCK))
			return error_set(err, "--preserve-fds: descriptor %d is no pipe or socket",
					 fd);
	}
	return true;
}

bool launch_descriptors(const struct call *call, char *const given[], int private,
			struct error *err)
{
	if (syscall(SYS_close_range, STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC) < 0 &&
	    !close_each())
		return error_errno(err, "open files cannot be closed");
	keep_conmon(given);
	if (!launch_preserved(call, err))
		return false;
	for (unsigned long i = 0; i < call->preserve_fds; i++)
		if (!keep(STDERR_FILENO + 1 + (int)i))
			return error_errno(err, "--preserve-fds");
	return private < 0 || keep(private) || error_errno(err, "private file");
}

const char *launch_hook(void)
{
	static const char path[] = SEAWALL_LIBEXECDIR "/seawall-hook";

	return access(path, X_OK) == 0 ? path : NULL;
}
