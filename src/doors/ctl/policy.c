/* SPDX-License-Identifier: Apache-2.0 */
/* seawall policy: check a policy, show what is in force, write one to start from. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"
#include "date.h"
#include "sources.h"

struct ageing {
	const struct ctl *ctl;
	struct text *text;
	bool expired;
};

static void note_age(void *data, const char *id, const char *what)
{
	struct ageing *ageing = data;
	bool expired = !strcmp(what, "has expired");

	ageing->expired |= expired;
	text_printf(ageing->text, "  %sexemption %s %s%s\n", expired ? ctl_red(ageing->ctl) : "",
		    report_plain(ageing->ctl->arena, id), what,
		    expired ? ctl_off(ageing->ctl) : "");
}

static size_t size_of(const struct policy *policy, const char *member)
{
	const struct json *json = json_member(policy->doc, member);

	return json ? json->len : 0;
}

static enum ctl_status check_one(const struct ctl *ctl, const char *path, struct text *text)
{
	struct ageing ageing = { ctl, text, false };
	struct policy policy;
	struct error err;

	if (path ? !policy_load_file(ctl->arena, path, &policy, &err)
		 : !policy_load(ctl->arena, &policy, &err))
		return ctl_fail("%s", err.msg);
	text_printf(text, "%s: %sgood%s (profile %s, %s, %zu rules set, %zu exemptions)\n",
		    path ? report_plain(ctl->arena, path) : "installed policy", ctl_green(ctl),
		    ctl_off(ctl), policy.profile, policy.mode == MODE_AUDIT ? "audit" : "enforced",
		    size_of(&policy, "rules"), size_of(&policy, "exemptions"));
	policy_ageing(&policy, host_real(ctl->arena, date_now())->today, note_age, &ageing);
	return ageing.expired ? CTL_NO : CTL_GOOD;
}

enum ctl_status ctl_policy_check(struct ctl *ctl)
{
	struct text text = { .arena = ctl->arena };
	enum ctl_status status = CTL_GOOD;

	if (!ctl->count)
		status = check_one(ctl, NULL, &text);
	for (size_t i = 0; i < ctl->count; i++)
		status = ctl_worse(status, check_one(ctl, ctl->args[i], &text));
	return ctl_out(&text, status);
}

static void show_rules(const struct ctl *ctl, struct text *text, const struct selection *selection)
{
	const struct rule *rule;
	int width = 4;

	for (size_t i = 0; (rule = rule_at(i)); i++)
		if ((int)strlen(rule->id) > width)
			width = (int)strlen(rule->id);
	text_printf(text, "\n%s%-*s  %-8s  %s%s\n", ctl_bold(ctl), width, "RULE", "ACTION", "FROM",
		    ctl_off(ctl));
	for (size_t i = 0; i < RULES_MAX && (rule = rule_at(i)); i++) {
		const struct setting *setting = &selection->settings[i];
		bool always = rule->flags & RULE_ALWAYS;

		text_printf(text, "%-*s  %-8s  %s\n", width, rule->id, action_name(setting->action),
			    always ? "always" : report_plain(ctl->arena, setting->from));
	}
}

static void show_exemptions(const struct ctl *ctl, struct text *text, const struct policy *policy)
{
	json_each(exemption, json_member(policy->doc, "exemptions")) {
		const char *id = json_string(json_member(exemption, "id"));
		const char *expires = json_string(json_member(exemption, "expires"));

		text_printf(text, "\nexemption %s until %s:",
			    report_plain(ctl->arena, id ? id : "unnamed"), expires ? expires : "?");
		json_each(rule, json_member(exemption, "rules"))
			text_printf(text, " %s", rule->text);
	}
	if (json_member(policy->doc, "exemptions"))
		text_add(text, "\n", 1);
}

static void show_text(const struct ctl *ctl, struct text *text, const struct policy *policy,
		      const struct selection *selection)
{
	text_printf(text, "mode     %s\nprofile  %s\npolicy   sha256:%s\n",
		    selection->mode == MODE_AUDIT ? "audit" : "enforce", selection->profile,
		    policy->sha256);
	if (size_of(policy, "assign"))
		text_printf(text,
			    "assign   %zu entries give some workloads another profile or mode\n",
			    size_of(policy, "assign"));
	show_rules(ctl, text, selection);
	show_exemptions(ctl, text, policy);
}

enum ctl_status ctl_policy_show(struct ctl *ctl)
{
	static const struct workload nobody;
	struct selection *selection = arena_alloc(ctl->arena, sizeof(*selection));
	struct text text = { .arena = ctl->arena };
	struct policy policy;
	struct error err;

	if (!ctl_policy(ctl, &policy, &err))
		return ctl_fail("%s", err.msg);
	policy_select(ctl->arena, &policy, &nobody, PROFILE_PRIVILEGED, selection);
	if (ctl_is(ctl, "format", "json"))
		ctl_put_json(&text, policy_show(ctl->arena, &policy, selection));
	else
		show_text(ctl, &text, &policy, selection);
	return ctl_out(&text, CTL_GOOD);
}

/* O_EXCL: an operator's own policy is never written over. */
static enum ctl_status write_new(const char *path, const char *text)
{
	size_t len = strlen(text);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	bool good;

	if (fd < 0)
		return ctl_fail("%s: %s", path,
				errno == EEXIST ? "is there already" : strerror(errno));
	good = write(fd, text, len) == (ssize_t)len;
	if (close(fd) < 0 || !good) {
		unlink(path);
		return ctl_fail("%s: cannot be written", path);
	}
	return CTL_GOOD;
}

enum ctl_status ctl_policy_init(struct ctl *ctl)
{
	const char *starter = ctl_starter(ctl_value(ctl, "for")), *path = ctl_value(ctl, "output");
	struct text text = { .arena = ctl->arena };

	if (path)
		return write_new(path, starter);
	text_add(&text, starter, strlen(starter));
	return ctl_out(&text, CTL_GOOD);
}

enum ctl_status ctl_policy_schema(struct ctl *ctl)
{
	struct text text = { .arena = ctl->arena };

	ctl_put_json(&text, ctl_schema(ctl->arena));
	return ctl_out(&text, CTL_GOOD);
}
