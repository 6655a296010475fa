/* SPDX-License-Identifier: Apache-2.0 */
/* Which engine calls, and which workload this is; what a document claims is told from what is proved. */
#include "identity.h"

#include <string.h>

#include "words.h"

#define CRI	  "io.kubernetes.cri."
#define CRIO	  "io.kubernetes.cri-o."
#define KUBE	  "io.kubernetes."
#define POD_TRUST (TRUST_NAMESPACE | TRUST_POD | TRUST_CONTAINER)

const char *engine_name(enum engine engine)
{
	static const char *const names[] = {
		[ENGINE_UNKNOWN] = "unknown",
		[ENGINE_DOCKER] = "docker",
		[ENGINE_CONTAINERD] = "containerd",
		[ENGINE_CRI] = "containerd-cri",
		[ENGINE_CRIO] = "cri-o",
		[ENGINE_PODMAN] = "podman",
		[ENGINE_BUILDKIT] = "buildkit",
	};

	return names[engine];
}

/* What is known before a workload is: the call, and what of the document identifies. */
struct claim {
	struct arena *arena;
	const struct json *annotations;
	const char *cgroup; /* cgroupsPath, or "" */
	const char *root;   /* root.path, or "" */
	const struct call_facts *call;
	struct error *err;
};

static const char *annotation(const struct claim *claim, const char *key)
{
	return json_string(json_member(claim->annotations, key));
}

/* The n-th last part of a path, copied; NULL if there are fewer. */
static const char *part_from_end(struct arena *arena, const char *path, unsigned n)
{
	size_t end = strlen(path);

	for (;; n--) {
		size_t start = end;

		while (start > 0 && path[start - 1] != '/')
			start--;
		if (start == end)
			return NULL;
		if (n == 0)
			return arena_strndup(arena, path + start, end - start);
		end = start ? start - 1 : 0;
	}
}

static bool starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool ends(const char *text, const char *suffix)
{
	size_t len = strlen(text), tail = strlen(suffix);

	return len >= tail && strcmp(text + len - tail, suffix) == 0;
}

/* 64 hexadecimal digits, as engines make ids. */
static bool is_id(const char *text)
{
	return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

/*
 * The last name of a cgroups path and who put it there: "/docker/ID", "/libpod_parent/libpod-ID",
 * "/kubepods/.../ID" or, for systemd, "SLICE:crio:ID". Engines write it, whatever parent was asked for.
 */
static void cgroup_tail(const struct claim *claim, const char **manager, const char **id)
{
	const char *tail = strrchr(claim->cgroup, ':'), *start;

	*manager = "";
	if (tail) {
		for (start = tail; start > claim->cgroup && start[-1] != ':';)
			start--;
		*manager = arena_strndup(claim->arena, start, (size_t)(tail - start));
		*id = tail + 1;
		return;
	}
	tail = strrchr(claim->cgroup, '/');
	*id = tail ? tail + 1 : claim->cgroup;
	if (starts(*id, "libpod-") || starts(*id, "crio-")) {
		const char *dash = strchr(*id, '-');

		*manager = arena_strndup(claim->arena, *id, (size_t)(dash - *id));
		*id = dash + 1;
	}
}

/* containerd's shims all use .../io.containerd.runtime.v2.task/NAMESPACE/ID, below any state directory. */
static enum engine containerd_namespace(const char *name)
{
	if (word_in("moby plugins.moby", name))
		return ENGINE_DOCKER;
	if (strcmp(name, "k8s.io") == 0)
		return ENGINE_CRI;
	return strcmp(name, "buildkit") == 0 ? ENGINE_BUILDKIT : ENGINE_CONTAINERD;
}

/* Only the directory an engine made is proof of the engine: it is root's, and no workload names it. */
static enum engine engine_of_bundle(const struct claim *claim, const char **id)
{
	const char *bundle = claim->call->bundle, *manager, *tail;
	const char *last = part_from_end(claim->arena, bundle, 0);
	const char *second = part_from_end(claim->arena, bundle, 1);
	const char *third = part_from_end(claim->arena, bundle, 2);

	*id = NULL;
	if (!last || !second || !third)
		return ENGINE_UNKNOWN;
	*id = last;
	if (starts(third, "io.containerd.runtime.v"))
		return containerd_namespace(second);
	if (strcmp(second, "executor") == 0 && strstr(bundle, "buildkit"))
		return ENGINE_BUILDKIT;
	*id = NULL;
	if (strcmp(last, "userdata") != 0 || !ends(third, "-containers"))
		return ENGINE_UNKNOWN;
	*id = second;
	cgroup_tail(claim, &manager, &tail);
	/* "podman run --cgroup-parent /x:crio:" gives "/x:crio:/libpod-ID": only the own id behind it counts. */
	return strcmp(manager, "crio") == 0 && strcmp(tail, second) == 0 ? ENGINE_CRIO
									 : ENGINE_PODMAN;
}

/* A bare file tells its engine by what that engine always writes; nothing is started on this. */
static enum engine engine_of_document(const struct claim *claim, const char **id)
{
	const char *manager, *tail;

	cgroup_tail(claim, &manager, &tail);
	*id = is_id(tail) ? tail : NULL;
	if (strcmp(manager, "libpod") == 0)
		return ENGINE_PODMAN;
	if (strcmp(manager, "crio") == 0)
		return ENGINE_CRIO;
	if (strcmp(manager, "docker") == 0 || (starts(claim->cgroup, "/docker/") && *id))
		return ENGINE_DOCKER;
	if (annotation(claim, CRI "sandbox-id"))
		return ENGINE_CRI;
	if (strstr(claim->root, "/docker/overlay2/") || strstr(claim->root, "/docker/rootfs/"))
		return ENGINE_DOCKER;
	return ENGINE_UNKNOWN;
}

/* The pod's uid stands in the path of its cgroup, with dashes as underscores under systemd. */
static bool cgroup_has_pod(const char *cgroup, const char *uid)
{
	size_t len = strlen(uid);

	for (const char *at = strstr(cgroup, "pod"); at; at = strstr(at + 1, "pod")) {
		size_t i = 0;

		while (i < len && (at[3 + i] == uid[i] || (at[3 + i] == '_' && uid[i] == '-')))
			i++;
		if (i == len && (at[3 + i] == '/' || at[3 + i] == '.' || at[3 + i] == '\0'))
			return len > 0;
	}
	return false;
}

static bool check_pod(const struct claim *claim, struct workload *workload)
{
	if (!workload->pod_uid)
		return true;
	if (cgroup_has_pod(claim->cgroup, workload->pod_uid)) {
		workload->trusted |= POD_TRUST | TRUST_IMAGE;
		return true;
	}
	if (!strstr(claim->cgroup, "kubepods"))
		return true;
	return error_set(claim->err, "the cgroup is another pod's (found %s, expected pod%s in it)",
			 claim->cgroup, workload->pod_uid);
}

static bool check_sandbox(const struct claim *claim, const struct workload *workload)
{
	if (!workload->sandbox || !workload->id || !workload->sandbox_id ||
	    strcmp(workload->id, workload->sandbox_id) == 0)
		return true;
	return error_set(claim->err, "a sandbox is its own sandbox (found %s, expected %s)",
			 workload->sandbox_id, workload->id);
}

/* The CRI plugin writes these keys after what a pod's author may pass through, so they are its own. */
static bool read_cri(const struct claim *claim, struct workload *workload)
{
	const char *type = annotation(claim, CRI "container-type");

	workload->namespace = annotation(claim, CRI "sandbox-namespace");
	workload->pod = annotation(claim, CRI "sandbox-name");
	workload->container = annotation(claim, CRI "container-name");
	workload->image = annotation(claim, CRI "image-name");
	workload->pod_uid = annotation(claim, CRI "sandbox-uid");
	workload->sandbox_id = annotation(claim, CRI "sandbox-id");
	workload->sandbox = type && strcmp(type, "sandbox") == 0;
	if (workload->sandbox) {
		/* Of these the plugin writes none for a sandbox: what is there, was passed through. */
		workload->container = NULL;
		workload->image = annotation(claim, CRI "podsandbox.image-name");
	}
	if (!check_sandbox(claim, workload) || !check_pod(claim, workload))
		return false;
	if (workload->sandbox)
		workload->trusted &= ~(unsigned)(TRUST_IMAGE | TRUST_CONTAINER);
	return true;
}

/*
 * CRI-O adds the kubelet's labels last, so those are safe. Of its own keys a pod's annotations can
 * replace any in the sandbox's config, and in a container's those that it does not set again.
 */
static bool read_crio(const struct claim *claim, struct workload *workload)
{
	const char *type = annotation(claim, CRIO "ContainerType");
	const char *ref = annotation(claim, CRIO "ImageRef"), *digest;

	workload->namespace = annotation(claim, KUBE "pod.namespace");
	workload->pod = annotation(claim, KUBE "pod.name");
	workload->container = annotation(claim, KUBE "container.name");
	workload->pod_uid = annotation(claim, KUBE "pod.uid");
	workload->sandbox_id = annotation(claim, CRIO "SandboxID");
	workload->sandbox = type && strcmp(type, "sandbox") == 0;
	workload->image = annotation(claim, CRIO "ImageName");
	digest = ref ? strstr(ref, "sha256:") : NULL;
	workload->digest = digest;
	if (!check_sandbox(claim, workload) || !check_pod(claim, workload))
		return false;
	if (workload->sandbox)
		workload->trusted &= ~(unsigned)TRUST_IMAGE;
	else if (digest && (workload->trusted & TRUST_IMAGE))
		workload->trusted |= TRUST_DIGEST;
	return true;
}

/* Containers of a Podman pod: ".../POD/libpod-ID" or "machine-libpod_pod_POD.slice:libpod:ID". */
static void read_podman(const struct claim *claim, struct workload *workload)
{
	const char *slice = strstr(claim->cgroup, "libpod_pod_");
	const char *parent = part_from_end(claim->arena, claim->cgroup, 1);
	char *pod = NULL;

	if (slice && strlen(slice + strlen("libpod_pod_")) >= 64)
		pod = arena_strndup(claim->arena, slice + strlen("libpod_pod_"), 64);
	if (pod && is_id(pod))
		workload->sandbox_id = pod;
	else if (parent && is_id(parent))
		workload->sandbox_id = parent;
}

/* Docker and Podman write whatever annotation they are asked for: keys of another family are a lie. */
static bool check_family(const struct claim *claim, enum engine engine)
{
	const char *manager = annotation(claim, "io.container.manager");

	json_each(node, claim->annotations)
		if (starts(node->key, CRI) && engine != ENGINE_CRI && engine != ENGINE_UNKNOWN)
			return error_set(claim->err,
					 "annotation %.80s does not belong here (found %s, "
					 "expected containerd-cri)",
					 node->key, engine_name(engine));
	if (!manager || engine == ENGINE_UNKNOWN)
		return true;
	if (strcmp(manager, "cri-o") == 0 && engine != ENGINE_CRIO)
		return error_set(claim->err,
				 "annotation io.container.manager does not belong here (found %s, "
				 "expected cri-o)",
				 engine_name(engine));
	return true;
}

/* Command line, bundle and cgroup must agree on who this is, as far as each says it. */
static bool check_id(const struct claim *claim, const struct workload *workload, const char *bundle)
{
	const char *id = claim->call->id, *manager, *tail;

	if (id && bundle && strcmp(id, bundle) != 0)
		return error_set(claim->err,
				 "the bundle is another container's (found %s, expected %s)",
				 bundle, id);
	cgroup_tail(claim, &manager, &tail);
	if (workload->engine == ENGINE_UNKNOWN || !workload->id || !is_id(workload->id) ||
	    !is_id(tail) || strcmp(tail, workload->id) == 0)
		return true;
	return error_set(claim->err, "the cgroup is another container's (found %s, expected %s)",
			 tail, workload->id);
}

static bool is_rootless(const struct call_facts *call)
{
	const char *bundle = call->bundle ? call->bundle : "", *root = call->root ? call->root : "";

	return call->rootless || starts(bundle, "/run/user/") ||
	       strstr(bundle, "/.local/share/containers/") || starts(root, "/run/user/");
}

/*
 * Names, tags and labels are given by whoever runs the container. The image's id is a hash of what is
 * in it, so that alone is proof.
 */
static bool read_docker(const struct claim *claim, struct workload *workload)
{
	const struct json *record = claim->call->record;
	const char *id = json_string(json_member(record, "ID"));
	const char *name = json_string(json_member(record, "Name"));

	if (!record || !id || !workload->id || strcmp(id, workload->id) != 0)
		return true;
	workload->container = name && *name == '/' ? name + 1 : name;
	workload->image = json_string(json_at(record, "/Config/Image"));
	workload->labels = json_at(record, "/Config/Labels");
	workload->digest = json_string(json_member(record, "Image"));
	if (workload->digest && starts(workload->digest, "sha256:"))
		workload->trusted |= TRUST_DIGEST;
	return true;
}

static bool read_workload(const struct claim *claim, struct workload *workload)
{
	switch (workload->engine) {
	case ENGINE_DOCKER:
		return read_docker(claim, workload);
	case ENGINE_CRI:
		return read_cri(claim, workload);
	case ENGINE_CRIO:
		return read_crio(claim, workload);
	case ENGINE_PODMAN:
		read_podman(claim, workload);
		return true;
	default:
		return true;
	}
}

bool identity_of(struct arena *arena, const struct call_facts *call, const struct json *config,
		 struct workload *workload, struct error *err)
{
	const char *cgroup = json_string(json_at(config, "/linux/cgroupsPath"));
	const char *root = json_string(json_at(config, "/root/path")), *id;
	struct claim claim = { .arena = arena,
			       .annotations = json_member(config, "annotations"),
			       .cgroup = cgroup ? cgroup : "",
			       .root = root ? root : "",
			       .call = call,
			       .err = err };

	*workload = (struct workload){ .bundle = call->bundle, .rootless = is_rootless(call) };
	workload->engine =
		call->bundle ? engine_of_bundle(&claim, &id) : engine_of_document(&claim, &id);
	/* An annotation may be anybody's; CRI-O's name in the cgroup is CRI-O's. */
	if (call->precreate && workload->engine != ENGINE_CRIO)
		workload->engine = ENGINE_PODMAN;
	workload->id = call->id ? call->id : id;
	if (workload->engine != ENGINE_UNKNOWN)
		workload->trusted = TRUST_ENGINE;
	if (workload->id && id)
		workload->trusted |= TRUST_ID;
	return check_family(&claim, workload->engine) && check_id(&claim, workload, id) &&
	       read_workload(&claim, workload);
}
