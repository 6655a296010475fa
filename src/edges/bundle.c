/* SPDX-License-Identifier: Apache-2.0 */
/* Finds, reads and replaces the documents that runtimes read. */
#include "bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "file.h"
#include "host.h"
#include "launch.h"

#define CONFIG "config.json"

/* Who else may rename in the bundle could swap config.json between our judgement and the runtime. */
static bool check_directory(int fd, struct error *err)
{
	struct stat stat;

	if (fstat(fd, &stat) < 0)
		return error_errno(err, "cannot be examined");
	if (!file_owner_trusted(stat.st_uid))
		return error_set(err, "wrong owner (found uid %u, expected 0); chown root it",
				 (unsigned)stat.st_uid);
	if (stat.st_mode & (S_IWGRP | S_IWOTH))
		return error_set(err, "writable by others (found mode %04o); chmod go-w it",
				 (unsigned)stat.st_mode & 07777);
	return true;
}

/*
 * Opens a bundle by a clean path that holds no link, as engines write it: that is where it really is. -1 if
 * it may be elsewhere.
 */
static int open_plain(struct arena *arena, const char *path)
{
	struct open_how how = { .flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
				.resolve = RESOLVE_NO_SYMLINKS };
	const char *clean = host_clean(arena, path);

	if (!clean || strcmp(clean, path) != 0)
		return -1;
	return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
}

/* Where an open directory really is. */
static const char *canonical(struct arena *arena, int fd, struct error *err)
{
	char path[PATH_MAX];
	ssize_t len =
		readlink(arena_printf(arena, "/proc/self/fd/%zu", (size_t)fd), path, sizeof(path));

	if (len > 0 && len < PATH_MAX && path[0] == '/')
		return arena_strndup(arena, path, (size_t)len);
	error_set(err, "its path cannot be told");
	return NULL;
}

/* True if uid is the one that the container's root has on the host. */
static bool maps_root_to(const struct json *config, uid_t uid)
{
	uint64_t inside, outside;

	json_each(mapping, json_at(config, "/linux/uidMappings"))
		if (json_u64(json_member(mapping, "containerID"), &inside) && inside == 0 &&
		    json_u64(json_member(mapping, "hostID"), &outside) && outside == uid)
			return true;
	return false;
}

/*
 * Podman gives the bundle of a container with a user namespace to that namespace's root, so that it may
 * look into it. Then he could swap config.json. As in containerd's bundles the group is enough to pass:
 * ours before anything in it is read for judging, unless nothing may be changed.
 */
static bool take_over(struct arena *arena, int fd, bool change)
{
	int own cleanup_fd = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct error err;
	struct stat stat;
	const char *text;
	size_t len;

	if (own < 0 || fstat(own, &stat) < 0 || (stat.st_mode & (S_IWGRP | S_IWOTH)))
		return false;
	text = file_read(arena, own, CONFIG, FILE_OWNED | FILE_NOFOLLOW, &len, NULL, &err);
	if (!text || !maps_root_to(json_parse(arena, text, len, 0, &err), stat.st_uid))
		return false;
	return !change || (fchown(own, geteuid(), (gid_t)-1) == 0 &&
			   fchmod(own, (stat.st_mode & S_IRWXU) | S_IXGRP) == 0);
}

static bool read_config(struct arena *arena, bool change, struct bundle *bundle, struct error *err)
{
	if (!bundle->path)
		bundle->path = canonical(arena, bundle->fd, err);
	if (!bundle->path ||
	    (!check_directory(bundle->fd, err) && !take_over(arena, bundle->fd, change)))
		return false;
	bundle->text = file_read(arena, bundle->fd, CONFIG, FILE_OWNED | FILE_NOFOLLOW | FILE_LEFT,
				 &bundle->len, &bundle->stat, err);
	return bundle->text || error_prefix(err, CONFIG);
}

bool bundle_read(struct arena *arena, const char *path, bool change, struct bundle *bundle,
		 struct error *err)
{
	if (!path)
		path = ".";
	*bundle = (struct bundle){ .fd = open_plain(arena, path), .path = path };
	if (bundle->fd < 0) {
		bundle->fd = openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
		bundle->path = NULL;
	}
	if (bundle->fd < 0)
		error_errno(err, "cannot be opened");
	else if (read_config(arena, change, bundle, err))
		return true;
	return error_prefix(err, "bundle %.400s", path);
}

bool bundle_replace(const struct bundle *bundle, const char *text, size_t len, struct error *err)
{
	return file_replace(bundle->fd, CONFIG, text, len, &bundle->stat, FILE_LEFT, err) ||
	       error_prefix(err, "%.400s", bundle->path);
}

/* runc appends its own label behind whatever annotations became labels: the last one counts. */
static const char *runc_bundle(const struct json *state)
{
	const char *found = NULL;

	json_each(label, json_at(state, "/config/labels")) {
		const char *text = json_string(label);

		if (text && strncmp(text, "bundle=", 7) == 0)
			found = text + 7;
	}
	return found;
}

static const char *crun_bundle(const struct json *status)
{
	return json_string(json_member(status, "bundle"));
}

struct runtime_state {
	const char *directory, *file, *members;
	const char *(*bundle)(const struct json *state);
};

static const struct runtime_state states[] = {
	{ "runc", "state.json", "init_process_pid init_process_start config/labels", runc_bundle },
	{ "crun", "status", "pid process-start-time bundle", crun_bundle },
};

/* In a user namespace runc takes who says that he is root for the host's. */
static bool is_root_to_runc(const struct runtime_state *state)
{
	const char *user = getenv("USER");

	return state == &states[0] && geteuid() == 0 && user && strcmp(user, "root") == 0;
}

/* The root a runtime chooses itself, as our environment for it makes it choose. */
static const char *default_root(struct arena *arena, const struct runtime_state *state)
{
	const char *runtime_dir = getenv("XDG_RUNTIME_DIR");

	if (!runtime_dir || !*runtime_dir || !launch_rootless() || is_root_to_runc(state))
		runtime_dir = "/run";
	return arena_printf(arena, "%s/%s", runtime_dir, state->directory);
}

static const char *state_path(struct arena *arena, const struct runtime_state *state,
			      const char *root, const char *id)
{
	return arena_printf(arena, "%s/%s/%s", root ? root : default_root(arena, state), id,
			    state->file);
}

bool bundle_missing(struct arena *arena, const char *root, const char *id)
{
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++)
		if (!file_missing(AT_FDCWD, state_path(arena, &states[i], root, id)))
			return false;
	return true;
}

const char *bundle_root(struct arena *arena)
{
	return default_root(arena, &states[0]);
}

bool bundle_waits(struct arena *arena, const char *root, const char *id)
{
	return !file_missing(AT_FDCWD, arena_printf(arena, "%s/%s/exec.fifo",
						    root ? root : bundle_root(arena), id));
}

/* What one runtime wrote of a container, and the bundle it names; NULL with an empty err if there is none. */
static const char *state_bundle(struct arena *arena, const struct runtime_state *state,
				const char *root, const char *id, const struct json **json,
				struct error *err)
{
	const char *path, *text, *bundle;
	size_t len;

	err->msg[0] = '\0';
	path = state_path(arena, state, root, id);
	if (file_missing(AT_FDCWD, path))
		return NULL;
	text = file_read(arena, AT_FDCWD, path, FILE_OWNED | FILE_NOFOLLOW, &len, NULL, err);
	*json = text ? json_parse_some(arena, text, len, state->members, err) : NULL;
	bundle = state->bundle(*json);
	if (*json && !bundle)
		error_set(err, "names no bundle");
	if (!bundle)
		error_prefix(err, "%.400s", path);
	return bundle;
}

bool bundle_find(struct arena *arena, const char *root, const char *id, bool change,
		 struct bundle *bundle, struct error *err)
{
	const struct json *state = NULL, *json;
	const char *found = NULL, *runtime = NULL;

	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
		const char *path = state_bundle(arena, &states[i], root, id, &json, err);

		if (!path && err->msg[0])
			return false;
		if (!path)
			continue;
		if (found)
			return error_set(err, "container %.80s: both runc and crun know one", id);
		found = path;
		state = json;
		runtime = states[i].directory;
	}
	if (!found)
		return error_set(err, "container %.80s is not known below %.300s", id,
				 root ? root : "/run/runc and /run/crun");
	if (!bundle_read(arena, found, change, bundle, err))
		return false;
	bundle->state = state;
	bundle->runtime = runtime;
	return true;
}

static bool fill(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t put = write(fd, text, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		text += put;
		len -= (size_t)put;
	}
	return lseek(fd, 0, SEEK_SET) == 0;
}

/* Sealed: neither the runtime nor a container that got hold of it could change what was judged. */
int bundle_private(const char *text, size_t len, struct error *err)
{
	int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	int fd = memfd_create("seawall", MFD_ALLOW_SEALING | MFD_CLOEXEC);

	if (fd >= 0 && fill(fd, text, len) && fcntl(fd, F_ADD_SEALS, seals) == 0)
		return fd;
	error_errno(err, "a private file cannot be made");
	if (fd >= 0)
		close(fd);
	return -1;
}
