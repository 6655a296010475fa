/* SPDX-License-Identifier: Apache-2.0 */
/* Capability names and sets. The names are libcap's, written down when seawall was built. */
#include "caps.h"

#include <string.h>

#include "caps_names.h"

#define NUMBERS (int)(sizeof(names) / sizeof(names[0]))

/* name in upper case is known; the C library's comparisons ask the locale of each letter. */
static bool same(const char *name, const char *known)
{
	for (; *known; name++, known++)
		if (*name != *known && (*name < 'a' || *name > 'z' || *name - 'a' + 'A' != *known))
			return false;
	return *name == '\0';
}

/* "CAP_" in either case. */
static bool begins_cap(const char *name)
{
	return (name[0] == 'C' || name[0] == 'c') && (name[1] == 'A' || name[1] == 'a') &&
	       (name[2] == 'P' || name[2] == 'p') && name[3] == '_';
}

int caps_number(const char *name)
{
	size_t len;

	if (begins_cap(name))
		name += 4;
	len = strlen(name) + 4;
	if (len >= sizeof(names[0]))
		return -1;
	for (unsigned at = of_length[len]; at < of_length[len + 1]; at++)
		if (same(name, names[by_length[at]] + 4))
			return by_length[at];
	return -1;
}

const char *caps_name(int number)
{
	return number >= 0 && number < NUMBERS ? names[number] : NULL;
}

caps_set caps_of(const struct json *array)
{
	caps_set set = 0;

	if (!array || array->type != JSON_ARRAY)
		return 0;
	json_each(node, array) {
		int number = json_string(node) ? caps_number(node->text) : -1;

		if (number >= 0)
			set |= (caps_set)1 << number;
	}
	return set;
}

caps_set caps_all(void)
{
	caps_set set = 0;

	for (int number = 0; caps_name(number); number++)
		set |= (caps_set)1 << number;
	return set;
}

struct json *caps_json(struct arena *arena, caps_set set)
{
	struct json *array = json_new(arena, JSON_ARRAY);

	for (int number = 0; caps_name(number); number++)
		if (set >> number & 1)
			json_append(array, json_new_string(arena, caps_name(number)));
	return array;
}

const char *caps_text(struct arena *arena, caps_set set)
{
	struct text text = { .arena = arena };

	text_add(&text, "", 0);
	for (int number = 0; caps_name(number); number++) {
		if (!(set >> number & 1))
			continue;
		if (text.len)
			text_add(&text, ", ", 2);
		text_add(&text, caps_name(number) + 4, strlen(caps_name(number) + 4));
	}
	return text.data;
}

#define BRIEF 5

const char *caps_brief(struct arena *arena, caps_set set)
{
	int count = __builtin_popcountll(set);
	caps_set first = 0;

	if (count <= BRIEF + 1)
		return caps_text(arena, set);
	for (int n = 0; n < BRIEF; n++) {
		first |= set & -set;
		set &= set - 1;
	}
	return arena_printf(arena, "%s and %d more", caps_text(arena, first), count - BRIEF);
}
