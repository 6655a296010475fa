/* SPDX-License-Identifier: Apache-2.0 */
/* Who calls: what proves an engine, what a workload can only claim, and what contradicts itself. */
#include <check.h>
#include <string.h>

#include "harness.h"

#define ID    "4f0ca2c1e5d94b6f8a37d1905be2c64871f3a9e0d5b86c427e19f0a8d3b5c761"
#define OTHER "1111111111111111111111111111111111111111111111111111111111111111"
#define UID   "e33542e4-ecca-4ed5-8b33-8d046e5315dd"
#define USID  "e33542e4_ecca_4ed5_8b33_8d046e5315dd"
#define TASKS "/run/containerd/io.containerd.runtime.v2.task/"
#define CRI   "io.kubernetes.cri."

#define CRI_NOTES(type)                                                                       \
	"\"annotations\":{\"" CRI "container-type\":\"" type "\",\"" CRI "sandbox-id\":\"" ID \
	"\",\"" CRI "sandbox-uid\":\"" UID "\",\"" CRI "sandbox-namespace\":\"shop\",\"" CRI  \
	"sandbox-name\":\"web-1\",\"" CRI "image-name\":\"nginx:1\"}"
#define CGROUP(path) "\"linux\":{\"cgroupsPath\":\"" path "\"}"
#define CRIO_NOTES(type)                                                                   \
	"\"annotations\":{\"io.container.manager\":\"cri-o\",\"io.kubernetes.cri-o."       \
	"ContainerType\":\"" type "\",\"io.kubernetes.cri-o.SandboxID\":\"" ID             \
	"\",\"io.kubernetes.cri-o.ImageName\":\"nginx\",\"io.kubernetes.cri-o.ImageRef\":" \
	"\"nginx@sha256:00\",\"io.kubernetes.pod.namespace\":\"shop\","                    \
	"\"io.kubernetes.pod.uid\":\"" UID "\"}"

struct who {
	const char *bundle, *id, *config;
	const char *want; /* the engine and the trusted facts, or the beginning of the error */
};

static const struct who rows[] = {
	/* The bundle proves the engine, wherever its state directory is. */
	{ TASKS "moby/" ID, ID, "{" CGROUP("/docker/" ID) "}", "docker engine id" },
	{ "/x/y/io.containerd.runtime.v2.task/moby/" ID, ID, "{}", "docker engine id" },
	{ "/run/containerd/io.containerd.runtime.v1.linux/moby/" ID, ID, "{}", "docker engine id" },
	{ TASKS "default/web", "web", "{}", "containerd engine id" },
	{ "/var/lib/containers/storage/overlay-containers/" ID "/userdata", ID,
	  "{" CGROUP("/libpod_parent/libpod-" ID) "}", "podman engine id" },
	{ "/var/lib/docker/buildkit/executor/abc", "abc", "{}", "buildkit engine id" },
	{ "/root/bundle", "web", "{}", "unknown" },
	{ "/", "web", "{}", "unknown" },

	/* Kubernetes' facts count where Kubernetes is, and the cgroup agrees. */
	{ TASKS "k8s.io/" ID, ID,
	  "{" CRI_NOTES("sandbox") "," CGROUP("/kubepods/besteffort/pod" UID "/" ID) "}",
	  "containerd-cri engine namespace pod id" },
	{ TASKS "k8s.io/" OTHER, OTHER,
	  "{" CRI_NOTES("container") "," CGROUP("kubepods-pod" USID
						".slice:cri-containerd:" OTHER) "}",
	  "containerd-cri engine namespace pod container image id" },
	{ TASKS "k8s.io/" ID, ID, "{" CRI_NOTES("container") "," CGROUP("/k8s.io/" ID) "}",
	  "containerd-cri engine id" },
	{ "/var/run/containers/storage/overlay-containers/" ID "/userdata", ID,
	  "{" CRIO_NOTES("container") "," CGROUP("kubepods-pod" USID ".slice:crio:" ID) "}",
	  "cri-o engine namespace pod container image digest id" },
	/* CRI-O lets a pod's annotations replace the image's in the sandbox alone. */
	{ "/var/run/containers/storage/overlay-containers/" ID "/userdata", ID,
	  "{" CRIO_NOTES("sandbox") "," CGROUP("/kubepods/pod" UID "/crio-" ID) "}",
	  "cri-o engine namespace pod container id" },

	/* Claims of another family, and facts that do not agree. */
	{ "/var/lib/containers/storage/overlay-containers/" ID "/userdata", ID,
	  "{" CRI_NOTES("sandbox") "," CGROUP("/libpod_parent/libpod-" ID) "}",
	  "annotation io.kubernetes.cri.container-type does not belong here (found podman" },
	{ TASKS "moby/" ID, ID, "{" CRI_NOTES("container") "}",
	  "annotation io.kubernetes.cri.container-type does not belong here (found docker" },
	{ TASKS "default/" ID, ID, "{" CRI_NOTES("container") "}",
	  "annotation io.kubernetes.cri.container-type does not belong here (found containerd," },
	{ "/var/lib/containers/storage/overlay-containers/" ID "/userdata", ID,
	  "{" CRIO_NOTES("container") "," CGROUP("/libpod_parent/libpod-" ID) "}",
	  "annotation io.container.manager does not belong here (found podman" },
	{ TASKS "moby/" ID, OTHER, "{}", "the bundle is another container's" },
	{ TASKS "moby/" ID, ID, "{" CGROUP("/docker/" OTHER) "}",
	  "the cgroup is another container's" },
	{ TASKS "k8s.io/" ID, ID,
	  "{" CRI_NOTES("container") "," CGROUP("/kubepods/pod00000000-ecca/" ID) "}",
	  "the cgroup is another pod's" },
	{ TASKS "k8s.io/" OTHER, OTHER,
	  "{" CRI_NOTES("sandbox") "," CGROUP("/kubepods/pod" UID "/" OTHER) "}",
	  "a sandbox is its own sandbox" },

	/* A bare file is told by what its engine always writes. */
	{ NULL, NULL, "{" CGROUP("/docker/" ID) "}", "docker engine id" },
	{ NULL, NULL, "{" CGROUP("system.slice:docker:" ID) "}", "docker engine id" },
	{ NULL, NULL, "{" CGROUP("machine.slice:libpod:" ID) "}", "podman engine id" },
	{ NULL, NULL, "{\"root\":{\"path\":\"/var/lib/docker/overlay2/x/merged\"}}",
	  "docker engine" },
	{ NULL, NULL, "{" CRI_NOTES("container") "," CGROUP("/kubepods/pod" UID "/" ID) "}",
	  "containerd-cri engine namespace pod container image id" },
	{ NULL, NULL, "{" CRI_NOTES("container") "," CGROUP("/libpod_parent/libpod-" ID) "}",
	  "annotation io.kubernetes.cri.container-type does not belong here" },
	{ NULL, NULL, "{}", "unknown" },
};

static const char *told(struct arena *arena, const struct workload *workload)
{
	struct json *json = identity_json(arena, workload);
	struct text text = { .arena = arena };

	text_printf(&text, "%s", json_string(json_member(json, "engine")));
	json_each(fact, json_member(json, "trusted"))
		text_printf(&text, " %s", fact->text);
	return text.data;
}

START_TEST(each_fact_has_the_trust_it_deserves) {
	struct arena *arena = arena_new();

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct who *row = &rows[i];
		struct call_facts call = { .bundle = row->bundle, .id = row->id };
		struct workload workload;
		struct error err = { "" };
		struct json *config = json_parse(arena, row->config, strlen(row->config), 0, &err);
		const char *got;

		ck_assert_msg(config, "%s: %s", row->config, err.msg);
		if (identity_of(arena, &call, config, &workload, &err))
			got = told(arena, &workload);
		else
			got = arena_strndup(arena, err.msg, strnlen(row->want, strlen(err.msg)));
		ck_assert_msg(!strcmp(got, row->want), "%s %s\n  expected %s\n  got      %s (%s)",
			      row->bundle, row->config, row->want, got, err.msg);
	}
	arena_free(arena);
}
END_TEST

START_TEST(pods_of_podman_are_known_by_their_cgroup) {
	static const struct {
		const char *cgroup, *want;
	} pods[] = {
		{ "/libpod_parent/" OTHER "/libpod-" ID, OTHER },
		{ "machine-libpod_pod_" OTHER ".slice:libpod:" ID, OTHER },
		{ "/libpod_parent/libpod-" ID, NULL },
		{ "machine.slice:libpod:" ID, NULL },
	};
	struct arena *arena = arena_new();
	struct call_facts call = { 0 };

	for (size_t i = 0; i < sizeof(pods) / sizeof(*pods); i++) {
		struct json *config = json_new(arena, JSON_OBJECT);
		struct workload workload;
		struct error err;

		json_set(arena, json_make(arena, config, "/linux"), "cgroupsPath",
			 json_new_string(arena, pods[i].cgroup));
		ck_assert(identity_of(arena, &call, config, &workload, &err));
		ck_assert_msg(!workload.sandbox_id == !pods[i].want &&
				      (!pods[i].want || !strcmp(workload.sandbox_id, pods[i].want)),
			      "%s: expected %s, got %s", pods[i].cgroup, pods[i].want,
			      workload.sandbox_id);
	}
	arena_free(arena);
}
END_TEST

START_TEST(docker_s_own_record_proves_the_image_alone) {
	static const struct {
		const char *record, *want, *image;
	} records[] = {
		{ "{\"ID\":\"" ID "\",\"Name\":\"/web\",\"Image\":\"sha256:00\","
		  "\"Config\":{\"Image\":\"nginx\",\"Labels\":{\"a\":\"b\"}}}",
		  "docker engine digest id", "nginx" },
		{ "{\"ID\":\"" OTHER "\",\"Image\":\"sha256:00\",\"Config\":{\"Image\":\"nginx\"}}",
		  "docker engine id", NULL },
		{ "{\"ID\":\"" ID "\",\"Config\":{\"Image\":\"nginx\"}}", "docker engine id",
		  "nginx" },
		{ "{\"ID\":7,\"Config\":[]}", "docker engine id", NULL },
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++) {
		struct call_facts call = { .bundle = TASKS "moby/" ID, .id = ID };
		struct json *config = json_new(arena, JSON_OBJECT);
		struct workload workload;
		struct error err;

		call.record =
			json_parse(arena, records[i].record, strlen(records[i].record), 0, &err);
		ck_assert_msg(call.record, "%s: %s", records[i].record, err.msg);
		ck_assert(identity_of(arena, &call, config, &workload, &err));
		ck_assert_str_eq(told(arena, &workload), records[i].want);
		ck_assert(!workload.image == !records[i].image);
	}
	arena_free(arena);
}
END_TEST

START_TEST(the_record_is_looked_for_by_a_whole_id_alone) {
	struct arena *arena = arena_new();
	struct json *roots = json_new(arena, JSON_ARRAY);
	const char *ids[] = { "x", "../../etc", OTHER "/", NULL };

	json_append(roots, json_new_string(arena, "/nowhere"));
	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		struct call_facts call = { .bundle = TASKS "moby/x", .id = ids[i] };

		ck_assert_ptr_null(identity_record(arena, &call, roots));
	}
	arena_free(arena);
}
END_TEST

/* podman run --cgroups=disabled --annotation io.kubernetes.cri.sandbox-id=x */
START_TEST(who_calls_precreate_is_not_what_annotations_say) {
	static const struct {
		const char *config, *want;
	} configs[] = {
		{ "{}", "podman" },
		{ "{" CRI_NOTES("container") "}", NULL },
		{ "{" CRI_NOTES("container") "," CGROUP("/libpod_parent/libpod-" ID) "}", NULL },
		{ "{\"root\":{\"path\":\"/x/docker/overlay2/y\"}}", "podman" },
		{ "{" CGROUP("/docker/" ID) "}", "podman" },
		{ "{" CGROUP("/x/crio-" ID) "}", "cri-o" },
	};
	struct arena *arena = arena_new();
	struct call_facts call = { .precreate = true };

	for (size_t i = 0; i < sizeof(configs) / sizeof(*configs); i++) {
		const char *text = configs[i].config;
		struct workload workload;
		struct error err;
		const struct json *config = json_parse(arena, text, strlen(text), 0, &err);
		bool good = identity_of(arena, &call, config, &workload, &err);

		ck_assert_msg(good == (configs[i].want != NULL), "%s", text);
		if (good)
			ck_assert_msg(!strcmp(engine_name(workload.engine), configs[i].want),
				      "%s: found %s, expected %s", text,
				      engine_name(workload.engine), configs[i].want);
	}
	arena_free(arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("identity");
	TCase *tcase = tcase_create("facts");
	SRunner *runner;
	int failed;

	tcase_add_test(tcase, each_fact_has_the_trust_it_deserves);
	tcase_add_test(tcase, pods_of_podman_are_known_by_their_cgroup);
	tcase_add_test(tcase, who_calls_precreate_is_not_what_annotations_say);
	tcase_add_test(tcase, docker_s_own_record_proves_the_image_alone);
	tcase_add_test(tcase, the_record_is_looked_for_by_a_whole_id_alone);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
