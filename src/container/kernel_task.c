/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a process still runs, and by which thread. The first thread may end before the others: then
 * /proc/PID is that of a zombie, and what the process may do is told of the other threads only.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "kernel_parts.h"
#include "mountinfo.h"

#define SETTLE_MAX 500 /* times a millisecond */
#define ENDING_MAX 20  /* times ten milliseconds */

/* What has ended but is not waited for has lost its mounts first. */
static bool has_root(int dir)
{
	struct stat stat;

	return fstatat(dir, "root", &stat, 0) == 0 || errno == EACCES || errno == EPERM;
}

/* Opens the directory of a thread that has not ended; -1: none was met. */
static int open_thread(const struct kernel *kernel, pid_t *tid)
{
	int fd = openat(kernel->dir, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC), found = -1;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	while (found < 0 && dir && (entry = readdir(dir)) != NULL) {
		*tid = (pid_t)strtol(entry->d_name, NULL, 10);
		if (*tid < 1)
			continue;
		found = openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (found >= 0 && !has_root(found))
			file_cleanup(&found), found = -1;
	}
	if (dir)
		closedir(dir);
	return found;
}

void kernel_pick(struct kernel *kernel)
{
	pid_t tid;
	int task;

	if (has_root(kernel_dir(kernel)))
		return;
	task = open_thread(kernel, &tid);
	if (task < 0)
		return;
	file_cleanup(&kernel->task);
	kernel->task = task;
	kernel->tid = tid;
}

/* All of its threads have ended, within ten milliseconds; the number is its own until it is waited for. */
static bool has_ended(const struct kernel *kernel)
{
	int fd cleanup_fd = (int)syscall(SYS_pidfd_open, kernel->pid, 0);
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	if (fd < 0)
		return errno == ESRCH || errno == EINVAL;
	return faccessat(kernel->dir, "stat", F_OK, 0) < 0 || poll(&wait, 1, 10) > 0;
}

/*
 * Threads that end and start others could be missed for ever: that none was met does not mean that there
 * is none.
 */
bool kernel_alive(const struct kernel *kernel)
{
	for (int i = 0; i < ENDING_MAX; i++) {
		pid_t tid;
		int task cleanup_fd = -1;

		if (has_root(kernel->dir))
			return true;
		task = open_thread(kernel, &tid);
		if (task >= 0)
			return true;
		if (has_ended(kernel))
			return false;
	}
	return true;
}

bool kernel_settle(struct arena *arena, struct kernel *kernel)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	struct error err;

	for (int i = 0; i < SETTLE_MAX && kernel_alive(kernel); i++) {
		char *text;

		kernel_pick(kernel);
		text = kernel_file(arena, kernel, "mountinfo", &err);
		kernel->mounts = text ? mounts_parse(arena, text) : NULL;
		if (kernel->mounts && kernel_has_started(kernel))
			return true;
		nanosleep(&pause, NULL);
	}
	return kernel_alive(kernel);
}

/* The second word is a name in parentheses that may hold anything. */
uint64_t kernel_stat(struct arena *arena, const struct kernel *kernel, int index)
{
	struct error err;
	size_t len;
	const char *text = file_read(arena, kernel->dir, "stat", 0, &len, NULL, &err);
	const char *word = text ? strrchr(text, ')') : NULL;

	for (int i = 2; word && i < index; i++) {
		word = strchr(word, ' ');
		word = word ? word + strspn(word, " ") : NULL;
	}
	return word ? strtoull(word, NULL, 10) : 0;
}

/* A descriptor of /proc/PID serves as a pidfd (pidfd_send_signal(2)). */
bool kernel_kill(const struct kernel *kernel, struct error *err)
{
	if (syscall(SYS_pidfd_send_signal, kernel->dir, SIGKILL, NULL, 0) == 0 || errno == ESRCH)
		return true;
	return error_errno(err, "process %d cannot be killed", (int)kernel->pid);
}
