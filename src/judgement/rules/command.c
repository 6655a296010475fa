/* SPDX-License-Identifier: Apache-2.0 */
/* What the runtime's command line says beside the config: switches that weaken it, and checkpoints. */
#include "rules.h"

/* CRIU goes by its image: nothing that was judged in config.json holds for what comes out of it. */
static const char *check_criu(struct judge *judge, const struct place *place)
{
	(void)place;
	if (judge->boundary == AT_CHECKPOINT)
		return "a checkpoint writes the container's memory out, keys and passwords included";
	return judge->boundary == AT_RESTORE
		       ? "a restored container gets its credentials, filters and mounts from the image"
		       : NULL;
}

static const struct rule rules[] = {
	{
		.id = "no-pivot",
		.title = TOLD("The host's root is left behind"),
		.why = TOLD(
			"Without pivot_root the old root stays mounted below the container's: who may "
			"mount or finds a way around chroot is back on the host."),
		.want = "pivot_root",
		.refs = TOLD("MITRE ATT&CK T1611"),
		.path = "--no-pivot",
		.check = check_absent,
		.fix = fix_remove,
		.arg = "leaves the host's root below the container's",
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
	},
	{
		.id = "new-keyring",
		.title = TOLD("A session keyring of its own"),
		.why = TOLD(
			"Without one the container shares the keys of whoever called the runtime."),
		.want = "a new keyring",
		.path = "--no-new-keyring",
		.check = check_absent,
		.fix = fix_remove,
		.arg = "shares the caller's session keyring",
		.baseline = ACTION_TIGHTEN,
		.restricted = ACTION_TIGHTEN,
	},
	{
		.id = "preserve-fds",
		.title = TOLD("No open files of the host"),
		.why = TOLD(
			"What is open stays open whatever is mounted: a directory of the host among the "
			"descriptors is the way out."),
		.want = "descriptors 0 to 2 alone",
		.refs = TOLD("CVE-2024-21626; MITRE ATT&CK T1611"),
		.path = "--preserve-fds",
		.check = check_absent,
		.fix = fix_remove,
		.arg = "hands open files of the host to the container",
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
		.flags = RULE_EXEC,
	},
	{
		.id = "restore",
		.title = TOLD("No containers from checkpoints"),
		.why = TOLD(
			"CRIU restores capabilities, seccomp filters and mounts from the image: what "
			"config.json says was judged and does not count. The image holds all of the "
			"container's memory."),
		.want = "create or run",
		.refs = TOLD("CVE-2024-8676; CVE-2026-53492"),
		.path = "",
		.check = check_criu,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
		.flags = RULE_CHECKPOINT,
	},
};

const struct rule_table rules_command = { "command", rules, sizeof(rules) / sizeof(*rules) };
