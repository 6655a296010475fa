/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what the kernel enforces for a process. */
#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"
#include "file.h"
#include "kernel_parts.h"
#include "mountinfo.h"

#define TRACED_MAX 50 /* times ten milliseconds */

static const struct {
	const char *name, *file;
} namespaces[KERNEL_NAMESPACES] = {
	{ "mount", "ns/mnt" }, { "pid", "ns/pid" },   { "network", "ns/net" },
	{ "ipc", "ns/ipc" },   { "uts", "ns/uts" },   { "cgroup", "ns/cgroup" },
	{ "user", "ns/user" }, { "time", "ns/time" },
};

const char *kernel_ns_name(int index)
{
	return index >= 0 && index < KERNEL_NAMESPACES ? namespaces[index].name : NULL;
}

/* The value behind "\nNAME:\t"; NULL if there is no such line. */
static const char *status_line(struct arena *arena, const char *status, const char *name)
{
	const char *line = strstr(status, arena_printf(arena, "\n%s:", name));

	if (!line)
		return NULL;
	line += strlen(name) + 2;
	line += strspn(line, " \t");
	return arena_strndup(arena, line, strcspn(line, "\n"));
}

static bool status_u64(struct arena *arena, const char *status, const char *name, int base,
		       uint64_t *value)
{
	const char *text = status_line(arena, status, name);
	char *end;

	if (!text)
		return false;
	errno = 0;
	*value = strtoull(text, &end, base);
	return errno == 0 && end != text;
}

static bool status_ids(struct arena *arena, const char *status, const char *name, uint32_t ids[4])
{
	const char *text = status_line(arena, status, name);

	for (int i = 0; i < 4; i++) {
		char *end;

		if (!text)
			return false;
		ids[i] = (uint32_t)strtoul(text, &end, 10);
		if (end == text)
			return false;
		text = end;
	}
	return true;
}

static bool read_status(struct arena *arena, const char *status, struct kernel *kernel)
{
	const struct {
		const char *name;
		caps_set *set;
	} sets[] = {
		{ "CapInh", &kernel->inheritable }, { "CapPrm", &kernel->permitted },
		{ "CapEff", &kernel->effective },   { "CapBnd", &kernel->bounding },
		{ "CapAmb", &kernel->ambient },
	};
	uint64_t value;

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (!status_u64(arena, status, sets[i].name, 16, sets[i].set))
			return false;
	if (!status_u64(arena, status, "TracerPid", 10, &value))
		return false;
	kernel->tracer = (pid_t)value;
	if (!status_u64(arena, status, "NoNewPrivs", 10, &value))
		return false;
	kernel->no_new_privs = value == 1;
	kernel->groups = status_line(arena, status, "Groups");
	/* A kernel before 5.9 does not count filters, and then at least one is what the mode says. */
	if (!status_u64(arena, status, "Seccomp_filters", 10, &kernel->filters))
		kernel->filters = 1;
	return kernel->groups && status_u64(arena, status, "Seccomp", 10, &kernel->seccomp) &&
	       status_ids(arena, status, "Uid", kernel->uid) &&
	       status_ids(arena, status, "Gid", kernel->gid);
}

char *kernel_file(struct arena *arena, const struct kernel *kernel, const char *name,
		  struct error *err)
{
	int fd cleanup_fd =
		openat(kernel_dir(kernel), name, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	struct text text = { .arena = arena };
	char part[4096];
	ssize_t got = -1;

	while (fd >= 0 && text.len < FILE_SIZE_MAX && (got = read(fd, part, sizeof(part))) > 0)
		text_add(&text, part, (size_t)got);
	if (got == 0)
		return text.data ? text.data : arena_strndup(arena, "", 0);
	error_errno(err, "/proc/%d/%s: cannot be %s", (int)kernel->pid, name,
		    fd < 0 ? "opened" : "read");
	return NULL;
}

/* "  0   100000  65536\n" with single blanks. */
static const char *fold_blanks(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		bool blank = *from == ' ';

		if (blank && (to == text || to[-1] == ' ' || to[-1] == '\n'))
			continue;
		*to++ = *from;
	}
	*to = '\0';
	return text;
}

/* The label that counts: before the last execve the one that it will set. */
static const char *read_label(struct arena *arena, const struct kernel *kernel)
{
	static const char *const names[] = { "attr/exec", "attr/current" };
	struct error ignored;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *text = kernel_file(arena, kernel, names[i], &ignored);

		if (text && text[0]) {
			text[strcspn(text, "\n")] = '\0';
			return text;
		}
	}
	return "";
}

/* A namespace the kernel does not have stays 0. */
static void read_namespaces(struct kernel *kernel)
{
	for (int i = 0; i < KERNEL_NAMESPACES; i++) {
		struct stat stat;

		if (fstatat(kernel_dir(kernel), namespaces[i].file, &stat, 0) == 0)
			kernel->ns[i] = stat.st_ino;
	}
}

const struct mount_row *kernel_mount(const struct mount_row *row, uint64_t id)
{
	while (row && (uint64_t)row->id != id)
		row = row->next;
	return row;
}

/*
 * Of the mounts a process sees, the one its program was started from. A runtime's own program is not
 * among them: it runs from a sealed copy in memory or from a file of the host.
 */
bool kernel_has_started(const struct kernel *kernel)
{
	int fd cleanup_fd = openat(kernel_dir(kernel), "exe", O_PATH | O_CLOEXEC);
	struct calls_statx stat;

	return fd >= 0 && calls_statx(fd, CALLS_MOUNT, &stat) &&
	       kernel_mount(kernel->mounts, stat.mount);
}

static uint64_t kernel_ns_at(const struct kernel *kernel, struct arena *arena, const char *path)
{
	struct stat stat;

	/* Magic links lead where they lead: that is what is asked. Only our own paths are asked about. */
	if (*path != '/' ||
	    fstatat(kernel_dir(kernel), arena_printf(arena, "root%s", path), &stat, 0) < 0)
		return 0;
	return stat.st_ino;
}

static bool read_own(struct arena *arena, struct kernel *kernel, struct error *err)
{
	unsigned unasked = kernel->unasked;
	const char *oom = unasked & KERNEL_OOM_SCORE_ADJ
				  ? ""
				  : kernel_file(arena, kernel, "oom_score_adj", err);

	kernel->limits = unasked & KERNEL_LIMITS ? "" : kernel_file(arena, kernel, "limits", err);
	kernel->label = unasked & KERNEL_LABEL ? "" : read_label(arena, kernel);
	if (!oom || !kernel->limits)
		return false;
	kernel->oom_score_adj = strtoimax(oom, NULL, 10);
	return true;
}

static bool read_view(struct arena *arena, struct kernel *kernel, struct error *err)
{
	char *mounts = kernel_file(arena, kernel, "mountinfo", err);
	char *uid_map = mounts ? kernel_file(arena, kernel, "uid_map", err) : NULL;
	char *gid_map = uid_map ? kernel_file(arena, kernel, "gid_map", err) : NULL;

	kernel->cgroup = gid_map ? kernel_file(arena, kernel, "cgroup", err) : NULL;
	if (!kernel->cgroup)
		return false;
	read_namespaces(kernel);
	kernel->uid_map = fold_blanks(uid_map);
	kernel->gid_map = fold_blanks(gid_map);
	kernel->mounts = mounts_parse(arena, mounts);
	/* A process that called chroot(2) is told of no mount but those below: there may be none. */
	return kernel->mounts || !*mounts ||
	       error_set(err, "/proc/%d/mountinfo: not understood", (int)kernel->pid);
}

bool kernel_open(struct arena *arena, pid_t pid, struct kernel *kernel, struct error *err)
{
	*kernel = (struct kernel){ .pid = pid,
				   .tid = pid,
				   .task = -1,
				   .root = "",
				   .at = kernel_look,
				   .empty = kernel_empty,
				   .devices = kernel_devices,
				   .ns_at = kernel_ns_at };
	kernel->top = arena_alloc(arena, sizeof(*kernel->top));
	*kernel->top = -1;
	kernel->looked = kernel_looked_new(arena);
	kernel->dir =
		open(arena_printf(arena, "/proc/%d", (int)pid), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return kernel->dir >= 0 || error_errno(err, "process %d", (int)pid);
}

void kernel_close(struct kernel *kernel)
{
	file_cleanup(&kernel->dir);
	file_cleanup(&kernel->task);
	file_cleanup(kernel->top);
	kernel_looked_close(kernel->looked);
	kernel->dir = kernel->task = *kernel->top = -1;
}

bool kernel_read_view(struct arena *arena, struct kernel *kernel, struct error *err)
{
	kernel->viewed = true;
	return read_view(arena, kernel, err);
}

bool kernel_traced(const struct kernel *kernel)
{
	struct arena *arena = arena_new();
	struct error err;
	const char *status = kernel_file(arena, kernel, "status", &err);
	uint64_t tracer = 0;

	/* Of our own no harm comes. */
	if (status && status_u64(arena, status, "TracerPid", 10, &tracer) &&
	    (pid_t)tracer == getpid())
		tracer = 0;
	arena_free(arena);
	return tracer != 0;
}

/* Another verification traces it for a moment; whoever else does stays. */
static bool read_untraced(struct arena *arena, struct kernel *kernel, struct error *err)
{
	const struct timespec pause = { .tv_nsec = 10000000 };

	for (int i = 0; i < TRACED_MAX; i++) {
		char *status = kernel_file(arena, kernel, "status", err);

		if (!status)
			return false;
		if (!read_status(arena, status, kernel))
			return error_set(err, "/proc/%d/status: not understood", (int)kernel->pid);
		if (kernel->tracer == getpid())
			kernel->tracer = 0;
		if (!kernel->tracer)
			return true;
		nanosleep(&pause, NULL);
	}
	return true;
}

bool kernel_read(struct arena *arena, struct kernel *kernel, struct error *err)
{
	kernel_pick(kernel);
	if (!read_untraced(arena, kernel, err) || !read_view(arena, kernel, err) ||
	    !read_own(arena, kernel, err))
		return false;
	kernel->started = kernel_has_started(kernel);
	return true;
}
