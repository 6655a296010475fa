/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The containers of this host, found by what runtimes write below /run: whichever engine asked for them,
 * a runtime keeps a directory for each with the first process and the bundle.
 */
#include "ctl_containers.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "file.h"
#include "spec.h"
#include "verified.h"

/*
 * Where runtimes keep a directory for each container, each part a pattern. Nothing beside these is entered:
 * /run/containerd also holds what containers may write to (the pods' /dev/shm), and who writes a state
 * there tells of any process whatever he likes.
 */
static const char *const layouts[] = {
	"/run/runc/*",
	"/run/crun/*",
	"/run/containerd/runc/*/*",
	"/run/docker/runtime-*/*/*",
	"/run/docker/containerd/runc/*/*",
	"/run/k3s/containerd/runc/*/*",
	"/run/user/*/runc/*",
	"/run/user/*/crun/*",
	"/run/user/*/docker/runtime-*/*/*",
	"/run/user/*/containerd/runc/*/*",
};

struct search {
	struct arena *arena;
	struct container *first;
};

/* The process that the state tells of, and no later one with its number. */
static bool hold_process(struct arena *arena, struct container *container, const struct json *state)
{
	bool runc = strcmp(container->runtime, "runc") == 0;
	uint64_t started = 0;
	struct error err;
	int64_t pid = 0;

	json_i64(json_member(state, runc ? "init_process_pid" : "pid"), &pid);
	json_u64(json_member(state, runc ? "init_process_start" : "process-start-time"), &started);
	container->pid = (pid_t)pid;
	return pid > 1 && pid < 1 << 30 &&
	       kernel_open(arena, container->pid, &container->kernel, &err) &&
	       kernel_alive(&container->kernel) &&
	       (!started || kernel_stat(arena, &container->kernel, KERNEL_STAT_STARTED) == started);
}

static void read_config(struct arena *arena, struct container *container)
{
	struct call_facts call = { .root = container->root, .id = container->id };
	struct error err;

	if (bundle_find(arena, container->root, container->id, false, &container->bundle, &err))
		container->config =
			json_parse(arena, container->bundle.text, container->bundle.len, 0, &err);
	call.bundle = container->bundle.path;
	if (container->config &&
	    !identity_of(arena, &call, container->config, &container->workload, &err))
		container->workload.engine = ENGINE_UNKNOWN;
	if (!container->config)
		container->why = arena_printf(arena, "%s", err.msg);
}

static void keep(struct search *search, struct container *container)
{
	struct container **at = &search->first;

	while (*at && strcmp((*at)->id, container->id) < 0)
		at = &(*at)->next;
	container->next = *at;
	*at = container;
}

/* Keeps the container whose directory it is, if it runs. */
static void look_at(struct search *search, int dir, const char *root, const char *id)
{
	static const char *const files[][2] = { { "state.json", "runc" }, { "status", "crun" } };
	struct arena *arena = search->arena;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct container *container = arena_alloc(arena, sizeof(*container));
		const struct json *state;
		struct error err;
		size_t len;
		/* A rootless engine's is its user's: enough to be listed by. */
		char *text = file_read(arena, dir, files[i][0], FILE_NOFOLLOW, &len, NULL, &err);

		if (!text)
			continue;
		state = json_parse(arena, text, len, 0, &err);
		*container = (struct container){ .id = id, .root = root, .runtime = files[i][1] };
		if (state && hold_process(arena, container, state)) {
			read_config(arena, container);
			keep(search, container);
		} else if (container->kernel.top) {
			kernel_close(&container->kernel);
		}
		return;
	}
}

/* What is mounted there is somebody's volume, and no runtime's directory. */
static void look(struct search *search, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *root = arena_strndup(search->arena, path, (size_t)(slash - path));
	int fd cleanup_fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat own, above;

	if (fd >= 0 && fstat(fd, &own) == 0 && stat(root, &above) == 0 &&
	    own.st_dev == above.st_dev)
		look_at(search, fd, root,
			arena_strndup(search->arena, slash + 1, strlen(slash + 1)));
}

/* Each container is one descriptor until all are printed. */
static void allow_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == limit.rlim_max)
		return;
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
}

struct container *ctl_containers(struct arena *arena)
{
	struct search search = { .arena = arena };

	allow_descriptors();
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		glob_t found = { .gl_pathc = 0 };

		if (glob(layouts[i], GLOB_NOSORT, NULL, &found) == 0)
			for (size_t j = 0; j < found.gl_pathc; j++)
				look(&search, found.gl_pathv[j]);
		globfree(&found);
	}
	return search.first;
}

bool ctl_compare(struct arena *arena, struct container *container, struct kernel *kernel,
		 struct findings *findings, const char **why)
{
	pid_t parent = (pid_t)kernel_stat(arena, &container->kernel, KERNEL_STAT_PARENT);
	struct verified verified = {
		.kernel = kernel,
		.config = container->config,
		.bundle = container->bundle.path,
		.is_strict = verified_strict,
		/* containerd's shim, or conmon: an engine may have mounts that nobody else sees. */
		.around = parent > 1 ? parent : 0,
	};
	struct error err;

	*why = container->why;
	if (!container->config)
		return false;
	/* It is what its owner makes of it now. */
	if (!spec_check(arena, container->config, "config", &err)) {
		*why = arena_printf(arena, "config.json: %s", err.msg);
		return false;
	}
	if (verified_all(arena, &verified, findings, &err))
		return true;
	*why = arena_printf(arena, "%s", err.msg);
	return false;
}

void ctl_differences(const struct ctl *ctl, struct text *text, const struct findings *findings)
{
	for (const struct finding *f = findings->first; f; f = f->next) {
		bool bad = f->outcome == OUTCOME_REJECTED;

		text_printf(text, "  %s%s%s %s: %s", bad ? ctl_red(ctl) : ctl_dim(ctl), f->rule,
			    ctl_off(ctl), report_plain(ctl->arena, f->pointer),
			    report_plain(ctl->arena, f->message));
		if (f->found || f->want)
			text_printf(text, " %s(found %s, expected %s)%s", ctl_dim(ctl),
				    f->found ? report_plain(ctl->arena, f->found) : "nothing",
				    f->want ? report_plain(ctl->arena, f->want) : "nothing",
				    ctl_off(ctl));
		text_add(text, "\n", 1);
	}
}

struct json *ctl_container_json(struct arena *arena, const struct container *container,
				const struct report *report)
{
	struct json *json = json_new(arena, JSON_OBJECT), *member;
	struct json *said = report_json(arena, report, NULL);

	json_set(arena, json, "id", json_new_string(arena, container->id));
	json_set(arena, json, "pid", json_new_i64(arena, container->pid));
	json_set(arena, json, "runtime", json_new_string(arena, container->runtime));
	while ((member = json_first(said)) != NULL) {
		json_remove(member);
		json_set(arena, json, member->key, member);
	}
	return json;
}
