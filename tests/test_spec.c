/* SPDX-License-Identifier: Apache-2.0 */
/* The shape of config.json: types, ranges, spelling, what is missing, what is unknown. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "spec.h"

#define USER	"\"user\":{\"uid\":0,\"gid\":0}"
#define PROCESS "{" USER ",\"args\":[\"sh\"],\"cwd\":\"/\"}"
#define CONFIG(more) \
	"{\"ociVersion\":\"1.0.2\",\"process\":" PROCESS ",\"root\":{\"path\":\"rootfs\"}" more "}"
#define WITH(more)   "{" USER ",\"args\":[\"sh\"],\"cwd\":\"/\"," more "}"
#define LINUX(more)  CONFIG(",\"linux\":{" more "}")
#define UID(value)   "{\"user\":{\"uid\":" value ",\"gid\":0},\"args\":[\"sh\"],\"cwd\":\"/\"}"
#define MEMORY(more) "{\"memory\":{" more "}}"

struct row {
	const char *shape, *text;
	const char *err; /* how the message begins; NULL: nothing is wrong */
};

static const struct row types[] = {
	{ "config", CONFIG(""), NULL },
	{ "process", PROCESS, NULL },
	{ "resources", "{}", NULL },
	{ "config", "[]", ": wrong value (found an array, expected an object)" },
	{ "config", "null", ": wrong value (found null, expected an object)" },
	{ "process", WITH("\"noNewPrivileges\":1"),
	  "/noNewPrivileges: wrong value (found 1, expected true or false)" },
	{ "process", WITH("\"noNewPrivileges\":\"true\""), "/noNewPrivileges: wrong value" },
	{ "process", WITH("\"capabilities\":[]"), "/capabilities: wrong value (found an array" },
	{ "process", WITH("\"capabilities\":{\"bounding\":\"CAP_KILL\"}"),
	  "/capabilities/bounding: wrong value (found a string, expected an array)" },
	{ "process", WITH("\"capabilities\":{\"bounding\":[1]}"), "/capabilities/bounding/0: " },
	{ "process", WITH("\"capabilities\":{\"bounding\":[null]}"), "/capabilities/bounding/0: " },
	{ "process", WITH("\"capabilities\":{\"bounding\":[\"CAP_KILL\",\"kill\"]}"), NULL },
	{ "process", WITH("\"capabilities\":{\"bounding\":[\"CAP_SYS_ADMIN1\"]}"),
	  "/capabilities/bounding/0: wrong value (found a string, expected a word of letters" },
	{ "process", WITH("\"capabilities\":{\"ambient\":[\"21\"]}"), "/capabilities/ambient/0: " },
	{ "process", WITH("\"capabilities\":{\"ambient\":[\"\"]}"), "/capabilities/ambient/0: " },
	{ "config", CONFIG(",\"mounts\":{}"), "/mounts: wrong value" },
	{ "config", CONFIG(",\"mounts\":[null]"), "/mounts/0: wrong value (found null" },
	{ "config", CONFIG(",\"hostname\":7"), "/hostname: wrong value (found 7" },
	{ "config", CONFIG(",\"annotations\":{\"a\":1}"), "/annotations/a: wrong value" },
	{ "config", CONFIG(",\"annotations\":{\"a\":null}"), "/annotations/a: wrong value" },
	{ "config", CONFIG(",\"annotations\":[]"), "/annotations: wrong value" },
	{ "config", LINUX("\"sysctl\":{\"net.x\":1}"), "/linux/sysctl/net.x: wrong value" },
	{ "config", LINUX("\"netDevices\":{\"eth0\":{\"name\":\"eth1\"}}"), NULL },
	{ "config", LINUX("\"netDevices\":{\"eth0\":1}"), "/linux/netDevices/eth0: wrong value" },
	{ "config", LINUX("\"netDevices\":{\"eth0\":{\"name\":1}}"),
	  "/linux/netDevices/eth0/name: wrong value" },
	{ "config", LINUX("\"timeOffsets\":{\"boottime\":{\"secs\":-5,\"nanosecs\":1}}"), NULL },
	{ "config", LINUX("\"memoryPolicy\":{\"mode\":\"MPOL_BIND\",\"nodes\":\"0\"}"), NULL },
	{ "config", LINUX("\"intelRdt\":{\"schemata\":[\"L3:0=f\"],\"enableMonitoring\":true}"),
	  NULL },
	/* Another platform's objects are not looked into: a rule refuses them as they are. */
	{ "config", CONFIG(",\"vm\":{\"Hypervisor\":1}"), NULL },
	{ "config", CONFIG(",\"vm\":1"), "/vm: wrong value" },
};

static const struct row numbers[] = {
	{ "process", UID("1000"), NULL },
	/* A rule of its own looks at ids above 2^31-1; the type ends at 2^32-2. */
	{ "process", UID("4294967294"), NULL },
	{ "process", UID("4294967295"), "/user/uid: wrong value (found 4294967295" },
	{ "process", UID("4294967296"),
	  "/user/uid: wrong value (found 4294967296, expected integer from 0 to 4294967294)" },
	{ "process", UID("-1"), "/user/uid: wrong value (found -1" },
	{ "process", UID("-0"), "/user/uid: wrong value" },
	{ "process", UID("1000.0"), "/user/uid: wrong value (found 1000.0" },
	{ "process", UID("1.5"), "/user/uid: wrong value" },
	{ "process", UID("1e3"), "/user/uid: wrong value" },
	{ "process", UID("1E400"), "/user/uid: wrong value" },
	{ "process", UID("\"1000\""), "/user/uid: wrong value (found a string" },
	{ "process", UID("true"), "/user/uid: wrong value (found true" },
	{ "process", UID("null"), "/user/uid: wrong value (found null" },
	{ "process", WITH("\"oomScoreAdj\":-999"), NULL },
	{ "process", WITH("\"oomScoreAdj\":-1001"), "/oomScoreAdj: wrong value" },
	{ "process",
	  WITH("\"rlimits\":[{\"type\":\"RLIMIT_CORE\",\"hard\":18446744073709551615,\"soft\":0}]"),
	  NULL },
	{ "process",
	  WITH("\"rlimits\":[{\"type\":\"RLIMIT_CORE\",\"hard\":18446744073709551616,\"soft\":0}]"),
	  "/rlimits/0/hard: wrong value" },
	{ "resources", MEMORY("\"limit\":-1"), NULL },
	{ "resources", MEMORY("\"limit\":9223372036854771712"), NULL },
	{ "resources", MEMORY("\"limit\":9223372036854775808"), "/memory/limit: wrong value" },
	{ "resources", MEMORY("\"limit\":-9223372036854775809"), "/memory/limit: wrong value" },
	{ "resources", "{\"blockIO\":{\"weight\":65536}}", "/blockIO/weight: wrong value" },
	{ "resources", "{\"rdma\":{\"mlx5_1\":{\"hcaHandles\":-1}}}",
	  "/rdma/mlx5_1/hcaHandles: wrong value" },
	{ "resources", "{\"devices\":[{\"allow\":true,\"major\":-1}]}", NULL },
	{ "process",
	  "{\"user\":{\"uid\":0,\"gid\":0,\"additionalGids\":[0,-4]},\"args\":[\"sh\"],"
	  "\"cwd\":\"/\"}",
	  "/user/additionalGids/1: wrong value (found -4" },
};

/* Go folds the case of struct members, so runc reads each of these; crun reads none. */
static const struct row spelling[] = {
	{ "process", WITH("\"NONEWPRIVILEGES\":true"),
	  "/NONEWPRIVILEGES: runtimes disagree on this spelling (found \"NONEWPRIVILEGES\", "
	  "expected \"noNewPrivileges\")" },
	{ "process", WITH("\"noNewPrivileges\":true,\"NoNewPrivileges\":false"),
	  "/NoNewPrivileges: runtimes disagree" },
	{ "process", WITH("\"noNewPrivilege\\u017f\":false"), "/noNewPrivilege\u017f: runtimes" },
	{ "process", WITH("\"noNewPrivilege\u017f\":false"), "/noNewPrivilege\u017f: runtimes" },
	{ "process", WITH("\"no\\u004eewPrivileges\":true"), NULL },
	{ "config", LINUX("\"mas\u212aedPaths\":[]"), "/linux/mas\u212aedPaths: runtimes" },
	{ "config", LINUX("\"maskedpaths\":null"), "/linux/maskedpaths: runtimes" },
	{ "config", LINUX("\"\\u017feccomp\":null"), "/linux/\u017feccomp: runtimes" },
	{ "config", CONFIG(",\"proce\u017f\u017f\":{}"), "/proce\u017f\u017f: runtimes" },
	{ "config", CONFIG(",\"Linux\":{\"seccomp\":null}"), "/Linux: runtimes" },
	{ "config", CONFIG(",\"VM\":{}"), "/VM: runtimes" },
	{ "config", CONFIG(",\"mounts\":[{\"destination\":\"/x\",\"Source\":\"/etc\"}]"),
	  "/mounts/0/Source: runtimes" },
	{ "config", CONFIG(",\"hooks\":{\"prestart\":[{\"path\":\"/x\",\"ENV\":[]}]}"),
	  "/hooks/prestart/0/ENV: runtimes" },
	{ "config",
	  LINUX("\"seccomp\":{\"syscalls\":[{\"action\":\"SCMP_ACT_ALLOW\","
		"\"args\":[{\"index\":0,\"value\":1,\"op\":\"SCMP_CMP_EQ\",\"OP\":\"\"}]}]}"),
	  "/linux/seccomp/syscalls/0/args/0/OP: runtimes" },
	/* Maps are case-sensitive to every runtime, and unknown members are not a matter of shape. */
	{ "config", CONFIG(",\"annotations\":{\"a\":\"1\",\"A\":\"2\"}"), NULL },
	{ "config", LINUX("\"sysctl\":{\"net.x\":\"1\",\"NET.X\":\"1\"}"), NULL },
	{ "process", WITH("\"noNewPrivilege\":true,\"noNewPrivilegess\":true,\"x\":{}"), NULL },
	{ "process", WITH("\"\":true,\"\u017f\":true"), NULL },
};

static const struct row null[] = {
	{ "process", WITH("\"noNewPrivileges\":null,\"capabilities\":null,\"env\":null"), NULL },
	{ "config", CONFIG(",\"mounts\":null,\"hooks\":null,\"annotations\":null"), NULL },
	{ "config", LINUX("\"seccomp\":null,\"maskedPaths\":null,\"resources\":null"), NULL },
	{ "resources", "{\"devices\":null,\"unified\":null}", NULL },
	{ "process", WITH("\"apparmorProfile\":null"),
	  "/apparmorProfile: wrong value (found null" },
	{ "process", WITH("\"oomScoreAdj\":null"), "/oomScoreAdj: wrong value (found null" },
	{ "resources", "{\"devices\":[{\"allow\":null}]}", "/devices/0/allow: wrong value" },
	{ "process", "{" USER ",\"args\":null,\"cwd\":\"/\"}", "/args: wrong value (found null" },
};

static const struct row missing[] = {
	{ "config", "{\"process\":" PROCESS ",\"root\":{\"path\":\"r\"}}",
	  "/ociVersion: missing (found nothing, expected string)" },
	{ "config", "{\"ociVersion\":\"1.0.2\",\"root\":{\"path\":\"r\"}}", "/process: missing" },
	{ "config", "{\"ociVersion\":\"1.0.2\",\"process\":" PROCESS "}", "/root: missing" },
	{ "config", "{\"ociVersion\":\"9.9\",\"process\":" PROCESS ",\"root\":{\"path\":\"r\"}}",
	  "/ociVersion: unknown version (found \"9.9\"" },
	{ "process", "{\"args\":[\"sh\"],\"cwd\":\"/\"}", "/user: missing" },
	{ "process", "{" USER ",\"cwd\":\"/\"}", "/args: missing" },
	{ "process", "{" USER ",\"args\":[\"sh\"]}", "/cwd: missing" },
	{ "config", CONFIG(",\"mounts\":[{\"source\":\"/etc\"}]"),
	  "/mounts/0/destination: missing" },
	{ "config", LINUX("\"namespaces\":[{\"path\":\"/x\"}]"),
	  "/linux/namespaces/0/type: missing" },
	{ "config", LINUX("\"devices\":[{\"path\":\"/dev/x\"}]"),
	  "/linux/devices/0/type: missing" },
	/* runc takes these for "no filter"; rules repair that, so that the container starts safely. */
	{ "config", LINUX("\"seccomp\":{}"), NULL },
	{ "config", LINUX("\"seccomp\":{\"defaultAction\":\"\"}"), NULL },
	{ "resources", "{\"pids\":{}}", NULL },
};

static void try_row(const struct row *row)
{
	struct arena *arena = arena_new();
	struct error err = { "" };
	struct json *doc = json_parse(arena, row->text, strlen(row->text), 0, &err);
	bool good = doc && spec_check(arena, doc, row->shape, &err);

	if (row->err)
		ck_assert_msg(doc && !good && !strncmp(err.msg, row->err, strlen(row->err)),
			      "input %s\nexpected %s\ngot %s", row->text, row->err,
			      good ? "no error" : err.msg);
	else
		ck_assert_msg(good, "input %s\nexpected no error\ngot %s", row->text, err.msg);
	arena_free(arena);
}

#define TRY(table)                                                            \
	START_TEST(table##_are_checked) {                                     \
		for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) \
			try_row(&table[i]);                                   \
	}                                                                     \
	END_TEST

TRY(types)
TRY(numbers)
TRY(spelling)
TRY(null)
TRY(missing)

START_TEST(every_recorded_config_passes) {
	struct arena *arena = arena_new();
	struct error err = { "" };
	size_t count = 0;

	json_each(row, corpus_index(arena)) {
		const char *file = json_string(json_member(row, "file"));
		const char *path = arena_printf(arena, "tests/corpus/%s", file);
		bool process = json_is(json_member(row, "kind"), "process");
		struct json *doc = slurp_json(arena, path);

		ck_assert_msg(doc != NULL, "%s: cannot be read", path);
		ck_assert_msg(spec_check(arena, doc, process ? "process" : "config", &err),
			      "input %s\nexpected no error\ngot %s", path, err.msg);
		count++;
	}
	ck_assert_uint_gt(count, 100);
	arena_free(arena);
}
END_TEST

static void note(void *data, const struct json *node)
{
	struct text *text = data;

	text_printf(text, "%s ", json_pointer(text->arena, node));
}

START_TEST(unknown_members_are_found_at_any_depth) {
	struct arena *arena = arena_new();
	struct error err = { "" };
	struct text text = { .arena = arena };
	const char *input =
		CONFIG(",\"x\":{\"y\":1},\"vm\":{\"kernel\":{}},\"annotations\":{\"a\":\"\"},"
		       "\"mounts\":[{\"destination\":\"/a\"},{\"dest\":1}],\"linux\":"
		       "{\"netDevices\":{\"eth0\":{\"mtu\":1}},\"seccomp\":{\"syscalls\":"
		       "[{\"comment\":\"\"}]}}");
	struct json *doc = json_parse(arena, input, strlen(input), 0, &err);

	ck_assert_msg(doc != NULL, "%s", err.msg);
	spec_unknown(doc, "config", note, &text);
	ck_assert_str_eq(text.data, "/x /mounts/1/dest /linux/netDevices/eth0/mtu "
				    "/linux/seccomp/syscalls/0/comment ");
	arena_free(arena);
}
END_TEST

START_TEST(pointers_lead_to_fields) {
	static const struct {
		const char *pointer, *name;
	} rows[] = {
		{ "/process/user/uid", "uid" },
		{ "/mounts", "mounts" },
		{ "/mounts/3", "mounts" },
		{ "/mounts/*/source", "source" },
		{ "/mounts/3/options/0", "options" },
		{ "/annotations/io.kubernetes.cri.image-name", "annotations" },
		{ "/linux/netDevices/eth0/name", "name" },
		{ "/linux/resources/devices/0/allow", "allow" },
		{ "/vm", "vm" },
		{ "", NULL },
		{ "/", NULL },
		{ "process", NULL },
		{ "/process/", NULL },
		{ "/process/user/uid/0", NULL },
		{ "/mounts/3/options/0/x", NULL },
		{ "/Process", NULL },
		{ "/vm/kernel", NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct spec_field *field = spec_at(rows[i].pointer);

		ck_assert_msg(
			!field == !rows[i].name && (!field || !strcmp(field->name, rows[i].name)),
			"input %s\nexpected %s\ngot %s", rows[i].pointer,
			rows[i].name ? rows[i].name : "nothing", field ? field->name : "nothing");
	}
}
END_TEST

/* What the macros of the tables cannot see for themselves. */
static void try_shape(const struct spec_shape *shape)
{
	size_t required = 0;

	for (size_t i = 0; i < shape->count; i++) {
		const struct spec_field *field = &shape->fields[i];

		required += field->required;
		ck_assert_msg(field->what[0] != '\0', "%s.%s says nothing", shape->name,
			      field->name);
		for (size_t j = 0; j < i; j++)
			ck_assert_msg(strcasecmp(field->name, shape->fields[j].name),
				      "%s.%s is there twice", shape->name, field->name);
		if (field->detail)
			try_shape(field->detail);
	}
	ck_assert_msg(required == shape->required, "%s\nexpected %zu required fields\ngot %zu",
		      shape->name, shape->required, required);
}

START_TEST(tables_are_consistent) {
	try_shape(spec_shape("config"));
	ck_assert_ptr_null(spec_shape("nothing"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("spec");
	TCase *tcase = tcase_create("spec");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(tcase, types_are_checked);
	tcase_add_test(tcase, numbers_are_checked);
	tcase_add_test(tcase, spelling_are_checked);
	tcase_add_test(tcase, null_are_checked);
	tcase_add_test(tcase, missing_are_checked);
	tcase_add_test(tcase, every_recorded_config_passes);
	tcase_add_test(tcase, unknown_members_are_found_at_any_depth);
	tcase_add_test(tcase, pointers_lead_to_fields);
	tcase_add_test(tcase, tables_are_consistent);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
