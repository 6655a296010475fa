/* SPDX-License-Identifier: Apache-2.0 */
/* Capability names and sets; the only file that knows libcap. */
#include "caps.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/capability.h>

#define NAME_MAX_LEN 48

/*
 * libcap takes numbers ("5") and stops at the first odd character ("cap_chown=ep"); no runtime reads
 * such a thing as a capability.
 */
static bool is_word(const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = name[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '_')
			return false;
	}
	return len > 0 && len < NAME_MAX_LEN;
}

int caps_number(const char *name)
{
	char full[NAME_MAX_LEN + 4];
	cap_value_t value;
	int len;

	if (!is_word(name, strlen(name)))
		return -1;
	len = snprintf(full, sizeof(full), "%s%s", strncasecmp(name, "cap_", 4) == 0 ? "" : "cap_",
		       name);
	if (len < 0 || (size_t)len >= sizeof(full))
		return -1;
	return cap_from_name(full, &value) == 0 ? value : -1;
}

const char *caps_name(struct arena *arena, int number)
{
	char *known, *name;

	if (number < 0 || number > 63)
		return NULL;
	known = cap_to_name(number);
	if (!known)
		return NULL;
	name = arena_strndup(arena, known, strlen(known));
	cap_free(known);
	/* A number without a name comes back as digits. */
	if (strncmp(name, "cap_", 4) != 0)
		return NULL;
	for (char *c = name; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	return name;
}

caps_set caps_of(const struct json *array)
{
	caps_set set = 0;

	if (!array || array->type != JSON_ARRAY)
		return 0;
	json_each(node, array) {
		int number = json_string(node) ? caps_number(node->text) : -1;

		if (number >= 0 && number < 64)
			set |= (caps_set)1 << number;
	}
	return set;
}

caps_set caps_all(void)
{
	struct arena *arena = arena_new();
	caps_set set = 0;

	for (int number = 0; number < 64; number++)
		if (caps_name(arena, number))
			set |= (caps_set)1 << number;
	arena_free(arena);
	return set;
}

struct json *caps_json(struct arena *arena, caps_set set)
{
	struct json *array = json_new(arena, JSON_ARRAY);

	for (int number = 0; number < 64; number++) {
		const char *name = set >> number & 1 ? caps_name(arena, number) : NULL;

		if (name)
			json_append(array, json_new_string(arena, name));
	}
	return array;
}

const char *caps_text(struct arena *arena, caps_set set)
{
	struct text text = {.arena = arena};

	text_add(&text, "", 0);
	for (int number = 0; number < 64; number++) {
		const char *name = set >> number & 1 ? caps_name(arena, number) : NULL;

		if (name)
			text_printf(&text, "%s%s", text.len ? ", " : "", name + 4);
	}
	return text.data;
}
