/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines: what is understood, what is handed on, what is refused. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "argv.h"
#include "words.h"

#define WORDS_MAX 32

/* "runc create ID" taken apart at spaces; "''" is an empty word. */
static int split(struct arena *arena, const char *line, char *words[WORDS_MAX])
{
	const char *word;
	int count = 0;
	size_t len;

	while ((word = word_next(&line, &len)) != NULL) {
		ck_assert_int_lt(count, WORDS_MAX - 1);
		len = len == 2 && strncmp(word, "''", 2) == 0 ? 0 : len;
		words[count++] = arena_strndup(arena, word, len);
	}
	words[count] = NULL;
	return count;
}

static const char *joined(struct arena *arena, char *const *argv)
{
	struct text text = { .arena = arena };

	for (; *argv; argv++)
		text_printf(&text, "%s%s", text.len ? " " : "", *argv);
	return text.data;
}

static bool parse(struct arena *arena, const char *line, struct call *call, struct error *err)
{
	char **words = arena_alloc(arena, WORDS_MAX * sizeof(*words));
	int count = split(arena, line, words);

	return argv_parse(arena, count, words, call, err);
}

static const struct {
	const char *in, *out;
} understood[] = {
	/* containerd and Docker */
	{ "runc --root /run/containerd/runc/k8s.io --log B/log.json --log-format json "
	  "--systemd-cgroup create --bundle B --pid-file B/init.pid 4f0c",
	  "runc --root=/run/containerd/runc/k8s.io --log=B/log.json --log-format=json "
	  "--systemd-cgroup create --bundle=B --pid-file=B/init.pid -- 4f0c" },
	{ "runc --root R --log L --log-format json create --bundle B --pid-file P "
	  "--console-socket /tmp/pty1/pty.sock ID",
	  "runc --root=R --log=L --log-format=json create --bundle=B --pid-file=P "
	  "--console-socket=/tmp/pty1/pty.sock -- ID" },
	{ "runc --root R --log L --log-format json exec --process /tmp/runc-process1 --detach "
	  "--pid-file P ID",
	  "runc --root=R --log=L --log-format=json exec --process=/tmp/runc-process1 --detach "
	  "--pid-file=P -- ID" },
	{ "runc --root R update --resources - ID", "runc --root=R update --resources=- -- ID" },
	{ "runc create --bundle B --no-new-keyring ID",
	  "runc create --bundle=B --no-new-keyring -- ID" },
	{ "runc --debug --rootless=false create ID", "runc --debug --rootless=false create -- ID" },
	/* conmon and Podman */
	{ "crun --log-format=json --log F create --bundle D --pid-file F ID",
	  "crun --log-format=json --log=F create --bundle=D --pid-file=F -- ID" },
	{ "crun exec --pid-file F --process F2 --detach ID",
	  "crun exec --pid-file=F --process=F2 --detach -- ID" },
	{ "crun exec --pid-file F --process F2 --tty --console-socket S --detach ID",
	  "crun exec --pid-file=F --process=F2 --tty --console-socket=S --detach -- ID" },
	{ "crun update --resources=FILE ID", "crun update --resources=FILE -- ID" },
	{ "runc --root R --log L --log-format json start ID",
	  "runc --root=R --log=L --log-format=json start -- ID" },
	{ "crun --cgroup-manager=cgroupfs create ID",
	  "crun --cgroup-manager=cgroupfs create -- ID" },
	/* BuildKit and people */
	{ "runc run ID", "runc run -- ID" },
	{ "runc run --bundle B --keep --no-subreaper -d ID",
	  "runc run --bundle=B --keep --no-subreaper --detach -- ID" },
	{ "runc create -b B ID", "runc create --bundle=B -- ID" },
	{ "runc create -b B -- ID", "runc create --bundle=B -- ID" },
	{ "runc create --preserve-fds 0 ID", "runc create -- ID" },
	{ "runc create --preserve-fds 2 ID", "runc create --preserve-fds=2 -- ID" },
	{ "runc exec -p F -d ID", "runc exec --process=F --detach -- ID" },
	{ "runc exec -t -u 0:0 -e A=b -e C=d ID sh -c -- true",
	  "runc exec --tty --user=0:0 --env=A=b --env=C=d -- ID sh -c -- true" },
	{ "runc update --pids-limit -1 ID", "runc update --pids-limit=-1 -- ID" },
	{ "runc restore --image-path I -b B ID", "runc restore --image-path=I --bundle=B -- ID" },
};

START_TEST(what_is_understood_is_written_canonically) {
	struct arena *arena = arena_new();
	const char *in = understood[_i].in, *out;
	struct error err;
	struct call call;

	ck_assert_msg(parse(arena, in, &call, &err), "%s: %s", in, err.msg);
	ck_assert_msg(call.verb != VERB_PASS, "%s: handed on", in);
	out = joined(arena, argv_emit(arena, &call,
				      strncmp(in, "crun", 4) ? "/usr/bin/runc" : "/usr/bin/crun"));
	ck_assert_msg(strcmp(out, understood[_i].out) == 0, "%s\nfound    %s\nexpected %s", in, out,
		      understood[_i].out);
	ck_assert_msg(parse(arena, out, &call, &err), "%s again: %s", out, err.msg);
	arena_free(arena);
}
END_TEST

static const char *const handed_on[] = {
	"runc",
	"runc --version",
	"runc -v",
	"crun -V",
	"runc --help",
	"runc --root R --version create -b B ID",
	"runc state ID",
	"runc start --help",
	"runc --root R kill --all ID 9",
	"runc kill ID KILL",
	"runc delete --force ID",
	"runc --log A --log B delete ID",
	"runc --log-format nonsense delete ID",
	"runc pause ID",
	"runc resume ID",
	"runc ps --format json ID",
	"runc list -q",
	"runc events --stats ID",
	"runc spec",
	"runc features",
	"runc create --help",
	"runc exec -h",
	"runc kill -- -r",
};

START_TEST(harmless_commands_are_handed_on) {
	struct arena *arena = arena_new();
	struct error err;
	struct call call;

	ck_assert_msg(parse(arena, handed_on[_i], &call, &err), "%s: %s", handed_on[_i], err.msg);
	ck_assert_msg(call.verb == VERB_PASS, "%s: judged", handed_on[_i]);
	arena_free(arena);
}
END_TEST

static const struct {
	const char *in, *why;
} refused[] = {
	{ "runc exec --no-new-privs=false ID sh", "takes no value" },
	{ "runc create -b A -b B ID", "--bundle: given twice" },
	{ "runc create -b A --bundle=B ID", "--bundle: given twice" },
	{ "runc create -bundle=B ID", "unknown option" },
	{ "runc create -bundle B ID", "unknown option" },
	{ "runc create -b=B ID", "unknown option" },
	{ "runc create -bB ID", "unknown option" },
	{ "runc create --b B ID", "unknown option" },
	{ "runc create --bun B ID", "unknown option" },
	{ "runc create --bun=B ID", "unknown option" },
	{ "runc create --bundlex=B ID", "unknown option" },
	{ "runc create -f F ID", "config outside the bundle" },
	{ "runc create --config=F ID", "config outside the bundle" },
	{ "runc create --conf=F ID", "unknown option" },
	{ "runc run -dfF ID", "unknown option" },
	{ "runc run -df ID", "unknown option" },
	{ "runc create ID -b B", "behind the container id" },
	{ "runc create ID --bundle=B", "behind the container id" },
	{ "runc create -- ID -b B", "behind the container id" },
	{ "runc create --bundle= ID", "value is empty" },
	{ "runc create --bundle '' ID", "value is empty" },
	{ "runc create --bundle", "value is missing" },
	{ "runc create", "container id is missing" },
	{ "runc create -b B", "container id is missing" },
	{ "runc create --detach ID", "unknown option" },
	{ "runc start --detach ID", "unknown option" },
	{ "runc --log A --log B start ID", "given twice" },
	{ "runc start", "container id is missing" },
	{ "runc start A B", "behind the container id" },
	{ "runc start ../A", "container id" },
	{ "runc create --debug ID", "unknown option" },
	{ "runc --debug=true create ID", "takes no value" },
	{ "runc --bundle B create ID", "unknown option" },
	{ "runc --rootless=true create ID", "--rootless: value is refused" },
	{ "runc --cgroup-manager=disabled create -b B ID", "--cgroup-manager: value is refused" },
	{ "runc --log-format xml create ID", "--log-format: value is refused" },
	{ "runc --criu /tmp/x create ID", "runs a program as root" },
	{ "runc --version=false create ID", "takes no value" },
	{ "runc -root D create ID", "unknown option" },
	{ "runc -- create ID", "unknown option" },
	{ "runc - create ID", "unknown option" },
	{ "runc create ../x", "container id" },
	{ "runc create ..", "container id" },
	{ "runc create a/b", "container id" },
	{ "runc create ''", "container id" },
	{ "runc create -- -x", "container id" },
	{ "runc create --preserve-fds x ID", "--preserve-fds" },
	{ "runc create --preserve-fds -1 ID", "--preserve-fds" },
	{ "runc create --preserve-fds 65 ID", "--preserve-fds" },
	{ "runc exec ID", "neither --process nor a command" },
	{ "runc exec --process F ID sh", "behind the container id" },
	{ "runc exec -p F -e A=b ID", "--env: would be ignored" },
	{ "runc exec --proc=F ID", "unknown option" },
	{ "runc exec -pF ID", "unknown option" },
	{ "runc exec -dp F ID", "unknown option" },
	{ "runc exec --cgroup /x ID sh", "own cgroup" },
	{ "runc update -r F --pids-limit 5 ID", "--pids-limit: would be ignored" },
	{ "runc update --l3-cache-schema L3:0=f ID", "cache" },
	{ "crun mounts add ID F", "mounts" },
	{ "crun delete --regex .*", "every container" },
	{ "crun delete --re .*", "every container" },
	{ "crun delete -fr .*", "every container" },
	{ "crun kill -r .* 9", "every container" },
	{ "crun kill --all -r .* 9", "every container" },
	{ "runc init", "internal" },
	{ "runc frobnicate ID", "unknown" },
	{ "runc Create ID", "unknown" },
	{ "runc restore --lsm-profile x ID", "security label" },
	{ "runc checkpoint --page-server 10.0.0.1:80 ID", "network" },
};

START_TEST(what_is_not_understood_is_refused) {
	struct arena *arena = arena_new();
	struct error err = { "" };
	struct call call;

	ck_assert_msg(!parse(arena, refused[_i].in, &call, &err), "%s: understood", refused[_i].in);
	ck_assert_msg(strstr(err.msg, refused[_i].why), "%s\nfound    %s\nexpected %s",
		      refused[_i].in, err.msg, refused[_i].why);
	arena_free(arena);
}
END_TEST

START_TEST(the_log_is_known_even_when_the_rest_is_refused) {
	struct arena *arena = arena_new();
	struct error err;
	struct call call;

	ck_assert(!parse(arena, "runc --log L --log-format json create --bun B ID", &call, &err));
	ck_assert_str_eq(call.log.path, "L");
	ck_assert_str_eq(call.log.format, "json");
	ck_assert(!parse(arena, "runc --log=L create --bun B ID", &call, &err));
	ck_assert_str_eq(call.log.path, "L");
	arena_free(arena);
}
END_TEST

START_TEST(what_is_odd_in_a_message_is_masked) {
	struct arena *arena = arena_new();
	char *argv[] = { "runc", "create", "--\x1b[31m\nforged", "ID", NULL };
	struct error err;
	struct call call;

	ck_assert(!argv_parse(arena, 4, argv, &call, &err));
	ck_assert_ptr_null(strchr(err.msg, '\n'));
	ck_assert_ptr_null(strchr(err.msg, '\x1b'));
	arena_free(arena);
}
END_TEST

START_TEST(weakening_switches_are_judged_and_dropped) {
	struct arena *arena = arena_new();
	struct json *judged;
	struct error err;
	struct call call;
	size_t len;

	ck_assert(parse(arena, "runc create --no-pivot --no-new-keyring --preserve-fds 3 -b B ID",
			&call, &err));
	judged = argv_judged(arena, &call);
	ck_assert_str_eq(json_print(arena, judged, 0, &len),
			 "{\"no-pivot\":true,\"no-new-keyring\":true,\"preserve-fds\":\"3\"}");
	json_remove(json_member(judged, "no-pivot"));
	json_remove(json_member(judged, "preserve-fds"));
	argv_keep(arena, &call, judged);
	ck_assert_str_eq(joined(arena, argv_emit(arena, &call, "/usr/bin/runc")),
			 "runc create --no-new-keyring --bundle=B -- ID");
	ck_assert_uint_eq(call.preserve_fds, 0);
	arena_free(arena);
}
END_TEST

static const char container[] =
	"{\"process\":{\"terminal\":true,\"user\":{\"uid\":7,\"gid\":8},\"args\":[\"web\"],"
	"\"env\":[\"PATH=/bin\"],\"cwd\":\"/\",\"noNewPrivileges\":true,"
	"\"capabilities\":{\"bounding\":[\"CAP_KILL\"]}}}";

static const struct {
	const char *in, *out;
} processes[] = {
	{ "runc exec ID ls -l",
	  "{\"terminal\":false,\"user\":{\"uid\":7,\"gid\":8},\"args\":[\"ls\",\"-l\"],"
	  "\"env\":[\"PATH=/bin\"],\"cwd\":\"/\",\"noNewPrivileges\":true,"
	  "\"capabilities\":{\"bounding\":[\"CAP_KILL\"]}}" },
	{ "runc exec -t -e A=b --cwd /tmp -u 1:2 -g 3 ID sh",
	  "{\"terminal\":true,\"user\":{\"uid\":1,\"gid\":2,\"additionalGids\":[3]},"
	  "\"args\":[\"sh\"],\"env\":[\"PATH=/bin\",\"A=b\"],\"cwd\":\"/tmp\","
	  "\"noNewPrivileges\":true,\"capabilities\":{\"bounding\":[\"CAP_KILL\"]}}" },
	{ "runc exec -c CAP_SYS_ADMIN ID sh",
	  "{\"terminal\":false,\"user\":{\"uid\":7,\"gid\":8},\"args\":[\"sh\"],"
	  "\"env\":[\"PATH=/bin\"],\"cwd\":\"/\",\"noNewPrivileges\":true,\"capabilities\":"
	  "{\"bounding\":[\"CAP_KILL\",\"CAP_SYS_ADMIN\"],\"effective\":[\"CAP_SYS_ADMIN\"],"
	  "\"permitted\":[\"CAP_SYS_ADMIN\"],\"ambient\":[\"CAP_SYS_ADMIN\"]}}" },
	{ "runc exec -u root ID sh", NULL },
	{ "runc exec -u 1: ID sh", NULL },
	{ "runc exec -u -1 ID sh", NULL },
	{ "runc exec -g x ID sh", NULL },
};

START_TEST(exec_options_become_a_process) {
	struct arena *arena = arena_new();
	struct json *json, *own;
	struct error err;
	struct call call;
	const char *out;
	size_t len;

	own = json_parse(arena, container, sizeof(container) - 1, 0, &err);
	ck_assert_msg(parse(arena, processes[_i].in, &call, &err), "%s", err.msg);
	json = argv_process(arena, &call, own, &err);
	out = json ? json_print(arena, json, 0, &len) : NULL;
	if (!processes[_i].out) {
		ck_assert_msg(!out, "%s: found %s, expected a refusal", processes[_i].in, out);
	} else {
		ck_assert_str_eq(out, processes[_i].out);
		ck_assert_str_eq(joined(arena, argv_emit(arena, &call, "/usr/bin/runc")),
				 "runc exec -- ID");
	}
	arena_free(arena);
}
END_TEST

static const struct {
	const char *in, *out;
} resources[] = {
	{ "runc update --pids-limit 5 --memory 512m --cpuset-cpus 0-1 ID",
	  "{\"pids\":{\"limit\":5},\"memory\":{\"limit\":536870912},\"cpu\":{\"cpus\":\"0-1\"}}" },
	{ "runc update --memory-swap -1 ID", "{\"memory\":{\"swap\":-1}}" },
	{ "runc update --memory 1Gb ID", "{\"memory\":{\"limit\":1073741824}}" },
	{ "runc update --memory 9999999999t ID", NULL },
	{ "runc update --memory 1x ID", NULL },
	{ "runc update --memory m ID", NULL },
	{ "runc update --pids-limit 5x ID", NULL },
	{ "runc update --pids-limit +5 ID", NULL },
	{ "runc update --pids-limit 99999999999999999999 ID", NULL },
	{ "runc update ID", "{}" },
};

START_TEST(update_options_become_resources) {
	struct arena *arena = arena_new();
	struct json *json;
	struct error err;
	struct call call;
	const char *out;
	size_t len;

	ck_assert_msg(parse(arena, resources[_i].in, &call, &err), "%s", err.msg);
	json = argv_resources(arena, &call, &err);
	out = json ? json_print(arena, json, 0, &len) : "refused";
	ck_assert_msg(strcmp(out, resources[_i].out ? resources[_i].out : "refused") == 0,
		      "%s: found %s, expected %s", resources[_i].in, out, resources[_i].out);
	arena_free(arena);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(*(table))))

int main(void)
{
	Suite *suite = suite_create("argv");
	TCase *tcase = tcase_create("argv");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, what_is_understood_is_written_canonically, 0, COUNT(understood));
	tcase_add_loop_test(tcase, harmless_commands_are_handed_on, 0, COUNT(handed_on));
	tcase_add_loop_test(tcase, what_is_not_understood_is_refused, 0, COUNT(refused));
	tcase_add_test(tcase, the_log_is_known_even_when_the_rest_is_refused);
	tcase_add_test(tcase, what_is_odd_in_a_message_is_masked);
	tcase_add_test(tcase, weakening_switches_are_judged_and_dropped);
	tcase_add_loop_test(tcase, exec_options_become_a_process, 0, COUNT(processes));
	tcase_add_loop_test(tcase, update_options_become_resources, 0, COUNT(resources));
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
