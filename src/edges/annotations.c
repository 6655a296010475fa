/* SPDX-License-Identifier: Apache-2.0 */
/* What the runtime below says of the annotations it obeys, kept on disk. */
#include "annotations.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"

#define NAME "annotations.json"
#define PATH SEAWALL_STATEDIR "/" NAME

static bool is_list(const struct json *list)
{
	if (!list || list->type != JSON_ARRAY)
		return false;
	json_each(name, list)
		if (!json_string(name) || !name->text[0])
			return false;
	return true;
}

bool annotations_load(struct arena *arena, struct policy *policy, struct error *err)
{
	const struct json *doc;
	const char *text;
	size_t len;

	if (file_missing(AT_FDCWD, PATH))
		return true;
	text = file_read(arena, AT_FDCWD, PATH, FILE_OWNED | FILE_NOFOLLOW, &len, NULL, err);
	doc = text ? json_parse(arena, text, len, 0, err) : NULL;
	if (!doc)
		return error_prefix(err, PATH);
	policy->annotations = json_member(doc, "annotations");
	return is_list(policy->annotations) ||
	       error_set(err, PATH ": names no annotations; run seawall policy update");
}

struct json *annotations_of(struct arena *arena, const char *runtime, const struct json *features)
{
	const struct json *unsafe = json_member(features, "potentiallyUnsafeConfigAnnotations");
	struct json *doc = json_new(arena, JSON_OBJECT);

	json_set(arena, doc, "runtime", json_new_string(arena, runtime));
	json_set(arena, doc, "annotations",
		 is_list(unsafe) ? json_clone(arena, unsafe) : json_new(arena, JSON_ARRAY));
	return doc;
}

bool annotations_save(struct arena *arena, const struct json *annotations, struct error *err)
{
	struct stat like = { .st_mode = S_IFREG | 0644, .st_uid = geteuid(), .st_gid = getegid() };
	int fd cleanup_fd = -1;
	size_t len;
	const char *text = json_print(arena, annotations, JSON_PRETTY, &len);

	if (mkdir(SEAWALL_STATEDIR, 0755) < 0 && errno != EEXIST)
		return error_errno(err, SEAWALL_STATEDIR);
	fd = open(SEAWALL_STATEDIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, SEAWALL_STATEDIR);
	return file_replace(fd, NAME, text, len, &like, 0, err) || error_prefix(err, PATH);
}
