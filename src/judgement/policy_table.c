/* SPDX-License-Identifier: Apache-2.0 */
/* The shape of the policy file as one table: for its check, its JSON Schema and its manual. */
#include "policy_check.h"

static const struct policy_field fields[] = {
	{ "policy", "version", POLICY_WORD, "1", false, "format of the file" },
	{ "policy", "mode", POLICY_WORD, "enforce audit", false,
	  "audit changes and refuses nothing, and logs what would have been" },
	{ "policy", "profile", POLICY_STRING, NULL, false,
	  "privileged, baseline, restricted, or a file's name in policy.d/profiles" },
	{ "policy", "runtimes", POLICY_PATHS, NULL, false,
	  "the real runtimes; the first that exists is called" },
	{ "policy", "on_error", POLICY_WORD, "reject allow", false,
	  "what happens when seawall itself fails" },
	{ "policy", "rules", POLICY_RULES, NULL, false, "actions and parameters by rule" },
	{ "policy", "assign", POLICY_OBJECTS, "assign", false,
	  "profile and mode by workload; the first match counts" },
	{ "policy", "exemptions", POLICY_OBJECTS, "exemption", false,
	  "who may do what a rule forbids, why, and until when" },
	{ "policy", "seccomp", POLICY_OBJECT, "seccomp", false, "the profile that is injected" },
	{ "policy", "verify", POLICY_WORD, "off report kill", false,
	  "what is done when the kernel enforces less than was decided" },
	{ "policy", "log", POLICY_OBJECT, "log", false, "the decision log" },
	{ "policy", "data_roots", POLICY_PATH_MAP, NULL, false,
	  "where engines keep their data, by engine" },
	{ "profile", "base", POLICY_WORD, "privileged baseline restricted", true,
	  "the profile it starts from" },
	{ "profile", "rules", POLICY_RULES, NULL, false, "actions and parameters by rule" },
	{ "assign", "match", POLICY_OBJECT, "match", true, "workloads by trusted facts" },
	{ "assign", "profile", POLICY_STRING, NULL, false, "profile for them" },
	{ "assign", "mode", POLICY_WORD, "enforce audit", false, "mode for them" },
	{ "exemption", "id", POLICY_STRING, NULL, false, "name in reports and in the log" },
	{ "exemption", "rules", POLICY_RULE_IDS, NULL, true, "rules that do not count" },
	{ "exemption", "match", POLICY_OBJECT, "match", true, "workloads by trusted facts" },
	{ "exemption", "allow", POLICY_ALLOW, NULL, false,
	  "what these rules allow in addition, instead of everything" },
	{ "exemption", "reason", POLICY_STRING, NULL, true, "why" },
	{ "exemption", "owner", POLICY_STRING, NULL, true, "who answers for it" },
	{ "exemption", "expires", POLICY_DATE, NULL, true, "a date, or \"never\"" },
	{ "match", "engine", POLICY_GLOBS, NULL, false,
	  "docker containerd containerd-cri cri-o podman buildkit" },
	{ "match", "namespace", POLICY_GLOBS, NULL, false, "Kubernetes namespace" },
	{ "match", "pod", POLICY_GLOBS, NULL, false, "pod name" },
	{ "match", "container", POLICY_GLOBS, NULL, false, "container name" },
	{ "match", "image", POLICY_GLOBS, NULL, false, "image as it was asked for" },
	{ "match", "digest", POLICY_GLOBS, NULL, false, "image id" },
	{ "match", "user", POLICY_GLOBS, NULL, false, "uid of the process" },
	{ "match", "rootless", POLICY_BOOL, NULL, false, "not started by root" },
	{ "match", "id", POLICY_GLOBS, NULL, false, "container id" },
	{ "seccomp", "profile", POLICY_STRING, NULL, false, "\"default\", or a file" },
	{ "seccomp", "abi", POLICY_WORD, "all native", false,
	  "native leaves out the 32-bit and x32 system calls" },
	{ "log", "path", POLICY_PATH, NULL, false, "the file; one JSON line per decision" },
	{ "log", "journal", POLICY_BOOL, NULL, false, "also to the journal or syslog" },
	{ "log", "required", POLICY_BOOL, NULL, false, "refuse to start what cannot be logged" },
	{ "log", "record", POLICY_PATH, NULL, false, "directory for judged configs, for replay" },
};

#define FIELDS (sizeof(fields) / sizeof(fields[0]))

const struct policy_field *policy_fields(size_t *count)
{
	*count = FIELDS;
	return fields;
}
