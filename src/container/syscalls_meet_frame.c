/* SPDX-License-Identifier: Apache-2.0 */
/* What a profile and the default have in common, but for rules. */
#include <string.h>

#include "syscalls_meet.h"
#include "syscalls_rules.h"

/* The ABIs that both open; a profile that names none means the native one. */
static struct json *abis(struct arena *arena, const struct json *profile,
			 const struct syscalls_target *target)
{
	struct json *array = json_new(arena, JSON_ARRAY);
	const struct json *theirs = json_member(profile, "architectures");

	for (size_t i = 0; syscalls_abis[i]; i++)
		if (json_has(theirs, syscalls_abis[i]) && !(target->native && i > 0))
			json_append(array, json_new_string(arena, syscalls_abis[i]));
	if (array->len == 0)
		json_append(array, json_new_string(arena, syscalls_native));
	return array;
}

/* An empty list of flags keeps runtimes from adding SPEC_ALLOW themselves. */
static struct json *flags(struct arena *arena, const struct json *theirs)
{
	struct json *kept = json_new(arena, JSON_ARRAY);

	json_each(flag, theirs)
		if (!json_is(flag, SPEC_ALLOW))
			json_append(kept, json_clone(arena, flag));
	return kept;
}

struct json *meet_frame(struct arena *arena, const struct json *profile,
			const struct syscalls_target *target)
{
	struct json *frame = json_new(arena, JSON_OBJECT);

	json_each(member, profile) {
		bool is_flags = strcmp(member->key, "flags") == 0;

		if (strcmp(member->key, "syscalls") == 0 || strcmp(member->key, "archMap") == 0)
			continue;
		json_append(frame, is_flags ? flags(arena, member) : json_clone(arena, member));
		frame->last->key = member->key;
		frame->last->key_len = member->key_len;
	}
	if (act_of(json_string(json_member(profile, "defaultAction"))) != ACT_BLOCK) {
		json_set(arena, frame, "defaultAction", text_node(arena, "SCMP_ACT_ERRNO"));
		json_set(arena, frame, "defaultErrnoRet", number_node(arena, SYSCALLS_ERRNO));
	}
	json_set(arena, frame, "architectures", abis(arena, profile, target));
	return frame;
}
