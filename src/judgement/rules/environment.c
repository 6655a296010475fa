/* SPDX-License-Identifier: Apache-2.0 */
/* The environment: what is malformed, what reaches hooks of root, what looks like a secret. */
#include <string.h>

#include "rules.h"

static size_t name_len(const char *entry)
{
	const char *equal = strchr(entry, '=');

	return equal ? (size_t)(equal - entry) : 0;
}

static bool is_name(const char *entry, const char *name)
{
	return name_len(entry) == strlen(name) && strncmp(entry, name, strlen(name)) == 0;
}

bool environment_is_loader(const char *entry)
{
	static const char *const names[] = { "GCONV_PATH", "GLIBC_TUNABLES", "LOCPATH", "NLSPATH" };

	if (strncmp(entry, "LD_", 3) == 0)
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (is_name(entry, names[i]))
			return true;
	return false;
}

/*
 * runc runs these two kinds of hook inside the container's namespaces and, unless they have their
 * own, with the container's environment (1.1.5). Hooks of the other kinds get the runtime's.
 */
static bool hooks_inherit(const struct json *doc)
{
	static const char *const kinds[] = { "/hooks/createContainer", "/hooks/startContainer" };

	for (size_t i = 0; i < 2; i++)
		json_each(hook, json_at(doc, kinds[i])) {
			const struct json *env = json_member(hook, "env");

			if (!env || env->type != JSON_ARRAY || !env->child)
				return true;
		}
	return false;
}

static bool reaches_hook(const struct judge *judge, const char *entry)
{
	return judge->boundary != AT_EXEC && environment_is_loader(entry) &&
	       hooks_inherit(judge->doc);
}

static const char *check_environment(struct judge *judge, const struct place *place)
{
	const char *entry = json_string(place->node);

	if (!entry || name_len(entry) == 0)
		return "no name and \"=\": runtimes disagree on what that means";
	/* CRI-O wrote HOME into /etc/passwd, line breaks included. */
	if ((is_name(entry, "HOME") || is_name(entry, "PATH")) && strpbrk(entry, "\r\n"))
		return "a line break in HOME or PATH";
	if (reaches_hook(judge, entry))
		return "a loader variable that a hook inherits, which runs as root";
	return NULL;
}

static void fix_environment(struct judge *judge, const struct place *place)
{
	const char *entry = json_string(place->node);

	if (entry && reaches_hook(judge, entry))
		json_remove(place->node);
}

/* Without the C library's locale: names are asked about by the thousand. */
static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* True if len bytes of text begin with part, in either case. */
static bool begins(const char *text, size_t len, const char *part)
{
	for (; *part; part++, text++, len--)
		if (len == 0 || upper(*text) != *part)
			return false;
	return true;
}

/* Where the last word of a name begins, with its underscore; NULL if it is all one word. */
static const char *last_word(const char *name, size_t len)
{
	while (len > 0)
		if (name[--len] == '_')
			return name + len;
	return NULL;
}

/* DB_PASSWORD is one; DB_PASSWORD_FILE only says where one is. */
static bool secret_name(const char *name, size_t len)
{
	static const char *const parts[] = { "PASSWORD",    "PASSWD",	 "PASSPHRASE", "SECRET",
					     "TOKEN",	    "API_KEY",	 "APIKEY",     "ACCESS_KEY",
					     "PRIVATE_KEY", "CREDENTIAL" };
	static const char *const ends[] = { "_FILE", "_PATH", "_DIR", "_NAME",
					    "_ID",   "_URL",  "_TTL", "_EXPIRY" };

	const char *last = last_word(name, len);
	size_t rest = last ? len - (size_t)(last - name) : 0;

	for (size_t i = 0; last && i < sizeof(ends) / sizeof(*ends); i++)
		if (begins(last, rest, ends[i]) && strlen(ends[i]) == rest)
			return false;
	for (; len > 0; name++, len--)
		for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
			if (upper(*name) == *parts[i] && begins(name, len, parts[i]))
				return true;
	return false;
}

/* scheme://user:password@host */
static bool has_password(const char *value)
{
	const char *user = strstr(value, "://");
	size_t len;

	if (!user)
		return false;
	user += 3;
	len = strcspn(user, "/?#");
	return memchr(user, '@', len) && memchr(user, ':', strcspn(user, "@")) &&
	       user[strcspn(user, ":") + 1] != '@';
}

static bool secret_value(const char *value)
{
	static const struct {
		const char *start;
		size_t least;
	} shapes[] = {
		{ "AKIA", 20 },	       { "ASIA", 20 },	 { "ghp_", 36 },	{ "gho_", 36 },
		{ "ghs_", 36 },	       { "glpat-", 26 }, { "xoxb-", 20 },	{ "xoxp-", 20 },
		{ "github_pat_", 40 }, { "eyJ", 60 },	 { "-----BEGIN ", 40 },
	};

	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++)
		if (strncmp(value, shapes[i].start, strlen(shapes[i].start)) == 0 &&
		    strlen(value) >= shapes[i].least)
			return true;
	return has_password(value);
}

static const char *check_secret(struct judge *judge, const struct place *place)
{
	const char *entry = json_string(place->node);
	size_t len = entry ? name_len(entry) : 0;
	const char *by;

	if (len == 0 || entry[len + 1] == '\0')
		return NULL;
	by = secret_name(entry, len) ? "name" : secret_value(entry + len + 1) ? "value" : NULL;
	if (!by)
		return NULL;
	return arena_printf(judge->arena, "%.*s looks like a credential by its %s",
			    len > 60 ? 60 : (int)len, entry, by);
}

static const struct rule rules[] = {
	{
		.id = "environment",
		.title = TOLD("A well-formed environment that reaches no hook"),
		.why = TOLD(
			"A hook that inherits the container's environment runs the image's code as "
			"root on the host: LD_PRELOAD in a Dockerfile was enough. Entries without "
			"\"=\" and line breaks in HOME or PATH end in places nobody expects."),
		.want = "NAME=value; no loader variables while a hook has no environment of its own",
		.refs = TOLD(
			"CVE-2025-23266; CVE-2022-4318; CVE-2026-15809; ATT&CK T1574.006, T1611"),
		.path = "/process/env/*",
		.check = check_environment,
		.fix = fix_environment,
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
	},
	{
		.id = "secrets-in-environment",
		.title = TOLD("No credentials in the environment"),
		.why = TOLD(
			"Environment variables are shown by inspect commands, inherited by every "
			"child and written into crash reports; files and secret stores are not."),
		.want = "no credential",
		.path = "/process/env/*",
		.check = check_secret,
		.baseline = ACTION_AUDIT,
		.restricted = ACTION_AUDIT,
	},
};

const struct rule_table rules_environment = { "environment", rules,
					      sizeof(rules) / sizeof(*rules) };
