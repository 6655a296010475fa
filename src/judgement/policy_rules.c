/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a policy that name rules: ids, actions, parameters. */
#include <string.h>

#include "policy_check.h"

static const struct rule *check_rule_id(const struct check *check, const struct json *node,
					const char *id)
{
	static const char always[] = "document command-line identity annotations verification";
	const struct rule *rule = rule_find(id);
	const char *nearest = NULL;
	size_t distance = 3;

	if (word_in(always, id) || (rule && (rule->flags & RULE_ALWAYS))) {
		error_set(check->err, "rule \"%s\" is always on and cannot be changed or exempted",
			  id);
		policy_at(check, node);
		return NULL;
	}
	if (rule)
		return rule;
	for (size_t i = 0; rule_at(i); i++)
		nearest = word_nearer(id, nearest, rule_at(i)->id, &distance);
	policy_unknown(check, node, "rule", id, nearest);
	return NULL;
}

static const char *digits(const char *text)
{
	size_t len = strspn(text, "0123456789");

	return len > 0 && len < 10 ? text + len : "?";
}

static bool check_device(const struct check *check, const struct json *node)
{
	const char *text = node->text, *rest = "?";

	if ((*text == 'c' || *text == 'b') && text[1] == ' ')
		rest = digits(text + 2);
	if (*rest == ':' && (strcmp(rest, ":*") == 0 || !*digits(rest + 1)))
		return true;
	error_set(check->err,
		  "found \"%.60s\", expected a device such as \"c 10:229\" or \"b 8:*\"", text);
	return policy_at(check, node);
}

/* An element of an "allow" list: a word, or an object with a path or device numbers. */
static bool check_allowed(const struct check *check, const struct rule *rule,
			  const struct json *node)
{
	enum param_type type = rule->params[0].type;

	if (node->type == JSON_STRING && type == PARAM_PATHS)
		return policy_path(check, node);
	if (node->type == JSON_STRING)
		return type != PARAM_DEVICES || check_device(check, node);
	if (node->type != JSON_OBJECT || (type != PARAM_PATHS && type != PARAM_DEVICES))
		return policy_type_wrong(check, node, "a string");
	json_each(member, node) {
		const char *words =
			type == PARAM_PATHS ? "path readonly" : "path type major minor access";

		if (!word_in(words, member->key))
			return policy_unknown(check, member, "member", member->key, NULL);
		if (strcmp(member->key, "path") == 0 && !policy_path(check, member))
			return false;
	}
	if (type != PARAM_PATHS || json_member(node, "path"))
		return true;
	error_set(check->err, "an entry without \"path\"");
	return policy_at(check, node);
}

static bool check_list(const struct check *check, const struct rule *rule, const struct json *node)
{
	if (node->type != JSON_ARRAY)
		return policy_type_wrong(check, node, "an array");
	json_each(element, node)
		if (!check_allowed(check, rule, element))
			return false;
	return true;
}

static bool check_param(const struct check *check, const struct rule *rule, const struct json *node)
{
	const char *nearest = NULL;
	size_t distance = 3;

	if (strcmp(node->key, "action") == 0)
		return policy_word(check, node, "off audit tighten reject");
	for (size_t i = 0; i < sizeof(rule->params) / sizeof(rule->params[0]); i++) {
		const struct rule_param *param = &rule->params[i];

		if (!param->name)
			continue;
		nearest = word_nearer(node->key, nearest, param->name, &distance);
		if (strcmp(param->name, node->key) != 0)
			continue;
		if (param->type == PARAM_NUMBER)
			return policy_number(check, node);
		return check_list(check, rule, node);
	}
	return policy_unknown(check, node, "parameter", node->key, nearest);
}

bool policy_rules(const struct check *check, const struct json *node)
{
	if (node->type != JSON_OBJECT)
		return policy_type_wrong(check, node, "an object");
	json_each(member, node) {
		const struct rule *rule = check_rule_id(check, member, member->key);

		if (!rule)
			return false;
		if (member->type == JSON_STRING) {
			if (!policy_word(check, member, "off audit tighten reject"))
				return false;
			continue;
		}
		if (member->type != JSON_OBJECT)
			return policy_type_wrong(check, member, "an action or an object");
		json_each(param, member)
			if (!check_param(check, rule, param))
				return false;
	}
	return true;
}

bool policy_rule_ids(const struct check *check, const struct json *node)
{
	if (node->type != JSON_ARRAY || !node->child)
		return policy_type_wrong(check, node, "an array of rule ids");
	json_each(element, node) {
		if (element->type != JSON_STRING)
			return policy_type_wrong(check, element, "a rule id");
		if (!check_rule_id(check, element, element->text))
			return false;
	}
	return true;
}

bool policy_allow(const struct check *check, const struct json *node)
{
	if (node->type != JSON_OBJECT)
		return policy_type_wrong(check, node, "an object");
	json_each(member, node) {
		const struct rule *rule = check_rule_id(check, member, member->key);

		if (!rule || !check_list(check, rule, member))
			return false;
	}
	return true;
}
