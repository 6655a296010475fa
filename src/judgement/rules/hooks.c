/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks: programs that the runtime runs as root, most of them in the host's namespaces. */
#include <string.h>

#include "rules.h"

#define TIMEOUT_SECONDS 30

#define PROGRAMS                                                                    \
	SEAWALL_LIBEXECDIR "/seawall-hook "                                         \
			   "/usr/bin/nvidia-container-runtime-hook "                \
			   "/usr/bin/nvidia-container-toolkit /usr/bin/nvidia-ctk " \
			   "/usr/bin/nvidia-cdi-hook /usr/local/nvidia/toolkit "    \
			   "/usr/libexec/oci/hooks.d /usr/local/libexec/oci/hooks.d"

static bool below_any(const struct json *list, const char *path)
{
	json_each(entry, list)
		if (json_string(entry) && *entry->text == '/' && host_below(path, entry->text))
			return true;
	return false;
}

/* Ours must stay on the list whatever the policy lists. */
static bool built_in(const char *path)
{
	const char *words = PROGRAMS, *word;
	char program[128];
	size_t len;

	while ((word = word_next(&words, &len))) {
		if (len >= sizeof(program))
			continue;
		memcpy(program, word, len);
		program[len] = '\0';
		if (host_below(path, program))
			return true;
	}
	return false;
}

/* The container's own files and what others may write: volumes. */
static bool of_container(const struct judge *judge, const char *path)
{
	const char *root = json_string(json_at(judge->doc, "/root/path"));

	if (root && *root == '/' && host_below(path, root))
		return true;
	json_each(mount, json_member(judge->doc, "mounts")) {
		const char *source = json_string(json_member(mount, "source"));

		if (source && *source == '/' && host_below(path, source) &&
		    !json_has(json_member(mount, "options"), "ro"))
			return true;
	}
	return false;
}

/* Who may write a directory on the way replaces the program. */
static bool way_is_roots(const struct judge *judge, const char *path)
{
	char *dir = arena_strndup(judge->arena, path, strlen(path)), *slash;

	while ((slash = strrchr(dir, '/')) && slash != dir) {
		*slash = '\0';
		if (!judge->host->path(judge->host, judge->arena, dir).root_owned)
			return false;
	}
	return true;
}

/* What the host can tell of a listed program. */
static const char *check_file(struct judge *judge, const char *path)
{
	struct host_path file = judge->host->path(judge->host, judge->arena, path);

	if (file.type == PATH_UNKNOWN && !judge->host->real)
		return NULL;
	if (file.type != PATH_FILE)
		return "is no program on this host";
	if (judge->host->real && (!file.root_owned || !way_is_roots(judge, file.real)))
		return "is a program that others than root may change";
	return of_container(judge, file.real) ? "is a file of the container's own" : NULL;
}

static const char *check_program(struct judge *judge, const char *kind, const char *path)
{
	const char *clean = host_clean(judge->arena, path);

	if (!clean || strcmp(clean, path) != 0)
		return "is no clean absolute path";
	if (!built_in(path) && !below_any(param_list(judge, "allow"), path))
		return "is not on the policy's list of hooks";
	/* This kind runs inside, confined, and its path is the container's. */
	return strcmp(kind, "startContainer") == 0 ? NULL : check_file(judge, path);
}

static bool digits_then(const char *text, const char *end)
{
	size_t len = strspn(text, "0123456789");

	return len > 0 && len < 11 && strcmp(text + len, end) == 0;
}

static bool is_hex(const char *text)
{
	return *text && text[strspn(text, "0123456789abcdef")] == '\0';
}

static const char *argument(const struct json *hook, size_t index)
{
	const struct json *args = json_member(hook, "args");

	json_each(arg, args)
		if (index-- == 0)
			return json_string(arg) ? arg->text : "";
	return "";
}

/*
 * dockerd up to 20.10 gives every container on a bridge a prestart hook: itself, to fetch the
 * network namespace. The program of a process of root's could still be anybody's: what counts is which
 * file of this host it is.
 */
static bool own_daemon(const struct judge *judge, const char *path)
{
	const char *pid = path + strlen("/proc/"), *name;
	struct host_path process, program;

	if (!judge->host->real)
		return true;
	process = judge->host->path(
		judge->host, judge->arena,
		arena_printf(judge->arena, "/proc/%.*s", (int)strcspn(pid, "/"), pid));
	program = judge->host->path(judge->host, judge->arena, path);
	if (process.type != PATH_DIRECTORY || !process.root_owned || program.type != PATH_MAGIC)
		return false;
	name = strrchr(program.real, '/');
	return program.root_owned && strcmp(program.real, path) != 0 &&
	       strcmp(name, "/dockerd") == 0 && way_is_roots(judge, program.real);
}

static bool is_setkey(const struct judge *judge, const char *kind, const struct json *hook)
{
	const char *path = json_string(json_member(hook, "path"));
	const char *id = judge->workload->id, *asked = argument(hook, 2);

	if (judge->workload->engine != ENGINE_DOCKER || strcmp(kind, "prestart") != 0 || !path ||
	    strncmp(path, "/proc/", 6) != 0 || !digits_then(path + 6, "/exe"))
		return false;
	if (strcmp(argument(hook, 0), "libnetwork-setkey") != 0 ||
	    strncmp(argument(hook, 1), "-exec-root=/", 12) != 0 || !is_hex(asked) ||
	    !is_hex(argument(hook, 3)) || (id && strcmp(id, asked) != 0))
		return false;
	return own_daemon(judge, path);
}

static bool has_environment(const struct json *hook)
{
	const struct json *env = json_member(hook, "env");

	return env && env->type == JSON_ARRAY && env->child;
}

static bool has_loader_variable(const struct json *hook)
{
	json_each(entry, json_member(hook, "env"))
		if (json_string(entry) && environment_is_loader(entry->text))
			return true;
	return false;
}

/* Our own limits itself, for crun's sake. */
static bool has_timeout(const struct json *hook)
{
	int64_t seconds;

	return json_is(json_member(hook, "path"), SEAWALL_LIBEXECDIR "/seawall-hook") ||
	       (json_i64(json_member(hook, "timeout"), &seconds) && seconds > 0);
}

static const char *check_hook(struct judge *judge, const struct place *place)
{
	const char *path = json_string(json_member(place->node, "path"));
	const char *kind = place->parent && place->parent->key ? place->parent->key : "";
	const char *reason;

	if (!path)
		return "no program";
	reason = is_setkey(judge, kind, place->node) ? NULL : check_program(judge, kind, path);
	if (reason) {
		judge->culprit = json_member(place->node, "path");
		return reason;
	}
	if (has_loader_variable(place->node)) {
		judge->culprit = json_member(place->node, "env");
		return "has a variable by which foreign code gets into the hook";
	}
	if (!has_environment(place->node))
		return "no environment of its own: the hook gets the container's or the engine's";
	return has_timeout(place->node) ? NULL
					: "no time limit: a hook that hangs blocks the engine";
}

static void fix_hook(struct judge *judge, const struct place *place)
{
	struct json *env;

	if (!place->node || place->node->type != JSON_OBJECT)
		return;
	json_each(entry, json_member(place->node, "env"))
		if (json_string(entry) && environment_is_loader(entry->text))
			json_remove(entry);
	if (!has_environment(place->node)) {
		env = json_new(judge->arena, JSON_ARRAY);
		json_append(env,
			    json_new_string(judge->arena, "PATH=/usr/local/sbin:/usr/local/bin:"
							  "/usr/sbin:/usr/bin:/sbin:/bin"));
		json_set(judge->arena, place->node, "env", env);
	}
	if (!has_timeout(place->node))
		json_set(judge->arena, place->node, "timeout",
			 json_new_u64(judge->arena, TIMEOUT_SECONDS));
}

static const struct rule rules[] = {
	{
		.id = "hooks",
		.title = TOLD("Only known hooks, on their own terms"),
		.why = TOLD(
			"The runtime runs a hook as root on the host. With the container's "
			"environment it runs the image's code; without a time limit it blocks."),
		.want = "a listed program of root's, with an environment and a time limit",
		.refs = TOLD("CVE-2025-23266; ATT&CK T1611"),
		.path = "/hooks/*/*",
		.check = check_hook,
		.fix = fix_hook,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
		.params = { { "allow", PARAM_WORDS, PROGRAMS, PROGRAMS,
			      "further programs, or directories with programs, of root's" } },
	},
};

const struct rule_table rules_hooks = { "hooks", rules, sizeof(rules) / sizeof(*rules) };
