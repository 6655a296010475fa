/* SPDX-License-Identifier: Apache-2.0 */
/* Reads cases and recordings into subjects: a task for harden() with all that belongs to it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "harness.h"

#define CASES  "tests/cases"
#define CORPUS "tests/corpus"

void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

char *slurp(struct arena *arena, const char *path, size_t *len)
{
	struct error err;
	char *text;
	int fd cleanup_fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return NULL;
	if (fd < 0)
		die("%s: %s (run the tests from the top of the source tree)", path,
		    strerror(errno));
	text = file_read_fd(arena, fd, 0, len, NULL, &err);
	if (!text)
		die("%s: %s", path, err.msg);
	return text;
}

void spill(const char *path, const char *text, size_t len)
{
	FILE *file = fopen(path, "we");

	if (!file || fwrite(text, 1, len, file) != len || fclose(file))
		die("%s: cannot be written: %s", path, strerror(errno));
}

struct json *slurp_json(struct arena *arena, const char *path)
{
	struct error err;
	size_t len;
	char *text = slurp(arena, path, &len);
	struct json *json;

	if (!text)
		return NULL;
	json = json_parse(arena, text, len, 0, &err);
	if (!json)
		die("%s: %s", path, err.msg);
	return json;
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

char **names_in(struct arena *arena, const char *dir)
{
	struct dirent **entries;
	char **names;
	int count = scandir(dir, &entries, visible, alphasort);

	if (count < 0)
		die("%s: %s (run the tests from the top of the source tree)", dir, strerror(errno));
	names = arena_alloc(arena, ((size_t)count + 1) * sizeof(*names));
	for (int i = 0; i < count; i++) {
		names[i] = arena_strndup(arena, entries[i]->d_name, strlen(entries[i]->d_name));
		free(entries[i]);
	}
	free(entries);
	return names;
}

void policy_of(struct arena *arena, const char *name, const char *text, struct policy *policy)
{
	struct source source = { .name = name, .text = text, .len = text ? strlen(text) : 0 };
	struct error err;

	if (!policy_parse(arena, &source, text ? 1 : 0, policy, &err))
		die("%s: %s", name, err.msg);
}

static struct host *host_of(struct arena *arena, const char *name, const struct json *facts)
{
	struct error err;
	struct host *host = host_facts(arena, facts ? facts : json_new(arena, JSON_OBJECT), &err);

	if (!host)
		die("%s: %s", name, err.msg);
	return host;
}

/* The id is the last part of cgroupsPath; Podman puts "libpod-" before it. */
static const char *id_of(const struct json *config)
{
	const char *path = json_string(json_at(config, "/linux/cgroupsPath"));
	const char *id = path ? strrchr(path, '/') : NULL;

	if (!id)
		return NULL;
	id++;
	return strncmp(id, "libpod-", 7) ? id : id + 7;
}

/*
 * The call that belongs to a config: cases and recordings hold files only, yet identity rests on the
 * bundle that the engine called with. Each engine has one form for it.
 */
static struct call_facts call_of(struct arena *arena, const struct json *config)
{
	const struct json *notes = json_member(config, "annotations");
	struct call_facts call = { .id = id_of(config) };

	if (!call.id)
		return call;
	if (json_member(notes, "io.kubernetes.cri.container-type")) {
		call.bundle = arena_printf(
			arena, "/run/containerd/io.containerd.runtime.v2.task/k8s.io/%s", call.id);
		call.root = "/run/containerd/runc/k8s.io";
	} else if (json_is(json_member(notes, "io.container.manager"), "libpod")) {
		call.bundle = arena_printf(
			arena, "/var/lib/containers/storage/overlay-containers/%s/userdata",
			call.id);
	} else {
		call.bundle = arena_printf(
			arena, "/run/containerd/io.containerd.runtime.v2.task/moby/%s", call.id);
		call.root = "/run/docker/runtime-runc/moby";
	}
	return call;
}

static const char *knob(const struct json *knobs, const char *name, const char *otherwise)
{
	const struct json *value = json_member(knobs, name);

	return value ? json_string(value) : otherwise;
}

static enum boundary boundary_of(const char *dir, const char *name)
{
	for (enum boundary at = AT_CREATE; at <= AT_CHECKPOINT; at++) {
		if (!strcmp(boundary_name(at), name))
			return at;
	}
	die("%s/case.json: boundary \"%s\" does not exist", dir, name);
}

static enum profile profile_of(const char *dir, const char *name)
{
	for (enum profile profile = PROFILE_PRIVILEGED; profile <= PROFILE_RESTRICTED; profile++) {
		if (!strcmp(profile_name(profile), name))
			return profile;
	}
	die("%s/case.json: profile \"%s\" does not exist", dir, name);
}

/* case.json: what a case needs beside its files, all of it optional. */
static void apply_knobs(struct arena *arena, const char *dir, struct task *task)
{
	static const char *const known[] = { "boundary", "profile", "bundle",
					     "root",	 "id",	    "command" };
	struct json *knobs = slurp_json(arena, arena_printf(arena, "%s/case.json", dir));

	json_each(each, knobs) {
		size_t i = 0;

		while (i < sizeof(known) / sizeof(*known) && strcmp(known[i], each->key))
			i++;
		if (i == sizeof(known) / sizeof(*known))
			die("%s/case.json: unknown member \"%s\"", dir, each->key);
	}
	if (json_member(knobs, "boundary"))
		task->boundary = boundary_of(dir, knob(knobs, "boundary", ""));
	if (json_member(knobs, "profile"))
		task->floor = profile_of(dir, knob(knobs, "profile", ""));
	task->command = json_member(knobs, "command");
	task->facts.bundle = knob(knobs, "bundle", task->facts.bundle);
	task->facts.root = knob(knobs, "root", task->facts.root);
	task->facts.id = knob(knobs, "id", task->facts.id);
}

/* At exec and update the document is another one, and config.json is the container it is for. */
static void read_document(struct arena *arena, const char *dir, struct task *task)
{
	static const struct {
		const char *name;
		enum boundary boundary;
	} others[] = { { "process.json", AT_EXEC }, { "resources.json", AT_UPDATE } };

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		size_t len;
		char *text = slurp(arena, arena_printf(arena, "%s/%s", dir, others[i].name), &len);

		if (!text)
			continue;
		task->boundary = others[i].boundary;
		task->name = others[i].name;
		task->text = text;
		task->len = len;
	}
}

void subject_case(struct arena *arena, const char *dir, struct subject *subject)
{
	const char *policy = arena_printf(arena, "%s/policy.json", dir);
	struct task *task = &subject->task;
	struct json *config = NULL;
	struct error err;
	size_t len;

	*subject = (struct subject){ .name = arena_strndup(arena, dir, strlen(dir)) };
	policy_of(arena, policy, slurp(arena, policy, &len), &subject->policy);
	task->policy = &subject->policy;
	task->host =
		host_of(arena, dir, slurp_json(arena, arena_printf(arena, "%s/host.json", dir)));
	task->boundary = AT_CREATE;
	task->name = "config.json";
	task->text = slurp(arena, arena_printf(arena, "%s/config.json", dir), &task->len);
	if (!task->text)
		die("%s: config.json is missing", dir);
	config = json_parse(arena, task->text, task->len, 0, &err);
	task->facts = call_of(arena, config);
	read_document(arena, dir, task);
	apply_knobs(arena, dir, task);
	if (task->boundary == AT_EXEC || task->boundary == AT_UPDATE)
		task->container = config;
}

size_t cases_each(struct arena *arena,
		  void (*each)(void *data, struct arena *arena, const char *rule, const char *name,
			       const char *dir),
		  void *data)
{
	size_t count = 0;

	for (char **rule = names_in(arena, CASES); *rule; rule++) {
		const char *dir = arena_printf(arena, CASES "/%s", *rule);

		if (strchr(*rule, '.'))
			continue; /* README.md */
		for (char **name = names_in(arena, dir); *name; name++, count++)
			each(data, arena, *rule, *name, arena_printf(arena, "%s/%s", dir, *name));
	}
	return count;
}

const struct json *corpus_index(struct arena *arena)
{
	struct json *index = slurp_json(arena, CORPUS "/index.json");

	if (!index || index->type != JSON_ARRAY || !index->len)
		die(CORPUS "/index.json: an array with rows is expected");
	return index;
}

/* "docker exec -u 0 rec-user-1000 id" happened in docker/user-1000.config.json. */
static const char *command_container(struct arena *arena, const char *file, const char *command)
{
	const char *name = strstr(command, " rec-");
	const char *slash = strchr(file, '/');

	if (!name || !slash)
		die(CORPUS "/%s: no container in its command", file);
	name += 5;
	return arena_printf(arena, CORPUS "/%.*s/%.*s.config.json", (int)(slash - file), file,
			    (int)strcspn(name, " "), name);
}

static const char *container_file(struct arena *arena, const struct json *row)
{
	const char *file = json_string(json_member(row, "file"));
	const char *command = json_string(json_member(row, "command"));

	if (command)
		return command_container(arena, file, command);
	return arena_printf(arena, CORPUS "/kubernetes/%s/%s.config.json",
			    json_string(json_member(row, "pod")),
			    json_string(json_member(row, "container")));
}

/*
 * The config that an exec meets is the hardened one. Where the container would have been refused (it
 * was recorded without seawall) the recorded config stands in, so that its exec is judged all the same.
 */
static const struct json *running(struct arena *arena, const struct subject *subject,
				  const char *path)
{
	struct task task = subject->task;
	struct report report;
	struct error err;

	task.boundary = AT_CREATE;
	task.name = "config.json";
	task.text = slurp(arena, path, &task.len);
	if (!task.text)
		die("%s: the container of %s is missing", path, subject->name);
	task.facts = call_of(arena, json_parse(arena, task.text, task.len, 0, &err));
	harden(arena, &task, &report);
	if (report.verdict == VERDICT_ALLOWED || report.verdict == VERDICT_TIGHTENED)
		return report.doc;
	return slurp_json(arena, path);
}

void subject_corpus(struct arena *arena, const struct json *row, struct subject *subject)
{
	const char *file = json_string(json_member(row, "file"));
	struct json *facts = json_new(arena, JSON_OBJECT);
	struct task *task = &subject->task;
	struct error err;

	*subject = (struct subject){ .name = arena_printf(arena, CORPUS "/%s", file) };
	policy_of(arena, "built-in", NULL, &subject->policy);
	if (json_member(row, "namespaces"))
		json_set(arena, facts, "namespaces",
			 json_clone(arena, json_member(row, "namespaces")));
	task->host = host_of(arena, subject->name, facts);
	task->policy = &subject->policy;
	task->text = slurp(arena, subject->name, &task->len);
	if (!task->text)
		die("%s: named by the index, but missing", subject->name);
	task->boundary = AT_CREATE;
	task->name = "config.json";
	if (json_is(json_member(row, "kind"), "process")) {
		task->container = running(arena, subject, container_file(arena, row));
		task->boundary = AT_EXEC;
		task->name = "process.json";
		task->facts = call_of(arena, task->container);
		return;
	}
	task->facts = call_of(arena, json_parse(arena, task->text, task->len, 0, &err));
}

struct json *unsigned_copy(struct arena *arena, const struct json *doc)
{
	struct json *copy = json_clone(arena, doc);
	struct json *notes = json_member(copy, "annotations");
	struct json *next;

	for (struct json *note = notes ? notes->child : NULL; note; note = next) {
		next = note->next;
		if (!strncmp(note->key, "io.seawall.", 11))
			json_remove(note);
	}
	if (notes && !notes->len)
		json_remove(notes);
	return copy;
}
