/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stage poststart: a config is a claim, the kernel is the truth. In runc it runs when everything is in
 * force and before the container's program; in crun just after the program began.
 */
#include "verify.h"

#include <string.h>
#include <unistd.h>

#include "decision.h"
#include "file.h"
#include "filter.h"
#include "hook.h"
#include "log.h"
#include "memory.h"

static bool state_pid(const struct hook *hook, pid_t *pid, struct error *err)
{
	int64_t value;

	if (!json_i64(json_member(hook->state, "pid"), &value) || value <= 1 || value > 1 << 30)
		return error_set(err, "state on stdin: names no process");
	*pid = (pid_t)value;
	return true;
}

/* The config that the kernel is held against, with paths as the host knows them. */
static struct json *config_of(struct hook *hook)
{
	struct json *config = hook->report.doc;
	struct json *path = json_at(config, "/root/path");
	const char *text = json_string(path);

	if (text && *text != '/')
		json_replace(path, json_new_string(hook->arena,
						   arena_printf(hook->arena, "%s/%s",
								hook->bundle.path, text)));
	return config;
}

/* One filter among those of the process that lets nothing pass which the config's own does not. */
static bool filter_found(struct hook *hook, const struct json *seccomp,
			 const struct kernel_filter *list, struct error *err)
{
	struct filter wanted;

	if (!filter_build(hook->arena, seccomp, &wanted, err))
		return false;
	for (; list; list = list->next) {
		struct filter real = filter_of(hook->arena, list->code, list->count);

		if (!filter_excess(hook->arena, &real, &wanted))
			return true;
	}
	return error_set(err, "no filter of the process is as strict as the config's");
}

/* Comparing takes ten times as long as starting this hook: what was found equal once is remembered. */
static const char *filter_key(struct hook *hook, const struct json *seccomp,
			      const struct kernel_filter *list)
{
	struct text all = { .arena = hook->arena };
	char *key = arena_alloc(hook->arena, 65);
	size_t len;
	char *text = json_print(hook->arena, seccomp, 0, &len);

	text_printf(&all, "%s\n", SEAWALL_VERSION);
	text_add(&all, text, len);
	for (; list; list = list->next)
		text_add(&all, (const char *)list->code, list->count * sizeof(*list->code));
	file_sha256(all.data, all.len, key);
	return key;
}

static void verify_filter(struct hook *hook, const struct json *config, const struct kernel *kernel)
{
	const struct json *seccomp = json_at(config, "/linux/seccomp");
	const struct kernel_filter *list;
	int memory cleanup_fd = -1;
	struct error err;
	const char *key;
	size_t len;

	if (!json_first(seccomp) || kernel->seccomp != 2)
		return;
	list = kernel_filters(hook->arena, kernel, &err);
	if (!list && err.msg[0]) {
		/* Some kernels cannot tell; that there is a filter was seen already. */
		log_notice(arena_printf(hook->arena, "seawall: %s", err.msg));
		return;
	}
	memory = memory_open(hook->arena, "filters");
	key = filter_key(hook, seccomp, list);
	if (memory_get(hook->arena, memory, key, &len))
		return;
	if (filter_found(hook, seccomp, list, &err))
		memory_put(memory, key, "same\n", 5);
	else
		harden_reject(hook->arena, &hook->report, "seccomp", "/linux/seccomp", "%s",
			      err.msg);
}

static void refuse_all(struct hook *hook)
{
	for (struct finding *f = hook->report.findings.first; f; f = f->next) {
		if (f->outcome != OUTCOME_REJECTED)
			continue;
		if (hook->report.mode == MODE_AUDIT) {
			f->outcome = OUTCOME_AUDITED;
			f->would = OUTCOME_REJECTED;
		} else {
			hook->report.verdict = VERDICT_REJECTED;
		}
	}
}

/* The container's process and ourselves, who are the host. False and err if it is gone. */
static bool read_kernels(struct hook *hook, struct verification *verification)
{
	struct kernel *kernels = arena_alloc(hook->arena, 2 * sizeof(*kernels));
	pid_t pid;

	if (!state_pid(hook, &pid, &hook->err) ||
	    !kernel_read(hook->arena, pid, &kernels[0], &hook->err) ||
	    !kernel_read(hook->arena, getpid(), &kernels[1], &hook->err))
		return false;
	*verification = (struct verification){
		.config = config_of(hook),
		.kernel = &kernels[0],
		.host = &kernels[1],
	};
	return true;
}

bool hook_verify(struct hook *hook)
{
	struct verification verification;

	if (hook->policy.verify == VERIFY_OFF)
		return true;
	if (!hook_judge(hook))
		return false;
	if (!hook->report.doc)
		return true;
	if (!read_kernels(hook, &verification))
		return false;
	verify(hook->arena, &verification, &hook->report.findings);
	verify_filter(hook, verification.config, verification.kernel);
	refuse_all(hook);
	return true;
}

/* The container's root is not entered yet: its mounts stand below the bundle's root directory. */
bool hook_mounts(struct hook *hook)
{
	struct verification verification;
	struct kernel before;

	if (!hook_judge(hook))
		return false;
	if (!hook->report.doc)
		return true;
	if (!read_kernels(hook, &verification))
		return false;
	before = *verification.kernel;
	before.root = json_string(json_at(verification.config, "/root/path"));
	verification.kernel = &before;
	verify_made(hook->arena, &verification, &hook->report.findings);
	refuse_all(hook);
	return true;
}

void hook_kill(const struct hook *hook)
{
	struct kernel kernel;
	struct error err;
	pid_t pid;

	if (!state_pid(hook, &pid, &err) || !kernel_read(hook->arena, pid, &kernel, &err) ||
	    !kernel_kill(&kernel, &err))
		log_notice(arena_printf(hook->arena, "seawall: %s", err.msg));
}
