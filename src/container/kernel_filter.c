/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The seccomp filters that the kernel runs for a process. "Seccomp: 2" says that there is one, not what it
 * lets through: crun's annotation run.oci.seccomp_bpf_data once put an allow-all in its place.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel.h"

/* The kernel's own limit for one filter, BPF_MAXINSNS. */
#define INSTRUCTIONS_MAX 4096

/* The C libraries' ptrace and linux/ptrace.h cannot be included together. */
static long trace(int request, pid_t pid, unsigned address, void *data)
{
	return syscall(SYS_ptrace, request, pid, address, data);
}

/* Stops the process; false if it cannot be traced. */
static bool hold(pid_t pid, bool *untold, struct error *err)
{
	int status;

	if (trace(PTRACE_SEIZE, pid, 0, NULL) < 0) {
		*untold = errno == EPERM || errno == EACCES;
		return error_errno(err, "process %d cannot be traced", (int)pid);
	}
	if (trace(PTRACE_INTERRUPT, pid, 0, NULL) < 0 || waitpid(pid, &status, __WALL) != pid)
		return error_errno(err, "process %d does not stop", (int)pid);
	return WIFSTOPPED(status) || error_set(err, "process %d has ended", (int)pid);
}

/* Filter number index, 0 being the last that was loaded; false with errno ENOENT behind the first. */
static bool fetch(struct arena *arena, pid_t pid, unsigned index, struct kernel_filter *filter)
{
	long count = trace(PTRACE_SECCOMP_GET_FILTER, pid, index, NULL);
	struct sock_filter *code;

	if (count > INSTRUCTIONS_MAX)
		errno = E2BIG;
	if (count <= 0 || count > INSTRUCTIONS_MAX)
		return false;
	code = arena_alloc(arena, (size_t)count * sizeof(*code));
	if (trace(PTRACE_SECCOMP_GET_FILTER, pid, index, code) != count)
		return false;
	*filter = (struct kernel_filter){ .code = code, .count = (size_t)count };
	return true;
}

/* A stopped process keeps its number: if its directory still answers, it is the one that was meant. */
static bool is_same(const struct kernel *kernel, struct error *err)
{
	return faccessat(kernel->dir, "status", F_OK, 0) == 0 ||
	       error_set(err, "process %d has ended", (int)kernel->pid);
}

static struct kernel_filter *fetch_all(struct arena *arena, pid_t pid, int *why)
{
	struct kernel_filter *first = NULL, **end = &first, filter;

	for (unsigned i = 0; fetch(arena, pid, i, &filter); i++) {
		*end = arena_alloc(arena, sizeof(**end));
		**end = filter;
		end = &(*end)->next;
	}
	*why = errno;
	return first;
}

struct kernel_filter *kernel_filters(struct arena *arena, const struct kernel *kernel, bool *untold,
				     struct error *err)
{
	struct kernel_filter *all = NULL;
	int why = ENOENT;
	bool held;

	*untold = false;
	err->msg[0] = '\0';
	held = hold(kernel->pid, untold, err) && is_same(kernel, err);
	if (held)
		all = fetch_all(arena, kernel->pid, &why);
	trace(PTRACE_DETACH, kernel->pid, 0, NULL);
	if (!held || why == ENOENT)
		return all;
	errno = why;
	error_errno(err, "the filter of process %d cannot be read", (int)kernel->pid);
	/* Not compiled in, or we are filtered ourselves or root of a namespace only. */
	*untold = why == EINVAL || why == EACCES;
	return NULL;
}
