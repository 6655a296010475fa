/* SPDX-License-Identifier: Apache-2.0 */
/* How a call ends: refused, failed, or as the runtime. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decision.h"
#include "launch.h"
#include "shim.h"
#include "sources.h"

bool shim_changed(const struct shim *shim)
{
	return shim->text &&
	       (shim->len != shim->task.len || memcmp(shim->text, shim->task.text, shim->len) != 0);
}

bool shim_record(struct shim *shim)
{
	struct decision decision = {
		.report = &shim->report,
		.host = shim->task.host ? shim->task.host->name : NULL,
		.runtime = shim->runtime,
		.before = shim->task.text,
		.before_len = shim->task.len,
		.after = shim_changed(shim) ? shim->text : NULL,
		.after_len = shim->len,
		.started = shim->started,
	};
	const struct policy *policy = shim->policy_known ? &shim->policy : NULL;
	struct error err;

	if (decision_write(shim->arena, policy, &decision, &err))
		return true;
	log_notice(arena_printf(shim->arena, "seawall: %s", err.msg));
	error_set(&shim->err, "%s", err.msg);
	return !policy || !json_true(json_at(policy->doc, "/log/required"));
}

int shim_refuse(const struct shim *shim, const char *line)
{
	log_refusal(&shim->call.log, line);
	return EXIT_FAILURE;
}

/* Seawall could not do its part, as err says, and nothing is left to try. */
static int give_up(struct shim *shim)
{
	shim->report.verdict = VERDICT_ERROR;
	shim->report.error = arena_printf(shim->arena, "%s", shim->err.msg);
	return shim_refuse(shim, report_line(shim->arena, &shim->report));
}

int shim_become(struct shim *shim, char *const *argv, char *const *environment)
{
	execve(shim->runtime, argv, environment);
	error_errno(&shim->err, "runtime %s: cannot be started", shim->runtime);
	return give_up(shim);
}

/* What was read of a pipe is gone from it; -1 if path can be read once more. */
static int read_up(const struct shim *shim, const char *path)
{
	struct error err;
	struct stat stat;
	int fd;

	if (!path || !shim->task.text ||
	    (strcmp(path, "-") != 0 &&
	     (fstatat(AT_FDCWD, path, &stat, 0) < 0 || S_ISREG(stat.st_mode))))
		return -1;
	fd = bundle_private(shim->task.text, shim->task.len, &err);
	if (fd >= 0)
		fcntl(fd, F_SETFD, 0);
	return fd;
}

char *const *shim_untouched(const struct shim *shim)
{
	char **argv = arena_alloc(shim->arena, ((size_t)shim->argc + 2) * sizeof(*argv));
	const char *slash = strrchr(shim->runtime, '/');
	const char *path = shim->call.process ? shim->call.process : shim->call.resources;
	int fd = read_up(shim, path);

	memcpy(argv, shim->argv, (size_t)shim->argc * sizeof(*argv));
	argv[0] = arena_printf(shim->arena, "%s", slash + 1);
	/* path is the tail of one of the words */
	for (int i = 1; fd >= 0 && i < shim->argc; i++)
		if (argv[i] <= path && path <= argv[i] + strlen(argv[i]))
			argv[i] = arena_printf(shim->arena, "%.*s/proc/self/fd/%d",
					       (int)(path - argv[i]), argv[i], fd);
	return argv;
}

/* Before a "start", if everything is in force by then. */
static bool is_verified(struct shim *shim, bool audit)
{
	if (shim->policy_known
		    ? shim->policy.verify == VERIFY_OFF || shim->policy.mode_unplaced == MODE_AUDIT
		    : audit)
		return false;
	return launch_is_runc(shim->runtime) || shim_unverified(shim);
}

int shim_hand_on(struct shim *shim)
{
	struct handing_on policy;
	struct error why;

	shim->policy_known =
		shim->call.verb == VERB_START && policy_load(shim->arena, &shim->policy, &why);
	if (shim->policy_known)
		policy = (struct handing_on){ shim->policy.runtimes,
					      shim->policy.mode == MODE_AUDIT };
	else
		policy_handing_on(shim->arena, &policy);
	shim->runtime = launch_runtime(policy.runtimes, &shim->err);
	if (!shim->runtime)
		return give_up(shim);
	if (shim->call.verb == VERB_START && is_verified(shim, policy.audit))
		return shim_start(shim);
	return shim_become(shim, shim_untouched(shim),
			   policy.audit ? environ : launch_environment(shim->arena, environ));
}

static bool may_start_unjudged(const struct shim *shim)
{
	return shim->runtime && shim->policy_known &&
	       (shim->policy.on_error_allow || shim->report.mode == MODE_AUDIT);
}

int shim_fail(struct shim *shim)
{
	shim->report.verdict = VERDICT_ERROR;
	shim->report.error = arena_printf(shim->arena, "%s", shim->err.msg);
	shim->text = NULL;
	if (!shim_record(shim) || !may_start_unjudged(shim))
		return shim_refuse(shim, report_line(shim->arena, &shim->report));
	log_notice(arena_printf(shim->arena, "seawall: started unjudged: %s", shim->report.error));
	return shim_become(shim, shim_untouched(shim), environ);
}
