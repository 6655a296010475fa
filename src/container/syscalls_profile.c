/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The default profile as OCI object. Built for every container that brings no filter of its own, so
 * names are not copied one by one and nodes are made in one piece.
 */
#include <string.h>

#include "syscalls_rules.h"

/* The names of all calls that are allowed whatever their arguments. */
static void allow_names(struct arena *arena, const struct book *book, struct json *names)
{
	struct json *node = arena_alloc(arena, names_known * sizeof(*node));

	for (uint32_t id = 0; id < names_known; id++) {
		struct name name;

		if (book->standing[id] != CALL_ALLOWED)
			continue;
		name = names_at(id);
		node->type = JSON_STRING;
		node->text = name.text;
		node->len = (uint32_t)name.len;
		json_append(names, node++);
	}
}

static void allow_filtered(struct arena *arena, const struct book *book, struct json *rules)
{
	const struct syscall_filter *filter;

	for (size_t i = 0; (filter = syscall_filter_at(i)); i++) {
		struct way way = { .set = 1u << filter->condition.index };
		size_t len = strlen(filter->call);
		struct json *rule;

		if (book_standing(book, filter->call, len) != CALL_FILTERED)
			continue;
		way.on[filter->condition.index] = filter->condition;
		rule = rule_new(arena, "SCMP_ACT_ALLOW");
		rule_add_name(arena, rule, filter->call, len);
		rule_add_args(arena, rule, &way);
		json_append(rules, rule);
	}
}

static struct json *abis(struct arena *arena, bool native)
{
	struct json *array = json_new(arena, JSON_ARRAY);

	for (size_t i = 0; syscalls_abis[i] && !(native && i > 0); i++)
		json_append(array, text_node(arena, syscalls_abis[i]));
	return array;
}

static struct json *own_profile(struct arena *arena, const struct syscalls_target *target)
{
	struct json *profile = json_clone(arena, target->own);

	if (target->native)
		json_set(arena, profile, "architectures", abis(arena, true));
	return profile;
}

struct json *syscalls_profile(struct arena *arena, const struct syscalls_target *target)
{
	const struct book *book;
	struct json *profile = json_new(arena, JSON_OBJECT);
	struct json *rules = json_new(arena, JSON_ARRAY);
	struct json *allow = rule_new(arena, "SCMP_ACT_ALLOW");

	if (target->own)
		return own_profile(arena, target);
	book = book_default(arena, target);
	allow_names(arena, book, json_member(allow, "names"));
	json_append(rules, allow);
	allow_filtered(arena, book, rules);
	if (book_standing(book, "clone3", 6) != CALL_ALLOWED)
		json_append(rules, rule_clone3(arena));
	member_add(profile, "defaultAction", text_node(arena, "SCMP_ACT_ERRNO"));
	member_add(profile, "defaultErrnoRet", number_node(arena, SYSCALLS_ERRNO));
	member_add(profile, "architectures", abis(arena, target->native));
	member_add(profile, "syscalls", rules);
	return profile;
}
