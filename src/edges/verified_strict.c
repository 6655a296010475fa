/* SPDX-License-Identifier: Apache-2.0 */
/* Compares filters right here, where libseccomp is linked in. */
#include "filter.h"
#include "verified.h"

enum fact verified_strict(struct arena *arena, const struct json *seccomp,
			  const struct kernel_filter *list, struct error *err)
{
	struct filter wanted;

	if (!filter_build(arena, seccomp, &wanted, err))
		return FACT_NO;
	for (; list; list = list->next) {
		struct filter real = filter_of(arena, list->code, list->count);

		if (!filter_excess(arena, &real, &wanted))
			return FACT_YES;
	}
	error_set(err, "no filter of the process is as strict as the config's");
	return FACT_NO;
}
