/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel enforces for a process, against its config: privileges, namespaces, cgroup, label. */
#include "verify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "mountinfo.h"
#include "verify_parts.h"

struct finding *verify_differs(const struct compare *compare, const char *rule, const char *pointer,
			       const char *found, const char *want, const char *message)
{
	struct finding *finding = findings_add(compare->arena, compare->findings, rule, pointer);

	finding->found = found;
	finding->want = want;
	finding->message = message;
	finding->action = ACTION_REJECT;
	finding->outcome = OUTCOME_REJECTED;
	return finding;
}

const char *verify_text(const struct compare *compare, const char *pointer)
{
	const char *text = json_string(json_at(compare->config, pointer));

	return text ? text : "";
}

const struct json *verify_namespace(const struct json *config, const char *type)
{
	json_each(entry, json_at(config, "/linux/namespaces"))
		if (json_is(json_member(entry, "type"), type))
			return entry;
	return NULL;
}

static bool no_new_privs(const struct compare *compare)
{
	return json_true(json_at(compare->config, "/process/noNewPrivileges"));
}

static void verify_privileges(const struct compare *compare)
{
	const struct kernel *kernel = compare->kernel;
	const struct json *seccomp = json_at(compare->config, "/linux/seccomp");
	const char *mode = arena_printf(compare->arena, "mode %" PRIu64 ", %" PRIu64 " filters",
					kernel->seccomp, kernel->filters);

	if (no_new_privs(compare) && !kernel->no_new_privs)
		verify_differs(compare, "no-new-privileges", "/process/noNewPrivileges", "0", "1",
			       "the kernel does not enforce no_new_privs");
	/* crun loads the filter of a process with no_new_privs last, just before its program. */
	if (seccomp && seccomp->type == JSON_OBJECT && seccomp->child &&
	    (kernel->seccomp != 2 || kernel->filters < 1))
		verify_differs(compare, "seccomp", "/linux/seccomp", mode, "mode 2",
			       "the kernel filters no system call");
}

/* Who traces a process can make it call what it likes; the kernel asks the filter again, the tracer not. */
static void verify_tracer(const struct compare *compare)
{
	if (compare->kernel->tracer)
		verify_differs(
			compare, "seccomp", "/linux/seccomp",
			arena_printf(compare->arena, "process %d", (int)compare->kernel->tracer),
			NULL, "the process is traced");
}

static bool in_table(const struct mount_row *row, uint64_t id)
{
	while (row && (uint64_t)row->id != id)
		row = row->next;
	return row;
}

static caps_set wanted_caps(const struct compare *compare, const char *set)
{
	return caps_of(json_member(json_at(compare->config, "/process/capabilities"), set));
}

/*
 * A program that runs may have changed what its process holds, within what it was given: without
 * no_new_privs a program of root's file gives all of the bounding set, and whatever is permitted may be
 * made inheritable and ambient.
 */
static caps_set held_caps(const struct compare *compare)
{
	return wanted_caps(compare, no_new_privs(compare) ? "permitted" : "bounding");
}

bool verify_may(const struct compare *compare, const char *capability)
{
	return compare->kernel->started &&
	       (held_caps(compare) & ((caps_set)1 << caps_number(capability)));
}

/* In a user namespace that the process made itself, capabilities say nothing about the host. */
static bool has_left(const struct compare *compare)
{
	return compare->kernel->started && !verify_namespace(compare->config, "user") &&
	       compare->kernel->ns[KERNEL_NS_USER] != compare->host->ns[KERNEL_NS_USER];
}

/*
 * What the runtime left open. A program opens what it can reach: of what leads elsewhere only that can be
 * its own which was unmounted since, so long after the start it counts if the host has it mounted.
 */
static void verify_open(const struct compare *compare)
{
	const struct kernel_stray *stray = compare->kernel->strays;

	for (; stray && !has_left(compare); stray = stray->next) {
		if (compare->kernel->started && !compare->judged &&
		    !in_table(compare->host->mounts, stray->mount))
			continue;
		verify_differs(compare, "host-path", "/process", stray->leads, NULL,
			       arena_printf(compare->arena, "its %s leads out of the container",
					    stray->name));
	}
}

static void verify_capabilities(const struct compare *compare)
{
	const struct kernel *kernel = compare->kernel;
	const struct {
		const char *name;
		caps_set set;
	} sets[] = {
		{ "bounding", kernel->bounding },   { "effective", kernel->effective },
		{ "permitted", kernel->permitted }, { "inheritable", kernel->inheritable },
		{ "ambient", kernel->ambient },
	};

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]) && !has_left(compare); i++) {
		caps_set wanted = wanted_caps(compare, sets[i].name);
		caps_set may = wanted | (kernel->started && i > 0 ? held_caps(compare) : 0);

		if (sets[i].set & ~may)
			verify_differs(
				compare, "capabilities",
				arena_printf(compare->arena, "/process/capabilities/%s",
					     sets[i].name),
				caps_brief(compare->arena, sets[i].set),
				caps_brief(compare->arena, wanted),
				arena_printf(compare->arena, "the process holds %s",
					     caps_brief(compare->arena, sets[i].set & ~may)));
	}
}

static void differs_namespace(const struct compare *compare, int index, const struct json *entry,
			      const char *want)
{
	static const char *const rules[KERNEL_NAMESPACES] = {
		"host-mount-namespace",
		"host-pid",
		"host-network",
		"host-ipc",
		"host-uts",
		"host-cgroup-namespace",
		"host-user-namespace",
		"time-offsets",
	};
	bool host = compare->kernel->ns[index] == compare->host->ns[index];
	const char *whose = host ? "the host's" : "another's";

	verify_differs(compare, host ? rules[index] : "namespace-join",
		       json_pointer(compare->arena, entry), whose, want,
		       arena_printf(compare->arena, "the process is in %s %s namespace", whose,
				    kernel_ns_name(index)));
}

/*
 * A namespace of its own is not the host's; one that is joined is the one at the path, or if that is
 * gone by now (Docker removes what it had below /run/docker/netns) at least not the host's.
 */
static void verify_namespaces(const struct compare *compare)
{
	for (int i = 0; i < KERNEL_NAMESPACES; i++) {
		const struct json *entry = verify_namespace(compare->config, kernel_ns_name(i));
		const char *path = json_string(json_member(entry, "path"));
		uint64_t found = compare->kernel->ns[i], joined = 0;

		if (!entry || !found)
			continue;
		if (!path || !*path) {
			if (found == compare->host->ns[i])
				differs_namespace(compare, i, entry, "its own");
			continue;
		}
		joined = compare->host->ns_at(compare->host, compare->arena, path);
		if (joined ? joined != found : found == compare->host->ns[i])
			differs_namespace(compare, i, entry, path);
	}
}

static void verify_label(const struct compare *compare)
{
	static const char *const pointers[] = { "/process/apparmorProfile",
						"/process/selinuxLabel" };
	static const char *const rules[] = { "apparmor", "selinux" };

	for (size_t i = 0; i < 2; i++) {
		const char *want = json_string(json_at(compare->config, pointers[i]));
		const char *label = compare->kernel->label;

		/* "docker-default (enforce)": the mode is not the config's to choose. */
		if (!want || !*want ||
		    (strncmp(label, want, strlen(want)) == 0 &&
		     (label[strlen(want)] == '\0' || label[strlen(want)] == ' ')))
			continue;
		verify_differs(compare, rules[i], pointers[i], label, want,
			       "the process carries another label");
	}
}

static struct compare compare_of(struct arena *arena, const struct verification *verification,
				 struct findings *findings)
{
	return (struct compare){
		.arena = arena,
		.config = verification->config,
		.kernel = verification->kernel,
		.host = verification->host,
		.judged = verification->judged,
		.findings = findings,
	};
}

void verify(struct arena *arena, const struct verification *verification, struct findings *findings)
{
	struct compare compare = compare_of(arena, verification, findings);

	verify_privileges(&compare);
	verify_tracer(&compare);
	verify_capabilities(&compare);
	verify_user(&compare);
	verify_namespaces(&compare);
	verify_cgroup(&compare);
	verify_label(&compare);
	/* The table of the host's own mount namespace is not the container's. */
	if (compare.kernel->ns[KERNEL_NS_MOUNT] == compare.host->ns[KERNEL_NS_MOUNT])
		return;
	verify_mounts(&compare, true);
	if (!verify_may(&compare, "CAP_SYS_ADMIN"))
		verify_open(&compare);
}

void verify_made(struct arena *arena, const struct verification *verification,
		 struct findings *findings)
{
	struct compare compare = compare_of(arena, verification, findings);

	verify_mounts(&compare, false);
}
