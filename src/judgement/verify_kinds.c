/* SPDX-License-Identifier: Apache-2.0 */
/*
 * File systems that a runtime makes for a container, against the host's own of the same kind: a bind of
 * the host's /proc is a proc file system, too, and shows every process of the machine.
 */
#include <string.h>

#include "mountinfo.h"
#include "verify_parts.h"
#include "words.h"

/* There is one of each in a running kernel, whoever mounts it. */
#define SINGLE                                                                                  \
	"devtmpfs debugfs tracefs securityfs binfmt_misc configfs pstore efivarfs fusectl bpf " \
	"selinuxfs smackfs"

/* Kinds of which there is one per namespace: who shares that with the host has the host's. */
static const struct {
	const char *kind;
	enum kernel_ns ns;
} keyed[] = {
	{ "proc", KERNEL_NS_PID },
	{ "sysfs", KERNEL_NS_NETWORK },
	{ "mqueue", KERNEL_NS_IPC },
};

bool verify_is_hosts(const struct compare *compare, const struct mount_row *row)
{
	for (const struct mount_row *each = compare->host->mounts; each; each = each->next)
		if (strcmp(each->device, row->device) == 0)
			return true;
	return false;
}

bool verify_is_made(const struct compare *compare, const struct mount_row *row)
{
	return strcmp(row->root, "/") == 0 && !verify_is_hosts(compare, row);
}

/*
 * The host's own is what a runtime can but give: the namespace is the host's, or (crun) it was joined by a
 * user namespace that does not own it, which may mount nothing of it and gets a bind.
 */
static bool may_be_hosts(const struct compare *compare, const struct mount_row *row)
{
	const struct kernel *kernel = compare->kernel, *host = compare->host;

	for (size_t i = 0; i < sizeof(keyed) / sizeof(keyed[0]); i++) {
		enum kernel_ns ns = keyed[i].ns;
		const struct json *entry =
			verify_namespace(compare->config, kernel_ns_name((int)ns));

		if (strcmp(keyed[i].kind, row->kind) != 0)
			continue;
		return kernel->ns[ns] == host->ns[ns] ||
		       (kernel->ns[KERNEL_NS_USER] != host->ns[KERNEL_NS_USER] &&
			json_member(entry, "path"));
	}
	/* A disk (its device has a number of its own) may be mounted twice. */
	return word_in(SINGLE, row->kind) || strncmp(row->device, "0:", 2) != 0;
}

static void differs_kind(const struct compare *compare, const char *pointer,
			 const struct mount_row *row, const char *type)
{
	if (strcmp(type, row->kind) != 0)
		verify_differs(compare, "mount-type", pointer, row->kind, type,
			       "another kind of file system is mounted there");
	else if (strcmp(row->root, "/") != 0)
		verify_differs(compare, "mount-type", pointer, row->root, "/",
			       "a part of another file system of that kind is mounted there");
	else if (verify_is_hosts(compare, row) && !may_be_hosts(compare, row))
		verify_differs(compare, "mount-type", pointer, "the host's", "its own",
			       "the host's own file system of that kind is mounted there");
}

void verify_kind(const struct compare *compare, const char *pointer, const struct placed *placed)
{
	const char *type = json_string(json_member(placed->mount, "type"));
	const char *why;

	if (!verify_of_cgroup(placed->mount)) {
		differs_kind(compare, pointer, placed->spot.mount, type ? type : "");
		return;
	}
	why = verify_cgroup_mount(compare, placed->mount, placed->spot.mount);
	if (why)
		verify_differs(compare, "mount-type", pointer, placed->spot.mount->root,
			       "the container's own cgroup", why);
}
