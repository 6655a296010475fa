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

#include "date.h"
#include "file.h"
#include "launch.h"
#include "seccomp_cache.h"
#include "shim.h"
#include "sources.h"
#include "words.h"

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
	case VERB_START:
		return AT_POSTSTART;
	default:
		return AT_CREATE;
	}
}

/* What verifies the container: its "start", or a hook. */
static bool verifies(const struct shim *shim)
{
	return (shim->call.verb == VERB_CREATE || shim->call.verb == VERB_START) && shim->runtime &&
	       launch_is_runc(shim->runtime);
}

static void reject(struct shim *shim, const char *rule)
{
	harden_reject(shim->arena, &shim->report, rule, "", "%s", shim->err.msg);
}

void shim_judge(struct shim *shim, const char *name, const char *text, size_t len)
{
	struct host *host = host_real(shim->arena, shim->started);

	shim->task.name = name;
	shim->task.text = text;
	shim->task.len = len;
	shim->task.command = argv_judged(shim->arena, &shim->call);
	host->filter = seccomp_judged;
	shim->task.host = host;
	shim->task.verifies = verifies(shim);
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
	shim_judge(shim, "config.json", shim->bundle.text, shim->bundle.len);
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
	shim_judge(shim, name, text, len);
	return true;
}

/* Nothing starts, so only rules about the writing out are asked. */
static bool judge_checkpoint(struct shim *shim)
{
	if (!find_container(shim))
		return false;
	shim_judge(shim, "config.json", shim->bundle.text, shim->bundle.len);
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
		return !shim_changed(shim) ||
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
		return shim_record(shim) ? shim_become(shim, shim_untouched(shim), environ)
					 : shim_fail(shim);
	if (shim->report.doc && shim->call.verb != VERB_CHECKPOINT)
		shim->text = json_print(shim->arena, shim->report.doc, 0, &shim->len);
	if (!shim_record(shim) || !apply(shim, &private) ||
	    !launch_descriptors(&shim->call, environ, private, &shim->err))
		return shim_fail(shim);
	return shim_become(shim, argv_emit(shim->arena, &shim->call, shim->runtime),
			   launch_environment(shim->arena, environ));
}

/* Everything behind the command line, which was understood or not. */
static int judge_and_start(struct shim *shim)
{
	struct error missing;

	shim->policy_known = policy_load(shim->arena, &shim->policy, &shim->err);
	if (!shim->policy_known)
		return shim_fail(shim);
	shim->task.policy = &shim->policy;
	shim->report.mode = shim->policy.mode_unplaced;
	shim->report.policy = shim->policy.sha256;
	shim->runtime = launch_runtime(shim->policy.runtimes, &missing);
	if (shim->misread)
		harden_reject(shim->arena, &shim->report, "command-line", "", "%s", shim->misread);
	else if (!judge(shim))
		return shim_fail(shim);
	else if (!launch_preserved(&shim->call, &shim->err))
		reject(shim, "preserve-fds");
	if (shim->report.verdict == VERDICT_REJECTED) {
		shim_record(shim);
		return shim_refuse(shim, report_line(shim->arena, &shim->report));
	}
	if (!shim->runtime) {
		shim->err = missing;
		return shim_fail(shim);
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
		return shim_hand_on(&shim);
	shim.started = date_now();
	shim.task.boundary = shim.report.boundary = boundary_of(shim.call.verb);
	shim.task.floor = floor_of(argc > 0 ? argv[0] : "");
	shim.report.policy = "";
	if (shim.call.verb == VERB_START)
		return shim_hand_on(&shim);
	return judge_and_start(&shim);
}
