/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what the kernel enforces for a container, and compares its filter with the config's. */
#include "verified.h"

#include <string.h>
#include <unistd.h>

#include "file.h"
#include "filter.h"
#include "log.h"
#include "memory.h"
#include "verify.h"

/* The kernel has paths as the host knows them; containerd writes "rootfs". */
static void make_absolute(struct arena *arena, const struct verified *verified)
{
	struct json *path = json_at(verified->config, "/root/path");
	const char *text = json_string(path);

	if (text && *text != '/')
		json_replace(path, json_new_string(arena, arena_printf(arena, "%s/%s",
								       verified->bundle, text)));
}

/* A program may have called chroot(2) since its start: what stands above is still the container's. */
static bool read_once(struct arena *arena, struct kernel *kernel, struct error *err)
{
	if (!kernel_read(arena, kernel, err))
		return false;
	if ((kernel->started || !kernel->mounts) && !kernel_read_all(arena, kernel) &&
	    !kernel->mounts)
		return error_set(err, "/proc/%d/mountinfo: nothing is mounted", (int)kernel->pid);
	return kernel_read_open(arena, kernel, err);
}

/* The thread that is read may end, and the process go on by others. */
static bool read_container(struct arena *arena, struct kernel *kernel, struct error *err)
{
	for (int i = 0; i < 3; i++) {
		kernel->strays = NULL;
		if (read_once(arena, kernel, err))
			return true;
		if (!kernel_alive(kernel))
			break;
	}
	return false;
}

/* The container's process was read; beside it ourselves, who are the host. */
static bool read_host(struct arena *arena, const struct verified *verified,
		      struct verification *both, struct kernel *host, struct error *err)
{
	pid_t around = verified->around ? verified->around : getpid();

	if (!kernel_open(arena, around, host, err) || !kernel_read_view(arena, host, err))
		return false;
	make_absolute(arena, verified);
	*both = (struct verification){ .config = verified->config,
				       .kernel = verified->kernel,
				       .host = host,
				       .judged = verified->judged };
	return true;
}

static void add(struct arena *arena, struct findings *findings, enum outcome outcome,
		const char *message)
{
	struct finding *finding = findings_add(arena, findings, "seccomp", "/linux/seccomp");

	finding->action = ACTION_REJECT;
	finding->outcome = outcome;
	finding->message = arena_strndup(arena, message, strlen(message));
}

/* Comparing takes ten times as long as everything else: what was found equal once is remembered. */
static const char *key_of(struct arena *arena, const struct json *seccomp,
			  const struct kernel_filter *list)
{
	struct text all = { .arena = arena };
	char *key = arena_alloc(arena, 65);
	size_t len;
	char *text = json_print(arena, seccomp, 0, &len);

	text_printf(&all, "%s\n%s\n", SEAWALL_VERSION, filter_library);
	text_add(&all, text, len);
	for (; list; list = list->next)
		text_add(&all, (const char *)list->code, list->count * sizeof(*list->code));
	file_sha256(all.data, all.len, key);
	return key;
}

/*
 * That there is a filter was seen in the process's status; this is about what it lets through. False and err
 * if that could not be told.
 */
static bool compare_filter(struct arena *arena, const struct verified *verified,
			   struct findings *findings, struct error *err)
{
	const struct json *seccomp = json_at(verified->config, "/linux/seccomp");
	const struct kernel_filter *list;
	int memory cleanup_fd = -1;
	const char *key;
	bool untold;
	size_t len;

	if (!json_first(seccomp) || verified->kernel->seccomp != 2)
		return true;
	list = kernel_filters(arena, verified->kernel, &untold, err);
	/* Nothing runs yet that could be at fault, and nothing need be ended. */
	if (!list && err->msg[0] && verified->waits && !untold)
		return false;
	if (!list && err->msg[0]) {
		/* A kernel that cannot tell is no proof against the container. */
		add(arena, findings, untold ? OUTCOME_AUDITED : OUTCOME_REJECTED, err->msg);
		return true;
	}
	memory = memory_open(arena, "filters");
	key = key_of(arena, seccomp, list);
	if (memory_get(arena, memory, key, &len))
		return true;
	switch (verified->is_strict(arena, seccomp, list, err)) {
	case FACT_YES:
		memory_put(memory, key, "same\n", 5);
		return true;
	case FACT_NO:
		add(arena, findings, OUTCOME_REJECTED, err->msg);
		return true;
	case FACT_UNKNOWN:
		break;
	}
	return false;
}

static void append(struct findings *to, const struct findings *from)
{
	if (!from->first)
		return;
	if (to->last)
		to->last->next = from->first;
	else
		to->first = from->first;
	to->last = from->last;
	to->count += from->count;
}

/* False and err if the process ended meanwhile: what was read of it then means nothing. */
static bool compare_all(struct arena *arena, const struct verified *verified, struct kernel *host,
			struct findings *findings, struct error *err)
{
	struct verification both;
	struct findings seen = { .first = NULL };

	if (!read_container(arena, verified->kernel, err) ||
	    !read_host(arena, verified, &both, host, err))
		return false;
	verify(arena, &both, &seen);
	if (!compare_filter(arena, verified, &seen, err))
		return false;
	if (!kernel_alive(verified->kernel))
		return error_set(err, "process %d has ended", (int)verified->kernel->pid);
	append(findings, &seen);
	return true;
}

/* What the config says nothing of. */
static unsigned unasked(const struct json *config)
{
	bool label = json_at(config, "/process/apparmorProfile") ||
		     json_at(config, "/process/selinuxLabel");

	return (json_first(json_at(config, "/process/rlimits")) ? 0 : KERNEL_LIMITS) |
	       (json_at(config, "/process/oomScoreAdj") ? 0 : KERNEL_OOM_SCORE_ADJ) |
	       (label ? 0 : KERNEL_LABEL);
}

bool verified_all(struct arena *arena, const struct verified *verified, struct findings *findings,
		  struct error *err)
{
	struct kernel host = { .dir = -1 };
	bool done;

	verified->kernel->unasked = unasked(verified->config);
	if (verified->waits && json_first(json_at(verified->config, "/linux/seccomp")))
		kernel_hold(verified->kernel);
	done = compare_all(arena, verified, &host, findings, err);
	if (verified->kernel->held)
		kernel_let_go(verified->kernel);
	/* Many containers may be verified, one after the other. */
	if (host.dir >= 0)
		kernel_close(&host);
	return done;
}

bool verified_mounts(struct arena *arena, const struct verified *verified,
		     struct findings *findings, struct error *err)
{
	struct verification both;
	struct kernel host;

	if (!kernel_read(arena, verified->kernel, err) ||
	    !read_host(arena, verified, &both, &host, err))
		return false;
	verified->kernel->root = json_string(json_at(verified->config, "/root/path"));
	if (!verified->kernel->root)
		return error_set(err, "config.json: names no root");
	verify_made(arena, &both, findings);
	return true;
}

void verified_late(struct report *report)
{
	for (struct finding *f = report->findings.first; f; f = f->next) {
		if (f->outcome != OUTCOME_TIGHTENED)
			continue;
		f->outcome = OUTCOME_REJECTED;
		report->verdict = VERDICT_REJECTED;
	}
}

void verified_verdict(struct report *report)
{
	for (struct finding *f = report->findings.first; f; f = f->next) {
		if (f->outcome != OUTCOME_REJECTED)
			continue;
		if (report->mode == MODE_AUDIT) {
			f->outcome = OUTCOME_AUDITED;
			f->would = OUTCOME_REJECTED;
		} else {
			report->verdict = VERDICT_REJECTED;
		}
	}
}

void verified_end(struct arena *arena, const struct kernel *kernel, const char *cgroup)
{
	struct error err;

	if (!kernel_kill(kernel, &err))
		log_notice(arena_printf(arena, "seawall: %s", err.msg));
	if (!kernel_cgroup_kill(cgroup))
		log_notice("seawall: not all of the container's processes could be ended");
}
