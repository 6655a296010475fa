/* SPDX-License-Identifier: Apache-2.0 */
/* seawall seccomp check: what a profile allows that the default does not. */
#include <string.h>

#include "ctl_seccomp.h"

/* Names that are told as unknown; whoever has more has no list but a heap. */
#define UNKNOWN_MAX 100

struct answer {
	const struct ctl_seccomp *given;
	const char *reason; /* from the rules; NULL if they prove it strong */
	enum filter_verdict verdict;
	struct filter_excess *excess;
	struct json *unknown; /* names that nobody here knows and runtimes skip */
};

static struct json *unknown_names(struct arena *arena, const struct json *profile)
{
	struct json *unknown = json_new(arena, JSON_ARRAY);

	json_each(rule, json_member(profile, "syscalls"))
		json_each(name, json_member(rule, "names"))
			if (unknown->len < UNKNOWN_MAX && name->type == JSON_STRING &&
			    !filter_knows(name->text) && !syscall_group_of(name->text) &&
			    !json_has(unknown, name->text))
				json_append(unknown, json_clone(arena, name));
	return unknown;
}

static bool judge(const struct ctl *ctl, const struct ctl_seccomp *given, struct answer *answer,
		  struct error *err)
{
	*answer = (struct answer){ .given = given };
	answer->unknown = unknown_names(ctl->arena, given->profile);
	(void)syscalls_strength(ctl->arena, given->profile, &given->target, &answer->reason);
	return filter_judge(ctl->arena, given->profile, &given->target, &answer->verdict,
			    &answer->excess, err);
}

static const char *verdict_word(enum filter_verdict verdict)
{
	static const char *const words[] = { "strong", "meet", "default" };

	return words[verdict];
}

static struct json *excess_json(struct arena *arena, const struct filter_excess *excess)
{
	const struct syscall_group *group = excess->call ? syscall_group_of(excess->call) : NULL;
	struct json *json = json_new(arena, JSON_OBJECT);

	json_set(arena, json, "abi",
		 excess->abi ? json_new_string(arena, excess->abi->name)
			     : json_new(arena, JSON_NULL));
	json_set(arena, json, "number",
		 json_new_u64(arena, excess->number - (excess->abi ? excess->abi->base : 0)));
	json_set(arena, json, "call",
		 excess->call ? json_new_string(arena, excess->call) : json_new(arena, JSON_NULL));
	json_set(arena, json, "group",
		 group ? json_new_string(arena, group->name) : json_new(arena, JSON_NULL));
	json_set(arena, json, "arguments", json_new_string(arena, excess->some ? "some" : "any"));
	return json;
}

static void print_json(const struct ctl *ctl, struct text *text, const struct answer *answer)
{
	struct arena *arena = ctl->arena;
	struct json *json = json_new(arena, JSON_OBJECT), *allows = json_new(arena, JSON_ARRAY);

	json_set(arena, json, "file", json_new_string(arena, answer->given->name));
	json_set(arena, json, "verdict", json_new_string(arena, verdict_word(answer->verdict)));
	json_set(arena, json, "reason",
		 answer->verdict != FILTER_STRONG && answer->reason
			 ? json_new_string(arena, answer->reason)
			 : json_new(arena, JSON_NULL));
	for (const struct filter_excess *excess = answer->excess; excess; excess = excess->next)
		json_append(allows, excess_json(arena, excess));
	json_set(arena, json, "allows", allows);
	json_set(arena, json, "unknown", answer->unknown);
	ctl_put_json(text, json);
}

/* The same call natively: then the other ABIs need no line of their own. */
static bool told_before(const struct filter_excess *first, const struct filter_excess *excess)
{
	for (; first != excess; first = first->next)
		if (first->call && excess->call && strcmp(first->call, excess->call) == 0 &&
		    first->some == excess->some)
			return true;
	return false;
}

static void print_group(const struct ctl *ctl, struct text *text, const struct answer *answer,
			const struct syscall_group *group)
{
	struct text calls = { .arena = ctl->arena };

	for (const struct filter_excess *x = answer->excess; x; x = x->next) {
		const char *abi = x->abi && x->abi != filter_abi_at(0) ? x->abi->name : NULL;

		if ((x->call ? syscall_group_of(x->call) : NULL) != group ||
		    told_before(answer->excess, x))
			continue;
		text_printf(&calls, "%s%s%s", calls.len ? ", " : "",
			    x->call ? x->call : arena_printf(ctl->arena, "number %u", x->number),
			    x->some ? " (some arguments)" : "");
		if (abi)
			text_printf(&calls, " (%s)", abi);
	}
	if (!calls.len)
		return;
	text_printf(text, "  %s%-17s%s", ctl_bold(ctl), group ? group->name : "others",
		    ctl_off(ctl));
	ctl_wrap(ctl, text, 19, 19, calls.data);
	if (group) {
		text_printf(text, "  %-17s%s", "", ctl_dim(ctl));
		ctl_wrap(ctl, text, 19, 19, group->why);
		text_printf(text, "%s", ctl_off(ctl));
	}
}

static void print_unknown(const struct ctl *ctl, struct text *text, const struct json *unknown)
{
	struct text names = { .arena = ctl->arena };

	if (unknown->len == 0)
		return;
	json_each(name, unknown)
		text_printf(&names, "%s%s", names.len ? ", " : "",
			    report_plain(ctl->arena, name->text));
	text_printf(text, "  %s%-17s%s", ctl_bold(ctl), "skipped", ctl_off(ctl));
	ctl_wrap(ctl, text, 19, 19, names.data);
	text_printf(text, "  %-17s%s", "", ctl_dim(ctl));
	ctl_wrap(ctl, text, 19, 19,
		 arena_printf(
			 ctl->arena,
			 "names that neither seawall nor libseccomp %s knows; runtimes skip them "
			 "unless their libseccomp is newer",
			 filter_library));
	text_printf(text, "%s", ctl_off(ctl));
}

static void print_text(const struct ctl *ctl, struct text *text, const struct answer *answer)
{
	const struct syscall_group *group;
	const char *name = report_plain(ctl->arena, answer->given->name);

	if (answer->verdict == FILTER_STRONG) {
		text_printf(text, "%s: %sstrong%s: allows nothing that the default blocks%s\n",
			    name, ctl_green(ctl), ctl_off(ctl),
			    answer->given->resolved ? ", once its conditions are resolved" : "");
		print_unknown(ctl, text, answer->unknown);
		return;
	}
	text_printf(text, "%s: %sweak%s: %s\n", name, ctl_red(ctl), ctl_off(ctl),
		    answer->reason ? report_plain(ctl->arena, answer->reason)
				   : "allows what the default blocks");
	for (size_t i = 0; (group = syscall_group_at(i)); i++)
		print_group(ctl, text, answer, group);
	print_group(ctl, text, answer, NULL);
	print_unknown(ctl, text, answer->unknown);
}

enum ctl_status ctl_seccomp_check(struct ctl *ctl)
{
	struct text text = { .arena = ctl->arena };
	struct ctl_seccomp given = { 0 };
	struct answer answer;
	struct error err;

	if (!ctl_profile(ctl, ctl->args[0], &given, &err))
		return ctl_fail("%s", err.msg);
	ctl_seccomp_limit();
	if (!judge(ctl, &given, &answer, &err))
		return ctl_fail("%s: %s", given.name, err.msg);
	if (ctl_is(ctl, "format", "json"))
		print_json(ctl, &text, &answer);
	else
		print_text(ctl, &text, &answer);
	return ctl_out(&text, answer.verdict == FILTER_STRONG ? CTL_GOOD : CTL_NO);
}

enum fact ctl_filter(const struct host *host, struct arena *arena, const struct json *seccomp,
		     const struct syscalls_target *target, struct json **replacement)
{
	enum filter_verdict verdict;
	struct error err;

	(void)host;
	*replacement = NULL;
	if (target->own || !filter_judge(arena, seccomp, target, &verdict, NULL, &err))
		return FACT_UNKNOWN;
	if (verdict == FILTER_DEFAULT)
		*replacement = syscalls_profile(arena, target);
	return verdict == FILTER_STRONG ? FACT_YES : FACT_NO;
}
