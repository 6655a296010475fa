/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs wrappers of a runtime and tells what they cost. Contenders come on stdin, one a line, fields between
 * tabs: name, config that is put into the bundle before each run ("-": none), program, arguments; an
 * leading "@" of an argument stands for the bundle.
 *
 *	measure times ROUNDS BUNDLE		name, lower decile in microseconds, interleaved
 *	measure cycles ROUNDS BUNDLE ID		the same for "create --bundle BUNDLE ID" and "start ID" behind
 *						the arguments, together; "delete --force ID" is not counted
 *	measure counts BUNDLE			name, system calls, page faults, KiB
 *	measure parallel WORKERS SECONDS DIR TAIL	name, runs per second; bundles DIR/WORKER/TAIL
 *
 * Rounds end early when SECONDS_MAX are over, so that a busy machine gives fewer samples, not a long wait.
 * Counts are taken with ptrace between the start of the wrapper and its execve of the runtime, so they need
 * no performance counters, which virtual machines rarely have.
 */
#include <fcntl.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "contender.h"

enum { SECONDS_MAX = 60 };

struct counts {
	uint64_t calls, faults, rss;
};

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* What an engine does before each create: a new config.json. */
static void prepare(const struct contender *it, const char *bundle)
{
	char path[PATH_LEN];
	int fd, len = snprintf(path, sizeof(path), "%s/config.json", bundle);

	if (!it->config)
		return;
	if (len < 0 || len >= PATH_LEN)
		die(bundle);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, it->config, it->config_len) != (ssize_t)it->config_len || close(fd))
		die(path);
}

static char *const environment[] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };

struct command {
	char paths[ARGS_MAX][PATH_LEN];
	char *args[ARGS_MAX + 1];
};

static void expand(const struct contender *it, const char *bundle, struct command *command)
{
	int i;

	for (i = 0; it->args[i]; i++) {
		command->args[i] = it->args[i];
		if (it->args[i][0] != '@')
			continue;
		if (snprintf(command->paths[i], PATH_LEN, "%s%s", bundle, it->args[i] + 1) >=
		    PATH_LEN)
			die(bundle);
		command->args[i] = command->paths[i];
	}
	command->args[i] = NULL;
}

/* Standard streams go nowhere: a container keeps them open. */
static void run(const char *name, char *const args[])
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), status;
	pid_t pid;

	/* posix_spawn of musl makes 60 system calls more, which would hide what is measured */
	pid = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork) */
	if (pid == 0) {
		/* NOLINTNEXTLINE(clang-analyzer-unix.Vfork): our own stack, and nothing that is used again */
		for (int fd = 0; fd < 2; fd++)
			dup2(null, fd);
		execve(args[0], args, environment);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		die(args[0]);
	close(null);
	if (status) {
		fprintf(stderr, "measure: %s: wait status %d\n", name, status);
		exit(2);
	}
}

static int64_t run_once(const struct contender *it, const char *bundle)
{
	struct command command;
	int64_t start;

	prepare(it, bundle);
	expand(it, bundle, &command);
	start = now_ns();
	run(it->name, command.args);
	return now_ns() - start;
}

/* The contender's arguments and then these, up to NULL. */
static void run_with(const struct contender *it, const char *const more[])
{
	char *args[ARGS_MAX + 8];
	int count = 0;

	while (it->args[count]) {
		args[count] = it->args[count];
		count++;
	}
	do
		args[count++] = (char *)(uintptr_t)*more;
	while (*more++);
	run(it->name, args);
}

static int64_t run_cycle(const struct contender *it, const char *bundle, const char *id)
{
	int64_t start, end;

	prepare(it, bundle);
	start = now_ns();
	run_with(it, (const char *const[]){ "create", "--bundle", bundle, id, NULL });
	run_with(it, (const char *const[]){ "start", id, NULL });
	end = now_ns();
	run_with(it, (const char *const[]){ "delete", "--force", id, NULL });
	return end - start;
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* With an id: cycles. */
static int64_t sample(const struct contender *it, const char *bundle, const char *id)
{
	return id ? run_cycle(it, bundle, id) : run_once(it, bundle);
}

static void measure_times(struct contender *list, size_t count, char *const args[])
{
	size_t rounds = strtoul(args[0], NULL, 10), done = 0, fast;
	const char *bundle = args[1], *id = args[2];
	int64_t end;

	for (size_t i = 0; i < count; i++) {
		list[i].samples = calloc(rounds, sizeof(int64_t));
		if (!list[i].samples)
			die("calloc");
		sample(&list[i], bundle, id); /* not counted: fills caches */
	}
	end = now_ns() + (int64_t)SECONDS_MAX * 1000000000;
	for (; done < rounds && (done < 3 || now_ns() < end); done++)
		for (size_t i = 0; i < count; i++)
			list[i].samples[done] = sample(&list[i], bundle, id);
	fast = done / 10;
	for (size_t i = 0; i < count; i++) {
		/* What else runs on the machine only ever adds to a sample. */
		qsort(list[i].samples, done, sizeof(int64_t), by_value);
		printf("%s\t%.1f\n", list[i].name, (double)list[i].samples[fast] / 1000);
	}
}

/* Workers run until the time is over; how often comes back through a pipe. */
static void measure_parallel(const struct contender *it, char *const args[])
{
	long workers = strtol(args[0], NULL, 10);
	double seconds = strtod(args[1], NULL);
	int64_t end = now_ns() + (int64_t)(seconds * 1e9);
	uint64_t total = 0, done;
	int ends[2];

	if (pipe(ends))
		die("pipe");
	for (long i = 0; i < workers; i++) {
		char bundle[PATH_LEN];
		pid_t pid;

		if (snprintf(bundle, sizeof(bundle), "%s/%ld/%s", args[2], i, args[3]) >= PATH_LEN)
			die(args[2]);
		pid = fork();
		if (pid < 0)
			die("fork");
		if (pid)
			continue;
		for (done = 0; now_ns() < end; done++)
			run_once(it, bundle);
		_exit(write(ends[1], &done, sizeof(done)) != sizeof(done));
	}
	close(ends[1]);
	while (read(ends[0], &done, sizeof(done)) == sizeof(done))
		total += done;
	close(ends[0]);
	while (wait(NULL) > 0)
		;
	printf("%s\t%.1f\n", it->name, (double)total / seconds);
}

/* A number from a file of /proc: behind word if that is given, else the nth field behind the last ")". */
static uint64_t proc_number(pid_t pid, const char *file, const char *word, int nth)
{
	char path[64], text[8192];
	const char *at;
	ssize_t len;
	int fd;

	if (snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file) >= (int)sizeof(path))
		die(file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (len < 0)
		die(path);
	close(fd);
	text[len] = '\0';
	at = word ? strstr(text, word) : strrchr(text, ')');
	if (!at)
		die(path);
	at += word ? strlen(word) : 1;
	while (!word && nth-- > 0)
		at = strchr(at, ' ') + 1;
	return strtoull(at, NULL, 10);
}

static pid_t trace(const struct contender *it, const char *bundle)
{
	struct command command;
	int status;
	pid_t pid;

	prepare(it, bundle);
	expand(it, bundle, &command);
	pid = fork();
	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		execve(it->program, command.args, environment);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid ||
	    ptrace(PTRACE_SETOPTIONS, pid, NULL,
		   (void *)(uintptr_t)(PTRACE_O_TRACEEXEC | PTRACE_O_TRACESYSGOOD |
				       PTRACE_O_EXITKILL)) ||
	    ptrace(PTRACE_CONT, pid, NULL, NULL) || waitpid(pid, &status, 0) != pid ||
	    status >> 8 != (SIGTRAP | PTRACE_EVENT_EXEC << 8))
		die(it->program);
	return pid;
}

/* To the next entry or exit of a system call; false at the execve of the runtime, where it is let go. */
static int step(const struct contender *it, pid_t pid)
{
	int status;

	if (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) || waitpid(pid, &status, 0) != pid)
		die("ptrace");
	if (WIFSTOPPED(status) && status >> 8 != (SIGTRAP | PTRACE_EVENT_EXEC << 8))
		return 1;
	if (WIFSTOPPED(status)) {
		ptrace(PTRACE_DETACH, pid, NULL, NULL);
		waitpid(pid, &status, 0);
		return 0;
	}
	fprintf(stderr, "measure: %s: ended before the runtime (status %d)\n", it->name, status);
	exit(2);
}

/*
 * A counter of page faults that were taken: /proc/PID/stat has pages too that were asked for in one go.
 * It is the kernel's own and there on every machine.
 */
static int fault_counter(pid_t pid)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_PAGE_FAULTS,
	};
	long fd = syscall(SYS_perf_event_open, &attr, pid, -1, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		die("perf_event_open");
	return (int)fd;
}

/*
 * Every stop of PTRACE_SYSCALL is an entry or an exit. Resident memory is read from smaps_rollup, which
 * counts pages: the counters behind VmHWM are only right to some dozen pages per processor.
 */
static void count_calls(const struct contender *it, const char *bundle, struct counts *counts)
{
	pid_t pid = trace(it, bundle);
	uint64_t stops = 0, rss;
	int faults = fault_counter(pid);

	do {
		rss = proc_number(pid, "smaps_rollup", "Rss:", 0);
		if (rss > counts->rss)
			counts->rss = rss;
		if (read(faults, &counts->faults, sizeof(counts->faults)) < 0)
			die("page faults");
		stops++;
	} while (step(it, pid));
	close(faults);
	counts->calls = stops / 2;
}

static void measure_counts(const struct contender *it, const char *bundle)
{
	struct counts counts = { 0 };

	count_calls(it, bundle, &counts);
	printf("%s\t%llu\t%llu\t%llu\n", it->name, (unsigned long long)counts.calls,
	       (unsigned long long)counts.faults, (unsigned long long)counts.rss);
}

int main(int argc, char **argv)
{
	static struct contender list[CONTENDERS_MAX];
	size_t count = read_contenders(list);

	setvbuf(stdout, NULL, _IOLBF, 0);
	if ((argc == 4 && strcmp(argv[1], "times") == 0) ||
	    (argc == 5 && strcmp(argv[1], "cycles") == 0)) {
		measure_times(list, count, argv + 2);
	} else if (argc == 3 && strcmp(argv[1], "counts") == 0) {
		for (size_t i = 0; i < count; i++)
			measure_counts(&list[i], argv[2]);
	} else if (argc == 6 && strcmp(argv[1], "parallel") == 0) {
		for (size_t i = 0; i < count; i++)
			measure_parallel(&list[i], argv + 2);
	} else {
		fprintf(stderr, "usage: measure times|cycles|counts|parallel ...\n");
		return 2;
	}
	return 0;
}
