/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the seccomp profile that a policy names. */
#include "seccomp_profile.h"

#include <fcntl.h>
#include <string.h>

#include "file.h"
#include "syscalls.h"

static bool parse(struct arena *arena, struct policy *policy, const char *text, size_t len,
		  struct error *err)
{
	/* what is wrong is wrong whatever a container may hold */
	struct syscalls_target any = { .caps = caps_all(), .kernel = KERNEL(99, 0) };
	const struct json *doc = json_parse(arena, text, len, 0, err);
	struct text both = { .arena = arena };
	char *hash = arena_alloc(arena, 65);

	if (!doc || !syscalls_resolve(arena, doc, &any, text, len, err))
		return false;
	text_printf(&both, "%s\n", policy->sha256);
	text_add(&both, text, len);
	file_sha256(both.data, both.len, hash);
	policy->sha256 = hash;
	policy->seccomp = doc;
	return true;
}

bool seccomp_profile_load(struct arena *arena, unsigned flags, struct policy *policy,
			  struct error *err)
{
	const char *path = json_string(json_at(policy->doc, "/seccomp/profile"));
	const char *text;
	size_t len;

	if (!path || strcmp(path, "default") == 0)
		return true;
	if (path[0] != '/')
		return error_set(err, "/seccomp/profile: is no absolute path (found \"%s\")", path);
	text = file_read(arena, AT_FDCWD, path, flags, &len, NULL, err);
	if (!text)
		return error_prefix(err, "%s", path);
	return parse(arena, policy, text, len, err) || error_prefix(err, "%s", path);
}
