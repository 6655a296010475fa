/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about namespaces: none of the host's, none of other pods', no mapping of the host's root. */
#include <string.h>

#include "mount.h"
#include "rules.h"

const struct json *namespace_of(const struct json *doc, const char *type)
{
	json_each(entry, json_at(doc, "/linux/namespaces"))
		if (json_is(json_member(entry, "type"), type))
			return entry;
	return NULL;
}

static const char *path_of(const struct json *entry)
{
	return json_string(json_member(entry, "path"));
}

static bool starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Names that are the host's on every machine: the runtime's own processes, pid 1, Docker 20.10's. */
static bool host_by_name(const char *path)
{
	return starts(path, "/proc/self/") || starts(path, "/proc/thread-self/") ||
	       starts(path, "/proc/1/") || strcmp(path, "/run/docker/netns/default") == 0 ||
	       strcmp(path, "/var/run/docker/netns/default") == 0;
}

static enum host_ns which(struct judge *judge, const char *type, const char *path, const char *own)
{
	enum host_ns ns = judge->host->ns(judge->host, type, path, own);

	return ns == NS_UNKNOWN && host_by_name(path) ? NS_HOST : ns;
}

/*
 * Where engines keep namespaces that belong to no process yet. Nobody but the engine can put a path
 * there into a config; Podman's "--network ns:PATH" can, but for the network alone.
 */
static const struct pin {
	enum engine engine;
	const char *type, *prefix;
} pins[] = {
	{ ENGINE_CRI, "network", "/var/run/netns/cni-" },
	{ ENGINE_CRI, "network", "/run/netns/cni-" },
	{ ENGINE_CRIO, "network", "/var/run/netns/" },
	{ ENGINE_CRIO, "network", "/run/netns/" },
	{ ENGINE_CRIO, "ipc", "/var/run/ipcns/" },
	{ ENGINE_CRIO, "ipc", "/run/ipcns/" },
	{ ENGINE_CRIO, "uts", "/var/run/utsns/" },
	{ ENGINE_CRIO, "uts", "/run/utsns/" },
	{ ENGINE_CRIO, "user", "/var/run/userns/" },
	{ ENGINE_CRIO, "user", "/run/userns/" },
	{ ENGINE_PODMAN, "network", "/run/netns/netns-" },
	{ ENGINE_PODMAN, "network", "/var/run/netns/netns-" },
	{ ENGINE_PODMAN, "network", "/run/user/" },
	{ ENGINE_DOCKER, "network", "/run/docker/netns/" },
	{ ENGINE_DOCKER, "network", "/var/run/docker/netns/" },
};

static bool is_pinned(struct judge *judge, const char *type, const char *path)
{
	const char *clean = host_clean(judge->arena, path);

	for (size_t i = 0; clean && i < sizeof(pins) / sizeof(*pins); i++)
		if (pins[i].engine == judge->workload->engine && strcmp(pins[i].type, type) == 0 &&
		    starts(clean, pins[i].prefix))
			return true;
	return false;
}

/*
 * Rules with the arg "pid", "network" and so on. Under the CRI only the sandbox lacks an entry that is
 * the host's; the pod's other containers name the sandbox's process, so the namespace itself counts.
 */
static const char *check_host(struct judge *judge, const struct place *place)
{
	const char *type = judge->rule->arg, *path;
	const struct json *entry = namespace_of(judge->doc, type);

	(void)place;
	if (!entry)
		return arena_printf(judge->arena, "no %s namespace: it would be the host's", type);
	path = path_of(entry);
	if (!path || !*path)
		return NULL;
	judge->culprit = json_member(entry, "path");
	/* No engine joins a mount namespace, and nobody could say what is mounted in it. */
	if (strcmp(type, "mount") == 0)
		return "is a mount namespace made by somebody else";
	switch (which(judge, type, path, NULL)) {
	case NS_HOST:
		return arena_printf(judge->arena, "is the host's %s namespace", type);
	case NS_UNKNOWN:
		if (is_pinned(judge, type, path))
			return NULL;
		judge->unproven = !judge->host->real;
		return arena_printf(judge->arena, "is somebody's %s namespace, unknown here whose",
				    type);
	default:
		return NULL;
	}
}

static const char *check_own(struct judge *judge, const struct place *place)
{
	const char *type = judge->rule->arg;

	(void)place;
	if (namespace_of(judge->doc, type))
		return NULL;
	/* cgroup v1 shows host paths with or without one, and Docker leaves it out there. */
	return strcmp(type, "cgroup") == 0 && judge->host->cgroup(judge->host) != 2
		       ? NULL
		       : arena_printf(judge->arena, "no %s namespace: it would be the host's",
				      type);
}

static void fix_own(struct judge *judge, const struct place *place)
{
	struct json *list = json_at(judge->doc, "/linux/namespaces");
	struct json *entry = json_new(judge->arena, JSON_OBJECT);

	json_set(judge->arena, entry, "type", json_new_string(judge->arena, judge->rule->arg));
	if (!list || list->type != JSON_ARRAY) {
		list = json_new(judge->arena, JSON_ARRAY);
		place_set(judge, place, list);
	}
	json_append(list, entry);
}

/* Engines without pods: a namespace of a process is always another container's. */
static bool has_sandbox(const struct workload *workload)
{
	return workload->sandbox_id || workload->engine == ENGINE_CRI ||
	       workload->engine == ENGINE_CRIO;
}

/*
 * The pause container's, or in a debug container ("kubectl debug --target") that of another container
 * of the pod, whose cgroup has the pod's uid.
 */
static enum host_ns whose(struct judge *judge, const char *type, const char *path)
{
	enum host_ns ns = which(judge, type, path, judge->workload->sandbox_id);

	if (ns == NS_FOREIGN && judge->workload->pod_uid)
		ns = which(judge, type, path, judge->workload->pod_uid);
	if ((ns == NS_FOREIGN || ns == NS_UNKNOWN) && is_pinned(judge, type, path))
		return NS_OWN_SANDBOX;
	if (ns == NS_UNKNOWN && judge->workload->engine != ENGINE_UNKNOWN &&
	    !has_sandbox(judge->workload))
		return NS_FOREIGN;
	return ns;
}

static const char *check_path(struct judge *judge, const char *type, const char *path)
{
	/* host-mount-namespace tells of a mount namespace. */
	if (strcmp(type, "mount") == 0)
		return NULL;
	if (word_in("cgroup time", type))
		return arena_printf(judge->arena, "is another's %s namespace", type);
	switch (whose(judge, type, path)) {
	case NS_OWN_SANDBOX:
		return NULL;
	case NS_HOST:
		/* The rules host-pid to host-uts tell this. */
		return word_in("pid network ipc uts", type)
			       ? NULL
			       : arena_printf(judge->arena, "is the host's %s namespace", type);
	case NS_MISSING:
		return arena_printf(judge->arena, "is no %s namespace", type);
	case NS_UNKNOWN:
		/* The rules host-pid to host-uts tell this too. */
		if (!judge->host->real && word_in("pid network ipc uts", type))
			return NULL;
		judge->unproven = !judge->host->real;
		return arena_printf(judge->arena, "is somebody's %s namespace, unknown here whose",
				    type);
	default:
		judge->mild = strcmp(type, "network") == 0 && !has_sandbox(judge->workload) &&
			      judge->workload->engine != ENGINE_UNKNOWN;
		return arena_printf(judge->arena, "is another container's %s namespace", type);
	}
}

static bool stands_before(const struct json *entry, const char *type)
{
	json_each(other, entry->parent) {
		if (other == entry)
			return false;
		if (json_is(json_member(other, "type"), type))
			return true;
	}
	return false;
}

static const char *check_join(struct judge *judge, const struct place *place)
{
	const char *type = json_string(json_member(place->node, "type"));
	const struct json *path = json_member(place->node, "path");

	judge->culprit = json_member(place->node, "type");
	if (!type || !word_in("pid network ipc uts mount user cgroup time", type))
		return "is no type of namespace";
	if (stands_before(place->node, type))
		return "is a type that stands twice";
	if (!path)
		return NULL;
	judge->culprit = path;
	/* runc makes a new namespace of "", crun fails. */
	if (!json_string(path) || *path->text != '/')
		return "is no absolute path";
	return check_path(judge, type, path->text);
}

/* A range of ids: [first, first + size). */
struct range {
	uint64_t first, size;
};

static bool range_read(const struct json *mapping, const char *member, struct range *range)
{
	return json_u64(json_member(mapping, member), &range->first) &&
	       json_u64(json_member(mapping, "size"), &range->size) && range->size > 0 &&
	       range->first <= UINT32_MAX && range->size <= UINT32_MAX;
}

static bool overlap(const struct json *mapping, const char *member)
{
	struct range own, other;

	if (!range_read(mapping, member, &own))
		return true;
	json_each(before, mapping->parent) {
		if (before == mapping)
			break;
		if (range_read(before, member, &other) && own.first < other.first + other.size &&
		    other.first < own.first + own.size)
			return true;
	}
	return false;
}

/* A rootless engine's ids are those of its own user namespace: 0 is the user who started it. */
static const char *check_mapping(struct judge *judge, const struct place *place)
{
	struct range host;

	if (!range_read(place->node, "hostID", &host))
		return "is no mapping";
	if (host.first == 0 && !judge->workload->rootless)
		return "is a mapping of the host's id 0";
	if (overlap(place->node, "hostID") || overlap(place->node, "containerID"))
		return "is a mapping that overlaps another one";
	return NULL;
}

static const char *check_mappings(struct judge *judge, const struct place *place)
{
	static const char *const lists[] = { "uidMappings", "gidMappings" };

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		json_each(mapping, json_member(place->node, lists[i])) {
			struct place at = { .parent = mapping->parent, .node = mapping };
			const char *reason = check_mapping(judge, &at);

			judge->culprit = mapping;
			if (reason)
				return reason;
			if (!namespace_of(judge->doc, "user"))
				return "is a mapping without a user namespace";
		}
	return NULL;
}

#define HOST_NAMESPACE(word, name, text, danger, references)                                \
	{                                                                                   \
		.id = "host-" word, .title = TOLD(text), .why = TOLD(danger),               \
		.want = "a " name " namespace of the container's or pod's own",             \
		.refs = TOLD(references), .path = "/linux/namespaces", .check = check_host, \
		.arg = name, .baseline = ACTION_REJECT, .restricted = ACTION_REJECT,        \
	}

static const struct rule rules[] = {
	HOST_NAMESPACE("pid", "pid", "The host's processes are not seen",
		       "In the host's pid namespace all processes can be seen, signalled and, with "
		       "ptrace or /proc, read.",
		       "CIS Docker 1.6 5.16; PSS Host Namespaces; MITRE ATT&CK T1611"),
	HOST_NAMESPACE("network", "network", "The host's network is not shared",
		       "In the host's network namespace services on localhost and abstract sockets "
		       "of the system are reached, and traffic of others is seen.",
		       "CIS Docker 1.6 5.10; PSS Host Namespaces; CVE-2020-15257"),
	HOST_NAMESPACE(
		"ipc", "ipc", "The host's shared memory is not shared",
		"In the host's ipc namespace the shared memory, semaphores and message queues "
		"of all its processes are open.",
		"CIS Docker 1.6 5.17; PSS Host Namespaces"),
	HOST_NAMESPACE("uts", "uts", "The host's name is not shared",
		       "In the host's uts namespace a container with the capability can rename the "
		       "host.",
		       "CIS Docker 1.6 5.21"),
	HOST_NAMESPACE("mount-namespace", "mount", "The host's mounts are not shared",
		       "Without a mount namespace the runtime mounts the container's file systems, "
		       "and masks files, on the host itself.",
		       "MITRE ATT&CK T1611"),
	{
		.id = "host-cgroup-namespace",
		.title = TOLD("A cgroup namespace of its own"),
		.why = TOLD(
			"Without it the container sees the host's whole cgroup hierarchy and its own "
			"place there. On cgroup v1 nothing would change."),
		.want = "a cgroup namespace",
		.refs = TOLD("MITRE ATT&CK T1613"),
		.path = "/linux/namespaces",
		.check = check_own,
		.fix = fix_own,
		.arg = "cgroup",
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
	},
	{
		.id = "host-user-namespace",
		.title = TOLD("A user namespace of its own"),
		.why = TOLD(
			"Without it root in the container is root on the host to everything that the "
			"container reaches. It cannot be added afterwards: the files' owners would "
			"not fit."),
		.want = "a user namespace",
		.refs = TOLD("CIS Docker 1.6 5.31; NSA/CISA Kubernetes Hardening Guide"),
		.path = "/linux/namespaces",
		.check = check_own,
		.arg = "user",
		.baseline = ACTION_OFF,
		.restricted = ACTION_AUDIT,
	},
	{
		.id = "namespace-join",
		.title = TOLD("No namespaces of other containers"),
		.why = TOLD(
			"In another container's namespace its processes, its loopback interface or its "
			"shared memory are open. A pod's containers share their own sandbox's. Joining "
			"the network alone, as docker run --network container:ID does, is recorded."),
		.want = "a new namespace, or the own pod's",
		.refs = TOLD("MITRE ATT&CK T1611"),
		.path = "/linux/namespaces/*",
		.check = check_join,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
	},
	{
		.id = "id-mappings",
		.title = TOLD("The host's root is not mapped"),
		.why = TOLD(
			"A user namespace that maps the host's id 0 protects nothing; ranges that "
			"overlap make two ids one."),
		.want = "distinct ranges of unprivileged host ids",
		.refs = TOLD("MITRE ATT&CK T1611"),
		.path = "/linux",
		.check = check_mappings,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
	},
};

const struct rule_table rules_namespaces = { "namespaces", rules, sizeof(rules) / sizeof(*rules) };
