/* SPDX-License-Identifier: Apache-2.0 */
/* Capability names and sets. The names are libcap's, written down when seawall was built. */
#include "caps.h"

#include <string.h>
#include <strings.h>

#include "caps_names.h"

#define NUMBERS (int)(sizeof(names) / sizeof(names[0]))

int caps_number(const char *name)
{
	if (strncasecmp(name, "cap_", 4) == 0)
		name += 4;
	for (int number = 0; number < NUMBERS && names[number]; number++)
		if ((names[number][4] | 0x20) == (*name | 0x20) &&
		    strcasecmp(names[number] + 4, name) == 0)
			return number;
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
