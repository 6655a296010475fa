/* SPDX-License-Identifier: Apache-2.0 */
/* Documents: strict in, lossless out, pointers, edits. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

static struct arena *arena;

static void setup(void)
{
	arena = arena_new();
}

static void teardown(void)
{
	arena_free(arena);
}

static struct json *parse(const char *text)
{
	struct error err;
	struct json *json = json_parse(arena, text, strlen(text), 0, &err);

	ck_assert_msg(json, "%s: %s", text, json ? "" : err.msg);
	return json;
}

/* What runtimes disagree on, with the words of the refusal. */
static const struct {
	const char *text;
	size_t len; /* 0: strlen */
	const char *err;
} refused[] = {
	{ "", 0, "1:1: the document ends too early" },
	{ " \n", 0, "2:1: the document ends too early" },
	{ "{", 0, "1:2: the document ends too early" },
	{ "{\"a\":\"b", 0, "1:8: the document ends too early" },
	{ "{}\0", 3, "1:3: a character that is no JSON" },
	{ "\0{}", 3, "1:1: a character that is no JSON" },
	{ "{} {}", 0, "1:5: parse error: trailing garbage" },
	{ "{} x", 0, "1:5: parse error: trailing garbage" },
	{ "\xef\xbb\xbf{}", 0, "1:1: a character that is no JSON" },
	{ "{\"a\":1,\"a\":1}", 0, "1:8: duplicate member \"a\"" },
	{ "{\"a\":1,\"\\u0061\":1}", 0, "1:13: duplicate member \"a\"" },
	{ "{\"x\":[{\"b\":1,\n\"b\":2}]}", 0, "2:1: duplicate member \"b\"" },
	{ "[\"\\u0000\"]", 0, "1:4: \\u0000, where C programs end a string" },
	{ "[\"\\ud800\"]", 0, "1:4: a lone high surrogate" },
	{ "[\"\\ud800\\u0041\"]", 0, "1:4: a lone high surrogate" },
	{ "[\"\\ud800x\"]", 0, "1:4: a lone high surrogate" },
	{ "[\"\\udc00\"]", 0, "1:4: a lone low surrogate" },
	{ "[\"\\u12g4\"]", 0, "1:4: a \\u escape without four digits" },
	{ "[\"\\u12", 0, "1:4: a \\u escape without four digits" },
	{ "[\"\\x\"]", 0, "1:" },
	{ "[\"\xc0\xaf\"]", 0, "1:3: bytes that are not UTF-8" },
	{ "[\"\xed\xa0\x80\"]", 0, "1:3: bytes that are not UTF-8" },
	{ "[\"\xf4\x90\x80\x80\"]", 0, "1:3: bytes that are not UTF-8" },
	{ "[\"\xe2\x82\"]", 0, "1:3: bytes that are not UTF-8" },
	{ "[\"\xff\"]", 0, "1:3: bytes that are not UTF-8" },
	{ "[\"a\nb\"]", 0, "1:4: a control character in a string" },
	{ "\v{}", 0, "1:1: a character that is no JSON" },
	{ "\f{}", 0, "1:1: a character that is no JSON" },
	{ "\xc2\xa0{}", 0, "1:1: a character that is no JSON" },
	{ "/* c */{}", 0, "1:2: a slash: comments are no JSON" },
	{ "[1,]", 0, "1:" },
	{ "{\"a\":1,}", 0, "1:" },
	{ "[01]", 0, "1:" },
	{ "[+5]", 0, "1:" },
	{ "[0x10]", 0, "1:" },
	{ "[1.]", 0, "1:" },
	{ "[.5]", 0, "1:" },
	{ "[-]", 0, "1:" },
	{ "[NaN]", 0, "1:" },
	{ "[True]", 0, "1:" },
	{ "['a']", 0, "1:" },
	{ "{a:1}", 0, "1:" },
	{ "[1 2]", 0, "1:" },
	{ "]", 0, "1:" },
	{ "[}", 0, "1:" },
};

START_TEST(refuses_what_runtimes_disagree_on) {
	const char *text = refused[_i].text;
	size_t len = refused[_i].len ? refused[_i].len : strlen(text);
	struct error err = { "" };
	struct json *json = json_parse(arena, text, len, 0, &err);

	ck_assert_msg(!json, "%s: accepted", text);
	ck_assert_msg(strncmp(err.msg, refused[_i].err, strlen(refused[_i].err)) == 0,
		      "%s: got \"%s\", expected \"%s\"", text, err.msg, refused[_i].err);
}
END_TEST

/* Printed as it was read: order, number text, unknown members, only white space and escapes differ. */
static const struct {
	const char *text, *printed;
} kept[] = {
	{ "null", "null" },
	{ " [ ] ", "[]" },
	{ "{ }", "{}" },
	{ "[true,false,null]", "[true,false,null]" },
	{ "{\"b\":1,\"a\":2}", "{\"b\":1,\"a\":2}" },
	{ "[18446744073709551615,-9223372036854775808,1.50,1E400,-0]",
	  "[18446744073709551615,-9223372036854775808,1.50,1E400,-0]" },
	{ "[\"\\u0041\\ud83d\\ude00\\/\\n\\u001f\\\"\"]",
	  "[\"A\xf0\x9f\x98\x80/\\n\\u001f\\\"\"]" },
	{ "{\"\":{\"x\":[[],{}]}}", "{\"\":{\"x\":[[],{}]}}" },
};

START_TEST(prints_what_it_read) {
	size_t len;
	const char *printed = json_print(arena, parse(kept[_i].text), 0, &len);

	ck_assert_str_eq(printed, kept[_i].printed);
	ck_assert_uint_eq(len, strlen(printed));
	ck_assert_str_eq(json_print(arena, parse(printed), 0, NULL), printed);
}
END_TEST

/* Strings are read and printed eight bytes at a time: every byte is tried at every place of short ones. */
static void try_byte(unsigned char byte, size_t len, size_t at)
{
	char text[64] = "[\"", *content = text + 2;
	struct error err;
	struct json *json;

	memset(content, 'x', len + 1);
	if (byte == '"' || byte == '\\') {
		content[at++] = '\\';
		len++;
	}
	content[at] = (char)byte;
	memcpy(content + len, "\"]", 3);
	json = json_parse(arena, text, strlen(text), 0, &err);
	ck_assert_msg(!json == (byte < 0x20 || byte > 0x7f), "byte %d at %zu of %s", byte, at,
		      text);
	if (json)
		ck_assert_str_eq(json_print(arena, json, 0, NULL), text);
}

START_TEST(every_byte_is_seen_wherever_it_stands) {
	static const size_t lens[] = { 3, 7, 8, 9, 12, 16, 17 };

	for (unsigned byte = 1; byte < 256; byte += byte >= 0xa2 && byte < 0xf0 ? 8 : 1) {
		if (byte > 0x30 && byte < 0x70 && byte != '\\')
			continue;
		for (size_t i = 0; i < sizeof(lens) / sizeof(*lens); i++)
			for (size_t at = 0; at < lens[i]; at++)
				try_byte((unsigned char)byte, lens[i], at);
		teardown();
		setup();
	}
}
END_TEST

START_TEST(control_characters_are_escaped_in_print) {
	struct json *json =
		json_new_string(arena, "\b\t\n\f\r\x01\x1f\x7f/\"\\ and \xc3\xa9 after");

	ck_assert_str_eq(json_print(arena, json, 0, NULL),
			 "\"\\b\\t\\n\\f\\r\\u0001\\u001f\x7f/\\\"\\\\ and \xc3\xa9 after\"");
}
END_TEST

START_TEST(depth_is_bounded) {
	struct error err;
	char text[2 * JSON_DEPTH_MAX + 3];

	for (size_t depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		ck_assert(!!json_parse(arena, text, 2 * depth, 0, &err) ==
			  (depth == JSON_DEPTH_MAX));
	}
}
END_TEST

START_TEST(finds_twins_among_many_members) {
	struct text text = { .arena = arena };
	struct error err;

	text_add(&text, "{", 1);
	for (int i = 0; i < 1000; i++)
		text_printf(&text, "\"m%d\":0,", i);
	text_printf(&text, "\"m500\":1}");
	ck_assert(!json_parse(arena, text.data, text.len, 0, &err));
	ck_assert_msg(strstr(err.msg, "duplicate member \"m500\""), "%s", err.msg);
}
END_TEST

START_TEST(comments_only_where_asked_for) {
	static const char text[] = "{ // one\n \"a\": /* two */ 1 }";
	struct error err;

	ck_assert(json_parse(arena, text, strlen(text), JSON_COMMENTS, &err));
	ck_assert(!json_parse(arena, text, strlen(text), 0, &err));
	ck_assert(!json_parse(arena, "{} /* open", 10, JSON_COMMENTS, &err));
}
END_TEST

static const struct {
	const char *pointer, *value; /* value NULL: nothing there */
} pointers[] = {
	{ "", "{\"a\":[1,{\"b/c\":2,\"~d\":3}],\"\":4,\"0\":5}" },
	{ "/a", "[1,{\"b/c\":2,\"~d\":3}]" },
	{ "/a/0", "1" },
	{ "/a/1/b~1c", "2" },
	{ "/a/1/~0d", "3" },
	{ "/", "4" },
	{ "/0", "5" },
	{ "/a/2", NULL },
	{ "/a/-", NULL },
	{ "/a/00", NULL },
	{ "/a/0/x", NULL },
	{ "/A", NULL },
	{ "a", NULL },
};

START_TEST(pointers_lead_there_and_back) {
	struct json *root = parse(pointers[0].value);
	struct json *node = json_at(root, pointers[_i].pointer);

	ck_assert_msg(!node == !pointers[_i].value, "%s", pointers[_i].pointer);
	if (!node)
		return;
	ck_assert_str_eq(json_print(arena, node, 0, NULL), pointers[_i].value);
	ck_assert_str_eq(json_pointer(arena, node), pointers[_i].pointer);
}
END_TEST

static const struct {
	const char *text;
	bool is_i64, is_u64;
} numbers[] = {
	{ "0", true, true },
	{ "-1", true, false },
	{ "9223372036854775807", true, true },
	{ "9223372036854775808", false, true },
	{ "-9223372036854775808", true, false },
	{ "18446744073709551615", false, true },
	{ "18446744073709551616", false, false },
	{ "1.0", false, false },
	{ "1e3", false, false },
	{ "-0", false, false },
	{ "\"1\"", false, false },
	{ "true", false, false },
};

START_TEST(integers_are_integers) {
	const struct json *json = parse(numbers[_i].text);
	int64_t i64;
	uint64_t u64;

	ck_assert_msg(json_i64(json, &i64) == numbers[_i].is_i64, "i64 %s", numbers[_i].text);
	ck_assert_msg(json_u64(json, &u64) == numbers[_i].is_u64, "u64 %s", numbers[_i].text);
}
END_TEST

START_TEST(edits_keep_order_and_neighbours) {
	struct json *root = parse("{\"a\":1,\"b\":[1,2,3],\"c\":3}");
	struct json *b = json_member(root, "b");

	json_set(arena, root, "a", json_new_string(arena, "x"));
	json_set(arena, root, "d", json_new_bool(arena, true));
	json_each(node, b)
		if (strcmp(node->text, "2") != 0)
			json_remove(node);
	json_prepend(b, json_new_u64(arena, UINT64_MAX));
	json_append(b, json_new_i64(arena, -5));
	ck_assert_str_eq(json_print(arena, root, 0, NULL),
			 "{\"a\":\"x\",\"b\":[18446744073709551615,2,-5],\"c\":3,\"d\":true}");
	json_remove(json_member(root, "d"));
	json_set(arena, root, "e", json_clone(arena, b));
	ck_assert(json_equal(b, json_member(root, "e")));
	json_remove(b->child);
	ck_assert(!json_equal(b, json_member(root, "e")));
	ck_assert_str_eq(json_print(arena, root, 0, NULL),
			 "{\"a\":\"x\",\"b\":[2,-5],\"c\":3,\"e\":[18446744073709551615,2,-5]}");
}
END_TEST

START_TEST(missing_objects_are_made) {
	struct json *root = parse("{\"a\":null,\"n\":1}");

	json_set(arena, json_make(arena, root, "/a/b/c"), "d", json_new(arena, JSON_NULL));
	ck_assert(!json_make(arena, root, "/n/x"));
	ck_assert_str_eq(json_print(arena, root, 0, NULL),
			 "{\"a\":{\"b\":{\"c\":{\"d\":null}}},\"n\":1}");
}
END_TEST

/* What was asked for, whatever stands around it; and what is no JSON where that is seen. */
static const struct {
	const char *text, *wanted, *found;
} some[] = {
	{ "{}", "a", "{}" },
	{ " { } ", "a", "{}" },
	{ "{\"a\":1,\"b\":2}", "a", "{\"a\":1}" },
	{ "{\"a\":1,\"b\":2}", "b a", "{\"a\":1,\"b\":2}" },
	{ "{\"ab\":1,\"a\":2,\"\":3}", "a", "{\"a\":2}" },
	{ "{\"a\":1}", "ab", "{}" },
	{ "{\"x\":{\"a\":1},\"a\":{\"x\":[1,{\"y\":\"}]\"}]}}", "a",
	  "{\"a\":{\"x\":[1,{\"y\":\"}]\"}]}}" },
	{ "{\"c\":{\"x\":{\"l\":0},\"l\":[\"a\",\"b\"],\"y\":1},\"l\":9}", "c/l",
	  "{\"c\":{\"l\":[\"a\",\"b\"]}}" },
	{ "{\"c\":{\"l\":1,\"m\":2},\"m\":3}", "c/l m", "{\"c\":{\"l\":1},\"m\":3}" },
	{ "{\"c\":[{\"l\":1}]}", "c/l", "{\"c\":[{\"l\":1}]}" },
	{ "{\"c\":\"l\"}", "c/l", "{\"c\":\"l\"}" },
	{ "{\"q\":\"\\\"a\\\":1\",\"a\":\"\\\\\"}", "a", "{\"a\":\"\\\\\"}" },
	{ " {\n\"b\" : [ ] ,\t\"a\" : { } } ", "a", "{\"a\":{}}" },
	{ "[]", "a", "[]" },
	{ "7", "a", "7" },
	{ "{\"a\":1,\"a\":2}", "a", NULL },
	{ "{\"c\":{\"l\":1,\"l\":2}}", "c/l", NULL },
	{ "{\"c\":{\"l\":1},\"c\":{\"l\":2}}", "c/l", NULL },
	{ "{\"a\":\"\\u0000\"}", "a", NULL },
	{ "{\"a\":nul}", "a", NULL },
	{ "{\"a\":1,}", "b", NULL },
	{ "{\"c\":{\"l\":1,}}", "c/l", NULL },
	{ "{\"a\":1,\"\\u0061\":2}", "a", NULL },
	{ "{\"\\u0061\":2}", "a", "{\"a\":2}" },
	{ "{\"a b\":1}", "a b", "{}" },
	{ "{\"a\":1", "a", NULL },
	{ "{\"a\":1}}", "a", NULL },
	{ "{\"a\":1} x", "a", NULL },
	{ "{\"a\"", "a", NULL },
	{ "{\"a", "a", NULL },
	{ "{\"a\\", "a", NULL },
	{ "{\"a\":\"", "b", NULL },
	{ "{a:1}", "a", NULL },
	{ "{\"b\" 1}", "a", NULL },
	{ "{\"b\":}", "b", NULL },
	{ "", "a", NULL },
};

START_TEST(some_members_are_found_in_passing) {
	/* what is read beyond the end is seen by sanitizers */
	size_t len = strlen(some[_i].text);
	char *text = malloc(len ? len : 1);
	struct json *json;
	struct error err;

	memcpy(text, some[_i].text, len);
	json = json_parse_some(arena, text, len, some[_i].wanted, &err);
	if (some[_i].found)
		ck_assert_str_eq(json_print(arena, json, 0, NULL), some[_i].found);
	else
		ck_assert_msg(!json, "%s: was taken", some[_i].text);
	free(text);
}
END_TEST

START_TEST(nothing_is_found_in_nothing) {
	ck_assert(!json_member(NULL, "a"));
	ck_assert(!json_at(NULL, "/a"));
	ck_assert(!json_string(NULL));
	ck_assert(!json_is(NULL, ""));
	ck_assert(!json_true(NULL));
	ck_assert(!json_has(NULL, "a"));
	ck_assert(json_equal(NULL, NULL));
}
END_TEST

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

int main(void)
{
	Suite *suite = suite_create("json");
	TCase *tcase = tcase_create("document");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, refuses_what_runtimes_disagree_on, 0, COUNT(refused));
	tcase_add_loop_test(tcase, prints_what_it_read, 0, COUNT(kept));
	tcase_add_loop_test(tcase, pointers_lead_there_and_back, 0, COUNT(pointers));
	tcase_add_loop_test(tcase, integers_are_integers, 0, COUNT(numbers));
	tcase_add_test(tcase, every_byte_is_seen_wherever_it_stands);
	tcase_add_test(tcase, control_characters_are_escaped_in_print);
	tcase_add_test(tcase, depth_is_bounded);
	tcase_add_test(tcase, finds_twins_among_many_members);
	tcase_add_test(tcase, comments_only_where_asked_for);
	tcase_add_test(tcase, edits_keep_order_and_neighbours);
	tcase_add_test(tcase, missing_objects_are_made);
	tcase_add_loop_test(tcase, some_members_are_found_in_passing, 0, COUNT(some));
	tcase_add_test(tcase, nothing_is_found_in_nothing);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
