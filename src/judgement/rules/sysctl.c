/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel parameters that the runtime writes as root before the container starts. */
#include <string.h>

#include "rules.h"

/* The Pod Security Standards' safe set: each belongs to a namespace, none reaches beyond it. */
#define SAFE                                                                               \
	"kernel.shm_rmid_forced net.ipv4.ip_local_port_range "                             \
	"net.ipv4.ip_local_reserved_ports net.ipv4.ip_unprivileged_port_start "            \
	"net.ipv4.ping_group_range net.ipv4.tcp_fin_timeout net.ipv4.tcp_keepalive_intvl " \
	"net.ipv4.tcp_keepalive_probes net.ipv4.tcp_keepalive_time "                       \
	"net.ipv4.tcp_notsent_lowat net.ipv4.tcp_rmem "                                    \
	"net.ipv4.tcp_slow_start_after_idle net.ipv4.tcp_syncookies net.ipv4.tcp_wmem"

/*
 * The name with dots. Runtimes turn dots into slashes and open the file; a name is understood with
 * either all the way, so that "net/../kernel" and "net.ipv4/.." never are.
 */
static const char *dotted(struct arena *arena, const char *name)
{
	char *text = arena_strndup(arena, name, strlen(name));

	if (strchr(name, '/') && strchr(name, '.'))
		return name;
	for (char *c = text; *c; c++)
		if (*c == '/')
			*c = '.';
	return text;
}

/* Numbers and ranges. CRI-O 1.19 cut values at "+" and took the rest for further settings. */
static bool plain(const char *value)
{
	return value[strspn(value, "0123456789 \t,-")] == '\0';
}

/* Without its own namespace the container would set the host's. */
static bool has_namespace(const struct judge *judge, const char *type)
{
	const char *path;

	json_each(namespace, json_at(judge->doc, "/linux/namespaces")) {
		if (!json_is(json_member(namespace, "type"), type))
			continue;
		path = json_string(json_member(namespace, "path"));
		return !path || !*path ||
		       judge->host->ns(judge->host, type, path, judge->workload->sandbox_id) !=
			       NS_HOST;
	}
	return false;
}

static const char *check_sysctl(struct judge *judge, const struct place *place)
{
	const char *value = json_string(place->node), *name;

	if (!place->key)
		return NULL;
	name = dotted(judge->arena, place->key);
	if (!word_in(SAFE, name) && !param_word(judge, "allow", name))
		return arena_printf(judge->arena, "%.80s is not among the safe ones", place->key);
	if (!value || !plain(value))
		return "is not made of numbers";
	if (!has_namespace(judge, strncmp(name, "net.", 4) == 0 ? "network" : "ipc"))
		return arena_printf(judge->arena, "%.80s would change the host's", place->key);
	return NULL;
}

static const struct rule rules[] = {
	{
		.id = "sysctls",
		.title = TOLD("Only safe kernel parameters"),
		.why = TOLD(
			"The runtime writes them as root: kernel.core_pattern names a program that "
			"the host runs, others weaken or starve everybody."),
		.want = "a name of the safe set, a value of numbers, and an own namespace",
		.refs = TOLD("PSS Sysctls; CVE-2022-0811; ATT&CK T1611"),
		.path = "/linux/sysctl/*",
		.check = check_sysctl,
		.baseline = ACTION_REJECT,
		.restricted = ACTION_REJECT,
		.params = { { "allow", PARAM_WORDS, SAFE, SAFE,
			      "names, with dots; those of the safe set always are" } },
	},
};

const struct rule_table rules_sysctl = { "sysctl", rules, sizeof(rules) / sizeof(*rules) };
