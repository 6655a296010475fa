/* SPDX-License-Identifier: Apache-2.0 */
/* seawall scan: every container of this host, what the policy says of it and what the kernel enforces. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl_containers.h"
#include "ctl_seccomp.h"
#include "date.h"
#include "file.h"

struct run {
	struct ctl *ctl;
	struct policy policy;
	struct host *host;
	struct text text;
	enum ctl_status status;
	bool json;
	size_t count;
};

/* Beside what is judged: who is in namespaces that no runtime told of. */
struct stranger {
	struct kernel kernel;
	const char *name;
	struct stranger *next;
};

static void put_json(struct run *run, const struct json *json)
{
	size_t len;
	char *line = json_print(run->ctl->arena, json, 0, &len);

	text_add(&run->text, line, len);
	text_add(&run->text, "\n", 1);
}

static void heading(struct run *run)
{
	if (!run->count++)
		text_printf(&run->text, "%s%-12s  %8s  %-14s  %-7s  %-10s  %-9s  %-7s  %s%s\n",
			    ctl_bold(run->ctl), "ID", "PID", "ENGINE", "RUNTIME", "PROFILE",
			    "VERDICT", "KERNEL", "SEAWALL", ctl_off(run->ctl));
}

static const char *kernel_word(const struct findings *differences, const char *why)
{
	if (why)
		return "unknown";
	for (const struct finding *f = differences->first; f; f = f->next)
		if (f->outcome == OUTCOME_REJECTED)
			return "differs";
	return "holds";
}

/* Findings that an operator would act on; what was let pass is in --format json. */
static void put_findings(struct run *run, const struct report *report)
{
	struct findings loud = { .first = NULL };

	for (const struct finding *f = report->findings.first; f; f = f->next) {
		struct finding *copy;

		if (f->outcome != OUTCOME_REJECTED && f->outcome != OUTCOME_TIGHTENED)
			continue;
		copy = findings_add(run->ctl->arena, &loud, f->rule, f->pointer);
		copy->message = f->message;
		copy->outcome = f->outcome;
	}
	ctl_differences(run->ctl, &run->text, &loud);
}

static void print(struct run *run, const struct container *container, const struct report *report,
		  const struct findings *differences, const char *why)
{
	const char *kernel = kernel_word(differences, why);
	const char *mark =
		json_string(json_at(container->config, "/annotations/io.seawall.verdict"));
	struct report compared = { .findings = *differences, .policy = "" };
	struct arena *arena = run->ctl->arena;
	struct json *json;

	if (run->json) {
		json = ctl_container_json(arena, container, report);
		json_set(arena, json, "kernel", json_new_string(arena, kernel));
		json_set(arena, json, "differences",
			 json_clone(arena,
				    json_member(report_json(arena, &compared, NULL), "findings")));
		json_set(arena, json, "seawall", json_new_bool(arena, mark));
		put_json(run, json);
		return;
	}
	heading(run);
	text_printf(&run->text, "%-12.12s  %8d  %-14s  %-7s  %-10s  %s%-9s%s  %s%-7s%s  %s\n",
		    report_plain(arena, container->id), (int)container->pid,
		    engine_name(container->workload.engine), container->runtime,
		    report->profile ? report->profile : "?",
		    report->verdict >= VERDICT_REJECTED ? ctl_red(run->ctl) : ctl_green(run->ctl),
		    verdict_name(report->verdict), ctl_off(run->ctl),
		    *kernel == 'h' ? ctl_green(run->ctl) : ctl_red(run->ctl), kernel,
		    ctl_off(run->ctl), mark ? "yes" : "no");
	if (why)
		text_printf(&run->text, "  %s\n", report_plain(arena, why));
	put_findings(run, report);
	ctl_differences(run->ctl, &run->text, differences);
}

static void scan_one(struct run *run, struct container *container)
{
	struct task task = {
		.boundary = AT_CREATE,
		.name = "config.json",
		.text = container->bundle.text,
		.len = container->bundle.len,
		.policy = &run->policy,
		.host = run->host,
		.facts = { .bundle = container->bundle.path,
			   .root = container->root,
			   .id = container->id },
	};
	struct report report = { .verdict = VERDICT_ERROR, .policy = "", .error = container->why };
	struct findings differences = { .first = NULL };
	struct error err;
	const char *why;
	bool compared =
		ctl_compare(run->ctl->arena, container, &container->kernel, &differences, &why);

	/* Its namespaces are asked for later. */
	if (!compared && !kernel_read(run->ctl->arena, &container->kernel, &err))
		why = arena_printf(run->ctl->arena, "%s", err.msg);
	if (container->config)
		harden(run->ctl->arena, &task, &report);
	if (!compared || report.verdict == VERDICT_ERROR)
		run->status = ctl_worse(run->status, CTL_FAILED);
	else if (report.verdict == VERDICT_REJECTED || *kernel_word(&differences, NULL) == 'd')
		run->status = ctl_worse(run->status, CTL_NO);
	print(run, container, &report, &differences, compared ? NULL : why);
}

static bool same(const struct kernel *a, const struct kernel *b, enum kernel_ns ns)
{
	return a->ns[ns] == b->ns[ns];
}

static bool same_place(const struct kernel *a, const struct kernel *b)
{
	return same(a, b, KERNEL_NS_PID) && same(a, b, KERNEL_NS_USER);
}

/* Services have mount namespaces of their own; what has pids or users of its own is a container. */
static bool is_stranger(const struct container *all, const struct stranger *known,
			const struct kernel *kernel, const struct kernel hosts[2])
{
	if (same_place(kernel, &hosts[0]) || same_place(kernel, &hosts[1]))
		return false;
	for (; known; known = known->next)
		if (same_place(kernel, &known->kernel))
			return false;
	for (; all; all = all->next)
		if (same_place(kernel, &all->kernel))
			return false;
	return true;
}

static const char *name_of(struct arena *arena, const struct kernel *kernel)
{
	struct error err;
	size_t len;
	char *text = file_read(arena, kernel->dir, "comm", 0, &len, NULL, &err);

	if (text)
		text[strcspn(text, "\n")] = '\0';
	return text ? text : "?";
}

/* Reads a process and lets go of it. False with an empty err if it has ended. */
static bool read_process(struct arena *arena, pid_t pid, struct stranger *process,
			 struct error *err)
{
	struct kernel *kernel = &process->kernel;
	bool done;

	err->msg[0] = '\0';
	if (!kernel_open(arena, pid, kernel, err)) {
		if (errno == ENOENT || errno == ESRCH)
			err->msg[0] = '\0';
		return false;
	}
	done = kernel_read(arena, kernel, err);
	if (!done && !kernel_alive(kernel))
		err->msg[0] = '\0';
	process->name = name_of(arena, kernel);
	kernel_close(kernel);
	return done;
}

static void add_stranger(struct run *run, struct stranger ***end, const struct stranger *process)
{
	**end = arena_alloc(run->ctl->arena, sizeof(***end));
	***end = *process;
	*end = &(**end)->next;
}

/* False and failed, of the first of them, if there are processes that cannot be read: they may be anybody. */
static bool strangers(struct run *run, const struct container *all, struct stranger **first,
		      struct error *failed)
{
	struct arena *arena = run->ctl->arena;
	struct stranger hosts[2] = { 0 }, **end = first;
	DIR *dir = opendir("/proc");
	const struct dirent *entry;
	struct error err;

	if (!dir)
		return error_errno(failed, "/proc");
	failed->msg[0] = '\0';
	if (read_process(arena, getpid(), &hosts[0], failed) &&
	    read_process(arena, 1, &hosts[1], failed))
		while ((entry = readdir(dir)) != NULL) {
			const struct kernel both[2] = { hosts[0].kernel, hosts[1].kernel };
			long pid = strtol(entry->d_name, NULL, 10);
			struct stranger process = { 0 };

			if (pid < 1)
				continue;
			if (!read_process(arena, (pid_t)pid, &process, &err)) {
				if (err.msg[0] && !failed->msg[0])
					*failed = err;
				continue;
			}
			if (is_stranger(all, *first, &process.kernel, both))
				add_stranger(run, &end, &process);
		}
	closedir(dir);
	return !failed->msg[0];
}

/* No config, so nothing to judge: what the kernel enforces is all there is to say. */
static void print_stranger(struct run *run, const struct stranger *stranger)
{
	const struct kernel *kernel = &stranger->kernel;
	struct arena *arena = run->ctl->arena;
	const char *caps = kernel->bounding == caps_all() ? "all"
			   : kernel->bounding		  ? caps_brief(arena, kernel->bounding)
							  : "none";
	struct json *json;

	if (run->json) {
		json = json_new(arena, JSON_OBJECT);
		json_set(arena, json, "pid", json_new_i64(arena, kernel->pid));
		/* It may hold any byte. */
		json_set(arena, json, "name",
			 json_new_string(arena, report_plain(arena, stranger->name)));
		json_set(arena, json, "verdict", json_new_string(arena, "unknown"));
		json_set(arena, json, "noNewPrivileges",
			 json_new_bool(arena, kernel->no_new_privs));
		json_set(arena, json, "seccomp", json_new_u64(arena, kernel->seccomp));
		json_set(arena, json, "capabilities", caps_json(arena, kernel->bounding));
		put_json(run, json);
		return;
	}
	heading(run);
	text_printf(&run->text, "%-12s  %8d  %-14.14s  %-7s  %-10s  %-9s  %-7s  %s\n", "-",
		    (int)kernel->pid, report_plain(arena, stranger->name), "-", "-", "unknown", "-",
		    "no");
	text_printf(&run->text,
		    "  %sno runtime knows it: no_new_privs %s, seccomp %s, capabilities %s%s\n",
		    ctl_dim(run->ctl), kernel->no_new_privs ? "yes" : "no",
		    kernel->seccomp == 2 ? "filter"
		    : kernel->seccomp	 ? "strict"
					 : "none",
		    caps, ctl_off(run->ctl));
}

enum ctl_status ctl_scan(struct ctl *ctl)
{
	struct run run = { .ctl = ctl,
			   .text = { .arena = ctl->arena },
			   .json = ctl_is(ctl, "format", "json") };
	struct stranger *unknown = NULL;
	struct container *all;
	struct error err;

	if (!ctl_policy(ctl, &run.policy, &err))
		return ctl_fail("%s", err.msg);
	run.host = host_real(ctl->arena, date_now());
	run.host->filter = ctl_filter;
	all = ctl_containers(ctl->arena);
	for (struct container *each = all; each; each = each->next)
		scan_one(&run, each);
	if (!strangers(&run, all, &unknown, &err))
		run.status =
			ctl_worse(run.status, ctl_fail("scan: not all processes: %s", err.msg));
	for (struct stranger *each = unknown; each; each = each->next)
		print_stranger(&run, each);
	if (!run.text.len && !run.json)
		text_printf(&run.text, "no container is running\n");
	return ctl_out(&run.text, run.status);
}
