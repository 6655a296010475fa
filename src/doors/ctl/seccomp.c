/* SPDX-License-Identifier: Apache-2.0 */
/* seawall seccomp show, calls and check: what a profile lets through. */
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "ctl.h"
#include "ctl_seccomp.h"
#include "file.h"

#define SECONDS_MAX 30

/* What Docker and containerd give a container, for --caps docker. */
#define DOCKER_CAPS ((caps_set)0xa80425fb)

/* A capability in any spelling, or a word for many. */
static bool add_caps(const char *name, caps_set *caps)
{
	int number = caps_number(name);

	if (number >= 0)
		*caps |= (caps_set)1 << number;
	else if (strcmp(name, "docker") == 0)
		*caps |= DOCKER_CAPS;
	else if (strcmp(name, "all") == 0)
		*caps |= caps_all();
	else
		return strcmp(name, "none") == 0;
	return true;
}

bool ctl_caps(const struct ctl *ctl, caps_set *caps, struct error *err)
{
	const char *text = ctl_value(ctl, "caps");
	size_t len;

	*caps = text ? 0 : DOCKER_CAPS;
	for (text = text ? text : ""; *(text += strspn(text, ", ")); text += len) {
		const char *name;

		len = strcspn(text, ", ");
		name = arena_strndup(ctl->arena, text, len);
		if (!add_caps(name, caps))
			return error_set(err, "--caps: unknown capability \"%.40s\"", name);
	}
	return true;
}

static bool read_kernel(const char *text, int *kernel, struct error *err)
{
	struct utsname name;
	char *end;
	long version, patch_level = -1;

	if (!text && uname(&name) == 0)
		text = name.release;
	version = text ? strtol(text, &end, 10) : -1;
	if (version > 0 && *end == '.')
		patch_level = strtol(end + 1, NULL, 10);
	if (version < 0 || version > 99 || patch_level < 0 || patch_level > 999)
		return error_set(err, "--kernel: is no version (found \"%.40s\", expected 6.1)",
				 text ? text : "");
	*kernel = KERNEL((int)version, (int)patch_level);
	return true;
}

/* --caps, --abi, --kernel. */
static bool read_options(const struct ctl *ctl, const struct json *config,
			 struct syscalls_target *target, struct error *err)
{
	const struct json *sets = json_at(config, "/process/capabilities");

	*target = (struct syscalls_target){ .native = ctl_is(ctl, "abi", "native") };
	if (sets && !ctl_value(ctl, "caps"))
		target->caps = caps_of(json_member(sets, "bounding")) |
			       caps_of(json_member(sets, "effective")) |
			       caps_of(json_member(sets, "permitted")) |
			       caps_of(json_member(sets, "ambient"));
	else if (!ctl_caps(ctl, &target->caps, err))
		return false;
	return read_kernel(ctl_value(ctl, "kernel"), &target->kernel, err);
}

/* The profile of the policy unless --builtin. */
static bool read_own(const struct ctl *ctl, struct syscalls_target *target, struct error *err)
{
	struct policy policy;

	if (ctl_value(ctl, "builtin"))
		return true;
	if (!ctl_policy(ctl, &policy, err))
		return false;
	if (policy.seccomp)
		target->own = syscalls_resolve(ctl->arena, policy.seccomp, target, NULL, 0, err);
	return !policy.seccomp || target->own;
}

/* Whoever started this may have set a time already, which is kept if it is shorter. */
void ctl_seccomp_limit(void)
{
	unsigned left = alarm(0);

	alarm(left && left < SECONDS_MAX ? left : SECONDS_MAX);
}

static bool has_conditions(const struct json *doc)
{
	if (json_member(doc, "archMap"))
		return true;
	json_each(rule, json_member(doc, "syscalls"))
		if (json_member(rule, "includes") || json_member(rule, "excludes") ||
		    json_member(rule, "name"))
			return true;
	return false;
}

bool ctl_profile_alone(const struct ctl *ctl, const char *path, struct ctl_seccomp *given,
		       struct error *err)
{
	const struct json *doc;
	char *text;
	size_t len;

	given->name = path;
	text = strcmp(path, "-")
		       ? file_read(ctl->arena, AT_FDCWD, path, FILE_ANY, &len, NULL, err)
		       : file_read_fd(ctl->arena, STDIN_FILENO, FILE_ANY, &len, NULL, err);
	if (!text)
		return error_prefix(err, "%s", path);
	doc = json_parse(ctl->arena, text, len, 0, err);
	if (!doc)
		return error_prefix(err, "%s", path);
	given->config = json_member(doc, "ociVersion") ? doc : NULL;
	if (!read_options(ctl, given->config, &given->target, err))
		return false;
	given->profile = given->config ? json_at(doc, "/linux/seccomp") : doc;
	if (!given->profile || given->profile->type != JSON_OBJECT)
		return error_set(err, "%s: there is no seccomp profile", path);
	/* a container's own is judged as runtimes take it: they know no conditions */
	if (!given->config && has_conditions(given->profile)) {
		given->resolved = true;
		given->profile =
			syscalls_resolve(ctl->arena, given->profile, &given->target, NULL, 0, err);
	}
	return given->profile || error_prefix(err, "%s", path);
}

bool ctl_profile(const struct ctl *ctl, const char *path, struct ctl_seccomp *given,
		 struct error *err)
{
	return ctl_profile_alone(ctl, path, given, err) && read_own(ctl, &given->target, err);
}

/* What the hardened container of a config gets, or the default for the options. */
static bool wanted(struct ctl *ctl, const struct json **profile, struct error *err)
{
	struct syscalls_target target;
	struct subject subject;
	struct policy policy;
	struct report report;

	if (!ctl->args[0]) {
		if (!read_options(ctl, NULL, &target, err) || !read_own(ctl, &target, err))
			return false;
		*profile = syscalls_profile(ctl->arena, &target);
		return true;
	}
	if (!ctl_policy(ctl, &policy, err) ||
	    !ctl_subject(ctl, ctl->args[0], &policy, &subject, err))
		return false;
	harden(ctl->arena, &subject.task, &report);
	*profile = json_at(report.doc, "/linux/seccomp");
	return *profile ||
	       error_set(err, "%s: the config cannot be judged; see `seawall check`", ctl->args[0]);
}

static const char *group_words(const struct syscall_group *group, unsigned may)
{
	if (may == FILTER_MAY_PASS)
		return "allowed";
	if (may == FILTER_MAY_BLOCK)
		return "blocked";
	return group ? "by argument" : "in part";
}

/* Names of one group that the filter treats alike on the native ABI. */
static void group_row(const struct ctl *ctl, struct text *text, const struct filter *filter,
		      const struct syscall_group *group, unsigned may)
{
	const struct filter_abi *abi = filter_abi_at(0);
	struct text names = { .arena = ctl->arena };

	for (uint32_t number = 0; number < FILTER_NUMBERS; number++) {
		const char *name = filter_name(ctl->arena, abi, number);

		if (name && syscall_group_of(name) == group &&
		    filter_may(filter, abi->audit, number) == may)
			text_printf(&names, "%s%s", names.len ? " " : "", name);
	}
	if (!names.len)
		return;
	text_printf(text, "%s%-17s%-12s%s", ctl_bold(ctl), group ? group->name : "others",
		    group_words(group, may), ctl_off(ctl));
	ctl_wrap(ctl, text, 29, 29, names.data);
}

enum ctl_status ctl_seccomp_show(struct ctl *ctl)
{
	static const unsigned ways[] = { FILTER_MAY_PASS, FILTER_MAY_PASS | FILTER_MAY_BLOCK,
					 FILTER_MAY_BLOCK };
	struct text text = { .arena = ctl->arena };
	const struct syscall_group *group;
	const struct json *profile;
	struct filter filter;
	struct error err;

	if (!wanted(ctl, &profile, &err))
		return ctl_fail("%s", err.msg);
	if (ctl_is(ctl, "format", "json")) {
		ctl_put_json(&text, profile);
		return ctl_out(&text, CTL_GOOD);
	}
	if (!filter_build(ctl->arena, profile, &filter, &err))
		return ctl_fail("%s", err.msg);
	for (size_t way = 0; way < 3; way++) {
		for (size_t i = 0; (group = syscall_group_at(i)); i++)
			group_row(ctl, &text, &filter, group, ways[way]);
		group_row(ctl, &text, &filter, NULL, ways[way]);
	}
	return ctl_out(&text, CTL_GOOD);
}

/* "allow", "errno 1", "kill"; for calls that arguments decide "arguments", with what zeros get. */
static const char *verdict_of(struct arena *arena, const struct filter *filter,
			      const struct filter_abi *abi, uint32_t number)
{
	struct seccomp_data data = { .nr = (int)number, .arch = abi->audit };
	unsigned may = filter_may(filter, abi->audit, number);
	uint32_t action = filter_run(filter, &data);
	const char *word = "kill";

	if (filter_passes(action))
		word = "allow";
	else if ((action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO)
		word = arena_printf(arena, "errno %u", action & SECCOMP_RET_DATA);
	return may == (FILTER_MAY_PASS | FILTER_MAY_BLOCK)
		       ? arena_printf(arena, "arguments, for zeros %s", word)
		       : word;
}

enum ctl_status ctl_seccomp_calls(struct ctl *ctl)
{
	struct ctl_seccomp given = { .name = "default" };
	struct text text = { .arena = ctl->arena };
	const struct filter_abi *abi;
	struct filter filter;
	struct error err;

	if (ctl->args[0] ? !ctl_profile(ctl, ctl->args[0], &given, &err)
			 : !wanted(ctl, &given.profile, &err))
		return ctl_fail("%s", err.msg);
	if (!filter_build(ctl->arena, given.profile, &filter, &err))
		return ctl_fail("%s: %s", given.name, err.msg);
	for (size_t i = 0; (abi = filter_abi_at(i)); i++) {
		for (uint32_t number = 0; number < FILTER_NUMBERS; number++) {
			const char *name = filter_name(ctl->arena, abi, abi->base + number);

			text_printf(&text, "%s %u %s %s\n", abi->name, number, name ? name : "-",
				    verdict_of(ctl->arena, &filter, abi, abi->base + number));
		}
	}
	return ctl_out(&text, CTL_GOOD);
}
