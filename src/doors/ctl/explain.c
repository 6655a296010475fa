/* SPDX-License-Identifier: Apache-2.0 */
/* seawall explain: one rule, or one place of config.json. */
#include <string.h>

#include "ctl.h"
#include "spec.h"

#define LABEL 16

/* Rejections that come from no table entry; they cannot be changed, only understood. */
static const struct {
	const char *id, *why;
} fixed[] = {
	{ "document",
	  "The config could not be understood without doubt: it is no strict JSON, a value "
	  "has the wrong type, something is missing, or a name is spelled so that runc reads "
	  "it and crun does not. What runtimes disagree on is refused, never guessed." },
	{ "command-line",
	  "The runtime's command line was not understood: an option is unknown, given "
	  "twice or abbreviated, or the command can widen a container." },
	{ "identity",
	  "Facts about the calling engine and the workload contradict each other, as when "
	  "Kubernetes annotations come from a Podman bundle." },
};

static void row(const struct ctl *ctl, struct text *text, const char *label, const char *words)
{
	text_printf(text, "  %s%-*s%s", ctl_bold(ctl), LABEL - 2, label, ctl_off(ctl));
	ctl_wrap(ctl, text, LABEL, LABEL, words);
}

static void title(const struct ctl *ctl, struct text *text, const char *name, const char *words)
{
	text_printf(text, "%s%s%s:", ctl_bold(ctl), name, ctl_off(ctl));
	ctl_wrap(ctl, text, 0, (unsigned)strlen(name) + 1, words);
	text_add(text, "\n", 1);
}

static void heading(const struct ctl *ctl, struct text *text, const char *words)
{
	text_printf(text, "\n%s%s%s\n", ctl_bold(ctl), words, ctl_off(ctl));
}

/* The action in force is that of the policy, for a workload nothing is assigned to. */
static void actions(const struct ctl *ctl, struct text *text, const struct rule *rule,
		    const struct policy *policy)
{
	static const struct workload nobody;
	struct selection *selection = arena_alloc(ctl->arena, sizeof(*selection));
	const struct setting *setting = &selection->settings[rule_index(rule)];

	heading(ctl, text, "Actions");
	for (int i = PROFILE_PRIVILEGED; i <= PROFILE_RESTRICTED; i++)
		row(ctl, text, profile_name((enum profile)i),
		    action_name(ctl_action(rule, (enum profile)i)));
	policy_select(ctl->arena, policy, &nobody, PROFILE_PRIVILEGED, selection);
	row(ctl, text, "in force",
	    arena_printf(ctl->arena, "%s (%s)", action_name(setting->action), setting->from));
	if (!rule->fix && !(rule->flags & RULE_ALWAYS))
		row(ctl, text, "",
		    "There is nothing that could be tightened: tighten means reject here.");
}

static void parameters(const struct ctl *ctl, struct text *text, const struct rule *rule)
{
	bool first = true;

	for (size_t i = 0; i < sizeof(rule->params) / sizeof(rule->params[0]); i++) {
		const struct rule_param *param = &rule->params[i];

		if (!param->name)
			continue;
		if (first)
			heading(ctl, text, "Parameters");
		first = false;
		row(ctl, text, param->name, param->what);
		row(ctl, text, "  baseline", ctl_param_text(ctl->arena, param, PROFILE_BASELINE));
		row(ctl, text, "  restricted",
		    ctl_param_text(ctl->arena, param, PROFILE_RESTRICTED));
	}
}

static void allowing(const struct ctl *ctl, struct text *text, const struct rule *rule)
{
	heading(ctl, text, "To allow more");
	if (rule->flags & RULE_ALWAYS) {
		text_printf(text,
			    "  This rule is always on: no policy and no exemption changes it.\n");
		return;
	}
	text_printf(text,
		    "  For everything, in the policy:\n    {\"rules\": {\"%s\": \"audit\"}}\n",
		    rule->id);
	if (rule->params[0].name && rule->params[0].type != PARAM_NUMBER)
		text_printf(text, "    {\"rules\": {\"%s\": {\"%s\": [...]}}}\n", rule->id,
			    rule->params[0].name);
	text_printf(
		text,
		"  For one workload, with a reason and an end:\n"
		"    {\"exemptions\": [{\"id\": \"NAME\", \"rules\": [\"%s\"],\n"
		"      \"match\": {\"namespace\": \"NAMESPACE\", \"pod\": \"POD-*\"},\n"
		"      \"reason\": \"...\", \"owner\": \"...\", \"expires\": \"YYYY-MM-DD\"}]}\n",
		rule->id);
	if (rule->flags & RULE_PRIVILEGED)
		text_printf(text, "  An exemption for \"privileged\" covers it too.\n");
}

static enum ctl_status explain_rule(struct ctl *ctl, const struct rule *rule)
{
	struct text text = { .arena = ctl->arena };
	struct policy policy;
	struct error err;

	if (!ctl_policy(ctl, &policy, &err))
		return ctl_fail("%s", err.msg);
	title(ctl, &text, rule->id, rule->title);
	ctl_wrap(ctl, &text, 0, 0, rule->why);
	text_add(&text, "\n", 1);
	row(ctl, &text, "Looks at", *rule->path ? rule->path : "the whole document");
	row(ctl, &text, "Expects", rule->want);
	if (rule->refs && *rule->refs)
		row(ctl, &text, "References", rule->refs);
	actions(ctl, &text, rule, &policy);
	parameters(ctl, &text, rule);
	allowing(ctl, &text, rule);
	return ctl_out(&text, CTL_GOOD);
}

static bool is_wild(const char *part, size_t len)
{
	return (len == 1 && *part == '*') || strspn(part, "0123456789") >= len;
}

/* True if one of the two leads to the other, "*" and indices being any element. */
static bool on_the_way(const char *a, const char *b)
{
	while (*a == '/' && *b == '/') {
		size_t a_len = strcspn(++a, "/"), b_len = strcspn(++b, "/");

		if ((a_len != b_len || strncmp(a, b, a_len) != 0) && !is_wild(a, a_len) &&
		    !is_wild(b, b_len))
			return false;
		a += a_len;
		b += b_len;
	}
	return true;
}

static const char *rules_at(struct arena *arena, const char *pointer)
{
	struct text text = { .arena = arena };
	const struct rule *rule;

	for (size_t i = 0; (rule = rule_at(i)); i++)
		if (*rule->path == '/' && on_the_way(rule->path, pointer))
			text_printf(&text, "%s%s", text.len ? ", " : "", rule->id);
	return text.data ? text.data : "none";
}

static void members(const struct ctl *ctl, struct text *text, const struct spec_shape *shape)
{
	heading(ctl, text, "Members");
	for (size_t i = 0; i < shape->count; i++) {
		const struct spec_field *field = &shape->fields[i];

		text_printf(text, "  %s%-23s%s ", ctl_bold(ctl), field->name, ctl_off(ctl));
		ctl_wrap(ctl, text, 26, 26, field->what);
	}
}

static struct json *field_json(struct arena *arena, const struct spec_field *field,
			       const char *pointer)
{
	struct json *json = json_new(arena, JSON_OBJECT);

	json_set(arena, json, "pointer", json_new_string(arena, pointer));
	json_set(arena, json, "what", json_new_string(arena, field->what));
	json_set(arena, json, "type", json_new_string(arena, spec_type_text(arena, field)));
	json_set(arena, json, "required", json_new_bool(arena, field->required));
	json_set(arena, json, "rules", json_new_string(arena, rules_at(arena, pointer)));
	return json;
}

static enum ctl_status print_json(const struct ctl *ctl, const struct json *json)
{
	struct text text = { .arena = ctl->arena };

	ctl_put_json(&text, json);
	return ctl_out(&text, CTL_GOOD);
}

static enum ctl_status explain_place(struct ctl *ctl, const char *pointer)
{
	struct text text = { .arena = ctl->arena };
	const struct spec_field *field = spec_at(pointer);

	if (!field)
		return ctl_fail("%s: no such place in config.json (runtime-spec 1.3, Linux)",
				report_plain(ctl->arena, pointer));
	if (ctl_is(ctl, "format", "json"))
		return print_json(ctl, field_json(ctl->arena, field, pointer));
	title(ctl, &text, pointer, field->what);
	row(ctl, &text, "Type",
	    arena_printf(ctl->arena, "%s%s", spec_type_text(ctl->arena, field),
			 field->required ? ", required" : ""));
	row(ctl, &text, "Rules", rules_at(ctl->arena, pointer));
	if (field->detail)
		members(ctl, &text, field->detail);
	return ctl_out(&text, CTL_GOOD);
}

static const char *next_name(const void *data, size_t index)
{
	const size_t count = sizeof(fixed) / sizeof(fixed[0]);
	const struct rule *rule = index < count ? NULL : rule_at(index - count);

	(void)data;
	return index < count ? fixed[index].id : rule ? rule->id : NULL;
}

static enum ctl_status explain_fixed(struct ctl *ctl, const char *id)
{
	struct text text = { .arena = ctl->arena };

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		if (strcmp(fixed[i].id, id) != 0)
			continue;
		title(ctl, &text, id, fixed[i].why);
		text_printf(&text, "It is always on: no policy and no exemption changes it.\n");
		return ctl_out(&text, CTL_GOOD);
	}
	return ctl_fail("unknown rule \"%s\"%s; `seawall rules` lists them",
			report_plain(ctl->arena, id), ctl_guess(ctl->arena, id, next_name, NULL));
}

enum ctl_status ctl_explain(struct ctl *ctl)
{
	struct text text = { .arena = ctl->arena };
	const struct rule *rule = ctl->count ? rule_find(ctl->args[0]) : NULL;

	if (!ctl->count) {
		if (ctl_is(ctl, "format", "json"))
			ctl_rules_json(ctl->arena, &text);
		else
			ctl_rules_text(ctl, &text);
		return ctl_out(&text, CTL_GOOD);
	}
	if (ctl->args[0][0] == '/')
		return explain_place(ctl, ctl->args[0]);
	if (!rule)
		return explain_fixed(ctl, ctl->args[0]);
	if (ctl_is(ctl, "format", "json"))
		return print_json(ctl, ctl_rule_json(ctl->arena, rule));
	return explain_rule(ctl, rule);
}
