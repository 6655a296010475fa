/* SPDX-License-Identifier: Apache-2.0 */
/* Which namespace a path is: the host's, the own sandbox's, or some other container's. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "file.h"
#include "host_parts.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

static const struct ns_kind {
	const char *type, *file;
	int flag;
} ns_kinds[] = {
	{ "pid", "pid", CLONE_NEWPID },	   { "network", "net", CLONE_NEWNET },
	{ "ipc", "ipc", CLONE_NEWIPC },	   { "uts", "uts", CLONE_NEWUTS },
	{ "mount", "mnt", CLONE_NEWNS },   { "user", "user", CLONE_NEWUSER },
	{ "time", "time", CLONE_NEWTIME }, { "cgroup", "cgroup", CLONE_NEWCGROUP },
};

static const struct ns_kind *ns_kind(const char *type)
{
	for (size_t i = 0; i < sizeof(ns_kinds) / sizeof(*ns_kinds); i++)
		if (strcmp(ns_kinds[i].type, type) == 0)
			return &ns_kinds[i];
	return NULL;
}

struct ns_name {
	char text[64]; /* "net:[4026531992]", as the kernel names it */
};

static bool link_read(const char *link, struct ns_name *name)
{
	ssize_t len = readlink(link, name->text, sizeof(name->text));

	if (len <= 0 || len >= (ssize_t)sizeof(name->text))
		return false;
	name->text[len] = '\0';
	return true;
}

/*
 * Docker and CNI mount namespaces on files of their own, whose paths look like any other: the file
 * system tells. Only of nsfs is the path opened for reading: it may be anything, a watchdog for instance.
 */
static bool ns_of_path(const char *path, const struct ns_kind *kind, struct ns_name *name)
{
	int fd cleanup_fd = open(path, O_PATH | O_CLOEXEC);
	int ns cleanup_fd = -1;
	struct statfs fs;
	struct stat stat;
	char link[64];

	if (fd < 0 || fstatfs(fd, &fs) < 0 || fs.f_type != NSFS_MAGIC ||
	    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd) >= (int)sizeof(link))
		return false;
	ns = open(link, O_RDONLY | O_CLOEXEC);
	if (ns < 0 || ioctl(ns, NS_GET_NSTYPE) != kind->flag || fstat(ns, &stat) < 0)
		return false;
	return snprintf(name->text, sizeof(name->text), "%s:[%lu]", kind->file,
			(unsigned long)stat.st_ino) < (int)sizeof(name->text);
}

/* Whether it is the namespace of a process of the host's: pid 1 ("1") or ourselves ("self"). */
static enum fact ns_same(const char *process, const char *file, const struct ns_name *name)
{
	struct ns_name other;
	char link[64];

	if (snprintf(link, sizeof(link), "/proc/%s/ns/%s", process, file) >= (int)sizeof(link) ||
	    !link_read(link, &other))
		return FACT_UNKNOWN;
	return strcmp(other.text, name->text) == 0 ? FACT_YES : FACT_NO;
}

/*
 * pid 1 may be shut to us even as root, by an LSM for instance. kthreadd, pid 2, is a thread of the
 * kernel's own (it has no program) and lives in the first namespaces there are.
 */
static enum fact ns_of_init(const char *file, const struct ns_name *name)
{
	enum fact fact = ns_same("1", file, name);
	char program[8];

	if (fact == FACT_UNKNOWN && readlink("/proc/2/exe", program, sizeof(program)) < 0 &&
	    errno == ENOENT)
		fact = ns_same("2", file, name);
	return fact;
}

static bool word_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A pod's uid has underscores in systemd's slices where the kubelet has dashes. */
static bool same_id(const char *text, const char *id, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] != id[i] && !(text[i] == '_' && id[i] == '-'))
			return false;
	return !word_char(text[len]);
}

/* An id shorter than what engines make would be found by chance. */
#define ID_LEN_MIN 12

/* "pod" may stand right before a uid; nothing else that belongs to a word may. */
static bool cgroup_names(const char *text, const char *id)
{
	size_t len = strlen(id);

	if (len < ID_LEN_MIN)
		return false;
	for (const char *at = text; *at && strlen(at) >= len; at++) {
		bool starts = at == text || !word_char(at[-1]) ||
			      (at - text >= 3 && memcmp(at - 3, "pod", 3) == 0);

		if (starts && same_id(at, id, len))
			return true;
	}
	return false;
}

/* The process whose /proc directory the path names belongs to the sandbox, by its cgroup. */
static bool ns_of_sandbox(struct arena *arena, const char *path, const char *sandbox)
{
	struct error err;
	const char *text;
	size_t digits, len;

	if (!sandbox || strncmp(path, "/proc/", 6) != 0)
		return false;
	digits = strspn(path + 6, "0123456789");
	if (digits == 0 || strncmp(path + 6 + digits, "/ns/", 4) != 0)
		return false;
	text = file_read(arena, AT_FDCWD,
			 arena_printf(arena, "/proc/%.*s/cgroup", (int)digits, path + 6), FILE_ANY,
			 &len, NULL, &err);
	return text && cgroup_names(text, sandbox);
}

enum host_ns host_ns(struct arena *arena, const char *type, const char *path, const char *sandbox)
{
	const struct ns_kind *kind = ns_kind(type);
	struct ns_name name;
	enum fact init, self;

	if (!kind || !ns_of_path(path, kind, &name))
		return NS_MISSING;
	init = ns_of_init(kind->file, &name);
	self = ns_same("self", kind->file, &name);
	if (init == FACT_YES || self == FACT_YES)
		return NS_HOST;
	/* Without root's rights pid 1 is not to be seen, and its namespaces are not to be joined. */
	if (self == FACT_UNKNOWN || (init == FACT_UNKNOWN && geteuid() == 0))
		return NS_UNKNOWN;
	return ns_of_sandbox(arena, path, sandbox) ? NS_OWN_SANDBOX : NS_FOREIGN;
}
