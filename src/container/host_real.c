/* SPDX-License-Identifier: Apache-2.0 */
/* Facts of the machine we run on. Each is asked for once; all are of this one run. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"
#include "date.h"
#include "file.h"
#include "host_parts.h"

#define CGROUP2_MAGIC 0x63677270

struct known_path {
	const char *path;
	struct host_path answer;
	int mount; /* 0 unknown */
	struct known_path *next;
};

struct real {
	struct arena *arena;
	struct known_path *paths;
	struct mount_row *mounts;
	bool mounts_read;
	const char *dir; /* the directory looked into last, open at dir_fd; NULL: none */
	int dir_fd;
	unsigned left; /* directories that stay open until execve or the end */
};

/* Enough for what engines bind into every container; a config may name thousands. */
#define LEFT_MAX 8

static enum path_type type_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return PATH_FILE;
	case S_IFDIR:
		return PATH_DIRECTORY;
	case S_IFSOCK:
		return PATH_SOCKET;
	case S_IFBLK:
		return PATH_BLOCK;
	case S_IFCHR:
		return PATH_CHAR;
	case S_IFIFO:
		return PATH_FIFO;
	default:
		return PATH_UNKNOWN;
	}
}

/* The name of what a descriptor stands for, as the kernel has it; NULL if it has none any more. */
static const char *fd_name(struct arena *arena, int fd)
{
	char name[PATH_MAX], link[64];
	ssize_t len;

	if (snprintf(link, sizeof(link), "/proc/self/fd/%d", fd) >= (int)sizeof(link))
		return NULL;
	len = readlink(link, name, sizeof(name));
	if (len <= 0 || len >= (ssize_t)sizeof(name) || *name != '/')
		return NULL;
	return arena_strndup(arena, name, (size_t)len);
}

static enum path_type type_of_errno(int code)
{
	if (code == ENOENT || code == ENOTDIR)
		return PATH_MISSING;
	return code == ELOOP ? PATH_MAGIC : PATH_UNKNOWN;
}

#define EXAMINED (CALLS_TYPE_MODE_UID | CALLS_MOUNT)

static void take_down(struct known_path *known, const struct calls_statx *stat)
{
	known->answer.type = type_of(stat->mode);
	known->answer.root_owned =
		(stat->uid == 0 || (stat->uid != geteuid() && file_owner_trusted(stat->uid))) &&
		!(stat->mode & (S_IWGRP | S_IWOTH));
	known->mount = stat->mask & CALLS_MOUNT ? (int)stat->mount : 0;
}

/* Opens a directory without following any link; one after the other, as most paths are siblings. */
static int open_dir(struct real *real, const char *path, size_t len)
{
	if (real->dir && strlen(real->dir) == len && memcmp(real->dir, path, len) == 0)
		return real->dir_fd;
	if (real->dir && ++real->left > LEFT_MAX)
		close(real->dir_fd);
	real->dir = arena_strndup(real->arena, path, len);
	real->dir_fd = calls_open(AT_FDCWD, real->dir, RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
	if (real->dir_fd < 0)
		real->dir = NULL;
	return real->dir_fd;
}

/*
 * A clean path that holds no symbolic link is the real one; this is so for nearly all paths that engines
 * write. False if it may hold one, or the path is none that engines write.
 */
static bool resolve_plain(struct real *real, struct known_path *known)
{
	const char *path = known->path, *clean = host_clean(real->arena, path);
	const char *slash = strrchr(path, '/');
	struct calls_statx stat = { 0 };
	int fd;

	if (!clean || strcmp(clean, path) != 0 || slash == path)
		return false;
	fd = open_dir(real, path, (size_t)(slash - path));
	if (fd < 0 || !calls_statx_at(fd, slash + 1, EXAMINED, &stat) || S_ISLNK(stat.mode))
		return false;
	take_down(known, &stat);
	return true;
}

/*
 * /proc/PID/exe is the file that its name stands for in our own mount namespace, or it is not told: in a
 * container's any file may have any name. A daemon whose file was replaced by an upgrade is known by its
 * mount namespace.
 */
static void resolve_program(struct arena *arena, struct known_path *known)
{
	static const char gone[] = " (deleted)";
	size_t digits = strspn(known->path + strlen("/proc/"), "0123456789"), len;
	int fd cleanup_fd = open(known->path, O_PATH | O_CLOEXEC);
	const char *name = fd < 0 ? NULL : fd_name(arena, fd);
	struct stat own, named;

	if (!name || fstat(fd, &own) < 0)
		return;
	len = strlen(name);
	if (len > strlen(gone) && strcmp(name + len - strlen(gone), gone) == 0) {
		name = arena_strndup(arena, name, len - strlen(gone));
		if (stat(arena_printf(arena, "/proc/%.*s/ns/mnt", (int)digits, known->path + 6),
			 &own) < 0 ||
		    stat("/proc/self/ns/mnt", &named) < 0)
			return;
	} else if (stat(name, &named) < 0) {
		return;
	}
	if (own.st_dev != named.st_dev || own.st_ino != named.st_ino || fstat(fd, &own) < 0)
		return;
	known->answer.real = name;
	known->answer.root_owned = own.st_uid == 0 && !(own.st_mode & (S_IWGRP | S_IWOTH));
}

static bool is_program(const char *path)
{
	return strncmp(path, "/proc/", 6) == 0 &&
	       strcmp(path + 6 + strspn(path + 6, "0123456789"), "/exe") == 0;
}

/*
 * The kernel walks, refusing magic links only (a symbolic link loop is told as one too), and says where it
 * arrived.
 */
static void resolve(struct arena *arena, struct known_path *known)
{
	int fd cleanup_fd = calls_open(AT_FDCWD, known->path, RESOLVE_NO_MAGICLINKS);
	struct calls_statx stat = { 0 };
	const char *name;

	if (fd < 0) {
		known->answer.type = type_of_errno(errno);
		if (is_program(known->path))
			resolve_program(arena, known);
		return;
	}
	name = fd_name(arena, fd);
	if (!name || !calls_statx(fd, EXAMINED, &stat))
		return;
	take_down(known, &stat);
	known->answer.real = name;
}

static struct known_path *known(struct real *real, const char *path)
{
	struct known_path *known;

	for (known = real->paths; known; known = known->next)
		if (strcmp(known->path, path) == 0)
			return known;
	known = arena_alloc(real->arena, sizeof(*known));
	known->path = arena_strndup(real->arena, path, strlen(path));
	known->answer.real = known->path;
	if (*path == '/' && !resolve_plain(real, known))
		resolve(real->arena, known);
	known->next = real->paths;
	real->paths = known;
	return known;
}

static struct host_path real_path(const struct host *host, struct arena *arena, const char *path)
{
	(void)arena;
	return known(host->data, path)->answer;
}

static const struct mount_row *real_mounts(struct real *real)
{
	struct error err;
	const char *text;
	size_t len;

	if (real->mounts_read)
		return real->mounts;
	real->mounts_read = true;
	text = file_read(real->arena, AT_FDCWD, "/proc/self/mountinfo", FILE_ANY, &len, NULL, &err);
	if (text)
		real->mounts = mounts_parse(real->arena, text);
	return real->mounts;
}

static enum fact real_aliases(const struct host *host, const struct alias_question *question)
{
	struct real *real = host->data;
	int id = known(real, question->real)->mount;
	int base = question->base ? known(real, question->base)->mount : 0;

	/* Most volumes: a directory of the engine's own mount, with nothing mounted below by bind. */
	if (id && id == base && !question->deep)
		return FACT_NO;
	if (!id || !real_mounts(real))
		return FACT_UNKNOWN;
	return mounts_aliases(real->arena, real->mounts, id, base, question);
}

static enum host_ns real_ns(const struct host *host, const char *type, const char *path,
			    const char *sandbox)
{
	struct real *real = host->data;

	return host_ns(real->arena, type, path, sandbox);
}

static enum fact real_sockets(const struct host *host, const char *path)
{
	(void)host;
	return host_sockets(path);
}

static const char *real_tenant(const struct host *host, struct arena *arena, const char *lists,
			       const char *layer)
{
	(void)host;
	return host_tenant(arena, lists, layer);
}

static enum fact apparmor(struct arena *arena)
{
	struct error err;
	size_t len;
	const char *text = file_read(arena, AT_FDCWD, "/sys/module/apparmor/parameters/enabled",
				     FILE_ANY, &len, NULL, &err);

	return text && *text == 'Y' ? FACT_YES : FACT_NO;
}

static int real_cgroup(const struct host *host)
{
	struct statfs fs;

	(void)host;
	if (statfs("/sys/fs/cgroup", &fs) != 0)
		return 0;
	return (unsigned long)fs.f_type == CGROUP2_MAGIC ? 2 : 1;
}

/* "6.1.0-18-amd64" is 6001. */
static int kernel_version(const char *release)
{
	char *rest;
	long major, minor;

	major = strtol(release, &rest, 10);
	minor = *rest == '.' ? strtol(rest + 1, NULL, 10) : 0;
	return major > 0 && major < 100 && minor >= 0 && minor < 1000 ? (int)(major * 1000 + minor)
								      : 0;
}

/* Without a clock the last day there is, on which every exemption that ends has ended. */
static const char *day(struct arena *arena, int64_t now)
{
	char text[20];

	if (now <= 0)
		return "9999-12-31";
	date_text(now / 1000000, text);
	return arena_strndup(arena, text, DATE_DAY);
}

struct host *host_real(struct arena *arena, int64_t now)
{
	struct host *host = arena_alloc(arena, sizeof(*host));
	struct real *real = arena_alloc(arena, sizeof(*real));
	struct utsname name;

	real->arena = arena;
	host->data = real;
	host->real = true;
	host->apparmor = apparmor(arena);
	if (uname(&name) == 0) {
		host->kernel = kernel_version(name.release);
		host->name = arena_strndup(arena, name.nodename, strlen(name.nodename));
	}
	host->today = day(arena, now);
	host->path = real_path;
	host->ns = real_ns;
	host->aliases = real_aliases;
	host->sockets = real_sockets;
	host->tenant = real_tenant;
	host->cgroup = real_cgroup;
	return host;
}
