/* SPDX-License-Identifier: Apache-2.0 */
/* Document, policy and facts in; report and hardened document out. */
#include "harden.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "spec.h"

/* Findings that are no table entry: documents that cannot be understood, identities that contradict. */
static struct finding *reject(struct arena *arena, struct report *report, const char *rule,
			      const char *pointer, const char *message)
{
	struct finding *finding = findings_add(arena, &report->findings, rule, pointer);

	finding->action = ACTION_REJECT;
	finding->outcome = OUTCOME_REJECTED;
	finding->message = message;
	if (report->mode == MODE_AUDIT) {
		finding->would = OUTCOME_REJECTED;
		finding->outcome = OUTCOME_AUDITED;
		return finding;
	}
	report->verdict = VERDICT_REJECTED;
	return finding;
}

void harden_reject(struct arena *arena, struct report *report, const char *rule,
		   const char *pointer, const char *format, ...)
{
	char message[512];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	reject(arena, report, rule, pointer,
	       arena_strndup(arena, message, len < 0 ? 0 : strlen(message)));
}

/* "/pointer: words" of spec_check taken apart; other words are about the document as a whole. */
static void reject_document(struct arena *arena, struct report *report, const char *name,
			    const char *words)
{
	const char *colon = words[0] == '/' || words[0] == ':' ? strstr(words, ": ") : NULL;
	const char *pointer = "";

	if (colon) {
		pointer = arena_strndup(arena, words, (size_t)(colon - words));
		words = colon + 2;
	}
	if (name && *pointer == '\0')
		words = arena_printf(arena, "%s:%s%s", name,
				     words[0] >= '0' && words[0] <= '9' ? "" : " ", words);
	reject(arena, report, "document", pointer, arena_strndup(arena, words, strlen(words)));
}

static const char *task_shape(enum boundary boundary)
{
	if (boundary == AT_EXEC)
		return "process";
	return boundary == AT_UPDATE ? "resources" : "config";
}

/* At exec and update what is judged stands in its place in the container's own config. */
static const char *task_place(enum boundary boundary)
{
	if (boundary == AT_EXEC)
		return "/process";
	return boundary == AT_UPDATE ? "/linux/resources" : "";
}

/* What engines may not write: our own marks. */
static void remove_marks(struct json *doc)
{
	json_each(annotation, json_member(doc, "annotations"))
		if (strncmp(annotation->key, "io.seawall.", 11) == 0)
			json_remove(annotation);
}

static bool put_in_place(struct arena *arena, const struct task *task, struct json **doc)
{
	struct json *part = *doc, *parent;

	if (task_place(task->boundary)[0] == '\0') {
		remove_marks(*doc);
		return true;
	}
	if (!task->container)
		return false;
	*doc = json_clone(arena, task->container);
	parent = task->boundary == AT_EXEC ? *doc : json_make(arena, *doc, "/linux");
	if (parent)
		json_set(arena, parent, task->boundary == AT_EXEC ? "process" : "resources", part);
	return parent;
}

static bool read_document(struct arena *arena, const struct task *task, struct report *report)
{
	struct error err;
	struct json *doc = json_parse(arena, task->text, task->len, 0, &err);

	if (!doc) {
		reject_document(arena, report, task->name, err.msg);
		return false;
	}
	if (!spec_check(arena, doc, task_shape(task->boundary), &err)) {
		reject_document(arena, report, task->name, err.msg);
		return false;
	}
	if (!put_in_place(arena, task, &doc)) {
		reject_document(arena, report, NULL, "the container's own config is not known");
		return false;
	}
	report->doc = doc;
	return true;
}

static bool read_identity(struct arena *arena, const struct task *task, struct report *report)
{
	struct error err;

	if (identity_of(arena, &task->facts, report->doc, &report->workload, &err))
		return true;
	reject(arena, report, "identity", "", arena_strndup(arena, err.msg, strlen(err.msg)));
	return false;
}

/* True if the privileged combination stands: its parts need no findings of their own. */
static bool tells_enough(const struct findings *findings)
{
	for (const struct finding *f = findings->first; f; f = f->next)
		if (strcmp(f->rule, "privileged") == 0 && f->outcome == OUTCOME_REJECTED)
			return true;
	return false;
}

static void apply_rules(struct judge *judge, const struct policy *policy,
			const struct selection *selection, struct findings *findings)
{
	struct rule_cursor cursor = { 0 };
	const struct rule *rule;

	for (size_t i = 0; i < RULES_MAX && (rule = rule_next(&cursor)); i++) {
		const char *exemption = NULL;

		judge->rule = rule;
		judge->setting = selection->settings[i];
		if (judge->setting.action == ACTION_OFF || !rule_applies(rule, judge->boundary) ||
		    ((rule->flags & RULE_PRIVILEGED) && tells_enough(findings)))
			continue;
		if (!(rule->flags & RULE_ALWAYS))
			exemption = policy_exempts(policy, judge->workload, rule->id,
						   judge->host->today, &judge->setting.extra);
		rule_apply(judge, exemption, findings);
	}
}

/* Audit mode: what enforcement did to a copy is told as what it would have done. */
static void to_audit(struct findings *findings)
{
	for (struct finding *f = findings->first; f; f = f->next) {
		if (f->outcome != OUTCOME_TIGHTENED && f->outcome != OUTCOME_REJECTED)
			continue;
		f->would = f->outcome;
		f->outcome = OUTCOME_AUDITED;
	}
}

static enum verdict verdict_of(const struct findings *findings)
{
	enum verdict verdict = VERDICT_ALLOWED;

	for (const struct finding *f = findings->first; f; f = f->next) {
		if (f->outcome == OUTCOME_REJECTED)
			return VERDICT_REJECTED;
		if (f->outcome == OUTCOME_TIGHTENED)
			verdict = VERDICT_TIGHTENED;
	}
	return verdict;
}

/* The marks by which operators and the verifying hook see that this config was judged. */
static void set_marks(struct arena *arena, const struct report *report, struct json *doc)
{
	struct json *annotations = json_make(arena, doc, "/annotations");

	if (!annotations)
		return;
	json_set(arena, annotations, "io.seawall.verdict",
		 json_new_string(arena, verdict_name(report->verdict)));
	json_set(arena, annotations, "io.seawall.policy",
		 json_new_string(arena, arena_printf(arena, "sha256:%s", report->policy)));
	json_set(arena, annotations, "io.seawall.version", json_new_string(arena, SEAWALL_VERSION));
}

/*
 * Without a time limit, which it has itself: crun, waiting for a hook with one, takes the end of the
 * container for the hook's and then misses the hook's own (seen with 1.8.1 and "crun run").
 */
static struct json *own_hook(struct arena *arena, const char *path)
{
	struct json *hook = json_new(arena, JSON_OBJECT);
	struct json *args = json_new(arena, JSON_ARRAY), *env = json_new(arena, JSON_ARRAY);

	json_append(args, json_new_string(arena, "seawall-hook"));
	json_append(args, json_new_string(arena, "poststart"));
	/* runc gives a hook without an environment its own, crun an empty one. */
	json_append(env, json_new_string(arena, "PATH=/usr/sbin:/usr/bin:/sbin:/bin"));
	json_set(arena, hook, "path", json_new_string(arena, path));
	json_set(arena, hook, "args", args);
	json_set(arena, hook, "env", env);
	return hook;
}

/*
 * The verification after the start, last in its list so that it sees what other hooks did. An entry of
 * its name that came in could have had other arguments: it goes.
 */
static void set_hook(struct arena *arena, const struct task *task, struct json *doc)
{
	struct json *hooks = NULL, *list = json_at(doc, "/hooks/poststart");

	json_each(hook, list)
		if (json_is(json_member(hook, "path"), task->hook))
			json_remove(hook);
	if (!task->verifies)
		hooks = json_make(arena, doc, "/hooks");
	if (!hooks)
		return;
	if (!list || list->type != JSON_ARRAY) {
		list = json_new(arena, JSON_ARRAY);
		json_set(arena, hooks, "poststart", list);
	}
	json_append(list, own_hook(arena, task->hook));
}

/* The part of the document that the runtime is given. */
static void take_out(struct arena *arena, const struct task *task, struct report *report)
{
	struct json *part = json_at(report->doc, task_place(task->boundary));

	if (part == report->doc) {
		if (report->mode == MODE_AUDIT)
			return;
		if (task->hook && task->policy->verify != VERIFY_OFF)
			set_hook(arena, task, part);
		set_marks(arena, report, part);
		return;
	}
	json_remove(part);
	part->key = NULL;
	report->doc = part;
}

static void judge_document(struct arena *arena, const struct task *task, struct report *report)
{
	struct json *original = report->doc;
	struct selection *selection = arena_alloc(arena, sizeof(*selection));
	struct judge judge = {
		.arena = arena,
		.container = task->container,
		.host = task->host,
		.workload = &report->workload,
		.boundary = task->boundary,
		.policy = task->policy->doc,
		.annotations = task->policy->annotations,
		.seccomp = task->policy->seccomp,
	};

	policy_select(arena, task->policy, &report->workload, task->floor, selection);
	report->mode = selection->mode;
	report->profile = selection->profile;
	judge.base = selection->base;
	judge.doc = selection->mode == MODE_AUDIT ? json_clone(arena, original) : original;
	if (task->command)
		judge.command = report->command = json_clone(arena, task->command);
	apply_rules(&judge, task->policy, selection, &report->findings);
	if (selection->mode == MODE_AUDIT)
		to_audit(&report->findings);
	report->verdict = verdict_of(&report->findings);
	take_out(arena, task, report);
}

void harden(struct arena *arena, const struct task *task, struct report *report)
{
	*report = (struct report){
		.verdict = VERDICT_ALLOWED,
		.mode = task->policy->mode_unplaced,
		.boundary = task->boundary,
		.policy = task->policy->sha256,
	};
	if (read_document(arena, task, report) && read_identity(arena, task, report))
		judge_document(arena, task, report);
}
