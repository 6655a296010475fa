/* SPDX-License-Identifier: Apache-2.0 */
/* Facts of a host as recorded in JSON, and the path arithmetic that all hosts share. */
#include "host.h"

#include <string.h>

char *host_clean(struct arena *arena, const char *path)
{
	char *clean, *to;

	if (*path != '/')
		return NULL;
	clean = to = arena_alloc(arena, strlen(path) + 1);
	while (*path) {
		char *part = to;

		*to++ = *path++;
		while (*path && *path != '/')
			*to++ = *path++;
		if (to - part == 3 && part[1] == '.' && part[2] == '.')
			return NULL;
		if (to - part == 1 || (to - part == 2 && part[1] == '.'))
			to = part;
	}
	/* Of the root only the slash of the last part is left. */
	clean[to == clean ? 1 : to - clean] = '\0';
	return clean;
}

bool host_below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	if (strcmp(dir, "/") == 0)
		return *path == '/';
	return strncmp(path, dir, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

static enum path_type type_of_name(const char *name)
{
	static const char *const names[] = {
		[PATH_UNKNOWN] = "unknown",	[PATH_MISSING] = "missing", [PATH_FILE] = "file",
		[PATH_DIRECTORY] = "directory", [PATH_SOCKET] = "socket",   [PATH_BLOCK] = "block",
		[PATH_CHAR] = "char",		[PATH_FIFO] = "fifo",	    [PATH_MAGIC] = "magic",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i], name) == 0)
			return (enum path_type)i;
	return PATH_UNKNOWN;
}

/*
 * What is recorded of a directory holds for what is below it: {"/var/lib/docker": {"real":
 * "/mnt/docker"}} moves every file of Docker's. The longest match counts.
 */
static struct host_path facts_path(const struct host *host, struct arena *arena, const char *path)
{
	const struct json *paths = json_member(host->data, "paths"), *best = NULL;
	const char *clean = host_clean(arena, path), *real;
	struct host_path result = { .type = PATH_UNKNOWN, .real = clean ? clean : path };

	json_each(entry, paths)
		if (clean && host_below(clean, entry->key) &&
		    (!best || strlen(entry->key) > strlen(best->key)))
			best = entry;
	if (!best)
		return result;
	real = json_string(json_member(best, "real"));
	if (real && strcmp(clean, best->key) != 0)
		result.real = arena_printf(arena, "%s%s", real, clean + strlen(best->key));
	else if (real)
		result.real = real;
	if (strcmp(clean, best->key) == 0 && json_string(json_member(best, "type")))
		result.type = type_of_name(json_string(json_member(best, "type")));
	return result;
}

static enum host_ns facts_ns(const struct host *host, const char *type, const char *path,
			     const char *sandbox)
{
	const char *word = json_string(json_member(json_member(host->data, "namespaces"), path));

	(void)type;
	(void)sandbox;
	if (!word)
		return NS_UNKNOWN;
	if (strcmp(word, "host") == 0)
		return NS_HOST;
	return strcmp(word, "own-sandbox") == 0 ? NS_OWN_SANDBOX : NS_FOREIGN;
}

static int facts_cgroup(const struct host *host)
{
	int64_t version;

	return json_i64(json_member(host->data, "cgroup"), &version) ? (int)version : 0;
}

static enum fact facts_sockets(const struct host *host, const char *real)
{
	json_each(entry, json_member(host->data, "paths")) {
		const char *where = json_string(json_member(entry, "real"));

		if (json_is(json_member(entry, "type"), "socket") &&
		    host_below(where ? where : entry->key, real))
			return FACT_YES;
	}
	return FACT_UNKNOWN;
}

static enum fact facts_aliases(const struct host *host, const struct alias_question *question)
{
	json_each(entry, json_member(host->data, "paths")) {
		const char *where = json_string(json_member(entry, "real"));

		if (strcmp(where ? where : entry->key, question->real) != 0)
			continue;
		json_each(name, json_member(entry, "aliases"))
			if (json_string(name) && question->bad(question->data, json_string(name)))
				return FACT_YES;
	}
	return FACT_UNKNOWN;
}

static const char *facts_tenant(const struct host *host, struct arena *arena, const char *lists,
				const char *layer)
{
	(void)arena;
	(void)lists;
	return json_string(json_member_of(json_member(host->data, "layers"), layer, strlen(layer)));
}

static const char *const fact_words[] = { "host", "own-sandbox", "foreign", NULL };
static const char *const type_words[] = { "missing", "file", "directory", "socket", "block",
					  "char",    "fifo", "magic",	  NULL };

static bool one_of(const struct json *json, const char *const *words)
{
	for (; *words; words++)
		if (json_is(json, *words))
			return true;
	return false;
}

static bool facts_check_namespace(const struct json *entry, struct error *err)
{
	if (one_of(entry, fact_words))
		return true;
	return error_set(err, "/namespaces/%s: \"host\", \"own-sandbox\" or \"foreign\" expected",
			 entry->key);
}

static bool absolute(const struct json *json)
{
	return json_string(json) && *json_string(json) == '/';
}

static bool facts_check_path(const struct json *entry, struct error *err)
{
	if (entry->type != JSON_OBJECT)
		return error_set(err, "/paths/%s: an object expected", entry->key);
	json_each(member, entry) {
		bool good = strcmp(member->key, "real") == 0	  ? absolute(member)
			    : strcmp(member->key, "type") == 0	  ? one_of(member, type_words)
			    : strcmp(member->key, "aliases") == 0 ? member->type == JSON_ARRAY
								  : false;

		if (!good)
			return error_set(err, "/paths/%s/%s: not understood", entry->key,
					 member->key);
	}
	return true;
}

static bool facts_check_layer(const struct json *entry, struct error *err)
{
	return json_string(entry) || error_set(err, "/layers/%s: an id expected", entry->key);
}

static bool facts_check_map(const struct json *map,
			    bool (*check)(const struct json *entry, struct error *err),
			    struct error *err)
{
	if (map->type != JSON_OBJECT)
		return error_set(err, "/%s: an object expected", map->key);
	json_each(entry, map)
		if (!check(entry, err))
			return false;
	return true;
}

static enum fact fact_of(const struct json *json)
{
	return json_true(json) ? FACT_YES : FACT_NO;
}

static bool facts_number(const struct json *member, int64_t min, int64_t max, int *value,
			 struct error *err)
{
	int64_t number;

	if (!json_i64(member, &number) || number < min || number > max)
		return error_set(err, "/%s: a number from %d to %d expected", member->key, (int)min,
				 (int)max);
	*value = (int)number;
	return true;
}

static bool facts_member(struct host *host, const struct json *member, struct error *err)
{
	const char *key = member->key;
	int version;

	if (strcmp(key, "namespaces") == 0)
		return facts_check_map(member, facts_check_namespace, err);
	if (strcmp(key, "paths") == 0)
		return facts_check_map(member, facts_check_path, err);
	if (strcmp(key, "layers") == 0)
		return facts_check_map(member, facts_check_layer, err);
	if (strcmp(key, "cgroup") == 0)
		return facts_number(member, 1, 2, &version, err);
	if (strcmp(key, "kernel") == 0)
		return facts_number(member, 1000, 99999, &host->kernel, err);
	if (strcmp(key, "today") == 0) {
		host->today = json_string(member);
		return host->today || error_set(err, "/today: a date like \"2026-11-22\" expected");
	}
	if (strcmp(key, "apparmor") != 0 && strcmp(key, "selinux") != 0)
		return error_set(err, "/%s: unknown member", key);
	if (member->type != JSON_BOOL)
		return error_set(err, "/%s: true or false expected", key);
	if (*key == 'a')
		host->apparmor = fact_of(member);
	return true;
}

struct host *host_facts(struct arena *arena, const struct json *facts, struct error *err)
{
	struct host *host = arena_alloc(arena, sizeof(*host));

	host->data = json_clone(arena, facts);
	host->path = facts_path;
	host->ns = facts_ns;
	host->aliases = facts_aliases;
	host->sockets = facts_sockets;
	host->tenant = facts_tenant;
	host->cgroup = facts_cgroup;
	if (facts->type != JSON_OBJECT) {
		error_set(err, "an object expected");
		return NULL;
	}
	json_each(member, facts)
		if (!facts_member(host, member, err))
			return NULL;
	return host;
}
