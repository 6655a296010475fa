/* SPDX-License-Identifier: Apache-2.0 */
/* seawall policy update: asks the runtime which annotations it obeys, and keeps the answer. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "annotations.h"
#include "ctl.h"
#include "file.h"
#include "launch.h"
#include "sources.h"

#define SECONDS_MAX 10

/* Becomes the runtime; alarm(2) outlives execve, so that it cannot hang. */
static void become(const char *runtime, int out)
{
	const char *slash = strrchr(runtime, '/');
	char *argv[] = { (char *)(uintptr_t)(slash + 1), "features", NULL };
	char *environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	alarm(SECONDS_MAX);
	if (null >= 0 && dup2(null, 0) == 0 && dup2(out, 1) == 1 && dup2(null, 2) == 2)
		execve(runtime, argv, environment);
	_exit(127);
}

/* NULL if it does not know the question: "features" is younger than many runtimes. */
static const struct json *features(const struct ctl *ctl, const char *runtime)
{
	int out cleanup_fd = memfd_create("features", MFD_CLOEXEC);
	pid_t child = out < 0 ? -1 : fork(), done;
	struct error err;
	const char *text;
	int status = 0;
	size_t len;

	if (child < 0)
		return NULL;
	if (child == 0)
		become(runtime, out);
	do
		done = waitpid(child, &status, 0);
	while (done < 0 && errno == EINTR);
	if (done != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0 ||
	    lseek(out, 0, SEEK_SET) != 0)
		return NULL;
	text = file_read_fd(ctl->arena, out, FILE_ANY, &len, NULL, &err);
	return text ? json_parse(ctl->arena, text, len, 0, &err) : NULL;
}

static void tell(const struct ctl *ctl, struct text *text, const struct json *doc)
{
	const struct json *list = json_member(doc, "annotations");

	text_printf(text, "%s names %u annotations that it obeys%s\n",
		    report_plain(ctl->arena, json_member(doc, "runtime")->text), list->len,
		    list->len ? ":" : "; those that seawall knows are refused all the same");
	json_each(name, list)
		text_printf(text, "  %s\n", report_plain(ctl->arena, name->text));
}

enum ctl_status ctl_policy_update(struct ctl *ctl)
{
	struct text text = { .arena = ctl->arena };
	struct handing_on policy;
	const struct json *doc;
	const char *runtime;
	struct error err;

	/* What is kept from the last time may be what is broken: the policy is not loaded whole. */
	policy_handing_on(ctl->arena, &policy);
	runtime = launch_runtime(policy.runtimes, &err);
	if (!runtime)
		return ctl_fail("%s", err.msg);
	doc = annotations_of(ctl->arena, runtime, features(ctl, runtime));
	if (!annotations_save(ctl->arena, doc, &err))
		return ctl_fail("%s", err.msg);
	tell(ctl, &text, doc);
	return ctl_out(&text, CTL_GOOD);
}
