/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A few members out of a large document: runc's state holds the whole of a filter, and building its tree takes
 * longer than all else that "start" and "exec" do with it.
 */
#include <string.h>

#include "json.h"

struct some {
	const char *at, *end;
	struct text out; /* a document of what was wanted */
};

/* To what is no white space; '\0' at the end. */
static char next(struct some *some)
{
	while (some->at < some->end && *some->at && strchr(" \t\r\n", *some->at))
		some->at++;
	return some->at < some->end ? *some->at : '\0';
}

/* From a quote to behind the closing one. */
static bool skip_string(struct some *some)
{
	for (some->at++; some->at < some->end; some->at++) {
		if (*some->at == '"') {
			some->at++;
			return true;
		}
		if (*some->at == '\\')
			some->at++;
	}
	return false;
}

/* To the comma or bracket behind a value. */
static bool skip_value(struct some *some)
{
	size_t depth = 0;

	while (some->at < some->end) {
		char c = *some->at;

		if (c == '"') {
			if (!skip_string(some))
				return false;
			continue;
		}
		if (depth == 0 && (c == ',' || c == '}' || c == ']'))
			return true;
		if (c == '{' || c == '[')
			depth++;
		else if (c == '}' || c == ']')
			depth--;
		some->at++;
	}
	return false;
}

/* The word that begins with the member's name; what follows it, "" or "/...", goes to rest. */
static bool is_wanted(const char *wanted, const char *name, size_t len, const char **rest)
{
	for (; *wanted; wanted += strspn(wanted, " ")) {
		if (strcspn(wanted, " /") == len && memcmp(wanted, name, len) == 0) {
			*rest = wanted + len;
			return true;
		}
		wanted += strcspn(wanted, " ");
	}
	return false;
}

static bool keep_members(struct some *some, const char *wanted);

/* Behind the name: the colon and the value. */
static bool keep_value(struct some *some, const char *name, size_t len, const char *rest)
{
	const char *from;

	if (next(some) != ':')
		return false;
	some->at++;
	from = some->at;
	if (!rest)
		return skip_value(some);
	text_printf(&some->out, "%s\"%.*s\":", some->out.data[some->out.len - 1] == '{' ? "" : ",",
		    (int)len, name);
	if (*rest == '/' && next(some) == '{')
		return keep_members(some, arena_strndup(some->out.arena, rest + 1,
							strcspn(rest + 1, " "))) &&
		       skip_value(some);
	if (!skip_value(some))
		return false;
	text_add(&some->out, from, (size_t)(some->at - from));
	return true;
}

/* A member, from its name on. */
static bool keep_member(struct some *some, const char *wanted)
{
	const char *name, *rest = NULL;
	size_t len;

	if (next(some) != '"')
		return false;
	name = some->at + 1;
	if (!skip_string(some))
		return false;
	len = (size_t)(some->at - name) - 1;
	/* A name with an escape may be a wanted one. */
	if (memchr(name, '\\', len))
		return false;
	return keep_value(some, name, len, is_wanted(wanted, name, len, &rest) ? rest : NULL);
}

/* An object, to behind its end. */
static bool keep_members(struct some *some, const char *wanted)
{
	if (next(some) != '{')
		return false;
	text_add(&some->out, "{", 1);
	some->at++;
	for (bool more = next(some) != '}'; more; some->at += more) {
		if (!keep_member(some, wanted))
			return false;
		more = next(some) == ',';
	}
	if (next(some) != '}')
		return false;
	some->at++;
	text_add(&some->out, "}", 1);
	return true;
}

struct json *json_parse_some(struct arena *arena, const char *text, size_t len, const char *wanted,
			     struct error *err)
{
	struct some some = { .at = text, .end = text + len, .out = { .arena = arena } };

	/* What is wrong with it is best told by who reads all of it. */
	if (!keep_members(&some, wanted) || next(&some))
		return json_parse(arena, text, len, 0, err);
	return json_parse(arena, some.out.data, some.out.len, 0, err);
}
