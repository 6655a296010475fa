/* SPDX-License-Identifier: Apache-2.0 */
/* Applying one rule: every place it looks at, its check, its fix, and the check again. */
#include "rule.h"

#include <string.h>

#include "report.h"

struct visit {
	struct judge *judge;
	const char *exemption;
	struct findings *findings;
	unsigned told; /* findings of this rule that mended nothing */
	bool rejected;
};

/* Who wants to read more; and a hundred thousand would take seawall minutes and the log a disk. */
#define TOLD_MAX 100

/* True if further places can neither be mended nor change the verdict. */
static bool enough_told(const struct visit *visit)
{
	return visit->told >= TOLD_MAX && (visit->rejected || visit->exemption ||
					   visit->judge->setting.action == ACTION_AUDIT);
}

bool rule_applies(const struct rule *rule, enum boundary boundary)
{
	if (boundary == AT_EXEC)
		return !(rule->flags & RULE_UPDATE_ONLY) &&
		       ((rule->flags & (RULE_EXEC | RULE_EXEC_ONLY)) ||
			strncmp(rule->path, "/process", 8) == 0);
	if (boundary == AT_CHECKPOINT)
		return rule->flags & RULE_CHECKPOINT;
	if (boundary == AT_UPDATE)
		return (rule->flags & RULE_UPDATE_ONLY) ||
		       strncmp(rule->path, "/linux/resources", 16) == 0;
	return !(rule->flags & (RULE_EXEC_ONLY | RULE_UPDATE_ONLY));
}

struct finding *findings_add(struct arena *arena, struct findings *findings, const char *rule,
			     const char *pointer)
{
	struct finding *finding = arena_alloc(arena, sizeof(*finding));

	finding->rule = rule;
	finding->pointer = pointer;
	if (findings->last)
		findings->last->next = finding;
	else
		findings->first = finding;
	findings->last = finding;
	findings->count++;
	return finding;
}

/* "is the host's root" wants its subject, "no such namespace" stands alone. */
static bool wants_subject(const char *reason)
{
	return strncmp(reason, "is ", 3) == 0 || strncmp(reason, "are ", 4) == 0 ||
	       strncmp(reason, "leads ", 6) == 0;
}

static const char *finding_message(struct arena *arena, const char *found, const char *reason)
{
	if (!wants_subject(reason))
		return reason;
	return arena_printf(arena, "%s %s", found ? found : "it", reason);
}

static const char *check(struct judge *judge, const struct place *place)
{
	judge->culprit = NULL;
	judge->unproven = false;
	judge->mild = false;
	return judge->rule->check(judge, place);
}

static struct json *node_at(const struct judge *judge, const char *pointer)
{
	if (pointer[0] == '-')
		return json_member(judge->command, pointer + 2);
	return json_at(judge->doc, pointer);
}

/* The place again after a fix; false when its element is gone from the array. */
static bool place_again(struct judge *judge, struct place *place, size_t siblings)
{
	if (place->parent && place->parent->type == JSON_ARRAY && place->node &&
	    place->parent->len < siblings)
		return false;
	place->node = node_at(judge, place->pointer);
	if (place->node)
		place->parent = place->node->parent;
	return true;
}

/* A fix counts only when the check then passes. */
static enum outcome tighten(struct judge *judge, struct place place, struct finding *finding)
{
	size_t siblings = place.parent ? place.parent->len : 0;

	if (!judge->rule->fix)
		return OUTCOME_REJECTED;
	judge->rule->fix(judge, &place);
	judge->sources = NULL;
	if (place_again(judge, &place, siblings)) {
		if (check(judge, &place))
			return OUTCOME_REJECTED;
		finding->fixed = report_value(judge->arena, node_at(judge, finding->pointer));
	}
	return OUTCOME_TIGHTENED;
}

static enum outcome decide(const struct visit *visit, const struct place *place,
			   struct finding *finding)
{
	struct judge *judge = visit->judge;

	if (visit->exemption)
		return OUTCOME_EXEMPTED;
	if (judge->unproven && !judge->host->real)
		return OUTCOME_UNPROVEN;
	if (finding->action == ACTION_AUDIT)
		return OUTCOME_AUDITED;
	if (finding->action == ACTION_TIGHTEN || (judge->rule->flags & RULE_NARROWS))
		return tighten(judge, *place, finding);
	return OUTCOME_REJECTED;
}

static const char *pointer_of(const struct judge *judge, const struct place *place)
{
	if (judge->rule->path[0] == '-')
		return judge->rule->path;
	if (place->node)
		return json_pointer(judge->arena, place->node);
	if (!place->parent || !place->key)
		return judge->rule->path;
	return arena_printf(judge->arena, "%s/%s", json_pointer(judge->arena, place->parent),
			    place->key);
}

static void visit_place(struct visit *visit, struct place *place)
{
	struct judge *judge = visit->judge;
	const char *reason = enough_told(visit) ? NULL : check(judge, place);
	const struct json *found = judge->culprit ? judge->culprit : place->node;
	struct finding *finding;

	if (!reason)
		return;
	finding = findings_add(judge->arena, visit->findings, judge->rule->id, NULL);
	place->pointer = pointer_of(judge, place);
	finding->pointer = judge->culprit ? json_pointer(judge->arena, found) : place->pointer;
	finding->found = report_value(judge->arena, found);
	finding->want = judge->rule->want;
	finding->message = finding_message(judge->arena, finding->found, reason);
	finding->action = judge->mild ? ACTION_AUDIT : judge->setting.action;
	finding->exemption = visit->exemption;
	finding->outcome = decide(visit, place, finding);
	visit->told += finding->outcome != OUTCOME_TIGHTENED;
	visit->rejected = visit->rejected || finding->outcome == OUTCOME_REJECTED;
}

/* rest is what of the rule's path is still to go, below node. */
static void walk(struct visit *visit, struct json *node, struct json *parent, const char *key,
		 const char *rest)
{
	struct place place = { .key = key, .parent = parent, .node = node };
	size_t len;

	if (*rest == '\0') {
		visit_place(visit, &place);
		return;
	}
	for (rest++, len = 0; rest[len] && rest[len] != '/';)
		len++;
	if (len == 1 && rest[0] == '*') {
		json_each(child, node)
			walk(visit, child, node, child->key, rest + len);
		return;
	}
	key = rest[len] ? arena_strndup(visit->judge->arena, rest, len) : rest;
	walk(visit, json_member(node, key), node, key, rest + len);
}

void rule_apply(struct judge *judge, const char *exemption, struct findings *findings)
{
	struct visit visit = {
		.judge = judge,
		.exemption = exemption,
		.findings = findings,
	};
	const char *path = judge->rule->path;

	judge->allowed_known = false;
	if (path[0] == '-') {
		struct place place = { .key = path + 2,
				       .parent = judge->command,
				       .node = node_at(judge, path) };

		visit_place(&visit, &place);
		return;
	}
	walk(&visit, judge->doc, NULL, NULL, path);
}
