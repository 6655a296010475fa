/* SPDX-License-Identifier: Apache-2.0 */
/* Who may start containers may also write what identifies them: nothing of that ever matches. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "annotations.h"
#include "harness.h"

#define ID	"4f0ca2c1e5d94b6f8a37d1905be2c64871f3a9e0d5b86c427e19f0a8d3b5c761"
#define UID	"0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
#define TASKS	"/run/containerd/io.containerd.runtime.v2.task/"
#define STORAGE "/var/lib/containers/storage/overlay-containers/"

/* Everything that Kubernetes' engines write about a pod, as a person would type it. */
static const char forged[] =
	"{\"io.container.manager\":\"libpod\","
	"\"io.kubernetes.pod.namespace\":\"kube-system\",\"io.kubernetes.pod.name\":\"proxy\","
	"\"io.kubernetes.pod.uid\":\"" UID "\",\"io.kubernetes.container.name\":\"proxy\","
	"\"io.kubernetes.cri-o.Namespace\":\"kube-system\",\"io.kubernetes.cri-o.KubeName\":\"proxy\","
	"\"io.kubernetes.cri-o.ContainerType\":\"container\",\"io.kubernetes.cri-o.SandboxID\":\"" ID
	"\",\"io.kubernetes.cri-o.ImageName\":\"registry/proxy\","
	"\"io.kubernetes.cri-o.ImageRef\":\"sha256:00\",\"nerdctl/namespace\":\"kube-system\"}";

/* What only containerd's CRI plugin writes: elsewhere the whole document is a lie. */
static const char cri[] = "{\"io.kubernetes.cri.container-type\":\"container\","
			  "\"io.kubernetes.cri.sandbox-namespace\":\"kube-system\","
			  "\"io.kubernetes.cri.sandbox-uid\":\"" UID "\","
			  "\"io.kubernetes.cri.sandbox-name\":\"proxy\"}";

static const struct {
	const char *who, *bundle, *cgroup, *manager;
} places[] = {
	{ "docker", TASKS "moby/" ID, "/docker/" ID, NULL },
	{ "docker with a parent", TASKS "moby/" ID, "/kubepods/pod" UID "/" ID, NULL },
	{ "podman", STORAGE ID "/userdata", "/libpod_parent/libpod-" ID, "libpod" },
	{ "podman with a parent", STORAGE ID "/userdata", "/kubepods/pod" UID "/libpod-" ID,
	  "libpod" },
	{ "podman as CRI-O", STORAGE ID "/userdata", "/pod" UID ":crio:/libpod-" ID, NULL },
	{ "podman as CRI-O in a pod", STORAGE ID "/userdata", "/pod" UID "/x:crio:/libpod-" ID,
	  NULL },
	{ "podman as CRI-O by name", STORAGE ID "/userdata", "/pod" UID "/crio-x/libpod-" ID,
	  NULL },
	{ "podman as CRI-O by slice", STORAGE ID "/userdata", "pod" UID ":crio:x.slice:libpod:" ID,
	  NULL },
	{ "nerdctl", TASKS "default/" ID, "/default/" ID, NULL },
	{ "nobody", "/srv/bundles/" ID, "/kubepods/pod" UID "/" ID, NULL },
	{ "nobody as CRI-O", "/srv/x-containers/" ID "/data", "kubepods-pod" UID ".slice:crio:" ID,
	  NULL },
	{ "BuildKit", "/var/lib/buildkit/runc-overlayfs/executor/" ID, "/buildkit/" ID, NULL },
};

static const char *const matches[] = {
	"{\"namespace\":\"*\"}",  "{\"pod\":\"*\"}",
	"{\"container\":\"*\"}",  "{\"image\":\"*\"}",
	"{\"digest\":\"*\"}",	  "{\"label.app\":\"*\"}",
	"{\"engine\":\"cri-o\"}", "{\"engine\":\"containerd-cri\"}",
};

static const char *policy_text(struct arena *arena, const char *match)
{
	return arena_printf(
		arena,
		"{\"version\":1,\"exemptions\":[{\"id\":\"e\",\"match\":%s,"
		"\"rules\":[\"host-pid\"],\"reason\":\"r\",\"owner\":\"o\","
		"\"expires\":\"never\"}],\"assign\":[{\"match\":%s,\"mode\":\"audit\"}]}",
		match, match);
}

static void judge(struct arena *arena, size_t place, const char *annotations, const char *match,
		  struct report *report)
{
	struct policy *policy = arena_alloc(arena, sizeof(*policy));
	struct task task = { .boundary = AT_CREATE, .name = "config.json", .policy = policy };
	const struct json *base = slurp_json(arena, "tests/base/config.json");
	struct json *doc = json_clone(arena, base), *notes;
	struct error err;

	policy_of(arena, "policy", policy_text(arena, match), policy);
	notes = json_parse(arena, annotations, strlen(annotations), 0, &err);
	if (places[place].manager && annotations == forged)
		json_set(arena, notes, "io.container.manager",
			 json_new_string(arena, places[place].manager));
	else if (annotations == forged)
		json_remove(json_member(notes, "io.container.manager"));
	json_set(arena, doc, "annotations", notes);
	json_set(arena, json_member(doc, "linux"), "cgroupsPath",
		 json_new_string(arena, places[place].cgroup));
	json_remove(json_at(doc, "/linux/namespaces/3"));
	task.text = json_print(arena, doc, 0, &task.len);
	task.facts = (struct call_facts){ .bundle = places[place].bundle, .id = ID };
	task.host = host_facts(arena, json_new(arena, JSON_OBJECT), &err);
	harden(arena, &task, report);
}

static void never(struct arena *arena, size_t place, const char *annotations, const char *match)
{
	struct report report;

	judge(arena, place, annotations, match, &report);
	ck_assert_msg(report.verdict == VERDICT_REJECTED && report.mode == MODE_ENFORCE,
		      "%s, %s: expected a rejection, got\n%s", places[place].who, match,
		      report_text(arena, &report, NULL, false));
	for (const struct finding *each = report.findings.first; each; each = each->next)
		ck_assert_msg(each->outcome != OUTCOME_EXEMPTED, "%s, %s: exempted from %s",
			      places[place].who, match, each->rule);
}

START_TEST(forged_annotations_never_match) {
	struct arena *arena = arena_new();

	for (size_t i = 0; i < sizeof(matches) / sizeof(*matches); i++) {
		never(arena, (size_t)_i, forged, matches[i]);
		never(arena, (size_t)_i, cri, matches[i]);
	}
	arena_free(arena);
}
END_TEST

/* The same by the engine itself does: the test above would pass of a policy that never matched. */
START_TEST(what_an_engine_vouches_for_matches) {
	struct arena *arena = arena_new();
	const char *text = policy_text(arena, "{\"namespace\":\"kube-system\",\"pod\":\"proxy\"}");
	struct call_facts call = { .bundle = TASKS "k8s.io/" ID, .id = ID };
	struct json *doc = json_new(arena, JSON_OBJECT);
	const struct json *allow;
	struct workload workload;
	struct policy policy;
	struct error err;

	policy_of(arena, "policy", text, &policy);
	json_set(arena, doc, "annotations", json_parse(arena, cri, sizeof(cri) - 1, 0, &err));
	json_set(arena, json_make(arena, doc, "/linux"), "cgroupsPath",
		 json_new_string(arena, "/kubepods/pod" UID "/" ID));
	ck_assert_msg(identity_of(arena, &call, doc, &workload, &err), "%s", err.msg);
	ck_assert_ptr_nonnull(policy_exempts(&policy, &workload, "host-pid", NULL, &allow));
	arena_free(arena);
}
END_TEST

START_TEST(docker_s_record_is_read_only_if_it_can_matter) {
	static const struct {
		const char *match;
		bool asks;
	} rows[] = {
		{ "{\"engine\":\"docker\"}", false }, { "{\"namespace\":\"x\"}", false },
		{ "{\"image\":\"x\"}", true },	      { "{\"digest\":\"x\"}", true },
		{ "{\"label.app\":\"x\"}", true },
	};
	struct arena *arena = arena_new();
	struct policy policy;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		policy_of(arena, "policy", policy_text(arena, rows[i].match), &policy);
		ck_assert_msg(policy_asks_record(&policy) == rows[i].asks, "%s", rows[i].match);
	}
	policy_of(arena, "policy", NULL, &policy);
	ck_assert(!policy_asks_record(&policy));
	arena_free(arena);
}
END_TEST

static const struct {
	const char *bundle, *features, *key;
	bool refused;
} learned[] = {
	{ TASKS "moby/" ID, "[\"org.new.thing\",\"org.wide.\"]", "org.new.thing", true },
	{ TASKS "moby/" ID, "[\"org.new.thing\",\"org.wide.\"]", "org.new.things", false },
	{ TASKS "moby/" ID, "[\"org.new.thing\",\"org.wide.\"]", "org.wide.x", true },
	{ TASKS "moby/" ID, "[\"org.new.thing\",\"org.wide.\"]", "org.wide", false },
	{ TASKS "moby/" ID, "[]", "org.new.thing", false },
	{ TASKS "moby/" ID, "[\"\",7]", "org.new.thing", false },
	{ TASKS "moby/" ID, "[]", "run.oci.handler", true },
	/* crun lists this one, and containerd writes it */
	{ TASKS "k8s.io/" ID, "[\"io.kubernetes.cri.container-type\"]",
	  "io.kubernetes.cri.container-type", false },
};

START_TEST(what_the_runtime_calls_unsafe_is_refused) {
	struct arena *arena = arena_new();
	struct workload workload = { .engine = _i == 7 ? ENGINE_CRI : ENGINE_DOCKER };
	struct json *doc = json_new(arena, JSON_OBJECT), *features = json_new(arena, JSON_OBJECT);
	struct findings findings = { 0 };
	struct judge judge = { .arena = arena, .doc = doc, .workload = &workload };
	struct error err;

	json_set(arena, features, "potentiallyUnsafeConfigAnnotations",
		 json_parse(arena, learned[_i].features, strlen(learned[_i].features), 0, &err));
	json_set(arena, json_make(arena, doc, "/annotations"), learned[_i].key,
		 json_new_string(arena, "x"));
	judge.annotations =
		json_member(annotations_of(arena, "/usr/bin/runc", features), "annotations");
	judge.rule = rule_find("annotations");
	judge.setting.action = ACTION_REJECT;
	rule_apply(&judge, NULL, &findings);
	ck_assert_msg((findings.count > 0) == learned[_i].refused, "%s: %s", learned[_i].features,
		      learned[_i].key);
	arena_free(arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("forged");
	TCase *tcase = tcase_create("identity");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, forged_annotations_never_match, 0,
			    (int)(sizeof(places) / sizeof(*places)));
	tcase_add_test(tcase, what_an_engine_vouches_for_matches);
	tcase_add_test(tcase, docker_s_record_is_read_only_if_it_can_matter);
	tcase_add_loop_test(tcase, what_the_runtime_calls_unsafe_is_refused, 0,
			    (int)(sizeof(learned) / sizeof(*learned)));
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
