/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about where a bind's source really leads: the host's files, sockets and devices. */
#include <string.h>

#include "mount.h"
#include "rules.h"

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
static bool is_protected(struct judge *judge, const char *path)
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

/* A bind's source and where it leads; false if the place is no bind. */
struct source {
	const struct json *mount;
	const char *given;
	struct host_path where;
	enum own own;
	const char *base;
};

static bool source_read(struct judge *judge, const struct place *place, struct source *source)
{
	const char *given = json_string(place->node);

	*source = (struct source){ .mount = place->parent, .given = given ? given : "" };
	if (!mount_is_bind(place->parent))
		return false;
	source->where.real = source->given;
	if (*source->given != '/')
		return true;
	source->where = judge->host->path(judge->host, judge->arena, source->given);
	source->own = engine_owns(judge, source->given, source->where.real, &source->base);
	return true;
}

/* The entry of a policy's list that the path is in, or NULL. An entry may itself go through a link. */
static const struct json *listed(struct judge *judge, const char *path)
{
	json_each(entry, param_list(judge, "allow")) {
		const struct json *member = json_member(entry, "path");
		const char *dir = json_string(member ? member : entry);

		if (!dir || *dir != '/')
			continue;
		if (host_below(path, dir) ||
		    host_below(path, judge->host->path(judge->host, judge->arena, dir).real))
			return entry;
	}
	return NULL;
}

/* Sockets of engines and of the system that do not end in ".sock". */
static bool socket_name(const char *path)
{
	const char *dot = strrchr(path, '.');

	return (dot && (strcmp(dot, ".sock") == 0 || strcmp(dot, ".socket") == 0 ||
			strcmp(dot, ".ttrpc") == 0)) ||
	       host_below(path, "/run/containerd/s") || host_below(path, "/run/systemd/private") ||
	       host_below(path, "/run/dbus/system_bus_socket");
}

/*
 * A socket is a service of the host's, and read-only does not matter to it. Directories that host-path
 * is going to refuse for what they are need no search.
 */
static const char *check_host_socket(struct judge *judge, const struct place *place)
{
	struct source source;
	enum fact fact;

	if (!source_read(judge, place, &source) || source.own != OWN_NOT ||
	    listed(judge, source.where.real))
		return NULL;
	if (source.where.type == PATH_SOCKET)
		return "is a socket of the host";
	if (source.where.type == PATH_UNKNOWN || source.where.type == PATH_MISSING)
		return socket_name(source.where.real) ? "is a socket of the host, by its name"
						      : NULL;
	if (source.where.type != PATH_DIRECTORY || is_protected(judge, source.where.real))
		return NULL;
	fact = judge->host->sockets(judge->host, source.where.real);
	if (fact == FACT_YES)
		return "is a directory that holds a socket of the host";
	if (fact == FACT_UNKNOWN && judge->host->real)
		return "is a directory too large to be searched for sockets";
	return NULL;
}

static const char *check_host_device(struct judge *judge, const struct place *place)
{
	struct source source;
	const char *real;

	if (!source_read(judge, place, &source) || source.own != OWN_NOT)
		return NULL;
	real = source.where.real;
	if (listed(judge, real))
		return NULL;
	if (source.where.type == PATH_BLOCK || source.where.type == PATH_CHAR)
		return "is a device of the host";
	if (strcmp(real, "/dev") == 0)
		return "is the host's device directory";
	if (host_below(real, "/dev") && !host_below(real, "/dev/shm") &&
	    !host_below(real, "/dev/mqueue") && !host_below(real, "/dev/hugepages"))
		return "is in the host's device directory";
	return NULL;
}

/* Who asks for the other names of a place, and the name that decided. */
struct names {
	struct judge *judge;
	const char *bad;
};

static enum own own_of(struct judge *judge, const char *name)
{
	const char *base;

	return engine_owns(judge, name, name, &base);
}

static bool allowed_name(struct judge *judge, const char *name)
{
	return *name == '/' && (own_of(judge, name) != OWN_NOT || listed(judge, name));
}

/* For volumes that a user of the engine defines: "docker volume create -o o=bind -o device=/srv". */
static bool not_allowed(void *data, const char *name)
{
	struct names *names = data;

	names->bad = name;
	return !allowed_name(names->judge, name);
}

/*
 * For volumes that the cluster's administrators define. One claim may be seen in several pods and in
 * its driver's directory, but the kubelet's secrets are each pod's own.
 */
static bool is_host_name(void *data, const char *name)
{
	struct names *names = data;
	struct judge *judge = names->judge;
	bool shared = (strstr(name, "/volumes/kubernetes.io~") ||
		       strstr(name, "/volume-subpaths/") || strstr(name, "/plugins/")) &&
		      !strstr(name, "/volumes/kubernetes.io~secret/") &&
		      !strstr(name, "/volumes/kubernetes.io~projected/") &&
		      !strstr(name, "/volumes/kubernetes.io~configmap/");

	names->bad = name;
	if (*name != '/')
		return true;
	return is_protected(judge, name) && !allowed_name(judge, name) &&
	       !(shared && judge->workload->pod_uid);
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
		.deep = mount_has(source->mount, "rbind") && source->where.type == PATH_DIRECTORY,
		.bad = bad,
		.data = names,
	};

	return names->judge->host->aliases(names->judge->host, &question);
}

/* Why a place that is allowed by its name is not for one of its other names; NULL if it is. */
static const char *check_names(struct judge *judge, const struct source *source, const char *base,
			       bool (*bad)(void *data, const char *name))
{
	struct names names = { .judge = judge };
	enum fact fact = ask_names(&names, source, base, bad);

	if (fact == FACT_YES)
		return arena_printf(judge->arena, "leads to %s by another mount", names.bad);
	if (fact == FACT_UNKNOWN && judge->host->real)
		return "leads where this host cannot tell";
	return NULL;
}

/* A kubelet binds the subPath of a hostPath volume just as it binds an emptyDir's. */
static const char *check_subpath(struct judge *judge, const struct source *source)
{
	struct names names = { .judge = judge };
	enum fact fact = ask_names(&names, source, NULL, is_pod_volume);

	if (fact == FACT_NO)
		return "leads to a part of a host path";
	if (fact == FACT_UNKNOWN)
		return judge->host->real ? "leads where this host cannot tell" : NULL;
	return check_names(judge, source, NULL, is_host_name);
}

static const char *check_program(struct judge *judge, const struct source *source)
{
	if (!mount_has(source->mount, "ro rro"))
		return "is the engine's program: to be bound read-only";
	if (judge->host->real && (source->where.type != PATH_FILE || !source->where.root_owned))
		return "is no program of root's";
	return NULL;
}

static const char *check_listed(struct judge *judge, const struct source *source,
				const struct json *entry)
{
	const struct json *member = json_member(entry, "path");

	if (json_true(json_member(entry, "readonly")) && !mount_has(source->mount, "ro rro"))
		return "is allowed read-only alone";
	return check_names(judge, source, json_string(member ? member : entry), is_host_name);
}

static const char *host_path_reason(struct judge *judge, const struct source *source)
{
	const char *real = source->where.real;
	bool direct = strcmp(real, source->given) == 0;

	if (strcmp(real, "/") == 0)
		return direct ? "is the host's root" : "leads to the host's root";
	if (direct)
		return "is a host path that the policy does not allow";
	return arena_printf(judge->arena, "leads to %s, a host path that the policy does not allow",
			    real);
}

/* What is wrong with the source whatever it may lead to. */
static const char *check_form(struct judge *judge, const struct source *source)
{
	const char *clean;

	if (*source->given != '/')
		return "is not absolute: runtimes differ in where they look for it";
	if (source->where.type == PATH_MAGIC)
		return "leads through a magic link";
	if (source->where.type == PATH_MISSING)
		return "is not there";
	if (source->where.type == PATH_UNKNOWN && judge->host->real)
		return "leads where this host cannot tell";
	clean = host_clean(judge->arena, source->where.real);
	return clean && strcmp(clean, source->where.real) == 0 ? NULL : "is not canonical";
}

static const char *check_host_path(struct judge *judge, const struct place *place)
{
	const struct json *entry;
	struct source source;
	const char *reason;

	if (!source_read(judge, place, &source))
		return NULL;
	reason = check_form(judge, &source);
	if (reason)
		return reason;
	entry = listed(judge, source.where.real);
	if (entry)
		return check_listed(judge, &source, entry);
	switch (source.own) {
	case OWN_FILE:
		return NULL;
	case OWN_PROGRAM:
		return check_program(judge, &source);
	case OWN_VOLUME:
		return check_names(judge, &source, source.base, not_allowed);
	case OWN_POD_VOLUME:
		return check_names(judge, &source, source.base, is_host_name);
	case OWN_SUBPATH:
		return check_subpath(judge, &source);
	default:
		return host_path_reason(judge, &source);
	}
}

/* Only what the list allows read-only can be mended. */
static void fix_host_path(struct judge *judge, const struct place *place)
{
	struct source source;
	const struct json *entry;

	if (!source_read(judge, place, &source))
		return;
	entry = listed(judge, source.where.real);
	if (entry && json_true(json_member(entry, "readonly")))
		mount_readonly(judge, place->parent);
}

/*
 * Between our look and the runtime's a link may be turned. A source without links leaves nothing to
 * turn but the directories themselves.
 */
static const char *check_source(struct judge *judge, const struct place *place)
{
	struct source source;

	if (!source_read(judge, place, &source) || source.where.type == PATH_MAGIC ||
	    source.where.type == PATH_MISSING || strcmp(source.given, source.where.real) == 0)
		return NULL;
	return arena_printf(judge->arena, "leads to %s", source.where.real);
}

static void fix_source(struct judge *judge, const struct place *place)
{
	struct source source;

	if (source_read(judge, place, &source))
		place_set(judge, place, json_new_string(judge->arena, source.where.real));
}

static const struct rule rules[] = {
	{
		.id = "host-socket",
		.title = "No sockets of the host",
		.why = "Whoever can talk to the socket of a container engine, of systemd or of D-Bus "
		       "commands the host. Mounting it read-only changes nothing. Directories that "
		       "hold a socket are refused as well.",
		.want = "no socket of the host",
		.refs = "CIS Docker 1.6 5.32; PSS Host Path Volumes; MITRE ATT&CK T1610, T1611",
		.path = "/mounts/*/source",
		.check = check_host_socket,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
		.params = { { "allow", PARAM_PATHS, "", "",
			      "sockets, or directories holding them" } },
	},
	{
		.id = "host-device-mount",
		.title = "No devices of the host by bind mount",
		.why = "A bound block device is the host's disk; /dev brings all devices at once. "
		       "Devices belong in linux.devices, where the device rules see them.",
		.want = "no device of the host",
		.refs = "CIS Docker 1.6 5.6; PSS Host Path Volumes; MITRE ATT&CK T1611",
		.path = "/mounts/*/source",
		.check = check_host_device,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
		.params = { { "allow", PARAM_PATHS, "", "", "device files that may be bound" } },
	},
	{
		.id = "host-path",
		.title = "No host paths but those allowed",
		.why = "A host directory that is bound writable is the host's in the end; read-only it "
		       "gives away keys and tokens. Allowed are the engine's own files for this "
		       "container or pod, volumes, and the policy's list. What counts is where the "
		       "path really leads: through links, other mounts and subPaths, and above a "
		       "protected directory as well as below it.",
		.want = "a path under an allowed prefix",
		.refs = "CIS Docker 1.6 5.6; PSS Host Path Volumes; MITRE ATT&CK T1611; CVE-2021-25741",
		.path = "/mounts/*/source",
		.check = check_host_path,
		.fix = fix_host_path,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
		.flags = RULE_NARROWS,
		.params = { { "allow", PARAM_PATHS, "", "",
			      "host directories and files; {\"path\": ..., \"readonly\": true}" } },
	},
	{
		.id = "mount-source",
		.title = "Bind sources are written without links",
		.why = "The runtime walks the source again after the judgement. A link in it could "
		       "lead elsewhere by then (CVE-2021-30465 is such a race).",
		.want = "the path itself, without links",
		.refs = "CVE-2021-30465; MITRE ATT&CK T1611",
		.path = "/mounts/*/source",
		.check = check_source,
		.fix = fix_source,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
	},
};

const struct rule_table rules_paths = { "paths", rules, sizeof(rules) / sizeof(*rules) };
