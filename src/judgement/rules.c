/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All rules, in the order they are applied and reported. Order matters where one rule's fix is
 * another's input: capabilities before seccomp (the profile is resolved for the final set), mounts
 * before rootfs (which adds tmpfs where nothing is mounted), hooks before environment (which asks
 * whether a hook inherits it), no-new-privileges before exec and exec before capabilities (what was
 * asked for counts, not what is left of it).
 */
#include "rules.h"

#include <string.h>

static const struct rule_table *const tables[] = {
	&rules_annotations, &rules_process,   &rules_exec,    &rules_capabilities,
	&rules_namespaces,  &rules_paths,     &rules_mounts,  &rules_devices,
	&rules_user,	    &rules_lsm,	      &rules_seccomp, &rules_rootfs,
	&rules_cgroup,	    &rules_resources, &rules_sysctl,  &rules_hooks,
	&rules_environment, &rules_platform,  &rules_command,
};

#define TABLES (sizeof(tables) / sizeof(tables[0]))

const struct rule *rule_next(struct rule_cursor *cursor)
{
	for (; cursor->table < TABLES; cursor->table++, cursor->index = 0)
		if (cursor->index < tables[cursor->table]->count)
			return &tables[cursor->table]->rules[cursor->index++];
	return NULL;
}

const struct rule *rule_at(size_t index)
{
	for (size_t i = 0; i < TABLES; i++) {
		if (index < tables[i]->count)
			return &tables[i]->rules[index];
		index -= tables[i]->count;
	}
	return NULL;
}

const struct rule *rule_find(const char *id)
{
	for (size_t i = 0; i < TABLES; i++)
		for (size_t j = 0; j < tables[i]->count; j++)
			if (strcmp(tables[i]->rules[j].id, id) == 0)
				return &tables[i]->rules[j];
	return NULL;
}

size_t rule_index(const struct rule *rule)
{
	size_t index = 0;

	for (size_t i = 0; i < TABLES; i++) {
		if (rule >= tables[i]->rules && rule < tables[i]->rules + tables[i]->count)
			return index + (size_t)(rule - tables[i]->rules);
		index += tables[i]->count;
	}
	return index;
}

size_t rule_count(void)
{
	size_t count = 0;

	for (size_t i = 0; i < TABLES; i++)
		count += tables[i]->count;
	return count;
}
