/* SPDX-License-Identifier: Apache-2.0 */
/* Where engines keep what is a container's own, as data: only with the own id in the path. */
#include <string.h>

#include "mount.h"

#define BIT(engine)    (1u << (engine))
#define DOCKER	       BIT(ENGINE_DOCKER)
#define BUILD	       BIT(ENGINE_BUILDKIT)
#define NERDCTL	       BIT(ENGINE_CONTAINERD)
#define CRI	       BIT(ENGINE_CRI)
#define CRIO	       BIT(ENGINE_CRIO)
#define PODMAN	       BIT(ENGINE_PODMAN)
#define NET_FILES      "hosts|hostname|resolv.conf"
#define USERDATA_FILES NET_FILES "|.containerenv|passwd|group|localtime|shm"

/*
 * Data roots as engines have them without configuration; the policy's data_roots come on top. Those
 * with a "*" are rootless engines' alone: to any other one a directory in a home is a host path.
 */
static const struct root {
	const char *name;
	const char *paths;
} roots[] = {
	{ "docker", "/var/lib/docker /home/*/.local/share/docker" },
	{ "containerd", "/var/lib/containerd /run/containerd /var/lib/rancher/k3s/agent/containerd "
			"/run/k3s/containerd /var/lib/k0s/containerd /run/k0s/containerd" },
	{ "kubelet", "/var/lib/kubelet /var/lib/k0s/kubelet" },
	{ "containers",
	  "/var/lib/containers/storage /run/containers/storage /var/run/containers/storage "
	  "/home/*/.local/share/containers/storage /run/user/*/containers" },
	{ "nerdctl", "/var/lib/nerdctl" },
};

/*
 * "*" stands for any characters of one part, "**" for the rest, "a|b" for one of some names; "@id" is
 * the container's id, "@sandbox" the pod's sandbox, "@pod" the pod's uid. joined: the second part is the
 * id of another container, whose namespace of this type is joined, which namespace-join judges: the
 * engine then binds that one's files.
 */
static const struct own_path {
	unsigned engines;
	enum own own;
	const char *root, *path, *joined;
} own_paths[] = {
	{ DOCKER, OWN_FILE, "docker", "containers/@id/" NET_FILES, NULL },
	{ DOCKER, OWN_FILE, "docker", "containers/@id/mounts/**", NULL },
	{ DOCKER, OWN_FILE, "docker", "containers/*/" NET_FILES, "network" },
	{ DOCKER, OWN_FILE, "docker", "containers/*/mounts/shm", "ipc" },
	{ DOCKER, OWN_VOLUME, "docker", "volumes/*/_data/**", NULL },
	{ BUILD, OWN_FILE, "docker", "buildkit/executor/hosts*|resolv.conf*", NULL },
	{ PODMAN | CRIO, OWN_FILE, "containers", "*-containers/@id/userdata/" USERDATA_FILES,
	  NULL },
	{ PODMAN | CRIO, OWN_FILE, "containers", "*-containers/@id/userdata/run|secrets/**", NULL },
	{ CRIO, OWN_FILE, "containers", "*-containers/@sandbox/userdata/" USERDATA_FILES, NULL },
	{ PODMAN, OWN_FILE, "containers", "*-containers/*/userdata/" NET_FILES, "network" },
	{ PODMAN, OWN_FILE, "containers", "*-containers/*/userdata/shm", "ipc" },
	{ PODMAN, OWN_VOLUME, "containers", "volumes/*/_data/**", NULL },
	{ CRI, OWN_FILE, "containerd", "io.containerd.*/sandboxes/@sandbox/" NET_FILES "|shm",
	  NULL },
	{ CRI, OWN_VOLUME, "containerd", "io.containerd.*/containers/@id/volumes/*", NULL },
	{ CRI | CRIO, OWN_FILE, "kubelet", "pods/@pod/etc-hosts", NULL },
	{ CRI | CRIO, OWN_FILE, "kubelet", "pods/@pod/containers/*/*", NULL },
	{ CRI | CRIO, OWN_POD_VOLUME, "kubelet", "pods/@pod/volumes/*/*/**", NULL },
	{ CRI | CRIO, OWN_SUBPATH, "kubelet", "pods/@pod/volume-subpaths/*/*/*", NULL },
	{ NERDCTL, OWN_FILE, "nerdctl", "*/containers/*/@id/" NET_FILES, NULL },
	{ NERDCTL, OWN_FILE, "nerdctl", "*/etchosts/*/@id/hosts", NULL },
	{ NERDCTL, OWN_VOLUME, "nerdctl", "*/volumes/*/*/_data/**", NULL },
};

static const struct own_path storage[] = {
	{ DOCKER | BUILD, OWN_FILE, "docker", "overlay2|overlay|fuse-overlayfs|aufs/*/merged",
	  NULL },
	{ DOCKER | BUILD, OWN_FILE, "docker", "aufs/mnt/*", NULL },
	{ DOCKER | BUILD, OWN_FILE, "docker", "vfs/dir/*", NULL },
	{ DOCKER | BUILD, OWN_FILE, "docker", "btrfs/subvolumes/*", NULL },
	{ DOCKER | BUILD, OWN_FILE, "docker", "zfs/graph/*", NULL },
	{ DOCKER, OWN_FILE, "docker", "rootfs/*/@id", NULL },
	{ DOCKER, OWN_FILE, "docker", "plugins/@id/rootfs", NULL },
	{ BUILD, OWN_FILE, "docker", "buildkit/executor/*/rootfs", NULL },
	{ PODMAN | CRIO, OWN_FILE, "containers", "overlay|overlay-images/*/merged", NULL },
	{ PODMAN | CRIO, OWN_FILE, "containers", "vfs/dir/*", NULL },
	{ PODMAN | CRIO, OWN_FILE, "containers", "btrfs/subvolumes/*", NULL },
	{ PODMAN | CRIO, OWN_FILE, "containers", "zfs/graph/*", NULL },
};

/* All below /usr/, which is left out here. */
static const char programs[] =
	"bin/docker-init libexec/docker/docker-init local/bin/docker-init bin/tini bin/tini-static "
	"bin/catatonit libexec/catatonit/catatonit libexec/podman/catatonit lib/podman/catatonit "
	"local/libexec/podman/catatonit bin/pause libexec/podman/pause";

static bool is_program(const char *path)
{
	return strncmp(path, "/usr/", 5) == 0 && word_in(programs, path + 5);
}

/* One name against one with at most one "*" in it. */
static bool fits_glob(const char *text, size_t len, const char *glob, size_t size)
{
	const char *star = memchr(glob, '*', size);
	size_t head, tail;

	if (!star)
		return len == size && memcmp(text, glob, len) == 0;
	head = (size_t)(star - glob);
	tail = size - head - 1;
	return len >= head + tail && memcmp(text, glob, head) == 0 &&
	       memcmp(text + len - tail, star + 1, tail) == 0;
}

static const char *own_name(const struct judge *judge, const char *word, size_t size)
{
	if (size == 3 && memcmp(word, "@id", 3) == 0)
		return judge->workload->id;
	if (size == 8 && memcmp(word, "@sandbox", 8) == 0)
		return judge->workload->sandbox_id;
	return judge->workload->pod_uid;
}

/* One part of a path against "a|b*|@id". Nothing, ".", ".." never fit. */
static bool fits_part(const struct judge *judge, const char *text, size_t len, const char *part,
		      size_t size)
{
	const char *end = part + size;

	if (len == 0 || (len <= 2 && memcmp(text, "..", len) == 0))
		return false;
	while (part < end) {
		size_t word = 0;

		while (part + word < end && part[word] != '|')
			word++;
		if (*part == '@') {
			const char *name = own_name(judge, part, word);

			if (name && *name && strlen(name) == len && memcmp(name, text, len) == 0)
				return true;
		} else if (fits_glob(text, len, part, word)) {
			return true;
		}
		part += word + 1;
	}
	return false;
}

/* The path behind a root against a pattern of own_paths. */
static bool fits_path(const struct judge *judge, const char *path, const char *pattern)
{
	for (;;) {
		size_t len, size;

		if (strcmp(pattern, "**") == 0)
			return true;
		path += *path == '/';
		len = strcspn(path, "/");
		size = strcspn(pattern, "/");
		if (!fits_part(judge, path, len, pattern, size))
			return false;
		path += len;
		pattern += size;
		if (*pattern == '\0')
			return *path == '\0';
		pattern++;
	}
}

/* The length of path that is the root, whose parts may be "*"; 0 if it is not below it. */
static size_t fits_root(const struct judge *judge, const char *path, const char *root, size_t size)
{
	const char *start = path, *end = root + size;

	while (root < end) {
		size_t len, part = 0;

		if (*path != '/' || *root != '/')
			return 0;
		path++;
		root++;
		len = strcspn(path, "/");
		while (root + part < end && root[part] != '/')
			part++;
		if (!fits_part(judge, path, len, root, part))
			return 0;
		path += len;
		root += part;
	}
	return *path == '/' ? (size_t)(path - start) : 0;
}

/* What is asked about one path, and the answer. */
struct query {
	struct judge *judge;
	const struct own_path *table;
	size_t count;
	const char *path;
	bool resolve;
	const char *base;
	enum own own;
};

/* Whose namespace a path stands for is seen by the process in it; other files tell nobody's name. */
static bool joins(struct judge *judge, const char *type, const char *rest)
{
	const char *path = json_string(json_member(namespace_of(judge->doc, type), "path"));
	const char *id = rest + 1 + strcspn(rest + 1, "/") + 1;
	enum host_ns ns;

	if (!path)
		return false;
	ns = judge->host->ns(judge->host, type, path,
			     arena_strndup(judge->arena, id, strcspn(id, "/")));
	return ns == NS_OWN_SANDBOX || (ns == NS_UNKNOWN && !judge->host->real);
}

static bool try_table(struct query *query, const char *root, const char *rest)
{
	for (size_t i = 0; i < query->count; i++) {
		const struct own_path *entry = &query->table[i];

		if (!(entry->engines & BIT(query->judge->workload->engine)) ||
		    strcmp(entry->root, root) != 0 || !fits_path(query->judge, rest, entry->path))
			continue;
		if (entry->joined && !joins(query->judge, entry->joined, rest))
			continue;
		query->own = entry->own;
		return true;
	}
	return false;
}

static bool try_root(struct query *query, const char *name, const char *root)
{
	size_t below = fits_root(query->judge, query->path, root, strlen(root));

	if (!below || !try_table(query, name, query->path + below))
		return false;
	query->base = arena_strndup(query->judge->arena, query->path, below);
	return true;
}

/* A root as configured, or where it leads: /var/lib/docker is a link on many machines. */
static bool try_text(struct query *query, const char *name, const char *text, size_t len)
{
	struct judge *judge = query->judge;
	const char *root = arena_strndup(judge->arena, text, len), *real;

	if (strchr(root, '*') && !judge->workload->rootless)
		return false;
	if (!query->resolve)
		return try_root(query, name, root);
	if (strchr(root, '*'))
		return false;
	real = judge->host->path(judge->host, judge->arena, root).real;
	return strcmp(real, root) != 0 && try_root(query, name, real);
}

/* Podman's bundle lies in its storage, so that a rootless user's is known without being listed. */
static bool try_bundle(struct query *query)
{
	const char *bundle = query->judge->workload->bundle, *tail;

	if (!bundle || !(BIT(query->judge->workload->engine) & (PODMAN | CRIO)))
		return false;
	tail = strstr(bundle, "-containers/");
	while (tail && tail > bundle && *tail != '/')
		tail--;
	return tail && tail > bundle &&
	       try_text(query, "containers", bundle, (size_t)(tail - bundle));
}

static bool concerns(const struct query *query, const char *root)
{
	for (size_t i = 0; i < query->count; i++)
		if ((query->table[i].engines & BIT(query->judge->workload->engine)) &&
		    strcmp(query->table[i].root, root) == 0)
			return true;
	return false;
}

static bool try_roots(struct query *query)
{
	const struct json *given = json_member(query->judge->policy, "data_roots");

	for (size_t i = 0; i < sizeof(roots) / sizeof(*roots); i++) {
		const char *cursor = roots[i].paths, *root;
		size_t len;

		if (!concerns(query, roots[i].name))
			continue;
		json_each(node, json_member(given, roots[i].name))
			if (json_string(node) &&
			    try_text(query, roots[i].name, node->text, strlen(node->text)))
				return true;
		while ((root = word_next(&cursor, &len)))
			if (try_text(query, roots[i].name, root, len))
				return true;
	}
	return try_bundle(query);
}

/* Names first: nearly every path is found by its name, and asking the host costs. */
static bool try_all(struct query *query)
{
	if (try_roots(query))
		return true;
	query->resolve = true;
	return try_roots(query);
}

enum own engine_owns(struct judge *judge, const char *given, const char *real, const char **base)
{
	struct query query = { .judge = judge,
			       .table = own_paths,
			       .count = sizeof(own_paths) / sizeof(*own_paths),
			       .path = real };

	*base = NULL;
	if (is_program(real) || is_program(given))
		return judge->workload->engine == ENGINE_UNKNOWN ? OWN_NOT : OWN_PROGRAM;
	if (!try_all(&query))
		return OWN_NOT;
	*base = query.base;
	return query.own;
}

bool engine_stores(struct judge *judge, const char *path)
{
	struct query query = { .judge = judge,
			       .table = storage,
			       .count = sizeof(storage) / sizeof(*storage),
			       .path = path };

	return try_all(&query);
}
