/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing the rules of OCI seccomp objects. */
#include "syscalls_rules.h"

#include <string.h>

enum act act_of(const char *action)
{
	static const struct {
		const char *name;
		enum act act;
	} acts[] = {
		{ "SCMP_ACT_ALLOW", ACT_PASS },
		{ "SCMP_ACT_ERRNO", ACT_BLOCK },
		{ "SCMP_ACT_KILL", ACT_BLOCK },
		{ "SCMP_ACT_KILL_PROCESS", ACT_BLOCK },
		{ "SCMP_ACT_KILL_THREAD", ACT_BLOCK },
		{ "SCMP_ACT_TRAP", ACT_BLOCK },
		/* allowed, with a line in the audit log */
		{ "SCMP_ACT_LOG", ACT_PASS },
		/* a tracer decides, and the container may start one */
		{ "SCMP_ACT_TRACE", ACT_PASS },
		{ "SCMP_ACT_NOTIFY", ACT_NOTIFY },
	};

	for (size_t i = 0; action && i < sizeof(acts) / sizeof(*acts); i++)
		if (strcmp(action, acts[i].name) == 0)
			return acts[i].act;
	return ACT_UNKNOWN;
}

enum act rule_act(const struct json *rule)
{
	return act_of(json_string(json_member(rule, "action")));
}

bool rule_has_args(const struct json *rule)
{
	const struct json *args = json_member(rule, "args");

	return args && args->type == JSON_ARRAY && args->len > 0;
}

struct json *text_node(struct arena *arena, const char *text)
{
	struct json *node = json_new(arena, JSON_STRING);

	node->text = text;
	node->len = (uint32_t)strlen(text);
	return node;
}

struct json *number_node(struct arena *arena, uint64_t value)
{
	static const char small[][2] = { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" };
	struct json *node = json_new(arena, JSON_NUMBER);
	char digits[20], *text;
	size_t len = 0;

	node->len = 1;
	if (value < 10) {
		node->text = small[value];
		return node;
	}
	for (; value; value /= 10)
		digits[len++] = (char)('0' + value % 10);
	text = arena_alloc(arena, len + 1);
	for (size_t i = 0; i < len; i++)
		text[i] = digits[len - 1 - i];
	node->text = text;
	node->len = (uint32_t)len;
	return node;
}

/* Nodes of one rule are made together. */
static struct json *fill(struct json *node, enum json_type type)
{
	node->type = type;
	return node;
}

static struct json *fill_text(struct json *node, const char *text)
{
	node->type = JSON_STRING;
	node->text = text;
	node->len = (uint32_t)strlen(text);
	return node;
}

struct json *rule_new(struct arena *arena, const char *action)
{
	struct json *rule = arena_alloc(arena, 3 * sizeof(*rule));

	fill(rule, JSON_OBJECT);
	member_add(rule, "names", fill(rule + 1, JSON_ARRAY));
	member_add(rule, "action", fill_text(rule + 2, action));
	return rule;
}

void rule_add_name(struct arena *arena, struct json *rule, const char *name, size_t len)
{
	struct json *node = json_new(arena, JSON_STRING);

	node->text = arena_strndup(arena, name, len);
	node->len = (uint32_t)len;
	json_append(json_member(rule, "names"), node);
}

void rule_add_args(struct arena *arena, struct json *rule, const struct way *way)
{
	struct json *args = json_new(arena, JSON_ARRAY);

	for (unsigned i = 0; i < WAY_ARGS; i++) {
		const struct syscall_condition *c = &way->on[i];
		struct json *arg;

		if (!(way->set >> i & 1))
			continue;
		arg = fill(arena_alloc(arena, 2 * sizeof(*arg)), JSON_OBJECT);
		member_add(arg, "index", number_node(arena, i));
		member_add(arg, "value", number_node(arena, c->value));
		if (c->op == SYSCALL_MASKED)
			member_add(arg, "valueTwo", number_node(arena, c->other));
		member_add(arg, "op", fill_text(arg + 1, syscall_op_names[c->op]));
		json_push(args, arg);
	}
	member_add(rule, "args", args);
}

struct json *rule_plain(struct arena *arena, const struct json *rule)
{
	static const char *const kept[] = { "errnoRet", "args" };
	struct json *plain = rule_new(arena, json_string(json_member(rule, "action")));

	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
		const struct json *member = json_member(rule, kept[i]);

		if (member && member->type != JSON_NULL &&
		    !(member->type == JSON_ARRAY && !member->len))
			member_add(plain, kept[i], json_clone(arena, member));
	}
	return plain;
}

struct json *rule_clone3(struct arena *arena)
{
	struct json *rule = rule_new(arena, "SCMP_ACT_ERRNO");

	rule_add_name(arena, rule, "clone3", 6);
	member_add(rule, "errnoRet", number_node(arena, SYSCALLS_CLONE3_ERRNO));
	return rule;
}
