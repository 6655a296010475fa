/* SPDX-License-Identifier: Apache-2.0 */
/* The decision log: what was decided, for whom and why, one line each. */
#include "decision.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "date.h"
#include "file.h"
#include "log.h"

#define LOG_FILE SEAWALL_LOGDIR "/decisions.jsonl"

static void set_text(struct arena *arena, struct json *object, const char *key, const char *text)
{
	json_set(arena, object, key,
		 text ? json_new_string(arena, text) : json_new(arena, JSON_NULL));
}

/* UTC with microseconds, so that records of one second keep their order when merged. */
static const char *time_text(struct arena *arena, int64_t now)
{
	char text[20];

	date_text(now / 1000000, text);
	/* a million more, so that all six digits are written */
	return arena_printf(arena, "%s.%sZ", text,
			    arena_printf(arena, "%zu", (size_t)(now % 1000000) + 1000000) + 1);
}

/* What was not changed has one hash. */
static struct json *config_json(struct arena *arena, const struct decision *decision)
{
	struct json *config = json_new(arena, JSON_OBJECT);
	struct file_hash hashes[2] = {
		{ .data = decision->before, .len = decision->before_len },
		{ .data = decision->after, .len = decision->after_len },
	};

	file_hash(hashes, decision->after ? 2 : 1);
	set_text(arena, config, "before", decision->before ? hashes[0].hex : NULL);
	set_text(arena, config, "after",
		 decision->after    ? hashes[1].hex
		 : decision->before ? hashes[0].hex
				    : NULL);
	return config;
}

struct json *decision_json(struct arena *arena, const struct decision *decision)
{
	const struct report *report = decision->report;
	struct json *json = json_new(arena, JSON_OBJECT), *member;
	struct json *said = report_json(arena, report, NULL);
	const char *host = decision->host;
	int64_t now = date_now();
	struct utsname name;

	set_text(arena, json, "time", time_text(arena, now));
	set_text(arena, json, "version", SEAWALL_VERSION);
	if (!host && uname(&name) == 0)
		host = name.nodename;
	set_text(arena, json, "host", host);
	set_text(arena, json, "boundary", boundary_name(report->boundary));
	while ((member = said->child) != NULL) {
		json_remove(member);
		json_set(arena, json, member->key, member);
	}
	set_text(arena, json, "error", report->error);
	set_text(arena, json, "runtime", decision->runtime);
	json_set(arena, json, "config", config_json(arena, decision));
	/* the clock may have been set back */
	json_set(arena, json, "duration_us",
		 json_new_i64(arena, now > decision->started ? now - decision->started : 0));
	return json;
}

/* Not a link, not a pipe nobody reads: what stands there must be a plain file that grows. */
static int open_log(const char *path, struct error *err)
{
	int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int fd = openat(AT_FDCWD, path, flags, 0640);
	struct stat stat;

	if (fd < 0 && errno == ENOENT && strcmp(path, LOG_FILE) == 0) {
		mkdir(SEAWALL_LOGDIR, 0750);
		fd = openat(AT_FDCWD, path, flags, 0640);
	}
	if (fd < 0) {
		error_errno(err, "cannot be opened");
		return -1;
	}
	if (fstat(fd, &stat) < 0 || !S_ISREG(stat.st_mode)) {
		error_set(err, "not a regular file");
		close(fd);
		return -1;
	}
	return fd;
}

/* Takes back the part of a record that a full disk took, unless another record stands behind it. */
static void take_back(int fd, ssize_t put)
{
	off_t end = lseek(fd, 0, SEEK_CUR);
	struct stat stat;

	if (put <= 0 || end < put || fstat(fd, &stat) < 0 || stat.st_size != end)
		return;
	if (ftruncate(fd, end - put) < 0)
		return;
}

/*
 * One write, so that records of processes that run at the same time do not mix. The descriptor is left to
 * execve or the end of the program, which are near.
 */
static bool append(const char *path, const char *line, size_t len, struct error *err)
{
	int fd = open_log(path, err);
	ssize_t put;

	if (fd < 0)
		return false;
	put = write(fd, line, len);
	if (put < 0)
		return error_errno(err, "cannot be written");
	if ((size_t)put == len)
		return true;
	take_back(fd, put);
	return error_set(err, "could only be written in part");
}

bool decision_write(struct arena *arena, const struct policy *policy,
		    const struct decision *decision, struct error *err)
{
	const struct json *doc = policy ? policy->doc : NULL;
	const char *path = json_string(json_at(doc, "/log/path"));
	size_t len;
	char *line = json_print(arena, decision_json(arena, decision), 0, &len);

	if (json_true(json_at(doc, "/log/journal")))
		log_journal(line);
	if (!path)
		path = LOG_FILE;
	/* json_print leaves a NUL behind the text, where the newline goes */
	line[len] = '\n';
	return append(path, line, len + 1, err) || error_prefix(err, "decision log %.300s", path);
}
