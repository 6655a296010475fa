/* SPDX-License-Identifier: Apache-2.0 */
/* The check of one source of the policy against the table of its shape. */
#include "policy_check.h"

#include <string.h>

/* Puts "file:line:column: " in front of what was said. Always false. */
bool policy_at(const struct check *check, const struct json *node)
{
	unsigned line, column;

	json_position(check->source->text, check->source->len, node->offset, &line, &column);
	return error_prefix(check->err, "%s:%u:%u", check->source->name, line, column);
}

bool policy_type_wrong(const struct check *check, const struct json *node, const char *expected)
{
	static const char *const types[] = { "null",	 "a boolean", "a number",
					     "a string", "an array",  "an object" };

	error_set(check->err, "\"%.60s\": wrong type (found %s, expected %s)",
		  node->key ? node->key : "element", types[node->type], expected);
	return policy_at(check, node);
}

bool policy_unknown(const struct check *check, const struct json *node, const char *what,
		    const char *word, const char *nearest)
{
	error_set(check->err, "unknown %s \"%.60s\"%s%s%s", what, word,
		  nearest ? " (did you mean \"" : "", nearest ? nearest : "",
		  nearest ? "\"?)" : "");
	return policy_at(check, node);
}

bool policy_word(const struct check *check, const struct json *node, const char *words)
{
	/* "version" is the number 1 in the file; its text compares like a word. */
	if (node->type != JSON_STRING && node->type != JSON_NUMBER)
		return policy_type_wrong(check, node, "a string");
	if (word_in(words, node->text))
		return true;
	error_set(check->err, "\"%s\": found \"%.60s\", expected one of: %s", node->key, node->text,
		  words);
	return policy_at(check, node);
}

static bool is_digits(const char *text, size_t from, size_t to)
{
	for (; from < to; from++)
		if (text[from] < '0' || text[from] > '9')
			return false;
	return true;
}

static bool is_date(const char *date)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int month, day;

	if (strlen(date) != 10 || date[4] != '-' || date[7] != '-' || !is_digits(date, 0, 4) ||
	    !is_digits(date, 5, 7) || !is_digits(date, 8, 10))
		return false;
	month = (date[5] - '0') * 10 + date[6] - '0';
	day = (date[8] - '0') * 10 + date[9] - '0';
	return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

static bool check_date(const struct check *check, const struct json *node)
{
	if (node->type != JSON_STRING)
		return policy_type_wrong(check, node, "a string");
	if (json_is(node, "never") || is_date(node->text))
		return true;
	error_set(check->err,
		  "\"%s\": found \"%.60s\", expected a date such as \"2027-03-31\" or \"never\"",
		  node->key, node->text);
	return policy_at(check, node);
}

/* "/srv/" and "/srv/../x" are below nothing that a real path is compared with. */
static bool is_clean(const char *path)
{
	const char *part = path;

	if (*path != '/')
		return false;
	while (*part == '/' && part[1]) {
		size_t len = strcspn(++part, "/");

		if (len == 0 || (len <= 2 && strspn(part, ".") >= len))
			return false;
		part += len;
	}
	return !*part || strcmp(path, "/") == 0;
}

bool policy_path(const struct check *check, const struct json *node)
{
	if (node->type != JSON_STRING)
		return policy_type_wrong(check, node, "a string");
	if (is_clean(node->text))
		return true;
	error_set(check->err, "found \"%.60s\", expected an absolute path%s", node->text,
		  node->text[0] == '/' ? " without \".\", \"..\", \"//\" and a slash at its end"
				       : "");
	return policy_at(check, node);
}

static bool check_strings(const struct check *check, const struct json *node, bool paths)
{
	if (node->type != JSON_ARRAY)
		return policy_type_wrong(check, node, "an array of strings");
	json_each(element, node) {
		if (element->type != JSON_STRING)
			return policy_type_wrong(check, element, "a string");
		if (!paths || element->text[0] == '/')
			continue;
		error_set(check->err, "found \"%.60s\", expected an absolute path", element->text);
		return policy_at(check, element);
	}
	return true;
}

static bool check_globs(const struct check *check, const struct json *node)
{
	if (node->type == JSON_STRING)
		return true;
	if (node->type != JSON_ARRAY)
		return policy_type_wrong(check, node, "a string or an array of strings");
	return check_strings(check, node, false);
}

static bool check_objects(const struct check *check, const struct json *node, const char *shape)
{
	if (node->type != JSON_ARRAY)
		return policy_type_wrong(check, node, "an array of objects");
	json_each(element, node)
		if (!policy_shape(check, element, shape))
			return false;
	return true;
}

static bool check_path_map(const struct check *check, const struct json *node)
{
	if (node->type != JSON_OBJECT)
		return policy_type_wrong(check, node, "an object");
	json_each(member, node)
		if (!check_strings(check, member, true))
			return false;
	return true;
}

bool policy_number(const struct check *check, const struct json *node)
{
	uint64_t value;

	if (node->type != JSON_NUMBER)
		return policy_type_wrong(check, node, "a number");
	if (json_u64(node, &value))
		return true;
	error_set(check->err, "\"%s\": found %.30s, expected a number from 0 on", node->key,
		  node->text);
	return policy_at(check, node);
}

/* The list of runtimes: with none in it nothing could ever start. */
static bool check_paths(const struct check *check, const struct json *node)
{
	if (node->type != JSON_ARRAY || node->child)
		return check_strings(check, node, true);
	error_set(check->err, "\"%s\": no path, expected at least one", node->key);
	return policy_at(check, node);
}

static bool check_field(const struct check *check, const struct policy_field *field,
			const struct json *node)
{
	switch (field->type) {
	case POLICY_WORD:
		return policy_word(check, node, field->detail);
	case POLICY_BOOL:
		return node->type == JSON_BOOL || policy_type_wrong(check, node, "true or false");
	case POLICY_STRING:
		return node->type == JSON_STRING || policy_type_wrong(check, node, "a string");
	case POLICY_DATE:
		return check_date(check, node);
	case POLICY_NUMBER:
		return policy_number(check, node);
	case POLICY_PATHS:
		return check_paths(check, node);
	case POLICY_PATH:
		return policy_path(check, node);
	case POLICY_STRINGS:
		return check_strings(check, node, false);
	case POLICY_GLOBS:
		return check_globs(check, node);
	case POLICY_OBJECT:
		return policy_shape(check, node, field->detail);
	case POLICY_OBJECTS:
		return check_objects(check, node, field->detail);
	case POLICY_RULES:
		return policy_rules(check, node);
	case POLICY_RULE_IDS:
		return policy_rule_ids(check, node);
	case POLICY_ALLOW:
		return policy_allow(check, node);
	case POLICY_PATH_MAP:
		return check_path_map(check, node);
	}
	return false;
}

static bool check_required(const struct check *check, const struct json *node, const char *shape)
{
	size_t count;
	const struct policy_field *fields = policy_fields(&count);

	for (size_t i = 0; i < count; i++) {
		if (!fields[i].required || strcmp(fields[i].shape, shape) != 0 ||
		    json_member(node, fields[i].name))
			continue;
		error_set(check->err, "%s without \"%s\": %s", shape, fields[i].name,
			  fields[i].what);
		return policy_at(check, node);
	}
	return true;
}

static bool check_member(const struct check *check, const struct json *member, const char *shape)
{
	size_t count, distance = 3;
	const struct policy_field *fields = policy_fields(&count);
	const char *nearest = NULL;

	for (size_t i = 0; i < count; i++) {
		if (strcmp(fields[i].shape, shape) != 0)
			continue;
		if (strcmp(fields[i].name, member->key) == 0)
			return check_field(check, &fields[i], member);
		nearest = word_nearer(member->key, nearest, fields[i].name, &distance);
	}
	if (strcmp(shape, "match") == 0 && strncmp(member->key, "label.", 6) == 0)
		return check_globs(check, member);
	return policy_unknown(check, member, "key", member->key, nearest);
}

bool policy_shape(const struct check *check, const struct json *node, const char *shape)
{
	if (node->type != JSON_OBJECT)
		return policy_type_wrong(check, node, "an object");
	json_each(member, node)
		if (!check_member(check, member, shape))
			return false;
	return check_required(check, node, shape);
}

bool policy_check(const struct source *source, const struct json *doc, struct error *err)
{
	const struct check check = { source, err };

	return policy_shape(&check, doc, source->profile ? "profile" : "policy");
}
