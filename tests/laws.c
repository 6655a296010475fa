/* SPDX-License-Identifier: Apache-2.0 */
/* The laws that compare a judgement with another judgement of the same document. */
#include <string.h>

#include "harness.h"
#include "laws.h"

static bool starts(const struct report *report)
{
	return report->verdict == VERDICT_ALLOWED || report->verdict == VERDICT_TIGHTENED;
}

/* The same task with another document. */
static struct task with_doc(struct arena *arena, const struct task *task, const struct json *doc)
{
	struct task other = *task;

	other.text = json_print(arena, doc, 0, &other.len);
	return other;
}

static const char *difference(struct arena *arena, const char *what, const struct json *expected,
			      const struct json *got)
{
	size_t len;
	const char *a = json_print(arena, expected, 0, &len);
	const char *b = json_print(arena, got, 0, &len);

	if (!strcmp(a, b))
		return NULL;
	return arena_printf(arena, "%s\n  expected %s\n  got      %s", what, a, b);
}

const char *law_twice(struct arena *arena, const struct task *task)
{
	struct report first, second;
	struct task again;

	harden(arena, task, &first);
	if (!starts(&first))
		return NULL;
	again = with_doc(arena, task, first.doc);
	again.command = first.command;
	harden(arena, &again, &second);
	for (struct finding *each = second.findings.first; each; each = each->next) {
		if (each->outcome == OUTCOME_TIGHTENED || each->outcome == OUTCOME_REJECTED)
			return arena_printf(arena, "the second time %s is %s at %s: %s", each->rule,
					    outcome_name(each->outcome), each->pointer,
					    each->message);
	}
	if (second.verdict != VERDICT_ALLOWED)
		return arena_printf(arena, "the second verdict is %s",
				    verdict_name(second.verdict));
	return difference(arena, "the second time changes more", unsigned_copy(arena, first.doc),
			  unsigned_copy(arena, second.doc));
}

/* Objects of fixed shape; in maps such as annotations a new member is not unknown but a new entry. */
static const char *const places[] = {
	"",
	"/process",
	"/process/user",
	"/process/capabilities",
	"/process/consoleSize",
	"/root",
	"/linux",
	"/linux/resources",
	"/linux/resources/memory",
	"/linux/resources/pids",
	"/linux/seccomp",
	"/mounts/0",
	"/mounts/3",
	"/linux/namespaces/0",
	"/user",
	"/capabilities",
	"/memory",
};
#define PLACES (sizeof(places) / sizeof(*places))

/* Values that a careless printer would change: beyond int64, beyond double, escapes, empty things. */
static const char *const values[] = {
	"18446744073709551615", "1.50E+02", "\"caf\\u00e9 \\u2028 \\\"\"",
	"[null,{},[]]",		"-0",	    "123456789012345678901234567890",
};

static bool plant(struct arena *arena, struct json *doc, size_t i)
{
	const char *text = values[i % (sizeof(values) / sizeof(*values))];
	struct json *object = json_at(doc, places[i]);
	struct error err;
	struct json *value = json_parse(arena, text, strlen(text), 0, &err);

	if (!value || !object || object->type != JSON_OBJECT)
		return false;
	if (!strcmp(places[i], "/linux/seccomp") && !json_member(object, "defaultAction"))
		return false; /* no filter at all: replaced as a whole */
	json_set(arena, object, "seawallTestUnknown", value);
	return true;
}

/* The node of the other document at the same place; a mount is known by its destination. */
static const struct json *counterpart(const struct json *after, const struct json *was,
				      const char *place)
{
	if (strncmp(place, "/mounts/", 8))
		return json_at(after, place);
	json_each(each, json_member(after, "mounts")) {
		if (json_equal(json_member(each, "destination"), json_member(was, "destination")))
			return each;
	}
	return NULL;
}

/* A filter that filters nothing is replaced as a whole, and what is met with another is rewritten. */
static bool rewritten(const struct json *was, const struct json *is, const char *place)
{
	return !strcmp(place, "/linux/seccomp") &&
	       !json_equal(json_member(was, "defaultAction"), json_member(is, "defaultAction"));
}

/* Members of before that are still there, and as they were, follow each other as they did. */
static bool in_order(const struct json *before, const struct json *after)
{
	const struct json *behind = after->child;

	json_each(each, before) {
		if (!json_equal(json_member(after, each->key), each))
			continue;
		while (behind && strcmp(behind->key, each->key))
			behind = behind->next;
		if (!behind)
			return false;
		behind = behind->next;
	}
	return true;
}

static const char *still_there(struct arena *arena, const struct json *before,
			       const struct json *after, const char *place)
{
	const struct json *was = json_at(before, place), *is = counterpart(after, was, place);
	const struct json *planted = json_member(was, "seawallTestUnknown");
	const struct json *kept = json_member(is, "seawallTestUnknown");

	if (rewritten(was, is, place))
		return NULL;
	if (!kept)
		return arena_printf(arena, "an unknown member of \"%s\" is lost", place);
	if (!in_order(was, is))
		return arena_printf(arena, "the members of \"%s\" changed their order", place);
	return difference(arena, place, planted, kept);
}

const char *law_kept(struct arena *arena, const struct task *task)
{
	struct error err;
	struct json *doc = json_parse(arena, task->text, task->len, 0, &err);
	bool planted[PLACES] = { false };
	struct report report;
	struct task sown;
	const char *broken = NULL;

	for (size_t i = 0; doc && i < PLACES; i++)
		planted[i] = plant(arena, doc, i);
	if (!doc)
		return NULL;
	sown = with_doc(arena, task, doc);
	harden(arena, &sown, &report);
	for (size_t i = 0; starts(&report) && !broken && i < PLACES; i++) {
		if (planted[i])
			broken = still_there(arena, doc, report.doc, places[i]);
	}
	return broken;
}

/* The task under a policy of the test's own. */
static void judge_under(struct arena *arena, const struct task *task, const char *text,
			struct report *report)
{
	struct policy policy;
	struct task other = *task;

	policy_of(arena, "the law's policy", text, &policy);
	other.policy = &policy;
	other.floor = PROFILE_PRIVILEGED;
	harden(arena, &other, report);
}

static const char *unchanged(struct arena *arena, const struct task *task,
			     const struct report *report, const char *what)
{
	struct error err;
	const struct json *doc = json_parse(arena, task->text, task->len, 0, &err);

	/* Only rules that are always on can refuse here, which is not this law's matter; and what
	 * cannot be read is handed on in audit mode as it came. */
	if (!starts(report) || !report->doc)
		return NULL;
	if (report->verdict != VERDICT_ALLOWED)
		return arena_printf(arena, "%s: the verdict is %s", what,
				    verdict_name(report->verdict));
	return difference(arena, what, unsigned_copy(arena, doc),
			  unsigned_copy(arena, report->doc));
}

static const char *only_always(struct arena *arena, const struct report *report, const char *what)
{
	for (struct finding *each = report->findings.first; each; each = each->next) {
		const struct rule *rule = rule_find(each->rule);

		if (each->outcome == OUTCOME_REJECTED && rule && !(rule->flags & RULE_ALWAYS))
			return arena_printf(arena, "%s: %s rejects %s", what, each->rule,
					    each->pointer);
	}
	return NULL;
}

const char *law_off(struct arena *arena, const struct task *task)
{
	const char *what = "profile privileged";
	const char *broken;
	struct report report;

	judge_under(arena, task, "{\"version\":1,\"profile\":\"privileged\"}", &report);
	broken = only_always(arena, &report, what);
	return broken ? broken : unchanged(arena, task, &report, what);
}

const char *law_audit(struct arena *arena, const struct task *task)
{
	static const char *const policies[] = {
		"{\"version\":1,\"mode\":\"audit\"}",
		"{\"version\":1,\"mode\":\"audit\",\"profile\":\"restricted\"}",
	};
	const char *broken = NULL;

	for (size_t i = 0; !broken && i < 2; i++) {
		struct report report;

		judge_under(arena, task, policies[i], &report);
		broken = only_always(arena, &report, "audit mode");
		if (!broken)
			broken = unchanged(arena, task, &report, "audit mode");
	}
	return broken;
}

const char *law_grants(struct arena *arena, const struct task *task)
{
	struct error err;
	const struct json *doc = json_parse(arena, task->text, task->len, 0, &err);
	struct report report;

	harden(arena, task, &report);
	if (!doc || !starts(&report))
		return NULL;
	if (!report.doc)
		return "allowed without a document";
	if (task->boundary == AT_EXEC)
		return grants_process(arena, doc, report.doc, task->container);
	if (task->boundary == AT_UPDATE)
		return NULL; /* limits only: the rule's own cases say what it may do */
	return grants_config(arena, doc, report.doc, task->host);
}
