/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seawall-runtime: stands where engines expect runc or crun, judges what is to be started, and becomes
 * the runtime with what is left of it. No child is made: engines kill and wait for the process they
 * started.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "argv.h"
#include "bundle.h"
#include "date.h"
#include "decision.h"
#include "file.h"
#include "harden.h"
#include "launch.h"
#include "seccomp_cache.h"
#include "sources.h"
#include "words.h"

struct shim {
	struct arena *arena;
	int argc;
	char *const *argv;
	int64_t started; /* date_now() */
	struct call call;
	const char *misread; /* why the command line is not understood, or NULL */
	struct policy policy;
	bool policy_known;
	struct task task;
	struct report report;
	struct bundle bundle;
	const char *runtime;
	char *text; /* what the runtime is given instead of task.text */
	size_t len;
	struct error err;
};

/* A program called seawall-runtime.restricted asks for at least that profile, never for less. */
static enum profile floor_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	if (dot && strcmp(dot, ".restricted") == 0)
		return PROFILE_RESTRICTED;
	if (dot && strcmp(dot, ".baseline") == 0)
		return PROFILE_BASELINE;
	return PROFILE_PRIVILEGED;
}

static enum boundary boundary_of(enum verb verb)
{
	switch (verb) {
	case VERB_RUN:
		return AT_RUN;
	case VERB_EXEC:
		return AT_EXEC;
	case VERB_UPDATE:
		return AT_UPDATE;
	case VERB_RESTORE:
		return AT_RESTORE;
	case VERB_CHECKPOINT:
		return AT_CHECKPOINT;
	default:
		return AT_CREATE;
	}
}

static bool changed(const struct shim *shim)
{
	return shim->text &&
	       (shim->len != shim->task.len || memcmp(shim->text, shim->task.text, shim->len) != 0);
}

/* False if the record is missing and the policy says that nothing may start without one. */
static bool record(struct shim *shim)
{
	struct decision decision = {
		.report = &shim->report,
		.host = shim->task.host ? shim->task.host->name : NULL,
		.runtime = shim->runtime,
		.before = shim->task.text,
		.before_len = shim->task.len,
		.after = changed(shim) ? shim->text : NULL,
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

static int refuse(const struct shim *shim, const char *line)
{
	log_refusal(&shim->call.log, line);
	return EXIT_FAILURE;
}

/* Seawall could not do its part, as err says, and nothing is left to try. */
static int give_up(struct shim *shim)
{
	shim->report.verdict = VERDICT_ERROR;
	shim->report.error = arena_printf(shim->arena, "%s", shim->err.msg);
	return refuse(shim, report_line(shim->arena, &shim->report));
}

static int start(struct shim *shim, char *const *argv, char *const *environment)
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

/* The command line as it came, but under the runtime's name: crun behaves as it is called. */
static char *const *untouched(const struct shim *shim)
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

static int hand_on(struct shim *shim)
{
	struct handing_on policy;

	policy_handing_on(shim->arena, &policy);
	shim->runtime = launch_runtime(policy.runtimes, &shim->err);
	if (!shim->runtime)
		return give_up(shim);
	return start(shim, untouched(shim),
		     policy.audit ? environ : launch_environment(shim->arena, environ));
}

static bool may_start_unjudged(const struct shim *shim)
{
	return shim->runtime && shim->policy_known &&
	       (shim->policy.on_error_allow || shim->report.mode == MODE_AUDIT);
}

/* Seawall itself failed, as err says: closed, unless the policy prefers to start unjudged. */
static int fail(struct shim *shim)
{
	shim->report.verdict = VERDICT_ERROR;
	shim->report.error = arena_printf(shim->arena, "%s", shim->err.msg);
	shim->text = NULL;
	if (!record(shim) || !may_start_unjudged(shim))
		return refuse(shim, report_line(shim->arena, &shim->report));
	log_notice(arena_printf(shim->arena, "seawall: started unjudged: %s", shim->report.error));
	return start(shim, untouched(shim), environ);
}

static void reject(struct shim *shim, const char *rule)
{
	harden_reject(shim->arena, &shim->report, rule, "", "%s", shim->err.msg);
}

static void judge_task(struct shim *shim, const char *name, const char *text, size_t len)
{
	struct host *host = host_real(shim->arena, shim->started);

	shim->task.name = name;
	shim->task.text = text;
	shim->task.len = len;
	shim->task.command = argv_judged(shim->arena, &shim->call);
	host->filter = seccomp_judged;
	shim->task.host = host;
	shim->task.hook = launch_hook();
	shim->task.facts.root = shim->call.root;
	shim->task.facts.id = shim->call.id;
	shim->task.facts.bundle = shim->bundle.path;
	shim->task.facts.record = policy_record(shim->arena, &shim->policy, &shim->task.facts);
	harden(shim->arena, &shim->task, &shim->report);
}

/* Audit mode changes nothing, and that is also who owns a bundle. */
static bool may_change(const struct shim *shim)
{
	return shim->policy.mode_unplaced == MODE_ENFORCE;
}

/* create, run and restore. Nothing is wrong with seawall when a bundle cannot be read. */
static bool judge_bundle(struct shim *shim)
{
	if (!bundle_read(shim->arena, shim->call.bundle, may_change(shim), &shim->bundle,
			 &shim->err)) {
		reject(shim, "document");
		return true;
	}
	judge_task(shim, "config.json", shim->bundle.text, shim->bundle.len);
	return true;
}

/* The container's own config, which exec and update may not go beyond. */
static bool find_container(struct shim *shim)
{
	if (!bundle_find(shim->arena, shim->call.root, shim->call.id, may_change(shim),
			 &shim->bundle, &shim->err))
		return false;
	shim->task.container =
		json_parse(shim->arena, shim->bundle.text, shim->bundle.len, 0, &shim->err);
	return shim->task.container ||
	       error_prefix(&shim->err, "%s/config.json", shim->bundle.path);
}

/* Read once, here: what the caller does to the file afterwards changes nothing. */
static char *read_once(struct shim *shim, const char *path, size_t *len)
{
	if (strcmp(path, "-") == 0 && shim->call.verb == VERB_UPDATE)
		return file_read_fd(shim->arena, STDIN_FILENO, FILE_ANY, len, NULL, &shim->err);
	return file_read(shim->arena, AT_FDCWD, path, FILE_ANY, len, NULL, &shim->err);
}

/* exec and update: the document is a file or is made of options. */
static bool judge_part(struct shim *shim, const char *name, const char *path,
		       struct json *(*made)(struct shim *shim))
{
	const struct json *json;
	const char *text;
	size_t len = 0;

	if (!find_container(shim))
		return false;
	if (path) {
		text = read_once(shim, path, &len);
		if (!text)
			error_prefix(&shim->err, "%s", path);
	} else {
		json = made(shim);
		text = json ? json_print(shim->arena, json, 0, &len) : NULL;
	}
	if (!text) {
		reject(shim, path ? "document" : "command-line");
		return true;
	}
	judge_task(shim, name, text, len);
	return true;
}

/* Nothing starts, so only rules about the writing out are asked. */
static bool judge_checkpoint(struct shim *shim)
{
	if (!find_container(shim))
		return false;
	judge_task(shim, "config.json", shim->bundle.text, shim->bundle.len);
	return true;
}

static struct json *made_process(struct shim *shim)
{
	return argv_process(shim->arena, &shim->call, shim->task.container, &shim->err);
}

static struct json *made_resources(struct shim *shim)
{
	return argv_resources(shim->arena, &shim->call, &shim->err);
}

/* False and err if seawall itself fails. */
static bool judge(struct shim *shim)
{
	switch (shim->call.verb) {
	case VERB_EXEC:
		return judge_part(shim, "process.json", shim->call.process, made_process);
	case VERB_UPDATE:
		return judge_part(shim, "resources", shim->call.resources, made_resources);
	case VERB_CHECKPOINT:
		return judge_checkpoint(shim);
	default:
		return judge_bundle(shim);
	}
}

/* Puts the hardened document where the runtime will read it. */
static bool apply(struct shim *shim, int *private)
{
	char *path;

	*private = -1;
	argv_keep(shim->arena, &shim->call, shim->report.command);
	if (shim->call.verb == VERB_CHECKPOINT)
		return true;
	if (shim->call.verb != VERB_EXEC && shim->call.verb != VERB_UPDATE) {
		argv_set(shim->arena, &shim->call, "bundle", shim->bundle.path);
		return !changed(shim) ||
		       bundle_replace(&shim->bundle, shim->text, shim->len, &shim->err);
	}
	*private = bundle_private(shim->text, shim->len, &shim->err);
	if (*private < 0)
		return false;
	path = arena_printf(shim->arena, "/proc/self/fd/%d", *private);
	argv_set(shim->arena, &shim->call, shim->call.verb == VERB_EXEC ? "process" : "resources",
		 path);
	return true;
}

static int start_judged(struct shim *shim)
{
	int private;

	if (shim->report.mode == MODE_AUDIT)
		return record(shim) ? start(shim, untouched(shim), environ) : fail(shim);
	if (shim->report.doc && shim->call.verb != VERB_CHECKPOINT)
		shim->text = json_print(shim->arena, shim->report.doc, 0, &shim->len);
	if (!record(shim) || !apply(shim, &private) ||
	    !launch_descriptors(&shim->call, environ, private, &shim->err))
		return fail(shim);
	return start(shim, argv_emit(shim->arena, &shim->call, shim->runtime),
		     launch_environment(shim->arena, environ));
}

/* Everything behind the command line, which was understood or not. */
static int judge_and_start(struct shim *shim)
{
	struct error missing;

	shim->policy_known = policy_load(shim->arena, &shim->policy, &shim->err);
	if (!shim->policy_known)
		return fail(shim);
	shim->task.policy = &shim->policy;
	shim->report.mode = shim->policy.mode_unplaced;
	shim->report.policy = shim->policy.sha256;
	shim->runtime = launch_runtime(shim->policy.runtimes, &missing);
	if (shim->misread)
		harden_reject(shim->arena, &shim->report, "command-line", "", "%s", shim->misread);
	else if (!judge(shim))
		return fail(shim);
	else if (!launch_preserved(&shim->call, &shim->err))
		reject(shim, "preserve-fds");
	if (shim->report.verdict == VERDICT_REJECTED) {
		record(shim);
		return refuse(shim, report_line(shim->arena, &shim->report));
	}
	if (!shim->runtime) {
		shim->err = missing;
		return fail(shim);
	}
	return start_judged(shim);
}

/* What judging the usual config takes, or handing on. A guess: the command line has not been read yet. */
static size_t expected_size(char *const argv[])
{
	for (size_t i = 0; argv[i]; i++)
		if (word_in("create run restore exec update checkpoint", argv[i]))
			return 224u << 10;
	return 12u << 10;
}

int main(int argc, char *argv[])
{
	struct shim shim = {
		.arena = arena_sized(expected_size(argv)),
		.argc = argc,
		.argv = argv,
	};

	if (!argv_parse(shim.arena, argc, argv, &shim.call, &shim.err))
		shim.misread = arena_printf(shim.arena, "%s", shim.err.msg);
	else if (shim.call.verb == VERB_PASS)
		return hand_on(&shim);
	shim.started = date_now();
	shim.task.boundary = shim.report.boundary = boundary_of(shim.call.verb);
	shim.task.floor = floor_of(argc > 0 ? argv[0] : "");
	shim.report.policy = "";
	return judge_and_start(&shim);
}
