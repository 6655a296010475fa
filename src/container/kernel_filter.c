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
#include <time.h>
#include <unistd.h>

#include "kernel_parts.h"

/* The kernel's own limit for one filter, BPF_MAXINSNS. */
#define INSTRUCTIONS_MAX 4096

#define SEIZE_MAX 30 /* times ten milliseconds */
/* What waits in runc's fifo stops at once, and the start of its container waits for us. */
#define SOON	   20  /* times some hundred microseconds */
#define STOP_MAX   170 /* from then on times two milliseconds */
#define LET_GO_MAX 70
#define WAIT_MAX   700 /* before its start, for which a throttled cgroup has time once a second */

/* The C libraries' ptrace and linux/ptrace.h cannot be included together. */
static long trace(int request, pid_t pid, unsigned address, void *data)
{
	return syscall(SYS_ptrace, request, pid, address, data);
}

static void nap(long microseconds)
{
	const struct timespec pause = { .tv_nsec = microseconds * 1000 };

	nanosleep(&pause, NULL);
}

/* Another verification holds it for a moment only. */
static bool seize(struct kernel *kernel)
{
	for (int i = 0; i < SEIZE_MAX; i++) {
		/* A thread that has ended cannot be traced, as if that were forbidden. */
		kernel_pick(kernel);
		if (trace(PTRACE_SEIZE, kernel->tid, 0, NULL) == 0)
			return true;
		if (errno != EPERM && errno != ESRCH)
			return false;
		nap(10000);
	}
	errno = kernel_alive(kernel) ? EPERM : ESRCH;
	return false;
}

bool kernel_hold(struct kernel *kernel)
{
	kernel->held = seize(kernel) && trace(PTRACE_INTERRUPT, kernel->tid, 0, NULL) == 0;
	return kernel->held;
}

/* Who has not stopped yet cannot be let go, and would stop later. */
void kernel_let_go(const struct kernel *kernel)
{
	for (int i = 0; i < LET_GO_MAX; i++) {
		if (trace(PTRACE_DETACH, kernel->tid, 0, NULL) == 0 ||
		    waitpid(kernel->tid, NULL, __WALL | WNOHANG) < 0)
			break;
		nap(i < SOON ? 50 : 2000);
	}
}

/*
 * Stops the thread; false if it cannot be traced. What is frozen, or waits for a child that vfork(2) made,
 * does not stop: then nothing can be told. Whom we cannot detach from is let go when we end.
 */
static bool hold(struct kernel *kernel, bool *untold, struct error *err)
{
	pid_t tid, found = 0;
	int status = 0;

	if (!kernel->held && !kernel_hold(kernel)) {
		/* Traced by somebody else: a filter can be walked around (seccomp(2)). */
		*untold = (errno == EPERM || errno == EACCES) && !kernel_traced(kernel);
		return error_errno(err, "process %d cannot be traced", (int)kernel->pid);
	}
	tid = kernel->tid;
	for (int i = 0; i < (kernel->started ? STOP_MAX : WAIT_MAX) && found == 0; i++) {
		found = waitpid(tid, &status, __WALL | WNOHANG);
		if (found == 0)
			nap(i < SOON ? 50 : 2000);
	}
	if (found < 0)
		return error_errno(err, "process %d does not stop", (int)kernel->pid);
	/* Before its start it has no reason not to. */
	*untold = found == 0 && kernel->started;
	if (found == 0)
		return error_set(err, "process %d does not stop: its filter cannot be read",
				 (int)kernel->pid);
	return WIFSTOPPED(status) || error_set(err, "process %d has ended", (int)kernel->pid);
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
	return faccessat(kernel_dir(kernel), "status", F_OK, 0) == 0 ||
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

struct kernel_filter *kernel_filters(struct arena *arena, struct kernel *kernel, bool *untold,
				     struct error *err)
{
	struct kernel_filter *all = NULL;
	int why = ENOENT;
	bool held;

	*untold = false;
	err->msg[0] = '\0';
	held = hold(kernel, untold, err) && is_same(kernel, err);
	if (held)
		all = fetch_all(arena, kernel->tid, &why);
	trace(PTRACE_DETACH, kernel->tid, 0, NULL);
	kernel->held = false;
	if (!held || why == ENOENT)
		return all;
	errno = why;
	error_errno(err, "the filter of process %d cannot be read", (int)kernel->pid);
	/* Not compiled in, or we are filtered ourselves or root of a namespace only. */
	*untold = why == EINVAL || why == EACCES;
	return NULL;
}
