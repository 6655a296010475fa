/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose a layer is, by the lists of containers/storage, which Podman and CRI-O keep: an array of
 * {"id": ..., "layer": ...}. No path of theirs has both the container's id and its layer's in it.
 */
#include <fcntl.h>
#include <string.h>

#include "file.h"
#include "host_parts.h"

static const char unreadable[] = "";

static const char *tenant_in(const struct json *list, const char *layer)
{
	if (list->type != JSON_ARRAY)
		return unreadable;
	json_each(container, list) {
		const char *id = json_string(json_member(container, "id"));

		if (json_is(json_member(container, "layer"), layer))
			return id ? id : unreadable;
	}
	return NULL;
}

const char *host_tenant(struct arena *arena, const char *lists, const char *layer)
{
	/* The second is of containers that need not outlive a restart of the host. */
	static const char *const names[] = { "containers.json", "volatile-containers.json" };
	const char *tenant = NULL;

	for (size_t i = 0; i < 2 && !tenant; i++) {
		const char *path = arena_printf(arena, "%s/%s", lists, names[i]);
		const struct json *list;
		struct error err;
		const char *text;
		size_t len;

		if (file_missing(AT_FDCWD, path))
			continue;
		text = file_read(arena, AT_FDCWD, path, FILE_OWNED, &len, NULL, &err);
		list = text ? json_parse(arena, text, len, 0, &err) : NULL;
		tenant = list ? tenant_in(list, layer) : unreadable;
	}
	return tenant;
}
