/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about where a bind's source really leads: the host's files, sockets and devices. */
#include <string.h>

#include "mount.h"
#include "rules.h"

/* Sockets of engines and of the system that do not end in ".sock". */
static bool socket_name(const char *path)
{
	const char *dot = strrchr(path, '.');

	return (dot && (strcmp(dot, ".sock") == 0 || strcmp(dot, ".socket") == 0 ||
			strcmp(dot, ".ttrpc") == 0)) ||
	       host_below(path, "/run/containerd/s") || host_below(path, "/run/systemd/private") ||
	       host_below(path, "/run/dbus/system_bus_socket");
}

/* Directories that are there for sockets. */
static const char socket_directories[] =
	"/run /run/containerd /run/crio /run/dbus /run/docker /run/podman /run/systemd /run/user "
	"/var/lib/kubelet/device-plugins /var/lib/kubelet/plugins /var/lib/kubelet/plugins_registry "
	"/var/lib/kubelet/pod-resources /var/run";

/* "/" and "/var" bring the engines' sockets with them. */
static bool above_sockets(struct judge *judge, const char *real)
{
	const char *words = socket_directories, *word;
	size_t len;

	while ((word = word_next(&words, &len)))
		if (host_below(arena_strndup(judge->arena, word, len), real))
			return true;
	return false;
}

static const char *check_socket_directory(struct judge *judge, const char *real)
{
	enum fact fact;

	if (word_in(socket_directories, real))
		return "is a directory of the host's sockets";
	if (*real == '/' && above_sockets(judge, real))
		return "is a directory above the host's sockets";
	/* Refused by host-path for what they are; the search would take long. */
	if (source_protected(judge, real))
		return NULL;
	fact = judge->host->sockets(judge->host, real);
	if (fact == FACT_YES)
		return "is a directory that holds a socket of the host";
	if (fact == FACT_UNKNOWN && judge->host->real)
		return "is a directory too large to be searched for sockets";
	return NULL;
}

/* A socket is a service of the host's, and read-only does not matter to it. */
static const char *check_host_socket(struct judge *judge, const struct place *place)
{
	struct source source;
	const char *real;

	if (!source_read(judge, place, &source) || source.own != OWN_NOT)
		return NULL;
	real = source.where.real;
	if (source_listed(judge, real))
		return NULL;
	switch (source.where.type) {
	case PATH_SOCKET:
		return "is a socket of the host";
	case PATH_UNKNOWN:
	case PATH_MISSING:
		return socket_name(real) ? "is a socket of the host, by its name"
					 : check_socket_directory(judge, real);
	case PATH_DIRECTORY:
		return check_socket_directory(judge, real);
	default:
		return NULL;
	}
}

static const char *check_host_device(struct judge *judge, const struct place *place)
{
	struct source source;
	const char *real;

	if (!source_read(judge, place, &source) || source.own != OWN_NOT)
		return NULL;
	real = source.where.real;
	if (source_listed(judge, real))
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

static const char *check_program(struct judge *judge, const struct source *source)
{
	if (!(mount_options(source->mount) & (OPTION_RO | OPTION_RRO)))
		return "is the engine's program: to be bound read-only";
	if (judge->host->real && (source->where.type != PATH_FILE || !source->where.root_owned))
		return "is no program of root's";
	return NULL;
}

static const char *check_listed(struct judge *judge, const struct source *source,
				const struct json *entry)
{
	const struct json *member = json_member(entry, "path");

	if (json_true(json_member(entry, "readonly")) &&
	    !(mount_options(source->mount) & (OPTION_RO | OPTION_RRO)))
		return "is allowed read-only alone";
	return source_check_names(judge, source, json_string(member ? member : entry));
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
	entry = source_listed(judge, source.where.real);
	if (entry)
		return check_listed(judge, &source, entry);
	switch (source.own) {
	case OWN_FILE:
		return NULL;
	case OWN_PROGRAM:
		return check_program(judge, &source);
	case OWN_VOLUME:
		return source_check_volume(judge, &source);
	case OWN_POD_VOLUME:
		return source_check_names(judge, &source, source.base);
	case OWN_SUBPATH:
		return source_check_subpath(judge, &source);
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
	entry = source_listed(judge, source.where.real);
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
		.id = "host-path",
		.title = TOLD("No host paths but those allowed"),
		.why = TOLD(
			"A host directory that is bound writable is the host's in the end; read-only it "
			"gives away keys and tokens. Allowed are the engine's own files for this "
			"container or pod, volumes, and the policy's list. What counts is where the "
			"path really leads: through links, other mounts and subPaths, and above a "
			"protected directory as well as below it. A volume may be in memory, of the "
			"network, or of a file system that the host itself has mounted."),
		.want = "a path under an allowed prefix",
		.refs = TOLD(
			"CIS Docker 1.6 5.6; PSS HostPath Volumes; MITRE ATT&CK T1611; CVE-2021-25741"),
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
		.id = "host-socket",
		.title = TOLD("No sockets of the host"),
		.why = TOLD(
			"Whoever can talk to the socket of a container engine, of systemd or of D-Bus "
			"commands the host. Mounting it read-only changes nothing. Directories that "
			"hold a socket are refused as well."),
		.want = "no socket of the host",
		.refs = TOLD(
			"CIS Docker 1.6 5.32; PSS HostPath Volumes; MITRE ATT&CK T1610, T1611"),
		.path = "/mounts/*/source",
		.check = check_host_socket,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
		.params = { { "allow", PARAM_PATHS, "", "",
			      "sockets, or directories holding them" } },
	},
	{
		.id = "host-device-mount",
		.title = TOLD("No devices of the host by bind mount"),
		.why = TOLD(
			"A bound block device is the host's disk; /dev brings all devices at once. "
			"Devices belong in linux.devices, where the device rules see them."),
		.want = "no device of the host",
		.refs = TOLD("CIS Docker 1.6 5.18; PSS HostPath Volumes; MITRE ATT&CK T1611"),
		.path = "/mounts/*/source",
		.check = check_host_device,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
		.params = { { "allow", PARAM_PATHS, "", "", "device files that may be bound" } },
	},
	{
		.id = "mount-source",
		.title = TOLD("Bind sources are written without links"),
		.why = TOLD(
			"The runtime walks the source again after the judgement. A link in it could "
			"lead elsewhere by then (CVE-2021-30465 is such a race)."),
		.want = "the path itself, without links",
		.refs = TOLD("CVE-2021-30465; MITRE ATT&CK T1611"),
		.path = "/mounts/*/source",
		.check = check_source,
		.fix = fix_source,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
	},
};

const struct rule_table rules_paths = { "paths", rules, sizeof(rules) / sizeof(*rules) };
