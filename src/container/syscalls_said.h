/* SPDX-License-Identifier: Apache-2.0 */
/* What the rules of a profile say of each call. Inside the container room only. */
#ifndef SEAWALL_SYSCALLS_SAID_H
#define SEAWALL_SYSCALLS_SAID_H

#include "syscalls_rules.h"

/* One rule of a profile, read once: some name hundreds of calls. */
struct rule {
	const struct json *json;
	const char *action;
	enum act act;
	bool has_args;
	bool plain; /* allows, whatever the arguments */
};

struct rule_ref {
	const struct rule *rule;
	struct rule_ref *next;
};

struct rule_refs {
	struct rule_ref *first, *last;
};

/* The rules that name each call of the tables, in their order. */
struct said {
	struct rule_refs *known; /* by number of the call */
};

struct said said_of(struct arena *arena, const struct json *rules);

/* The first of the rules that name a call; NULL if none does. */
static inline const struct rule_ref *said_first(const struct said *said, uint32_t id)
{
	return id < names_known ? said->known[id].first : NULL;
}

/*
 * The ways the profile means to allow a call of which these rules speak; open: by default it allows. Of
 * rules without arguments the first decides, as in libseccomp. Denials with arguments are taken away although
 * libseccomp forgets them beside an allowing rule without: whoever wrote them wanted the call denied. None
 * for more rules than are worth the time.
 */
const struct ways *said_ways(struct arena *arena, bool open, const struct rule_ref *first);

#endif
