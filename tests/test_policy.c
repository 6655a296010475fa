/* SPDX-License-Identifier: Apache-2.0 */
/* The policy: what is refused and how it is said, merging, selection, exemptions. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"

static struct arena *arena;

static void setup(void)
{
	arena = arena_new();
}

static void teardown(void)
{
	arena_free(arena);
}

#define EXEMPTION(more) "{\"exemptions\":[{\"rules\":[\"capabilities\"],\"match\":{}," more "}]}"

#define HOST_PATH(entries) "{\"rules\":{\"host-path\":{\"allow\":[" entries "]}}}"

static const struct {
	const char *text, *err; /* err NULL: accepted */
} shapes[] = {
	{ "{}", NULL },
	{ "{\"version\":1}", NULL },
	{ "{\"version\":2}", "p:1:2: \"version\": found \"2\", expected one of: 1" },
	{ "[]", "p:1:1: \"element\": wrong type (found an array, expected an object)" },
	{ "{\"mode\":\"audit\"} // why", NULL },
	{ "{\"mode\":\"audti\"}",
	  "p:1:2: \"mode\": found \"audti\", expected one of: enforce audit" },
	{ "{\n \"profle\":\"baseline\"}",
	  "p:2:2: unknown key \"profle\" (did you mean \"profile\"?)" },
	{ "{\"profile\":\"nosuch\"}", "policy: unknown profile \"nosuch\"" },
	{ "{\"profile\":1}", "p:1:2: \"profile\": wrong type (found a number, expected a string)" },
	{ "{\"runtimes\":[\"runc\"]}", "p:1:14: found \"runc\", expected an absolute path" },
	{ "{\"rules\":{\"capabilites\":\"off\"}}",
	  "p:1:11: unknown rule \"capabilites\" (did you mean \"capabilities\"?)" },
	{ "{\"rules\":{\"capabilities\":\"on\"}}", "p:1:11: \"capabilities\": found \"on\"" },
	{ "{\"rules\":{\"capabilities\":{\"allow\":\"CHOWN\"}}}", "p:1:27: \"allow\": wrong type" },
	{ "{\"rules\":{\"capabilities\":{\"alow\":[]}}}",
	  "p:1:27: unknown parameter \"alow\" (did you mean \"allow\"?)" },
	{ "{\"rules\":{\"pids-limit\":{\"limit\":-1}}}",
	  "p:1:25: \"limit\": found -1, expected a number from 0 on" },
	{ "{\"rules\":{\"pids-limit\":{\"limit\":\"9\"}}}", "p:1:25: \"limit\": wrong type" },
	{ "{\"runtimes\":[]}", "p:1:2: \"runtimes\": no path, expected at least one" },
	{ HOST_PATH("\"/srv\",{\"path\":\"/srv/a.b\",\"readonly\":true},\"/\""), NULL },
	{ HOST_PATH("\"srv\""), "p:1:33: found \"srv\", expected an absolute path" },
	{ HOST_PATH("\"/srv/\""), "p:1:33: found \"/srv/\", expected an absolute path without" },
	{ HOST_PATH("\"/a//b\""), "p:1:33: found \"/a//b\", expected" },
	{ HOST_PATH("\"/a/./b\""), "p:1:33: found \"/a/./b\", expected" },
	{ HOST_PATH("{\"path\":\"/srv/../etc\"}"), "p:1:34: found \"/srv/../etc\", expected" },
	{ HOST_PATH("{\"readonly\":true}"), "p:1:33: an entry without \"path\"" },
	{ "{\"rules\":{\"devices\":{\"allow\":[\"c 10:229\",\"b 8:*\"]}}}", NULL },
	{ "{\"rules\":{\"devices\":{\"allow\":[\"c *:*\"]}}}",
	  "p:1:31: found \"c *:*\", expected a device such as \"c 10:229\" or \"b 8:*\"" },
	{ "{\"rules\":{\"devices\":{\"allow\":[\"/dev/kvm\"]}}}", "p:1:31: found \"/dev/kvm\"" },
	{ "{\"log\":{\"path\":\"x.jsonl\"}}", "p:1:9: found \"x.jsonl\", expected an absolute" },
	{ "{\"rules\":{\"annotations\":\"off\"}}",
	  "p:1:11: rule \"annotations\" is always on and cannot be changed or exempted" },
	{ "{\"rules\":{\"document\":\"off\"}}", "p:1:11: rule \"document\" is always on" },
	{ EXEMPTION("\"reason\":\"r\",\"owner\":\"o\",\"expires\":\"2027-03-31\""), NULL },
	{ EXEMPTION("\"reason\":\"r\",\"owner\":\"o\",\"expires\":\"never\""), NULL },
	{ EXEMPTION("\"owner\":\"o\",\"expires\":\"never\""),
	  "p:1:16: exemption without \"reason\": why" },
	{ EXEMPTION("\"reason\":\"r\",\"expires\":\"never\""),
	  "p:1:16: exemption without \"owner\"" },
	{ EXEMPTION("\"reason\":\"r\",\"owner\":\"o\""), "p:1:16: exemption without \"expires\"" },
	{ EXEMPTION("\"reason\":\"r\",\"owner\":\"o\",\"expires\":\"2027-13-31\""),
	  "p:1:78: \"expires\": found \"2027-13-31\", expected a date" },
	{ EXEMPTION("\"reason\":\"r\",\"owner\":\"o\",\"expires\":\"27-3-31\""),
	  "p:1:78: \"expires\"" },
	{ "{\"exemptions\":[{\"rules\":[\"*\"]}]}", "p:1:26: unknown rule \"*\"" },
	{ "{\"exemptions\":[{\"rules\":[]}]}", "p:1:17: \"rules\": wrong type" },
	{ "{\"assign\":[{\"match\":{\"nmespace\":\"a\"}}]}",
	  "p:1:22: unknown key \"nmespace\" (did you mean \"namespace\"?)" },
	{ "{\"assign\":[{\"match\":{\"label.team\":[\"a\",\"b\"]},\"profile\":\"restricted\"}]}",
	  NULL },
	{ "{\"assign\":[{\"profile\":\"restricted\"}]}", "p:1:12: assign without \"match\"" },
	{ "{\"assign\":[{\"match\":{},\"profile\":\"x\"}]}",
	  "policy: assign: unknown profile \"x\"" },
	{ "{\"log\":{\"path\":\"/x\",\"journal\":1}}", "p:1:21: \"journal\": wrong type" },
	{ "{\"a\":1,\"a\":1}", "p:1:8: duplicate member" },
	{ "{", "p:1:2: the document ends too early" },
};

static bool parse(const char *text, struct policy *policy, struct error *err)
{
	const struct source source = { .name = "p", .text = text, .len = strlen(text) };

	return policy_parse(arena, &source, 1, policy, err);
}

START_TEST(shape_is_checked_with_line_and_column) {
	struct error err = { "" };
	struct policy policy;
	bool good = parse(shapes[_i].text, &policy, &err);
	const char *expected = shapes[_i].err;

	ck_assert_msg(good == !expected, "%s: got \"%s\"", shapes[_i].text, err.msg);
	if (expected)
		ck_assert_msg(strncmp(err.msg, expected, strlen(expected)) == 0,
			      "%s: got \"%s\", expected \"%s\"", shapes[_i].text, err.msg,
			      expected);
}
END_TEST

static const struct workload web = {
	.engine = ENGINE_CRI,
	.namespace = "prod-eu",
	.pod = "web-1",
	.image = "nginx:1.27",
	.trusted = TRUST_ENGINE | TRUST_NAMESPACE | TRUST_POD,
};

/* Only trusted facts match: image is known here, but not trusted. */
static const struct {
	const char *match;
	bool fits;
} matches[] = {
	{ "{}", true },
	{ "{\"engine\":\"containerd-cri\"}", true },
	{ "{\"engine\":\"docker\"}", false },
	{ "{\"namespace\":\"prod-*\"}", true },
	{ "{\"namespace\":[\"dev\",\"prod-*\"]}", true },
	{ "{\"namespace\":[]}", false },
	{ "{\"namespace\":\"prod\"}", false },
	{ "{\"namespace\":\"prod-*\",\"pod\":\"web-*\"}", true },
	{ "{\"namespace\":\"prod-*\",\"pod\":\"db-*\"}", false },
	{ "{\"image\":\"*\"}", false },
	{ "{\"container\":\"*\"}", false },
	{ "{\"label.team\":\"*\"}", false },
	{ "{\"rootless\":false}", true },
	{ "{\"rootless\":true}", false },
};

START_TEST(matching_uses_trusted_facts_alone) {
	struct error err;
	const struct json *match =
		json_parse(arena, matches[_i].match, strlen(matches[_i].match), 0, &err);

	ck_assert_msg(policy_matches(match, &web) == matches[_i].fits, "%s", matches[_i].match);
}
END_TEST

static struct selection *select_for(const char *text, enum profile floor)
{
	struct selection *selection = arena_alloc(arena, sizeof(*selection));
	struct policy policy;
	struct error err;

	ck_assert_msg(parse(text, &policy, &err), "%s: %s", text, err.msg);
	policy_select(arena, &policy, &web, floor, selection);
	return selection;
}

static const struct {
	const char *policy;
	enum profile floor;
	const char *profile;
	enum mode mode;
	enum action capabilities;
} selections[] = {
	{ "{}", PROFILE_PRIVILEGED, "baseline", MODE_ENFORCE, ACTION_TIGHTEN },
	{ "{\"profile\":\"privileged\"}", PROFILE_PRIVILEGED, "privileged", MODE_ENFORCE,
	  ACTION_OFF },
	{ "{\"profile\":\"privileged\"}", PROFILE_BASELINE, "baseline", MODE_ENFORCE,
	  ACTION_TIGHTEN },
	{ "{\"profile\":\"restricted\"}", PROFILE_BASELINE, "restricted", MODE_ENFORCE,
	  ACTION_TIGHTEN },
	{ "{\"mode\":\"audit\"}", PROFILE_PRIVILEGED, "baseline", MODE_AUDIT, ACTION_TIGHTEN },
	{ "{\"rules\":{\"capabilities\":\"reject\"}}", PROFILE_PRIVILEGED, "baseline", MODE_ENFORCE,
	  ACTION_REJECT },
	{ "{\"rules\":{\"capabilities\":{\"allow\":[]}}}", PROFILE_PRIVILEGED, "baseline",
	  MODE_ENFORCE, ACTION_TIGHTEN },
	{ "{\"assign\":[{\"match\":{\"namespace\":\"dev\"},\"profile\":\"privileged\"},"
	  "{\"match\":{\"namespace\":\"prod-*\"},\"profile\":\"restricted\",\"mode\":\"audit\"},"
	  "{\"match\":{},\"profile\":\"privileged\"}]}",
	  PROFILE_PRIVILEGED, "restricted", MODE_AUDIT, ACTION_TIGHTEN },
};

START_TEST(first_match_selects_and_argv0_only_tightens) {
	const struct selection *selection = select_for(selections[_i].policy, selections[_i].floor);
	size_t index = rule_index(rule_find("capabilities"));

	ck_assert_str_eq(selection->profile, selections[_i].profile);
	ck_assert_int_eq(selection->mode, selections[_i].mode);
	ck_assert_int_eq(selection->settings[index].action, selections[_i].capabilities);
}
END_TEST

START_TEST(what_is_always_on_stays_on) {
	const struct selection *selection =
		select_for("{\"profile\":\"privileged\"}", PROFILE_PRIVILEGED);

	for (size_t i = 0; rule_at(i); i++)
		ck_assert_int_eq(selection->settings[i].action,
				 rule_at(i)->flags & RULE_ALWAYS ? ACTION_REJECT : ACTION_OFF);
}
END_TEST

START_TEST(drop_ins_override_rules_and_append_lists) {
	static const struct source sources[] = {
		{ .name = "policy.json",
		  .text = "{\"rules\":{\"capabilities\":\"off\",\"user-root\":\"audit\"},"
			  "\"assign\":[{\"match\":{}}]}",
		  .len = 76 },
		{ .name = "10.json",
		  .text = "{\"rules\":{\"capabilities\":\"reject\"},\"assign\":[{\"match\":{}}]}",
		  .len = 59 },
	};
	struct policy policy;
	struct error err;

	ck_assert_uint_eq(strlen(sources[0].text), 76);
	ck_assert_uint_eq(strlen(sources[1].text), 59);
	ck_assert_msg(policy_parse(arena, sources, 2, &policy, &err), "%s", err.msg);
	ck_assert(json_is(json_at(policy.doc, "/rules/capabilities"), "reject"));
	ck_assert(json_is(json_at(policy.doc, "/rules/user-root"), "audit"));
	ck_assert(json_is(json_at(policy.origins, "/capabilities"), "10.json"));
	ck_assert_uint_eq(json_member(policy.doc, "assign")->len, 2);
}
END_TEST

START_TEST(custom_profiles_start_from_a_base) {
	static const char profile[] =
		"{\"base\":\"restricted\",\"rules\":{\"user-root\":\"audit\"}}";
	static const char main_text[] = "{\"profile\":\"web\"}";
	const struct source sources[] = {
		{ .name = "policy.json", .text = main_text, .len = strlen(main_text) },
		{ .name = "/x/policy.d/profiles/web.json",
		  .text = profile,
		  .len = strlen(profile),
		  .profile = true },
	};
	struct selection *selection = arena_alloc(arena, sizeof(*selection));
	struct policy policy;
	struct error err;

	ck_assert_msg(policy_parse(arena, sources, 2, &policy, &err), "%s", err.msg);
	policy_select(arena, &policy, &web, PROFILE_PRIVILEGED, selection);
	ck_assert_str_eq(selection->profile, "web");
	ck_assert_int_eq(selection->base, PROFILE_RESTRICTED);
	ck_assert_int_eq(selection->settings[rule_index(rule_find("user-root"))].action,
			 ACTION_AUDIT);
}
END_TEST

static const struct {
	const char *expires, *today;
	const char *rule, *match;
	bool covered;
} exemptions[] = {
	{ "2027-03-31", "2026-11-22", "capabilities", "{}", true },
	{ "2027-03-31", "2027-03-30", "capabilities", "{}", true },
	{ "2027-03-31", "2027-03-31", "capabilities", "{}", false },
	{ "2027-03-31", "2031-01-01", "capabilities", "{}", false },
	{ "never", "2031-01-01", "capabilities", "{}", true },
	{ "2027-03-31", NULL, "capabilities", "{}", true },
	{ "never", NULL, "user-root", "{}", false },
	{ "never", NULL, "capabilities", "{\"namespace\":\"prod-*\"}", true },
	{ "never", NULL, "capabilities", "{\"namespace\":\"dev\"}", false },
	{ "never", NULL, "capabilities", "{\"image\":\"nginx:*\"}", false },
};

START_TEST(exemptions_cover_rule_workload_and_time) {
	const char *text =
		arena_printf(arena,
			     "{\"exemptions\":[{\"id\":\"x\",\"rules\":[\"capabilities\"],"
			     "\"match\":%s,\"reason\":\"r\",\"owner\":\"o\","
			     "\"expires\":\"%s\"}]}",
			     exemptions[_i].match, exemptions[_i].expires);
	const struct json *allow;
	struct policy policy;
	struct error err;
	const char *id;

	ck_assert_msg(parse(text, &policy, &err), "%s", err.msg);
	id = policy_exempts(&policy, &web, exemptions[_i].rule, exemptions[_i].today, &allow);
	ck_assert_msg(!!id == exemptions[_i].covered, "%s: %s", text, id ? id : "none");
	ck_assert_ptr_eq(allow, NULL);
}
END_TEST

START_TEST(an_exemption_with_allow_opens_no_more) {
	static const char text[] =
		"{\"exemptions\":[{\"id\":\"x\",\"rules\":[\"capabilities\"],\"match\":{},"
		"\"allow\":{\"capabilities\":[\"NET_RAW\"]},"
		"\"reason\":\"r\",\"owner\":\"o\",\"expires\":\"never\"}]}";
	const struct json *allow;
	struct policy policy;
	struct error err;

	ck_assert_msg(parse(text, &policy, &err), "%s", err.msg);
	ck_assert_ptr_eq(policy_exempts(&policy, &web, "capabilities", NULL, &allow), NULL);
	ck_assert(json_has(allow, "NET_RAW"));
}
END_TEST

static void note_ageing(void *data, const char *id, const char *what)
{
	text_printf(data, "%s %s;", id, what);
}

START_TEST(ageing_exemptions_are_named) {
	static const char text[] =
		"{\"exemptions\":["
		"{\"id\":\"a\",\"rules\":[\"capabilities\"],\"match\":{},\"reason\":\"r\",\"owner\":"
		"\"o\",\"expires\":\"never\"},"
		"{\"id\":\"b\",\"rules\":[\"capabilities\"],\"match\":{},\"reason\":\"r\",\"owner\":"
		"\"o\",\"expires\":\"2026-11-22\"},"
		"{\"id\":\"c\",\"rules\":[\"capabilities\"],\"match\":{},\"reason\":\"r\",\"owner\":"
		"\"o\",\"expires\":\"2026-12-22\"},"
		"{\"id\":\"d\",\"rules\":[\"capabilities\"],\"match\":{},\"reason\":\"r\",\"owner\":"
		"\"o\",\"expires\":\"2026-12-23\"}]}";
	struct text said = { .arena = arena };
	struct policy policy;
	struct error err;

	ck_assert_msg(parse(text, &policy, &err), "%s", err.msg);
	policy_ageing(&policy, "2026-11-22", note_ageing, &said);
	ck_assert_str_eq(said.data, "a never expires;b has expired;c expires within 30 days;");
}
END_TEST

START_TEST(shown_policy_is_a_policy) {
	struct selection *selection =
		select_for("{\"profile\":\"restricted\"}", PROFILE_PRIVILEGED);
	struct policy policy, again;
	struct error err;
	const char *text;

	ck_assert(parse("{\"profile\":\"restricted\"}", &policy, &err));
	text = json_print(arena, policy_show(arena, &policy, selection), JSON_PRETTY, NULL);
	ck_assert_msg(parse(text, &again, &err), "%s\n%s", err.msg, text);
	policy_select(arena, &again, &web, PROFILE_PRIVILEGED, selection);
	ck_assert_str_eq(
		text, json_print(arena, policy_show(arena, &again, selection), JSON_PRETTY, NULL));
}
END_TEST

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

int main(void)
{
	Suite *suite = suite_create("policy");
	TCase *tcase = tcase_create("policy");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, shape_is_checked_with_line_and_column, 0, COUNT(shapes));
	tcase_add_loop_test(tcase, matching_uses_trusted_facts_alone, 0, COUNT(matches));
	tcase_add_loop_test(tcase, first_match_selects_and_argv0_only_tightens, 0,
			    COUNT(selections));
	tcase_add_loop_test(tcase, exemptions_cover_rule_workload_and_time, 0, COUNT(exemptions));
	tcase_add_test(tcase, what_is_always_on_stays_on);
	tcase_add_test(tcase, drop_ins_override_rules_and_append_lists);
	tcase_add_test(tcase, custom_profiles_start_from_a_base);
	tcase_add_test(tcase, an_exemption_with_allow_opens_no_more);
	tcase_add_test(tcase, ageing_exemptions_are_named);
	tcase_add_test(tcase, shown_policy_is_a_policy);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
