/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where in the cgroup tree the container stands. A path elsewhere escapes the limits of its engine,
 * joins another container, or with "/" makes delete signal every process of the host.
 */
#include <string.h>

#include "rules.h"

/* "/docker/ID" as last three: {"docker", ID}; "system.slice:docker:ID" likewise. */
struct where {
	const char *parent; /* "/kubepods/besteffort/podUID", or the slice */
	const char *name;   /* last part: ID, "libpod-ID" */
	bool systemd;
};

static bool split(struct arena *arena, const char *path, struct where *where)
{
	const char *first = strchr(path, ':'), *last = strrchr(path, '/');
	const char *second = first ? strchr(first + 1, ':') : NULL;

	if (*path != '/') {
		/* slice:prefix:name of the systemd driver */
		if (!first || !second || strchr(second + 1, ':') || strchr(path, '/'))
			return false;
		where->parent = arena_strndup(arena, path, (size_t)(first - path));
		where->name = second + 1;
		where->systemd = true;
		return true;
	}
	where->parent = arena_strndup(arena, path, (size_t)(last - path));
	where->name = last + 1;
	where->systemd = false;
	return *where->parent != '\0' || *where->name != '\0';
}

static bool ends(const char *text, const char *end)
{
	size_t len = strlen(text), want = strlen(end);

	return len >= want && strcmp(text + len - want, end) == 0;
}

static bool starts(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* "crio-ID" and "libpod-ID" are ID with the engine's own prefix. */
static bool own_name(const struct judge *judge, const char *name)
{
	static const char *const prefixes[] = { "", "libpod-", "libpod-payload-", "crio-" };
	const char *id = judge->workload->id;

	if (!id)
		return *name != '\0';
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (starts(name, prefixes[i]) && strcmp(name + strlen(prefixes[i]), id) == 0)
			return true;
	return false;
}

/* systemd has no "-" in names below a slice: the kubelet writes "_" for it. */
static const char *escaped(struct arena *arena, const char *uid)
{
	char *text = arena_strndup(arena, uid, strlen(uid));

	for (char *c = text; *c; c++)
		if (*c == '-')
			*c = '_';
	return text;
}

/* ".../kubepods/besteffort/podUID", "kubepods-besteffort-podUID.slice", with the pod's own uid. */
static bool pod_parent(const struct judge *judge, const struct where *where)
{
	const char *uid = judge->workload->pod_uid;

	/* crictl without a kubelet gives pods no parent. */
	if (!where->systemd && strcmp(where->parent, "/k8s.io") == 0)
		return true;
	if (!strstr(where->parent, "kubepods"))
		return false;
	if (!uid)
		return true;
	if (where->systemd)
		return ends(where->parent,
			    arena_printf(judge->arena, "-pod%s.slice", escaped(judge->arena, uid)));
	return ends(where->parent, arena_printf(judge->arena, "/pod%s", uid));
}

static bool docker_parent(const struct where *where)
{
	if (where->systemd)
		return word_in("system.slice user.slice", where->parent);
	return word_in("/docker /docker/buildkit /buildkit", where->parent);
}

static bool podman_parent(const struct where *where)
{
	if (where->systemd)
		return word_in("machine.slice user.slice", where->parent) ||
		       (starts(where->parent, "machine-libpod_pod_") &&
			ends(where->parent, ".slice"));
	if (starts(where->name, "libpod-payload-")) /* --cgroups=split: below its own service */
		return strstr(where->parent, ".service") || strstr(where->parent, ".scope");
	return host_below(where->parent, "/libpod_parent");
}

/* A runtime called by hand: anywhere but where engines and the host's services live. */
static bool free_parent(const struct where *where)
{
	static const char *const taken[] = { "docker",	     "kubepods",      "libpod_parent",
					     "system.slice", "machine.slice", "init.scope",
					     "k8s.io",	     "crio",	      "kubelet" };

	if (where->systemd)
		return word_in("user.slice machine.slice", where->parent) ||
		       (*where->parent == '\0');
	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		if (starts(where->parent + (*where->parent == '/'), taken[i]))
			return false;
	return true;
}

static bool listed(const struct judge *judge, const struct where *where)
{
	json_each(entry, param_list(judge, "parents"))
		if (json_is(entry, where->parent))
			return true;
	return false;
}

static bool own_parent(const struct judge *judge, const struct where *where)
{
	switch (judge->workload->engine) {
	case ENGINE_DOCKER:
	case ENGINE_BUILDKIT:
		return docker_parent(where);
	case ENGINE_CRI:
	case ENGINE_CRIO:
		return pod_parent(judge, where);
	case ENGINE_PODMAN:
		return podman_parent(where) || pod_parent(judge, where);
	case ENGINE_CONTAINERD:
		/* ctr and nerdctl: the containerd namespace, or what --cgroup-parent gave */
		return free_parent(where) || docker_parent(where);
	case ENGINE_UNKNOWN:
	default:
		return free_parent(where);
	}
}

static const char *check_path(struct judge *judge, const struct place *place)
{
	const char *path = json_string(place->node), *clean;
	struct where where;

	if (!path || !*path)
		return NULL; /* the runtime's own default: the container's id */
	clean = *path == '/' ? host_clean(judge->arena, path) : path;
	if (!clean || strcmp(clean, path) != 0 || !split(judge->arena, path, &where))
		return "is no clean path in the cgroup tree";
	if (where.systemd && *where.parent && !ends(where.parent, ".slice"))
		return "is no slice of systemd";
	if (!own_name(judge, where.name))
		return "is not the container's own cgroup";
	if (own_parent(judge, &where) || listed(judge, &where))
		return NULL;
	return arena_printf(judge->arena, "is not where %s puts its containers",
			    engine_name(judge->workload->engine));
}

static const struct rule rules[] = {
	{
		.id = "cgroups-path",
		.title = TOLD("In the engine's part of the cgroup tree"),
		.why = TOLD("The root cgroup has no limits and all processes; another container's "
			    "cgroup shares its limits and is frozen and killed with it."),
		.want = "the engine's parent and the container's own id",
		.refs = TOLD("CIS Docker 1.6 5.25"),
		.path = "/linux/cgroupsPath",
		.check = check_path,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
		.params = { { "parents", PARAM_WORDS, "", "",
			      "further parents, as \"/batch\" or \"batch.slice\", when the engine "
			      "is configured with one" } },
	},
};

const struct rule_table rules_cgroup = { "cgroup", rules, sizeof(rules) / sizeof(*rules) };
