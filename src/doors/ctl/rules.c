/* SPDX-License-Identifier: Apache-2.0 */
/* seawall rules: the table of rules, for people and for programs. */
#include <string.h>

#include "ctl.h"

enum action ctl_action(const struct rule *rule, enum profile profile)
{
	if (rule->flags & RULE_ALWAYS)
		return ACTION_REJECT;
	if (profile == PROFILE_PRIVILEGED)
		return ACTION_OFF;
	return profile == PROFILE_BASELINE ? rule->baseline : rule->restricted;
}

const char *ctl_param_text(struct arena *arena, const struct rule_param *param,
			   enum profile profile)
{
	const char *words = profile == PROFILE_RESTRICTED ? param->restricted : param->baseline;
	const char *comma = "", *word;
	struct text text = { .arena = arena };
	size_t len;

	if (param->type == PARAM_NUMBER)
		return words && *words && strcmp(words, "0") != 0 ? words : "none";
	while ((word = word_next(&words, &len))) {
		text_printf(&text, "%s%.*s", comma, (int)len, word);
		comma = ", ";
	}
	return text.data ? text.data : "none";
}

void ctl_rules_text(const struct ctl *ctl, struct text *text)
{
	const struct rule *rule;
	int width = 4;

	for (size_t i = 0; (rule = rule_at(i)); i++)
		if ((int)strlen(rule->id) > width)
			width = (int)strlen(rule->id);
	text_printf(text, "%s%-*s  %-8s  %-10s  %s%s\n", ctl_bold(ctl), width, "RULE", "BASELINE",
		    "RESTRICTED", "WHAT IT IS ABOUT", ctl_off(ctl));
	for (size_t i = 0; (rule = rule_at(i)); i++) {
		unsigned column = (unsigned)width + 24;

		text_printf(text, "%-*s  %-8s  %-10s  ", width, rule->id,
			    action_name(ctl_action(rule, PROFILE_BASELINE)),
			    action_name(ctl_action(rule, PROFILE_RESTRICTED)));
		ctl_wrap(ctl, text, column, column, rule->title);
	}
}

enum ctl_status ctl_rules(struct ctl *ctl)
{
	struct text text = { .arena = ctl->arena };

	if (ctl_is(ctl, "format", "json"))
		ctl_rules_json(ctl->arena, &text);
	else if (ctl_is(ctl, "format", "markdown"))
		ctl_rules_markdown(ctl->arena, &text);
	else if (ctl_is(ctl, "format", "man"))
		ctl_rules_man(ctl->arena, &text);
	else
		ctl_rules_text(ctl, &text);
	return ctl_out(&text, CTL_GOOD);
}
