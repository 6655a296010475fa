/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How precreate refuses. Podman shows of a filter that fails its command line and "exit status 1", never
 * why; of a runtime's hook that fails it shows the words. So what comes out is a config that can only
 * fail, with the reason: nothing of what was asked for is in it, and its one hook says why and fails
 * before anything could run.
 */
#include <string.h>

#include "hook.h"
#include "launch.h"

static void set_text(struct arena *arena, struct json *object, const char *key, const char *text)
{
	json_set(arena, object, key, json_new_string(arena, text));
}

static struct json *texts(struct arena *arena, const char *const *list)
{
	struct json *array = json_new(arena, JSON_ARRAY);

	for (; *list; list++)
		json_append(array, json_new_string(arena, *list));
	return array;
}

/* An attached terminal is kept: the engine waits for it. */
static struct json *process(struct arena *arena, const struct json *asked)
{
	static const char *const args[] = { "/seawall-rejected-this", NULL };
	struct json *made = json_new(arena, JSON_OBJECT), *user = json_new(arena, JSON_OBJECT);

	json_set(arena, user, "uid", json_new_u64(arena, 65534));
	json_set(arena, user, "gid", json_new_u64(arena, 65534));
	json_set(arena, made, "terminal",
		 json_new_bool(arena, json_true(json_at(asked, "/process/terminal"))));
	json_set(arena, made, "user", user);
	json_set(arena, made, "args", texts(arena, args));
	set_text(arena, made, "cwd", "/");
	json_set(arena, made, "noNewPrivileges", json_new_bool(arena, true));
	return made;
}

static struct json *namespaces(struct arena *arena)
{
	static const char *const types[] = { "mount", "pid", "ipc", "uts", "network" };
	struct json *list = json_new(arena, JSON_ARRAY);

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct json *entry = json_new(arena, JSON_OBJECT);

		set_text(arena, entry, "type", types[i]);
		json_append(list, entry);
	}
	return list;
}

/* prestart and not createRuntime: older runtimes do not know that one. */
static void add_hook(struct arena *arena, struct json *config, const char *line)
{
	const char *args[] = { "seawall-hook", "refused", line, NULL };
	static const char *const env[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	struct json *hook = json_new(arena, JSON_OBJECT), *list = json_new(arena, JSON_ARRAY);

	set_text(arena, hook, "path", launch_hook());
	json_set(arena, hook, "args", texts(arena, args));
	json_set(arena, hook, "env", texts(arena, env));
	json_append(list, hook);
	json_set(arena, json_make(arena, config, "/hooks"), "prestart", list);
}

char *hook_refusal(struct hook *hook, const char *line, size_t *len)
{
	struct arena *arena = hook->arena;
	struct json *asked = json_parse(arena, hook->input, hook->len, 0, &hook->err);
	struct json *config = json_new(arena, JSON_OBJECT), *root = json_new(arena, JSON_OBJECT);
	const char *path = json_string(json_at(asked, "/root/path"));
	const char *version = json_string(json_member(asked, "ociVersion"));

	if (!path || !version || !launch_hook())
		return NULL;
	set_text(arena, root, "path", path);
	json_set(arena, root, "readonly", json_new_bool(arena, true));
	set_text(arena, config, "ociVersion", version);
	json_set(arena, config, "process", process(arena, asked));
	json_set(arena, config, "root", root);
	add_hook(arena, config, line);
	json_set(arena, json_make(arena, config, "/linux"), "namespaces", namespaces(arena));
	return json_print(arena, config, 0, len);
}
