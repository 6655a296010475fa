/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the installed policy's files; what they mean is judgement's. */
#include "sources.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "annotations.h"
#include "file.h"
#include "seccomp_profile.h"

#define SOURCES_MAX 256

struct sources {
	struct arena *arena;
	struct source *list;
	size_t count, room;
};

static bool is_trusted(const struct stat *stat, struct error *err)
{
	if (!S_ISDIR(stat->st_mode))
		return error_set(err, "is no directory");
	if (!file_owner_trusted(stat->st_uid))
		return error_set(err, "wrong owner (found uid %u, expected 0); chown root it",
				 (unsigned)stat->st_uid);
	if (stat->st_mode & (S_IWGRP | S_IWOTH))
		return error_set(err, "writable by others (found mode %04o); chmod go-w it",
				 (unsigned)stat->st_mode & 07777);
	return true;
}

static int open_directory(int dirfd, const char *name, struct error *err)
{
	int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat stat;

	if (fd < 0) {
		error_errno(err, "cannot be opened");
		return -1;
	}
	if (fstat(fd, &stat) < 0)
		error_errno(err, "cannot be examined");
	else if (is_trusted(&stat, err))
		return fd;
	close(fd);
	return -1;
}

/* Most policies are one file. */
static struct source *source_new(struct sources *sources)
{
	struct source *list = sources->list;

	if (sources->count == sources->room) {
		sources->room = sources->room ? 2 * sources->room : 1;
		sources->list = arena_alloc(sources->arena, sources->room * sizeof(*list));
		if (sources->count)
			memcpy(sources->list, list, sources->count * sizeof(*list));
	}
	return &sources->list[sources->count];
}

static bool add_source(struct sources *sources, int dirfd, const char *dir, const char *name,
		       bool profile, struct error *err)
{
	struct source *source;

	if (sources->count == SOURCES_MAX)
		return error_set(err, "%s: more than %u policy files", dir, SOURCES_MAX);
	source = source_new(sources);
	source->name = arena_printf(sources->arena, "%s/%s", dir, name);
	source->profile = profile;
	/* Most policies are one file: two hundred more are closed. */
	source->text = file_read(sources->arena, dirfd, dirfd == AT_FDCWD ? source->name : name,
				 sources->count ? FILE_OWNED : FILE_OWNED | FILE_LEFT, &source->len,
				 NULL, err);
	if (!source->text)
		return error_prefix(err, "%s", source->name);
	sources->count++;
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names that end in .json and do not begin with a dot, sorted. */
static size_t list_names(struct arena *arena, DIR *dir, const char *names[])
{
	const struct dirent *entry;
	size_t count = 0;

	while (count < SOURCES_MAX && (entry = readdir(dir)) != NULL) {
		size_t len = strlen(entry->d_name);

		if (entry->d_name[0] != '.' && len > 5 &&
		    strcmp(entry->d_name + len - 5, ".json") == 0)
			names[count++] = arena_strndup(arena, entry->d_name, len);
	}
	qsort(names, count, sizeof(*names), by_name);
	return count;
}

static bool add_files(struct sources *sources, DIR *dir, const char *path, bool profile,
		      struct error *err)
{
	const char *names[SOURCES_MAX];
	size_t count = list_names(sources->arena, dir, names);

	for (size_t i = 0; i < count; i++)
		if (!add_source(sources, dirfd(dir), path, names[i], profile, err))
			return false;
	return true;
}

/* The files of policy.d, then those of policy.d/profiles; neither need be there. */
static bool add_directory(struct sources *sources, int parent, const char *name, const char *path,
			  bool profile, struct error *err)
{
	DIR *dir;
	bool good;
	int fd;

	if (file_missing(parent, name))
		return true;
	fd = open_directory(parent, name, err);
	if (fd < 0)
		return error_prefix(err, "%s", path);
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return error_set(err, "%s: cannot be listed", path);
	}
	good = add_files(sources, dir, path, profile, err) &&
	       (profile || add_directory(sources, fd, "profiles",
					 SEAWALL_SYSCONFDIR "/policy.d/profiles", true, err));
	closedir(dir);
	return good;
}

static bool add_main(struct sources *sources, int dirfd, struct error *err)
{
	const char *name = dirfd == AT_FDCWD ? SEAWALL_SYSCONFDIR "/policy.json" : "policy.json";

	return add_source(sources, dirfd, SEAWALL_SYSCONFDIR, "policy.json", false, err) ||
	       file_missing(dirfd, name);
}

/*
 * The directory itself is looked at, not opened, which is a call less: who can put another in its place may
 * write to the directory it stands in. Of where a link leads that is not known: then it is held.
 */
static bool read_sources(struct sources *sources, struct error *err)
{
	static const char extra[] = SEAWALL_SYSCONFDIR "/policy.d";
	struct stat directory;
	int dirfd = AT_FDCWD;

	if (lstat(SEAWALL_SYSCONFDIR, &directory) < 0) {
		error_errno(err, SEAWALL_SYSCONFDIR ": cannot be examined");
		return file_missing(AT_FDCWD, SEAWALL_SYSCONFDIR);
	}
	if (S_ISLNK(directory.st_mode)) {
		dirfd = open_directory(AT_FDCWD, SEAWALL_SYSCONFDIR, err);
		if (dirfd < 0)
			return error_prefix(err, SEAWALL_SYSCONFDIR);
	} else if (!is_trusted(&directory, err)) {
		return error_prefix(err, SEAWALL_SYSCONFDIR);
	}
	/* left to execve or the end of the program, which reads it once */
	return add_main(sources, dirfd, err) &&
	       add_directory(sources, dirfd, dirfd == AT_FDCWD ? extra : "policy.d", extra, false,
			     err);
}

bool policy_load(struct arena *arena, struct policy *policy, struct error *err)
{
	struct sources sources = { .arena = arena };

	return read_sources(&sources, err) &&
	       policy_parse(arena, sources.list, sources.count, policy, err) &&
	       seccomp_profile_load(arena, FILE_OWNED, policy, err) &&
	       annotations_load(arena, policy, err);
}

const struct json *policy_record(struct arena *arena, const struct policy *policy,
				 const struct call_facts *call)
{
	if (!policy_asks_record(policy))
		return NULL;
	return identity_record(arena, call, json_at(policy->doc, "/data_roots/docker"));
}

bool policy_load_file(struct arena *arena, const char *path, struct policy *policy,
		      struct error *err)
{
	struct source source = { .name = path };

	if (strcmp(path, "-") == 0)
		source.text = file_read_fd(arena, STDIN_FILENO, FILE_ANY, &source.len, NULL, err);
	else
		source.text = file_read(arena, AT_FDCWD, path, FILE_ANY, &source.len, NULL, err);
	if (!source.text)
		return error_prefix(err, "%s", path);
	return policy_parse(arena, &source, 1, policy, err) &&
	       seccomp_profile_load(arena, FILE_ANY, policy, err);
}

/* A file whose text does not even hold the words need not be parsed. */
static bool concerns(const struct source *source)
{
	return !source->profile && (memmem(source->text, source->len, "runtimes", 8) ||
				    memmem(source->text, source->len, "\"mode\"", 6));
}

void policy_handing_on(struct arena *arena, struct handing_on *handing_on)
{
	struct sources sources = { .arena = arena };
	struct error err;

	*handing_on = (struct handing_on){ 0 };
	if (!read_sources(&sources, &err))
		return;
	for (size_t i = 0; i < sources.count; i++) {
		const struct source *source = &sources.list[i];
		const struct json *doc, *runtimes, *mode;

		doc = concerns(source)
			      ? json_parse(arena, source->text, source->len, JSON_COMMENTS, &err)
			      : NULL;
		runtimes = json_member(doc, "runtimes");
		mode = json_member(doc, "mode");
		if (runtimes)
			handing_on->runtimes = runtimes;
		if (mode)
			handing_on->audit = json_is(mode, "audit");
	}
}
