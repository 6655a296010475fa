/* SPDX-License-Identifier: Apache-2.0 */
/* seawall apply: write the hardened config. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"
#include "file.h"

/* Written as it was read: indented if it was. */
static char *hardened_text(struct arena *arena, const struct task *task, const struct json *doc,
			   size_t *len)
{
	const char *line = memchr(task->text, '\n', task->len);
	bool indented = line && line < task->text + task->len - 1;
	struct text text = { .arena = arena };
	char *out = json_print(arena, doc, indented ? JSON_PRETTY : 0, len);

	text_add(&text, out, *len);
	if (*len && out[*len - 1] != '\n')
		text_add(&text, "\n", 1);
	*len = text.len;
	return text.data;
}

/* Symbolic links are followed here: it is the operator who names the file, not a config. */
static bool write_file(struct arena *arena, const char *path, const char *text, size_t len,
		       const struct stat *like, struct error *err)
{
	char *real = realpath(path, NULL);
	const char *target = real ? arena_strndup(arena, real, strlen(real)) : path;
	const char *slash = strrchr(target, '/');
	const char *dir = slash ? arena_strndup(arena, target, (size_t)(slash - target) + 1) : ".";
	int fd cleanup_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(real);
	if (fd < 0)
		return error_errno(err, "%s: cannot be opened", dir);
	return file_replace(fd, slash ? slash + 1 : target, text, len, like, 0, err);
}

static enum ctl_status write_out(const struct ctl *ctl, const struct subject *subject,
				 const char *out, size_t len)
{
	const char *path = ctl_value(ctl, "in-place") ? subject->path : ctl_value(ctl, "output");
	struct text text = { .arena = ctl->arena };
	struct stat like = subject->stat;
	struct error err;

	if (!path) {
		text_add(&text, out, len);
		return ctl_out(&text, CTL_GOOD);
	}
	/* A new file is the caller's own, whoever the config belongs to. */
	if (!ctl_value(ctl, "in-place") && stat(path, &like) < 0)
		like = (struct stat){ .st_mode = S_IFREG | 0644,
				      .st_uid = geteuid(),
				      .st_gid = getegid() };
	if (!S_ISREG(like.st_mode))
		return ctl_fail("%s: not a regular file", path);
	return write_file(ctl->arena, path, out, len, &like, &err) ? CTL_GOOD
								   : ctl_fail("%s", err.msg);
}

static bool check_target(const struct ctl *ctl, const struct subject *subject, struct error *err)
{
	if (!ctl_value(ctl, "in-place"))
		return true;
	if (ctl_value(ctl, "output"))
		return error_set(err, "--in-place and --output cannot both be asked for");
	return subject->path || error_set(err, "--in-place needs a file, not standard input");
}

enum ctl_status ctl_apply(struct ctl *ctl)
{
	struct policy policy;
	struct subject subject;
	struct report report;
	struct error err;
	size_t len;
	char *out;

	if (!ctl_policy(ctl, &policy, &err) ||
	    !ctl_subject(ctl, ctl->args[0], &policy, &subject, &err) ||
	    !check_target(ctl, &subject, &err))
		return ctl_fail("%s", err.msg);
	harden(ctl->arena, &subject.task, &report);
	if (!report.doc)
		return ctl_unread(ctl->arena, &subject, &report);
	if (report.verdict == VERDICT_REJECTED || report.verdict == VERDICT_ERROR) {
		fprintf(stderr, "%s\n", report_line(ctl->arena, &report));
		return report.verdict == VERDICT_REJECTED ? CTL_NO : CTL_FAILED;
	}
	out = hardened_text(ctl->arena, &subject.task, report.doc, &len);
	return write_out(ctl, &subject, out, len);
}
