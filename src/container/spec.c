/* SPDX-License-Identifier: Apache-2.0 */
/* The shape of config.json: looking fields up, checking a document against them. */
#include "spec.h"

#include <inttypes.h>
#include <string.h>

struct check {
	struct arena *arena;
	struct error *err;
};

static bool names(const struct spec_field *field, const char *key, size_t len)
{
	return field->len == len && json_same(field->name, key, len);
}

/*
 * The field a key names. The search begins at *next, behind the field found last: engines write
 * members in the order of the table, so most are found at the first try.
 */
static const struct spec_field *field_of(const struct spec_shape *shape, const char *key,
					 size_t len, size_t *next)
{
	for (size_t i = *next; i < shape->count; i++) {
		if (names(&shape->fields[i], key, len)) {
			*next = i + 1;
			return &shape->fields[i];
		}
	}
	for (size_t i = 0; i < *next; i++) {
		if (names(&shape->fields[i], key, len)) {
			*next = i + 1;
			return &shape->fields[i];
		}
	}
	return NULL;
}

/*
 * One letter as Go's encoding/json folds it, and how many bytes it took. Beside the ASCII letters only
 * U+017F (long s) and U+212A (Kelvin sign) fold to a letter of a known name.
 */
static char folded(const char *text, size_t len, size_t *took)
{
	*took = 1;
	if (len >= 2 && memcmp(text, "\xc5\xbf", 2) == 0) {
		*took = 2;
		return 's';
	}
	if (len >= 3 && memcmp(text, "\xe2\x84\xaa", 3) == 0) {
		*took = 3;
		return 'k';
	}
	if (text[0] >= 'A' && text[0] <= 'Z')
		return (char)(text[0] - 'A' + 'a');
	return text[0];
}

static bool folds_to(const char *key, size_t len, const struct spec_field *field)
{
	size_t at = 0, took, one;

	for (size_t i = 0; i < len; i += took, at++)
		if (at >= field->len ||
		    folded(key + i, len - i, &took) != folded(field->name + at, 1, &one))
			return false;
	return at == field->len;
}

static const struct spec_field *lookalike(const struct spec_shape *shape, const struct json *member)
{
	for (size_t i = 0; i < shape->count; i++)
		if (folds_to(member->key, member->key_len, &shape->fields[i]))
			return &shape->fields[i];
	return NULL;
}

/* What stands there, without giving strings away: they may be secrets. */
static const char *found(const struct json *node)
{
	switch (node->type) {
	case JSON_NULL:
		return "null";
	case JSON_BOOL:
		return node->boolean ? "true" : "false";
	case JSON_NUMBER:
		return node->text;
	case JSON_STRING:
		return "a string";
	case JSON_ARRAY:
		return "an array";
	case JSON_OBJECT:
		break;
	}
	return "an object";
}

static bool wrong(const struct check *check, const struct json *node, const char *expected)
{
	return error_set(check->err, "%s: wrong value (found %.60s, expected %s)",
			 json_pointer(check->arena, node), found(node), expected);
}

static const char *integer_text(struct arena *arena, const struct spec_field *field)
{
	return arena_printf(arena, "integer from %" PRId64 " to %" PRIu64, field->min, field->max);
}

static bool in_range(const struct spec_field *field, const struct json *node)
{
	uint64_t u;
	int64_t i;

	if (json_u64(node, &u))
		return u <= field->max;
	return json_i64(node, &i) && i >= field->min;
}

static bool check_integer(const struct check *check, const struct spec_field *field,
			  const struct json *node)
{
	return in_range(field, node) || wrong(check, node, integer_text(check->arena, field));
}

static bool check_object(const struct check *check, const struct spec_shape *shape,
			 const struct json *node);

/*
 * libcap, and with it crun, looks up the letters that a name begins with and forgets the rest:
 * "CAP_SYS_ADMIN1" is CAP_SYS_ADMIN, and "21" is too. runc knows neither.
 */
static bool is_word(const struct json *node)
{
	for (size_t i = 0; i < node->len; i++)
		if (((node->text[i] | 0x20) < 'a' || (node->text[i] | 0x20) > 'z') &&
		    node->text[i] != '_')
			return false;
	return node->len > 0;
}

static bool check_elements(const struct check *check, const struct spec_field *field,
			   const struct json *array)
{
	if (array->type != JSON_ARRAY)
		return wrong(check, array, "an array");
	json_each(node, array) {
		if (field->type == SPEC_OBJECTS) {
			if (!check_object(check, field->detail, node))
				return false;
		} else if (field->type == SPEC_INTEGERS) {
			if (!check_integer(check, field, node))
				return false;
		} else if (node->type != JSON_STRING) {
			return wrong(check, node, "a string");
		} else if (field->type == SPEC_WORDS && !is_word(node)) {
			return wrong(check, node, "a word of letters and _");
		}
	}
	return true;
}

static bool check_map(const struct check *check, const struct spec_field *field,
		      const struct json *map)
{
	if (map->type != JSON_OBJECT)
		return wrong(check, map, "an object");
	json_each(node, map) {
		if (field->type == SPEC_OBJECT_MAP) {
			if (!check_object(check, field->detail, node))
				return false;
		} else if (node->type != JSON_STRING) {
			return wrong(check, node, "a string");
		}
	}
	return true;
}

static bool check_field(const struct check *check, const struct spec_field *field,
			const struct json *node)
{
	if (node->type == JSON_NULL && !field->required && field->type != SPEC_STRING &&
	    field->type != SPEC_INTEGER)
		return true;
	switch (field->type) {
	case SPEC_STRING:
		return node->type == JSON_STRING || wrong(check, node, "a string");
	case SPEC_BOOL:
		return node->type == JSON_BOOL || wrong(check, node, "true or false");
	case SPEC_INTEGER:
		return check_integer(check, field, node);
	case SPEC_OBJECT:
		return check_object(check, field->detail, node);
	case SPEC_STRINGS:
	case SPEC_WORDS:
	case SPEC_INTEGERS:
	case SPEC_OBJECTS:
		return check_elements(check, field, node);
	case SPEC_STRING_MAP:
	case SPEC_OBJECT_MAP:
		break;
	}
	return check_map(check, field, node);
}

static bool missing(const struct check *check, const struct spec_shape *shape,
		    const struct json *object)
{
	for (size_t i = 0; i < shape->count; i++)
		if (shape->fields[i].required && !json_member(object, shape->fields[i].name))
			return error_set(check->err, "%s/%s: missing (found nothing, expected %s)",
					 json_pointer(check->arena, object), shape->fields[i].name,
					 spec_type_text(check->arena, &shape->fields[i]));
	return error_set(check->err, "%s: a member is missing", json_pointer(check->arena, object));
}

/* A member without a field: fine, unless it is a known name in another spelling. */
static bool check_spelling(const struct check *check, const struct spec_shape *shape,
			   const struct json *member)
{
	const struct spec_field *field = lookalike(shape, member);

	return !field ||
	       error_set(
		       check->err,
		       "%s: runtimes disagree on this spelling (found \"%.60s\", expected \"%s\")",
		       json_pointer(check->arena, member), member->key, field->name);
}

static bool check_object(const struct check *check, const struct spec_shape *shape,
			 const struct json *node)
{
	size_t next = 0, required = 0;

	if (node->type != JSON_OBJECT)
		return wrong(check, node, "an object");
	if (!shape)
		return true;
	json_each(member, node) {
		const struct spec_field *field =
			field_of(shape, member->key, member->key_len, &next);

		if (!field && !check_spelling(check, shape, member))
			return false;
		if (field && !check_field(check, field, member))
			return false;
		required += field && field->required;
	}
	/* Members are unique, so the count tells whether one is missing. */
	return required == shape->required || missing(check, shape, node);
}

/* runc ignores ociVersion, crun refuses what it does not know; another major may mean anything. */
static bool check_version(const struct json *config, struct error *err)
{
	const char *version = json_string(json_member(config, "ociVersion"));

	return !version || strncmp(version, "1.", 2) == 0 ||
	       error_set(err, "/ociVersion: unknown version (found \"%.40s\", expected 1.x)",
			 version);
}

bool spec_check(struct arena *arena, const struct json *node, const char *shape, struct error *err)
{
	struct check check = { arena, err };
	const struct spec_shape *found_shape = spec_shape(shape);

	if (!found_shape)
		return error_set(err, "no such shape (found \"%s\")", shape);
	return check_object(&check, found_shape, node) && check_version(node, err);
}

static void unknown_in(const struct spec_shape *shape, const struct json *object,
		       void (*each)(void *data, const struct json *node), void *data)
{
	size_t next = 0;

	if (!shape || object->type != JSON_OBJECT)
		return;
	json_each(member, object) {
		const struct spec_field *field =
			field_of(shape, member->key, member->key_len, &next);

		if (!field) {
			each(data, member);
		} else if (field->type == SPEC_OBJECT) {
			unknown_in(field->detail, member, each, data);
		} else if (field->detail) {
			json_each(node, member)
				unknown_in(field->detail, node, each, data);
		}
	}
}

void spec_unknown(const struct json *node, const char *shape,
		  void (*each)(void *data, const struct json *node), void *data)
{
	unknown_in(spec_shape(shape), node, each, data);
}

const struct spec_field *spec_at(const char *pointer)
{
	const struct spec_shape *shape = spec_shape("config");
	const struct spec_field *field = NULL;
	bool inside = true; /* the next part is a member, not an index or the key of a map */

	while (*pointer == '/') {
		size_t len = strcspn(++pointer, "/"), next = 0;

		if (inside) {
			field = shape ? field_of(shape, pointer, len, &next) : NULL;
			if (!field)
				return NULL;
			shape = field->detail;
			inside = field->type <= SPEC_OBJECT;
		} else {
			inside = true;
		}
		pointer += len;
	}
	return *pointer ? NULL : field;
}

const char *spec_type_text(struct arena *arena, const struct spec_field *field)
{
	switch (field->type) {
	case SPEC_STRING:
		return "string";
	case SPEC_BOOL:
		return "true or false";
	case SPEC_INTEGER:
		return integer_text(arena, field);
	case SPEC_OBJECT:
		return "object";
	case SPEC_STRINGS:
		return "array of strings";
	case SPEC_WORDS:
		return "array of words";
	case SPEC_INTEGERS:
		return arena_printf(arena, "array of %s", integer_text(arena, field));
	case SPEC_OBJECTS:
		return "array of objects";
	case SPEC_STRING_MAP:
		return "object of strings";
	case SPEC_OBJECT_MAP:
		break;
	}
	return "object of objects";
}
