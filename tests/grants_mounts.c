/* SPDX-License-Identifier: Apache-2.0 */
/* The part of grants.c that is about mounts: none goes, none shows more, none is more writable. */
#include <string.h>

#include "laws.h"

/* Options that take something away and may not be lost; options that give and may not come. */
static const char *options(struct arena *arena, const struct json *was, const struct json *is)
{
	static const char *const kept[] = { "ro", "rro", "nosuid", "nodev", "noexec", NULL };
	static const char *const never[] = { "rw",     "rrw",	 "suid",    "dev",
					     "exec",   "shared", "rshared", "slave",
					     "rslave", "bind",	 "rbind",   NULL };
	const struct json *a = json_member(was, "options"), *b = json_member(is, "options");

	for (const char *const *word = kept; *word; word++) {
		if (json_has(a, *word) && !json_has(b, *word) &&
		    !(!strcmp(*word, "ro") && json_has(b, "rro")))
			return arena_printf(arena, "lost \"%s\"", *word);
	}
	for (const char *const *word = never; *word; word++) {
		if (json_has(b, *word) && !json_has(a, *word))
			return arena_printf(arena, "gained \"%s\"", *word);
	}
	return NULL;
}

/* Only an empty tmpfs where nothing was mounted may be new (the writable list of root-readonly). */
static bool harmless(const struct json *mount, const struct json *mounts)
{
	json_each(each, mounts) {
		if (json_equal(json_member(each, "destination"), json_member(mount, "destination")))
			return false;
	}
	return json_is(json_member(mount, "type"), "tmpfs") &&
	       json_has(json_member(mount, "options"), "nosuid") &&
	       json_has(json_member(mount, "options"), "nodev") &&
	       !json_has(json_member(mount, "options"), "bind") &&
	       !json_has(json_member(mount, "options"), "rbind");
}

/* The same place, written without links. */
static bool same_source(struct arena *arena, const struct host *host, const struct json *was,
			const struct json *is)
{
	const char *a = json_string(was), *b = json_string(is);

	return json_equal(was, is) ||
	       (a && b && *a == '/' && !strcmp(host->path(host, arena, a).real, b));
}

static const char *mount_changed(struct arena *arena, const struct host *host,
				 const struct json *was, const struct json *is)
{
	bool bind = json_has(json_member(was, "options"), "bind") ||
		    json_has(json_member(was, "options"), "rbind");

	if (!same_source(arena, host, json_member(was, "source"), json_member(is, "source")))
		return "has another source";
	if (!bind && !json_equal(json_member(was, "type"), json_member(is, "type")))
		return "has another type";
	return options(arena, was, is);
}

/* The mounts there were, in their order; between them only harmless ones. */
const char *grants_mounts(struct arena *arena, const struct json *before, const struct json *after,
			  const struct host *host)
{
	const struct json *had = json_member(before, "mounts"), *has = json_member(after, "mounts");
	const struct json *was = had ? had->child : NULL;
	const char *broken;

	json_each(is, has) {
		if (!was ||
		    !json_equal(json_member(was, "destination"), json_member(is, "destination"))) {
			if (!harmless(is, had))
				return arena_printf(arena, "%s is new", json_pointer(arena, is));
			continue;
		}
		broken = mount_changed(arena, host, was, is);
		if (broken)
			return arena_printf(arena, "%s %s", json_pointer(arena, was), broken);
		was = was->next;
	}
	return was ? arena_printf(arena, "%s is gone", json_pointer(arena, was)) : NULL;
}
