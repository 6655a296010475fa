/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What exec and update say in options, as the document that --process and --resources would name. The
 * runtimes do not agree on what such options mean ("crun exec ID sh" forgets no_new_privs), so they
 * never see them.
 */
#include "argv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "argv_table.h"

/* A decimal number with nothing around it. */
static bool read_number(const char *text, int64_t *value)
{
	size_t sign = *text == '-', digits = strspn(text + sign, "0123456789");

	if (digits == 0 || text[sign + digits])
		return false;
	errno = 0;
	*value = strtoll(text, NULL, 10);
	return errno == 0;
}

/* runc reads 512m and 1g, with or without a b behind, as powers of 1024; crun reads bytes alone. */
static bool read_bytes(const char *text, int64_t *value)
{
	static const char units[] = "bkmgt";
	char digits[24];
	size_t len = strspn(text, "-0123456789");
	const char *tail = text + len, *unit;
	int64_t factor = 1;

	if (len == 0 || len >= sizeof(digits))
		return false;
	memcpy(digits, text, len);
	digits[len] = '\0';
	if (!read_number(digits, value))
		return false;
	if (!*tail)
		return true;
	unit = strchr(units, *tail | 0x20);
	if (!unit || (tail[1] && ((tail[1] | 0x20) != 'b' || tail[2])))
		return false;
	for (long i = 0; i < unit - units; i++)
		factor *= 1024;
	return !__builtin_mul_overflow(*value, factor, value);
}

/* The value of one option as JSON; NULL if it is no such value. */
static struct json *value_json(struct arena *arena, const struct argv_option *option)
{
	int64_t number;

	switch (option->option->form) {
	case FORM_TEXT:
		return json_new_string(arena, option->value);
	case FORM_TRUE:
		return json_new_bool(arena, true);
	case FORM_NUMBER:
		return read_number(option->value, &number) ? json_new_i64(arena, number) : NULL;
	case FORM_BYTES:
		return read_bytes(option->value, &number) ? json_new_i64(arena, number) : NULL;
	default:
		return NULL;
	}
}

/* Sets doc's member at the option's place. */
static bool set_plain(struct arena *arena, struct json *doc, const struct argv_option *option,
		      struct error *err)
{
	const char *place = option->option->place, *slash = strrchr(place, '/');
	struct json *value = value_json(arena, option), *parent;

	if (!value)
		return error_set(err, "--%s: found \"%.40s\", expected a number", option->name,
				 option->value);
	parent = json_make(arena, doc, arena_strndup(arena, place, (size_t)(slash - place)));
	if (!parent)
		return error_set(err, "%s: expected an object in the container's config", place);
	json_set(arena, parent, slash + 1, value);
	return true;
}

/* The array at a member of object, made if it is missing. */
static struct json *make_array(struct arena *arena, struct json *object, const char *key)
{
	struct json *array = json_member(object, key);

	if (array && array->type == JSON_ARRAY)
		return array;
	array = json_new(arena, JSON_ARRAY);
	json_set(arena, object, key, array);
	return array;
}

/* UID[:GID] in numbers; names would have to be looked up in the container. */
static bool set_user(struct arena *arena, struct json *process, const char *text, struct error *err)
{
	const char *colon = strchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : strlen(text);
	struct json *user = json_make(arena, process, "/user");
	int64_t uid, gid;

	if (!read_number(arena_strndup(arena, text, len), &uid) || uid < 0 ||
	    (colon && (!read_number(colon + 1, &gid) || gid < 0)) || !user)
		return error_set(err, "--user: found \"%.40s\", expected UID or UID:GID", text);
	json_set(arena, user, "uid", json_new_i64(arena, uid));
	if (colon)
		json_set(arena, user, "gid", json_new_i64(arena, gid));
	return true;
}

static bool add_group(struct arena *arena, struct json *process, const char *text,
		      struct error *err)
{
	struct json *user = json_make(arena, process, "/user");
	int64_t gid;

	if (!read_number(text, &gid) || gid < 0 || !user)
		return error_set(err, "--additional-gids: found \"%.40s\", expected a number",
				 text);
	json_append(make_array(arena, user, "additionalGids"), json_new_i64(arena, gid));
	return true;
}

/* As runc does: into every set but the inheritable one. What the container lacks is judged later. */
static void add_capability(struct arena *arena, struct json *process, const char *name)
{
	static const char *const sets[] = { "bounding", "effective", "permitted", "ambient" };
	struct json *capabilities = json_make(arena, process, "/capabilities");

	for (size_t i = 0; capabilities && i < sizeof(sets) / sizeof(*sets); i++)
		json_append(make_array(arena, capabilities, sets[i]), json_new_string(arena, name));
}

static bool set_special(struct arena *arena, struct json *process, const struct argv_option *option,
			struct error *err)
{
	const char *name = option->name;

	if (strcmp(name, "user") == 0)
		return set_user(arena, process, option->value, err);
	if (strcmp(name, "additional-gids") == 0)
		return add_group(arena, process, option->value, err);
	if (strcmp(name, "cap") == 0)
		add_capability(arena, process, option->value);
	else
		json_append(make_array(arena, process, "env"),
			    json_new_string(arena, option->value));
	return true;
}

/* Moves every option that has a place from the call into doc. */
static bool fold_options(struct arena *arena, struct call *call, struct json *doc,
			 struct error *err)
{
	struct argv_option **list = &call->options;

	while (*list) {
		const struct argv_option *option = *list;
		bool good = true;

		if (!option->option || !option->option->place) {
			list = &(*list)->next;
			continue;
		}
		good = option->option->form == FORM_SPECIAL ? set_special(arena, doc, option, err)
							    : set_plain(arena, doc, option, err);
		if (!good)
			return false;
		*list = option->next;
	}
	return true;
}

struct json *argv_process(struct arena *arena, struct call *call, const struct json *container,
			  struct error *err)
{
	const struct json *own = json_member(container, "process");
	struct json *process, *args = json_new(arena, JSON_ARRAY);

	if (!own || own->type != JSON_OBJECT) {
		error_set(err, "the container's config has no process");
		return NULL;
	}
	process = json_clone(arena, own);
	json_set(arena, process, "terminal", json_new_bool(arena, false));
	for (char *const *arg = call->args; arg && *arg; arg++)
		json_append(args, json_new_string(arena, *arg));
	json_set(arena, process, "args", args);
	call->args = NULL;
	return fold_options(arena, call, process, err) ? process : NULL;
}

struct json *argv_resources(struct arena *arena, struct call *call, struct error *err)
{
	struct json *resources = json_new(arena, JSON_OBJECT);

	return fold_options(arena, call, resources, err) ? resources : NULL;
}
