/* SPDX-License-Identifier: Apache-2.0 */
#include "filters.h"

#include <check.h>
#include <string.h>

struct arena *arena;
const struct syscalls_target plain = { .caps = PLAIN, .kernel = KERNEL(6, 1) };

void make_arena(void)
{
	arena = arena_new();
}

void drop_arena(void)
{
	arena_free(arena);
}

struct json *parse(const char *text)
{
	struct error err = { 0 };
	struct json *json = json_parse(arena, text, strlen(text), 0, &err);

	ck_assert_msg(json != NULL, "%s: %s", text, err.msg);
	return json;
}

const char *print(const struct json *json)
{
	size_t len;

	return json_print(arena, json, 0, &len);
}

struct filter build(const struct json *profile)
{
	struct filter filter;
	struct error err = { 0 };

	ck_assert_msg(filter_build(arena, profile, &filter, &err), "%s: %s", print(profile),
		      err.msg);
	return filter;
}

struct filter build_default(caps_set caps)
{
	struct syscalls_target target = { .caps = caps, .kernel = KERNEL(6, 1) };

	return build(syscalls_profile(arena, &target));
}

const char *excess(const struct filter *a, const struct filter *b)
{
	struct text text = { .arena = arena };

	text_add(&text, "", 0);
	for (const struct filter_excess *x = filter_excess(arena, a, b); x; x = x->next)
		text_printf(&text, "%s%s/%s%s", text.len ? " " : "", x->abi ? x->abi->name : "?",
			    x->call ? x->call : arena_printf(arena, "%u", x->number),
			    x->some ? "?" : "");
	return text.data;
}
