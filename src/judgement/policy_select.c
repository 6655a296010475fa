/* SPDX-License-Identifier: Apache-2.0 */
/* What of the policy holds for one workload: profile, actions, parameters, exemptions. */
#include <fnmatch.h>
#include <string.h>

#include "policy.h"

struct fact_name {
	const char *key;
	unsigned trust;
	const char *value;
};

static bool glob_any(const struct json *globs, const char *value)
{
	if (!value)
		return false;
	if (globs->type == JSON_STRING)
		return fnmatch(globs->text, value, 0) == 0;
	json_each(glob, globs)
		if (json_string(glob) && fnmatch(glob->text, value, 0) == 0)
			return true;
	return false;
}

static bool match_label(const struct json *key, const struct workload *workload)
{
	return (workload->trusted & TRUST_LABELS) &&
	       glob_any(key, json_string(json_member(workload->labels, key->key + 6)));
}

static bool match_key(const struct json *key, const struct workload *workload)
{
	const struct fact_name facts[] = {
		{ "engine", TRUST_ENGINE, engine_name(workload->engine) },
		{ "namespace", TRUST_NAMESPACE, workload->namespace },
		{ "pod", TRUST_POD, workload->pod },
		{ "container", TRUST_CONTAINER, workload->container },
		{ "image", TRUST_IMAGE, workload->image },
		{ "digest", TRUST_DIGEST, workload->digest },
		{ "user", TRUST_USER, workload->user },
		{ "id", TRUST_ID, workload->id },
	};

	if (strncmp(key->key, "label.", 6) == 0)
		return match_label(key, workload);
	if (strcmp(key->key, "rootless") == 0)
		return json_true(key) == workload->rootless;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (strcmp(facts[i].key, key->key) == 0)
			return (workload->trusted & facts[i].trust) &&
			       glob_any(key, facts[i].value);
	return false;
}

bool policy_matches(const struct json *match, const struct workload *workload)
{
	json_each(key, match)
		if (!match_key(key, workload))
			return false;
	return match && match->type == JSON_OBJECT;
}

static bool asks_record(const struct json *entries)
{
	json_each(entry, entries)
		json_each(key, json_member(entry, "match"))
			if (word_in("image digest", key->key) ||
			    strncmp(key->key, "label.", 6) == 0)
				return true;
	return false;
}

bool policy_asks_record(const struct policy *policy)
{
	return asks_record(json_member(policy->doc, "assign")) ||
	       asks_record(json_member(policy->doc, "exemptions"));
}

static const struct json *find_assign(const struct policy *policy, const struct workload *workload)
{
	json_each(assign, json_member(policy->doc, "assign"))
		if (policy_matches(json_member(assign, "match"), workload))
			return assign;
	return NULL;
}

static bool profile_number(const char *name, enum profile *profile)
{
	for (int i = PROFILE_PRIVILEGED; i <= PROFILE_RESTRICTED; i++) {
		if (strcmp(name, profile_name((enum profile)i)) != 0)
			continue;
		*profile = (enum profile)i;
		return true;
	}
	return false;
}

static enum action action_of(const struct json *rule, enum action otherwise)
{
	const struct json *word = rule->type == JSON_STRING ? rule : json_member(rule, "action");

	for (int i = ACTION_OFF; i <= ACTION_REJECT; i++)
		if (json_is(word, action_name((enum action)i)))
			return (enum action)i;
	return otherwise;
}

static void set_defaults(struct arena *arena, struct selection *selection)
{
	const char *from = arena_printf(arena, "profile %s", profile_name(selection->base));
	struct rule_cursor cursor = { 0 };
	const struct rule *rule;

	for (size_t i = 0; i < RULES_MAX && (rule = rule_next(&cursor)); i++) {
		struct setting *setting = &selection->settings[i];

		*setting = (struct setting){ .from = from };
		if (rule->flags & RULE_ALWAYS)
			setting->action = ACTION_REJECT;
		else if (selection->base == PROFILE_BASELINE)
			setting->action = rule->baseline;
		else if (selection->base == PROFILE_RESTRICTED)
			setting->action = rule->restricted;
	}
}

static void override(struct selection *selection, const struct json *rules, const char *from,
		     const struct json *origins)
{
	json_each(member, rules) {
		const struct rule *rule = rule_find(member->key);
		struct setting *setting;

		if (!rule || rule_index(rule) >= RULES_MAX)
			continue;
		setting = &selection->settings[rule_index(rule)];
		setting->action = action_of(member, setting->action);
		if (member->type == JSON_OBJECT)
			setting->params = member;
		setting->from = origins ? json_string(json_member(origins, member->key)) : from;
	}
}

void policy_select(struct arena *arena, const struct policy *policy,
		   const struct workload *workload, enum profile floor, struct selection *selection)
{
	const struct json *assign = find_assign(policy, workload);
	const char *name = json_string(json_member(assign, "profile"));
	const struct json *mode = json_member(assign, "mode");
	const struct json *custom;

	*selection = (struct selection){ .mode = policy->mode };
	if (mode)
		selection->mode = json_is(mode, "audit") ? MODE_AUDIT : MODE_ENFORCE;
	selection->profile = name ? name : policy->profile;
	custom = json_member(policy->profiles, selection->profile);
	profile_number(custom ? json_member(custom, "base")->text : selection->profile,
		       &selection->base);
	if (selection->base < floor) {
		selection->base = floor;
		selection->profile = profile_name(floor);
		custom = NULL;
	}
	set_defaults(arena, selection);
	override(selection, json_member(custom, "rules"),
		 arena_printf(arena, "profile %s", selection->profile), NULL);
	override(selection, json_member(policy->doc, "rules"), NULL, policy->origins);
}

/* On and after its date an exemption no longer counts; without a calendar none is seen to end. */
static bool is_current(const struct json *exemption, const char *today)
{
	const struct json *expires = json_member(exemption, "expires");

	return !today || json_is(expires, "never") || strcmp(today, expires->text) < 0;
}

/* "privileged" covers what privileged mode itself sets. */
static bool covers(const struct json *exemption, const char *rule)
{
	const struct json *rules = json_member(exemption, "rules");
	const struct rule *entry = rule_find(rule);

	return json_has(rules, rule) ||
	       (entry && (entry->flags & RULE_PRIVILEGED) && json_has(rules, "privileged"));
}

const char *policy_exempts(const struct policy *policy, const struct workload *workload,
			   const char *rule, const char *today, const struct json **allow)
{
	*allow = NULL;
	json_each(exemption, json_member(policy->doc, "exemptions")) {
		const struct json *more = json_member(json_member(exemption, "allow"), rule);
		const char *id = json_string(json_member(exemption, "id"));

		if (!covers(exemption, rule) || !is_current(exemption, today) ||
		    !policy_matches(json_member(exemption, "match"), workload))
			continue;
		if (more)
			*allow = more;
		else
			return id ? id : "unnamed";
	}
	return NULL;
}

/* Days since a fixed day, for differences; the usual civil calendar. */
static long day_number(const char *date)
{
	long year = (date[0] - '0') * 1000 + (date[1] - '0') * 100 + (date[2] - '0') * 10 +
		    (date[3] - '0');
	long month = (date[5] - '0') * 10 + (date[6] - '0');
	long day = (date[8] - '0') * 10 + (date[9] - '0');

	if (month <= 2) {
		month += 12;
		year--;
	}
	return 365 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + day;
}

void policy_ageing(const struct policy *policy, const char *today,
		   void (*each)(void *data, const char *id, const char *what), void *data)
{
	json_each(exemption, json_member(policy->doc, "exemptions")) {
		const char *id = json_string(json_member(exemption, "id"));
		const char *expires = json_string(json_member(exemption, "expires"));

		id = id ? id : "unnamed";
		if (strcmp(expires, "never") == 0)
			each(data, id, "never expires");
		else if (today && strcmp(today, expires) >= 0)
			each(data, id, "has expired");
		else if (today && day_number(expires) - day_number(today) <= 30)
			each(data, id, "expires within 30 days");
	}
}

static struct json *show_param(struct arena *arena, const struct rule_param *param,
			       enum profile base)
{
	const char *words = base == PROFILE_RESTRICTED ? param->restricted : param->baseline;
	struct json *list, *number;
	const char *word;
	size_t len;

	if (param->type == PARAM_NUMBER) {
		number = json_new_string(arena, words && *words ? words : "0");
		number->type = JSON_NUMBER;
		return number;
	}
	list = json_new(arena, JSON_ARRAY);
	while ((word = word_next(&words, &len)))
		json_append(list, json_new_string(arena, arena_strndup(arena, word, len)));
	return list;
}

static struct json *show_rule(struct arena *arena, const struct rule *rule,
			      const struct setting *setting, enum profile base)
{
	struct json *object = json_new(arena, JSON_OBJECT);

	if (!rule->params[0].name)
		return json_new_string(arena, action_name(setting->action));
	json_set(arena, object, "action", json_new_string(arena, action_name(setting->action)));
	for (size_t i = 0; i < sizeof(rule->params) / sizeof(rule->params[0]); i++) {
		const char *name = rule->params[i].name;
		const struct json *given = name ? json_member(setting->params, name) : NULL;

		if (name)
			json_set(arena, object, name,
				 given ? json_clone(arena, given)
				       : show_param(arena, &rule->params[i], base));
	}
	return object;
}

struct json *policy_show(struct arena *arena, const struct policy *policy,
			 const struct selection *selection)
{
	struct json *doc = json_clone(arena, policy->doc);
	struct json *rules = json_new(arena, JSON_OBJECT);

	for (size_t i = 0; i < RULES_MAX && rule_at(i); i++)
		if (!(rule_at(i)->flags & RULE_ALWAYS))
			json_set(arena, rules, rule_at(i)->id,
				 show_rule(arena, rule_at(i), &selection->settings[i],
					   selection->base));
	json_set(arena, doc, "mode",
		 json_new_string(arena, selection->mode == MODE_AUDIT ? "audit" : "enforce"));
	json_set(arena, doc, "profile", json_new_string(arena, selection->profile));
	json_set(arena, doc, "rules", rules);
	return doc;
}
