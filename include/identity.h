/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which engine calls, and which workload this is. A config can claim anything; each fact says whether
 * it can be trusted for the engine at hand, and only trusted facts ever match an exemption.
 */
#ifndef SEAWALL_IDENTITY_H
#define SEAWALL_IDENTITY_H

#include <stdbool.h>

#include "arena.h"
#include "error.h"
#include "json.h"

enum engine {
	ENGINE_UNKNOWN,
	ENGINE_DOCKER,
	ENGINE_CONTAINERD,
	ENGINE_CRI,
	ENGINE_CRIO,
	ENGINE_PODMAN,
	ENGINE_BUILDKIT
};

enum {
	TRUST_ENGINE = 1,
	TRUST_NAMESPACE = 2,
	TRUST_POD = 4,
	TRUST_CONTAINER = 8,
	TRUST_IMAGE = 16,
	TRUST_DIGEST = 32,
	TRUST_LABELS = 64,
	TRUST_USER = 128,
	TRUST_ID = 256
};

/* What the caller knows beside the document; any member may be NULL. */
struct call_facts {
	const char *bundle;	   /* canonical bundle directory */
	const char *root;	   /* --root */
	const char *id;		   /* the container id of the command line */
	const struct json *record; /* what Docker itself has written of the container */
	bool rootless;		   /* the engine is root of a user namespace at most */
	bool precreate; /* a config on stdin of the hook that Podman and CRI-O alone call */
};

struct workload {
	enum engine engine;
	const char *namespace, *pod, *container, *image, *digest, *id;
	const char *bundle;	   /* canonical bundle directory; NULL for a bare file */
	const char *pod_uid;	   /* CRI and CRI-O */
	const char *sandbox_id;	   /* the pod's pause container; Podman: the pod */
	const char *user;	   /* /process/user/uid as text */
	const struct json *labels; /* object, or NULL */
	bool sandbox;		   /* the pause container of a pod */
	bool rootless;
	unsigned trusted; /* TRUST_* */
};

const char *engine_name(enum engine engine); /* "docker", "containerd-cri", ...; "unknown" */

/*
 * Reads identity from call and document. False with err when facts contradict each other, as when
 * Kubernetes annotations come in a Podman bundle (rule "identity").
 */
bool identity_of(struct arena *arena, const struct call_facts *call, const struct json *config,
		 struct workload *workload, struct error *err) must_check;

/*
 * Docker's own record of the container that call is about, CONTAINERS/ID/config.v2.json below one of
 * its data roots (an array of paths, or NULL; /var/lib/docker always counts). Only root writes there.
 * NULL if the call is not Docker's, or there is none. Judgement reads no files: doors call this.
 */
const struct json *identity_record(struct arena *arena, const struct call_facts *call,
				   const struct json *roots);

/* {"engine":..., "namespace":..., "trusted":[...]} as in the decision log. */
struct json *identity_json(struct arena *arena, const struct workload *workload);

#endif
