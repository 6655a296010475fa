/* SPDX-License-Identifier: Apache-2.0 */
/* Where a bind's source leads, and by which other names the host shows that place. */
#include <string.h>

#include "mount.h"

/* What was read already: four rules ask about each bind. Forgotten when a fix changes the document. */
struct source_read {
	const struct json *node;
	struct source source;
	struct source_read *next;
};

static struct source *known(const struct judge *judge, const struct json *node)
{
	for (struct source_read *read = judge->sources; read; read = read->next)
		if (read->node == node)
			return &read->source;
	return NULL;
}

static struct source *new_source(struct judge *judge, const struct place *place)
{
	struct source_read *read = arena_alloc(judge->arena, sizeof(*read));
	const char *given = json_string(place->node);

	read->node = place->node;
	read->source.mount = place->parent;
	read->source.given = given ? given : "";
	read->next = judge->sources;
	judge->sources = read;
	return &read->source;
}

bool source_read(struct judge *judge, const struct place *place, struct source *source)
{
	struct source *read = place->node ? known(judge, place->node) : NULL;

	if (!mount_is_bind(place->parent))
		return false;
	if (!read) {
		read = new_source(judge, place);
		read->where.real = read->given;
		if (*read->given == '/') {
			read->where = judge->host->path(judge->host, judge->arena, read->given);
			read->own = engine_owns(judge, read->given, read->where.real, &read->base);
		}
	}
	*source = *read;
	return true;
}

/*
 * The entry of a policy's list that the path is in, or NULL. An entry is taken by its name: were it
 * followed, whoever can put a link in its place would choose what is allowed.
 */
const struct json *source_listed(struct judge *judge, const char *path)
{
	json_each(entry, param_list(judge, "allow")) {
		const struct json *member = json_member(entry, "path");
		const char *dir = json_string(member ? member : entry);

		if (!dir || *dir != '/')
			continue;
		/* /var/run is a link on every system of today, and how everybody writes it. */
		if (host_below(path, dir) ||
		    (host_below(dir, "/var/run") && host_below(path, dir + strlen("/var"))))
			return entry;
	}
	return NULL;
}

/*
 * What no other name of an allowed place may lead to. Sources themselves need no such list: what is
 * not allowed is refused. For names it must be one, as a disk may well be seen at two places.
 */
static const char protected[] =
	"/bin /boot /dev /etc /home /lib /lib32 /lib64 /libx32 /opt/cni /opt/containerd /opt/nri /proc "
	"/root /run /sbin /sys /usr /var/lib/cni /var/lib/containerd /var/lib/containers /var/lib/crio "
	"/var/lib/docker /var/lib/etcd /var/lib/k0s /var/lib/kubelet /var/lib/nerdctl /var/lib/rancher "
	"/var/log /var/run /var/spool";

/* Equal, below or above. */
bool source_protected(struct judge *judge, const char *path)
{
	const char *cursor = protected, *word;
	size_t len;

	while ((word = word_next(&cursor, &len))) {
		const char *dir = arena_strndup(judge->arena, word, len);

		if (host_below(path, dir) || host_below(dir, path))
			return true;
	}
	return false;
}

/* Who asks for the other names of a place, and the name that decided. */
struct names {
	struct judge *judge;
	const char *root; /* the engine's directory that the place is in, or NULL */
	const char *bad;
};

static enum own own_of(struct judge *judge, const char *name)
{
	const char *base;

	return engine_owns(judge, name, name, &base);
}

static bool allowed_name(struct judge *judge, const char *name)
{
	return *name == '/' && (own_of(judge, name) != OWN_NOT || source_listed(judge, name));
}

/* For volumes that a user of the engine defines: "docker volume create -o o=bind -o device=/srv". */
static bool not_allowed(void *data, const char *name)
{
	struct names *names = data;

	names->bad = name;
	return !allowed_name(names->judge, name);
}

/* Where no volume is: what a user of the engine has mounted is mounted in one. */
static bool is_no_volume(void *data, const char *point)
{
	struct names *names = data;

	return own_of(names->judge, point) == OWN_NOT;
}

/* One claim may be seen in several pods and in its driver's directory; secrets are each pod's own. */
static bool is_shared_claim(const struct names *names, const char *name)
{
	const char *rest;

	if (!names->judge->workload->pod_uid || !names->root || !host_below(name, names->root))
		return false;
	rest = name + strlen(names->root);
	if (strncmp(rest, "/plugins/", 9) == 0)
		return true;
	return strncmp(rest, "/pods/", 6) == 0 &&
	       (strstr(rest, "/volumes/") || strstr(rest, "/volume-subpaths/")) &&
	       !strstr(rest, "/volumes/kubernetes.io~secret/") &&
	       !strstr(rest, "/volumes/kubernetes.io~projected/") &&
	       !strstr(rest, "/volumes/kubernetes.io~configmap/");
}

/* For volumes that the cluster's administrators define, and what the policy lists. */
static bool is_host_name(void *data, const char *name)
{
	struct names *names = data;

	names->bad = name;
	if (*name != '/')
		return true;
	return source_protected(names->judge, name) && !allowed_name(names->judge, name) &&
	       !is_shared_claim(names, name);
}

static bool is_pod_volume(void *data, const char *name)
{
	struct names *names = data;

	return *name == '/' && own_of(names->judge, name) == OWN_POD_VOLUME;
}

static enum fact ask_names(struct names *names, const struct source *source, const char *base,
			   bool (*bad)(void *data, const char *name))
{
	struct alias_question question = {
		.real = source->where.real,
		.base = base,
		.deep = (mount_options(source->mount) & OPTION_RBIND) &&
			source->where.type == PATH_DIRECTORY,
		.bad = bad,
		.host_mounts = bad == not_allowed ? is_no_volume : NULL,
		.data = names,
	};

	return names->judge->host->aliases(names->judge->host, &question);
}

/* Why a place that is allowed by its name is not for one of its other names; NULL if it is. */
static const char *check_names(struct judge *judge, const struct source *source, const char *base,
			       bool (*bad)(void *data, const char *name))
{
	struct names names = { .judge = judge, .root = source->base };
	enum fact fact = ask_names(&names, source, base, bad);

	if (fact == FACT_YES)
		return arena_printf(judge->arena, "leads to %s%s", names.bad,
				    *names.bad == '/' ? " by another mount" : "");
	if (fact == FACT_UNKNOWN && judge->host->real)
		return "leads where this host cannot tell";
	return NULL;
}

/* A kubelet binds the subPath of a hostPath volume just as it binds an emptyDir's. */
const char *source_check_subpath(struct judge *judge, const struct source *source)
{
	struct names names = { .judge = judge, .root = source->base };
	enum fact fact = ask_names(&names, source, NULL, is_pod_volume);

	if (fact == FACT_NO)
		return "leads to a part of a host path";
	if (fact == FACT_UNKNOWN)
		return judge->host->real ? "leads where this host cannot tell" : NULL;
	return check_names(judge, source, NULL, is_host_name);
}

const char *source_check_volume(struct judge *judge, const struct source *source)
{
	return check_names(judge, source, source->base, not_allowed);
}

const char *source_check_names(struct judge *judge, const struct source *source, const char *base)
{
	return check_names(judge, source, base, is_host_name);
}
