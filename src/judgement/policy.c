/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the policy: sources are checked, merged, and their main words taken out. */
#include "policy.h"

#include <string.h>

#include "file.h"
#include "policy_check.h"

struct merge {
	struct arena *arena;
	struct json *doc, *origins, *profiles;
	struct text all; /* what the hash is over */
};

/* "assign" and "exemptions" of later sources come behind those of earlier ones. */
static void merge_append(struct merge *merge, const struct json *member)
{
	struct json *list = json_member(merge->doc, member->key);

	if (!list) {
		list = json_new(merge->arena, JSON_ARRAY);
		json_set(merge->arena, merge->doc, member->key, list);
	}
	json_each(element, member)
		json_append(list, json_clone(merge->arena, element));
}

static void merge_rules(struct merge *merge, const struct json *member, const char *name)
{
	struct json *rules = json_make(merge->arena, merge->doc, "/rules");

	json_each(rule, member) {
		json_set(merge->arena, rules, rule->key, json_clone(merge->arena, rule));
		json_set(merge->arena, merge->origins, rule->key,
			 json_new_string(merge->arena, name));
	}
}

static void merge_source(struct merge *merge, const struct source *source, const struct json *doc)
{
	if (source->profile) {
		const char *slash = strrchr(source->name, '/');
		const char *base = slash ? slash + 1 : source->name;
		size_t len = strcspn(base, ".");

		json_set(merge->arena, merge->profiles, arena_strndup(merge->arena, base, len),
			 json_clone(merge->arena, doc));
		return;
	}
	json_each(member, doc) {
		if (word_in("assign exemptions", member->key))
			merge_append(merge, member);
		else if (strcmp(member->key, "rules") == 0)
			merge_rules(merge, member, source->name);
		else
			json_set(merge->arena, merge->doc, member->key,
				 json_clone(merge->arena, member));
	}
}

static bool read_source(struct merge *merge, const struct source *source, struct error *err)
{
	struct json *doc = json_parse(merge->arena, source->text, source->len, JSON_COMMENTS, err);

	if (!doc)
		return error_prefix(err, "%s", source->name);
	if (!policy_check(source, doc, err))
		return false;
	merge_source(merge, source, doc);
	text_add(&merge->all, source->text, source->len);
	return true;
}

static bool profile_exists(const struct policy *policy, const char *name)
{
	return word_in("privileged baseline restricted", name) ||
	       json_member(policy->profiles, name);
}

/* A profile's name is looked at when all sources are known: a later one may bring it. */
static bool check_profiles(const struct policy *policy, struct error *err)
{
	static const char words[] =
		"privileged, baseline, restricted or a file in policy.d/profiles";
	const char *name;

	if (!profile_exists(policy, policy->profile))
		return error_set(err, "policy: unknown profile \"%.60s\" (expected %s)",
				 policy->profile, words);
	json_each(assign, json_member(policy->doc, "assign")) {
		name = json_string(json_member(assign, "profile"));
		if (name && !profile_exists(policy, name))
			return error_set(err,
					 "policy: assign: unknown profile \"%.60s\" (expected %s)",
					 name, words);
	}
	return true;
}

static void take_words(struct policy *policy)
{
	const struct json *doc = policy->doc;
	const char *profile = json_string(json_member(doc, "profile"));
	const struct json *verify = json_member(doc, "verify");

	policy->profile = profile ? profile : "baseline";
	policy->mode = json_is(json_member(doc, "mode"), "audit") ? MODE_AUDIT : MODE_ENFORCE;
	policy->mode_unplaced = policy->mode;
	json_each(assign, json_member(doc, "assign"))
		if (json_is(json_member(assign, "mode"), "enforce"))
			policy->mode_unplaced = MODE_ENFORCE;
	policy->on_error_allow = json_is(json_member(doc, "on_error"), "allow");
	policy->runtimes = json_member(doc, "runtimes");
	policy->verify = json_is(verify, "off")	     ? VERIFY_OFF
			 : json_is(verify, "report") ? VERIFY_REPORT
						     : VERIFY_KILL;
}

bool policy_parse(struct arena *arena, const struct source *sources, size_t count,
		  struct policy *policy, struct error *err)
{
	struct merge merge = {
		.arena = arena,
		.doc = json_new(arena, JSON_OBJECT),
		.origins = json_new(arena, JSON_OBJECT),
		.profiles = json_new(arena, JSON_OBJECT),
		.all = { .arena = arena },
	};
	char *hash = arena_alloc(arena, 65);

	for (size_t i = 0; i < count; i++)
		if (!read_source(&merge, &sources[i], err))
			return false;
	file_sha256(merge.all.data ? merge.all.data : "", merge.all.len, hash);
	*policy = (struct policy){
		.doc = merge.doc,
		.profiles = merge.profiles,
		.origins = merge.origins,
		.sha256 = hash,
	};
	take_words(policy);
	return check_profiles(policy, err);
}
