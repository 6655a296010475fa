/* SPDX-License-Identifier: Apache-2.0 */
/* The table of subcommands: options, help and examples of each. */
#include "ctl.h"
#include "ctl_seccomp.h"

#define ANY SIZE_MAX

static const struct ctl_option check_options[] = {
	{ "format", 0, "text|json|sarif|junit", "how findings are printed" },
	{ "fail-on", 0, "reject|tighten|audit", "exit 1 from this outcome on" },
	CTL_POLICY,
	CTL_PROFILE,
	CTL_HOST,
	CTL_OFFLINE,
	{ "process", 0, "FILE", "judge this process.json, as exec hands it over" },
	{ "container", 0, "FILE", "the config of the container that --process is for" },
	CTL_COLOR,
	CTL_END,
};

static const struct ctl_option diff_options[] = {
	{ "format", 0, "text|json", "unified diff, or RFC 6902 patch" },
	CTL_POLICY,
	CTL_PROFILE,
	CTL_HOST,
	CTL_OFFLINE,
	CTL_COLOR,
	CTL_END,
};

static const struct ctl_option apply_options[] = {
	{ "output", 'o', "FILE", "write there instead of standard output" },
	{ "in-place", 0, NULL, "replace FILE itself" },
	CTL_POLICY,
	CTL_PROFILE,
	CTL_HOST,
	CTL_OFFLINE,
	CTL_END,
};

static const struct ctl_option explain_options[] = {
	{ "format", 0, "text|json", "how it is printed" },
	CTL_POLICY,
	CTL_COLOR,
	CTL_END,
};

static const struct ctl_option rules_options[] = {
	{ "format", 0, "text|json|markdown|man", "how it is printed" },
	CTL_COLOR,
	CTL_END,
};

static const struct ctl_option policy_check_options[] = {
	CTL_COLOR,
	CTL_END,
};

static const struct ctl_option policy_show_options[] = {
	{ "format", 0, "text|json", "a table with origins, or a policy file" },
	CTL_POLICY,
	CTL_PROFILE,
	CTL_COLOR,
	CTL_END,
};

static const struct ctl_option policy_init_options[] = {
	{ "for", 0, "docker-host|kubernetes-node|ci-runner", "the kind of machine" },
	{ "output", 'o', "FILE", "write there instead of standard output; never over a file" },
	CTL_END,
};

#define CTL_CAPS                                                                            \
	{                                                                                   \
		"caps", 0, "LIST", "capabilities: names, docker (the default), all or none" \
	}
#define CTL_KERNEL                                              \
	{                                                       \
		"kernel", 0, "VERSION", "for this kernel (6.1)" \
	}
#define CTL_BUILTIN                                                                      \
	{                                                                                \
		"builtin", 0, NULL, "the built-in default, not the one the policy names" \
	}

static const struct ctl_option seccomp_show_options[] = {
	{ "format", 0, "text|json", "by group, or the OCI object" },
	{ "abi", 0, "all|native", "with or without the 32-bit ABIs and x32" },
	CTL_CAPS,
	CTL_KERNEL,
	CTL_BUILTIN,
	CTL_POLICY,
	CTL_PROFILE,
	CTL_HOST,
	CTL_OFFLINE,
	CTL_COLOR,
	CTL_END,
};

static const struct ctl_option seccomp_calls_options[] = {
	{ "abi", 0, "all|native", "with or without the 32-bit ABIs and x32" },
	CTL_CAPS,
	CTL_KERNEL,
	CTL_BUILTIN,
	CTL_POLICY,
	CTL_END,
};

static const struct ctl_option seccomp_check_options[] = {
	{ "format", 0, "text|json", "how it is printed" },
	{ "abi", 0, "all|native", "hold it against this default" },
	CTL_CAPS,
	CTL_KERNEL,
	CTL_BUILTIN,
	CTL_POLICY,
	CTL_COLOR,
	CTL_END,
};

static const struct ctl_option seccomp_compare_options[] = {
	CTL_CAPS,
	CTL_KERNEL,
	CTL_COLOR,
	CTL_END,
};

static const struct ctl_option seccomp_generate_options[] = {
	{ "abi", 0, "native|all", "the ABIs it opens" },
	CTL_CAPS,
	{ "output", 'o', "FILE", "write there instead of standard output; never over a file" },
	CTL_END,
};

static const struct ctl_option verify_options[] = {
	{ "pid", 0, "NUMBER", "verify this process of a container" },
	{ "all", 0, NULL, "verify all running containers" },
	{ "format", 0, "text|json", "how it is printed" },
	CTL_COLOR,
	CTL_END,
};

static const struct ctl_option scan_options[] = {
	{ "format", 0, "text|json", "how it is printed" },
	CTL_POLICY,
	CTL_PROFILE,
	CTL_COLOR,
	CTL_END,
};

static const struct ctl_option no_options[] = { CTL_END };

static const struct ctl_command commands[] = {
	{ "check", "FILE|BUNDLE...", "judge config.json files and print the findings",
	  "Judges each config.json, or the one in each bundle directory, as seawall-runtime would "
	  "at create, and prints what would be tightened, rejected or noted. Nothing is changed. "
	  "- reads standard input.\n"
	  "Paths and namespaces are looked at on this host. --offline looks at nothing and judges by "
	  "name alone; --host FILE takes recorded facts. A file outside of its bundle is judged as "
	  "if the engine that wrote it had called.\n"
	  "Exit status: 0 if nothing reaches --fail-on, 1 if something does, 2 if a file cannot "
	  "be read or understood; of several files the worst counts.",
	  "  seawall check /run/containerd/io.containerd.runtime.v2.task/moby/ID\n"
	  "  seawall check --profile restricted --fail-on tighten bundle/\n"
	  "  seawall check --offline --format sarif config.json >seawall.sarif\n"
	  "  seawall check --process process.json --container config.json\n",
	  check_options, 0, ANY, ctl_check },
	{ "diff", "FILE|BUNDLE", "show what hardening would change",
	  "Hardens a copy of the config and prints the difference as a unified diff of indented "
	  "JSON, or with --format json as an RFC 6902 patch. Nothing is changed.\n"
	  "Exit status: 0, or 1 if the config is rejected (the reasons are on standard error).",
	  "  seawall diff config.json\n"
	  "  seawall diff --profile restricted --format json bundle/\n",
	  diff_options, 1, 1, ctl_diff },
	{ "apply", "FILE|BUNDLE", "write the hardened config",
	  "Hardens the config and writes it to standard output, to --output, or with --in-place over "
	  "the file itself: by a temporary file and a rename, keeping owner and mode. A config that is "
	  "rejected is not written.",
	  "  seawall apply config.json -o hardened.json\n"
	  "  seawall apply --in-place bundle/\n",
	  apply_options, 1, 1, ctl_apply },
	{ "explain", "[RULE|POINTER]", "explain a rule, or a place in config.json",
	  "For a rule: what it is about, why, references, its action in each profile, its parameters, "
	  "and how to allow more. For a JSON pointer such as /process/user/uid: what stands there and "
	  "which rules look at it. Without an argument: all rules.",
	  "  seawall explain host-path\n"
	  "  seawall explain /linux/maskedPaths\n",
	  explain_options, 0, 1, ctl_explain },
	{ "rules", NULL, "list all rules",
	  "Prints the table of rules. markdown and man are the sources of docs/rules.md and "
	  "seawall-rules(7).",
	  "  seawall rules\n"
	  "  seawall rules --format json\n",
	  rules_options, 0, 0, ctl_rules },
	{ "policy check", "[FILE...]", "check a policy file, or the installed policy",
	  "Checks syntax, keys, rules, parameters and dates, and names line and column of the first "
	  "error. Without FILE the installed policy is checked with its drop-ins, owners and modes. "
	  "Exemptions that have expired, end within 30 days or never end are named.\n"
	  "Exit status: 0 good, 1 if an exemption has expired, 2 if the policy cannot be used.",
	  "  seawall policy check\n"
	  "  seawall policy check ./policy.json\n",
	  policy_check_options, 0, ANY, ctl_policy_check },
	{ "policy show", NULL, "show the policy in force and where it comes from",
	  "Prints mode, profile, and the action of every rule with the file or profile that set it. "
	  "--format json prints a complete policy file instead.",
	  "  seawall policy show\n"
	  "  seawall policy show --profile restricted --format json\n",
	  policy_show_options, 0, 0, ctl_policy_show },
	{ "policy init", NULL, "write a policy to start from",
	  "Prints a commented policy for a kind of machine. Read it, adapt it, and install it as " SEAWALL_SYSCONFDIR
	  "/policy.json, owned by root and writable by nobody else.",
	  "  seawall policy init --for docker-host -o policy.json\n"
	  "  seawall policy check policy.json\n",
	  policy_init_options, 0, 0, ctl_policy_init },
	{ "policy schema", NULL, "print the JSON Schema of the policy file",
	  "Prints a JSON Schema (2020-12) for editors and pipelines, made from the tables that check "
	  "the policy.",
	  NULL, no_options, 0, 0, ctl_policy_schema },
	{ "policy update", NULL, "ask the runtime which annotations it obeys",
	  "Asks the runtime that the installed policy names (its command \"features\") which "
	  "annotations it obeys, and keeps the answer in " SEAWALL_STATEDIR
	  "/annotations.json. They "
	  "are then refused beside those that seawall knows itself. To be repeated when the runtime is "
	  "updated.",
	  "  seawall policy update\n", no_options, 0, 0, ctl_policy_update },
	{ "seccomp show", "[FILE|BUNDLE]", "show the filter that a container gets",
	  "For a config.json or a bundle: the system call filter that its container has once it is "
	  "hardened. Without an argument: the default profile for --caps. Text lists calls by group; "
	  "json is the OCI object, which engines take too.",
	  "  seawall seccomp show\n"
	  "  seawall seccomp show --caps none --abi native --format json >seccomp.json\n"
	  "  seawall seccomp show bundle/\n",
	  seccomp_show_options, 0, 1, ctl_seccomp_show },
	{ "seccomp calls", "[FILE]", "list what a filter answers to every call",
	  "Compiles the profile (the default without FILE) as runtimes do and prints, for each ABI "
	  "and number, what the kernel will answer. FILE is a profile in either format, or a "
	  "config.json that holds one.",
	  "  seawall seccomp calls profile.json\n", seccomp_calls_options, 0, 1,
	  ctl_seccomp_calls },
	{ "seccomp check", "FILE", "what a profile allows that the default does not",
	  "Compiles the profile as runtimes do, follows every path of it, and names the calls it lets "
	  "through that the default for the same capabilities blocks, by group with the reason. FILE "
	  "is a profile in OCI form or in that of moby and containers, or a config.json that holds "
	  "one; - reads standard input.\n"
	  "In json, verdict is strong, meet (weak; the calls that both allow remain) or default (weak; "
	  "only the default will do). Exit status: 0 strong, 1 weak, 2 not to be read or compiled.",
	  "  seawall seccomp check /usr/share/containers/seccomp.json\n"
	  "  seawall seccomp check --caps NET_BIND_SERVICE profile.json\n",
	  seccomp_check_options, 1, 1, ctl_seccomp_check },
	{ "seccomp compare", "PROFILE FILTER...", "whether a compiled filter keeps to a profile",
	  "Compiles PROFILE as runtimes do and follows every path of each FILTER: a file of BPF "
	  "instructions, as seccomp_export_bpf(3) and bwrap --seccomp have it and as the kernel tells of a "
	  "process. Names the calls that a filter lets through and the profile blocks. PROFILE is what "
	  "`seccomp check` takes; - reads standard input. Of several filters that a process has loaded "
	  "the strictest counts.\n"
	  "Exit status: 0 if one of the filters lets nothing more through, 1 if all do, 2 not to be read or "
	  "compiled.",
	  "  seawall seccomp compare profile.json filter.bpf\n", seccomp_compare_options, 2, ANY,
	  ctl_seccomp_compare },
	{ "seccomp generate", "[FILE]", "write a profile from what a program called",
	  "Reads names of system calls, a table of `strace -c`, or audit log lines of type SECCOMP or "
	  "SYSCALL, and prints a profile that allows these calls and those that a runtime itself "
	  "makes, and nothing else. Calls that the default for --caps blocks are left out and named on "
	  "standard error.",
	  "  strace -f -c -o calls.txt ./server; seawall seccomp generate calls.txt\n"
	  "  ausearch -m SECCOMP | seawall seccomp generate -\n",
	  seccomp_generate_options, 0, 1, ctl_seccomp_generate },
	{ "verify", "[ID...]", "hold running containers against their configs",
	  "Reads what the kernel enforces for a container (capabilities, no_new_privs, the filter "
	  "itself, mounts, masks, namespaces, ids, limits, labels) and compares it with the config.json of its "
	  "bundle. Whoever started the container, and whether seawall judged it, makes no difference; "
	  "containers are found by the state that runc and crun keep below /run. ID may be the "
	  "beginning of an id.\n"
	  "Exit status: 0 if everything holds, 1 if something does not, 2 if a container is not known "
	  "or cannot be read.",
	  "  seawall verify 4f0c\n"
	  "  seawall verify --pid 812\n"
	  "  seawall verify --all --format json\n",
	  verify_options, 0, ANY, ctl_verify },
	{ "scan", NULL, "list every container of this host and judge it",
	  "Finds all running containers, whoever started them, says by which engine and runtime, which "
	  "profile the policy gives them and what it would say of their configs, and verifies what the "
	  "kernel enforces. Processes in pid or user namespaces that no runtime knows are listed too.\n"
	  "Exit status: 0 if every container would be let start and is what its config says, 1 if not, "
	  "2 if one cannot be read.",
	  "  seawall scan\n"
	  "  seawall scan --profile restricted\n"
	  "  seawall scan --format json | jq 'select(.verdict == \"rejected\").id'\n",
	  scan_options, 0, 0, ctl_scan },
	{ "completion", "bash|zsh|fish", "print shell completion",
	  "Prints a completion script for the shell.",
	  "  seawall completion bash >/etc/bash_completion.d/seawall\n", no_options, 1, 1,
	  ctl_completion },
};

const struct ctl_command *ctl_command_at(size_t index)
{
	return index < sizeof(commands) / sizeof(commands[0]) ? &commands[index] : NULL;
}
