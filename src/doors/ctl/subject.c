/* SPDX-License-Identifier: Apache-2.0 */
/* What is judged, and by what: files, bundles, standard input; policy and host from the options. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"
#include "ctl_seccomp.h"
#include "date.h"
#include "file.h"
#include "sources.h"

static const char *next_profile(const void *data, size_t index)
{
	const struct policy *policy = data;

	if (index <= PROFILE_RESTRICTED)
		return profile_name((enum profile)index);
	index -= PROFILE_RESTRICTED + 1;
	json_each(profile, policy->profiles)
		if (index-- == 0)
			return profile->key;
	return NULL;
}

/* --profile counts for every workload, so what the policy assigns by workload goes. */
static bool choose_profile(const struct ctl *ctl, const char *name, struct policy *policy,
			   struct error *err)
{
	struct json *doc = json_clone(ctl->arena, policy->doc);
	struct json *assign = json_member(doc, "assign");
	const char *known;

	if (assign)
		json_remove(assign);
	policy->doc = doc;
	policy->profile = name;
	for (size_t i = 0; (known = next_profile(policy, i)); i++)
		if (!strcmp(known, name))
			return true;
	return error_set(err, "unknown profile \"%.40s\"%s", name,
			 ctl_guess(ctl->arena, name, next_profile, policy));
}

bool ctl_policy(const struct ctl *ctl, struct policy *policy, struct error *err)
{
	const char *path = ctl_value(ctl, "policy");
	const char *profile = ctl_value(ctl, "profile");

	if (path ? !policy_load_file(ctl->arena, path, policy, err)
		 : !policy_load(ctl->arena, policy, err))
		return false;
	return !profile || choose_profile(ctl, profile, policy, err);
}

struct json *ctl_parse(struct arena *arena, const char *name, const char *text, size_t len,
		       struct error *err)
{
	struct json *json = json_parse(arena, text, len, 0, err);

	if (!json)
		error_set(err, "%s:%s", name, arena_strndup(arena, err->msg, strlen(err->msg)));
	return json;
}

static struct host *recorded_host(const struct ctl *ctl, const char *path, struct error *err)
{
	struct json *facts;
	struct host *host = NULL;
	size_t len;
	char *text = file_read(ctl->arena, AT_FDCWD, path, FILE_ANY, &len, NULL, err);

	if (!text) {
		error_prefix(err, "%s", path);
		return NULL;
	}
	facts = ctl_parse(ctl->arena, path, text, len, err);
	host = facts ? host_facts(ctl->arena, facts, err) : NULL;
	if (facts && !host)
		error_prefix(err, "%s", path);
	return host;
}

static struct host *host_of(const struct ctl *ctl, struct error *err)
{
	const char *path = ctl_value(ctl, "host");

	if (path && ctl_value(ctl, "offline")) {
		error_set(err, "--host and --offline cannot both be asked for");
		return NULL;
	}
	if (path)
		return recorded_host(ctl, path, err);
	if (ctl_value(ctl, "offline"))
		return host_facts(ctl->arena, json_new(ctl->arena, JSON_OBJECT), err);
	return host_real(ctl->arena, date_now());
}

static bool read_input(const struct ctl *ctl, struct subject *subject, struct error *err)
{
	struct task *task = &subject->task;

	task->text = subject->path ? file_read(ctl->arena, AT_FDCWD, subject->path, FILE_ANY,
					       &task->len, &subject->stat, err)
				   : file_read_fd(ctl->arena, STDIN_FILENO, FILE_ANY, &task->len,
						  NULL, err);
	return task->text || error_prefix(err, "%s", subject->name);
}

/* The container id as engines put it into cgroupsPath: "/docker/ID", "slice:docker:ID", "libpod-ID". */
static const char *id_of(const struct json *config)
{
	const char *path = json_string(json_at(config, "/linux/cgroupsPath"));
	const char *id;

	if (!path || !strpbrk(path, "/:"))
		return NULL;
	id = path + strlen(path);
	while (!strchr("/:", id[-1]))
		id--;
	if (!strncmp(id, "libpod-", 7))
		id += 7;
	return *id ? id : NULL;
}

static bool mentions(const struct json *config, const char *pointer, const char *part)
{
	const char *text = json_string(json_at(config, pointer));

	return text && strstr(text, part);
}

/*
 * How the engine that a config names would have called. A recorded file carries no bundle, yet identity
 * rests on it. This is a guess from what the config claims: good enough to show what would happen,
 * never used where something is enforced.
 */
static struct call_facts guess_call(struct arena *arena, const struct json *config)
{
	const struct json *notes = json_member(config, "annotations");
	struct call_facts call = { .id = id_of(config) };
	const char *task = "/run/containerd/io.containerd.runtime.v2.task";

	if (!call.id)
		return call;
	if (json_member(notes, "io.kubernetes.cri.container-type")) {
		call.bundle = arena_printf(arena, "%s/k8s.io/%s", task, call.id);
		call.root = "/run/containerd/runc/k8s.io";
	} else if (json_is(json_member(notes, "io.container.manager"), "libpod")) {
		call.bundle = arena_printf(
			arena, "/var/lib/containers/storage/overlay-containers/%s/userdata",
			call.id);
	} else if (mentions(config, "/root/path", "/docker/") ||
		   mentions(config, "/linux/cgroupsPath", "docker")) {
		call.bundle = arena_printf(arena, "%s/moby/%s", task, call.id);
		call.root = "/run/docker/runtime-runc/moby";
	}
	return call;
}

/* The bundle a config.json lies in, if an engine made it: then identity can be read from its path. */
static bool real_call(struct arena *arena, const struct subject *subject, const struct json *config,
		      struct call_facts *call)
{
	char *real = subject->path ? realpath(subject->path, NULL) : NULL;
	char *slash = real ? strrchr(real, '/') : NULL;
	struct workload workload;
	struct error err;

	*call = (struct call_facts){ .id = id_of(config) };
	if (slash && !strcmp(slash, "/config.json"))
		call->bundle = arena_strndup(arena, real, (size_t)(slash - real));
	free(real);
	return call->bundle && identity_of(arena, call, config, &workload, &err) &&
	       workload.engine != ENGINE_UNKNOWN;
}

static struct call_facts call_of(struct arena *arena, const struct subject *subject)
{
	struct call_facts real = { .bundle = NULL }, guess;
	struct error err;
	struct json *config = json_parse(arena, subject->task.text, subject->task.len, 0, &err);

	if (!config || real_call(arena, subject, config, &real))
		return real;
	guess = guess_call(arena, config);
	return guess.bundle ? guess : real;
}

static const char *file_of(struct arena *arena, const char *path)
{
	struct stat stat_path;

	if (!strcmp(path, "-"))
		return NULL;
	if (stat(path, &stat_path) == 0 && S_ISDIR(stat_path.st_mode))
		return arena_printf(arena, "%s%sconfig.json", path,
				    path[strlen(path) - 1] == '/' ? "" : "/");
	return path;
}

bool ctl_subject(const struct ctl *ctl, const char *path, const struct policy *policy,
		 struct subject *subject, struct error *err)
{
	struct host *host;

	*subject = (struct subject){ .path = file_of(ctl->arena, path) };
	subject->name = subject->path ? subject->path : "-";
	subject->task = (struct task){ .boundary = AT_CREATE, .policy = policy };
	host = host_of(ctl, err);
	if (!host || !read_input(ctl, subject, err))
		return false;
	host->filter = ctl_filter;
	subject->task.host = host;
	subject->task.facts = call_of(ctl->arena, subject);
	return true;
}

enum ctl_status ctl_unread(struct arena *arena, const struct subject *subject,
			   const struct report *report)
{
	const struct finding *first = report->findings.first;
	const char *colon = first->pointer[0] ? ": " : "";

	return ctl_fail(
		"%s:%s%s%s%s", report_plain(arena, subject->name),
		first->pointer[0] || first->message[0] < '0' || first->message[0] > '9' ? " " : "",
		report_plain(arena, first->pointer), colon, report_plain(arena, first->message));
}
