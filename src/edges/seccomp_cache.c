/* SPDX-License-Identifier: Apache-2.0 */
/* Asks the seawall program about a seccomp profile, and remembers its answer. */
#include "seccomp_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"
#include "filter.h"

#define PROGRAM SEAWALL_BINDIR "/seawall"
#define MEMORY	SEAWALL_STATEDIR "/seccomp"

/* A full profile takes 50 ms; ten thousand rules stay below this. */
#define SECONDS_MAX 3
/* Who may start containers could fill the disk otherwise. */
#define ANSWERS_MAX 1024

/* NONE was not asked or is not known; UNTOLD was asked for, and there is none. */
enum answer { ANSWER_NONE, ANSWER_STRONG, ANSWER_MEET, ANSWER_DEFAULT, ANSWER_UNTOLD };

struct question {
	struct arena *arena;
	const char *caps, *kernel, *abi;
	const char *profile; /* within a config, so that nothing in it is resolved */
	size_t len;
	char key[65];
};

static const char *const answers[] = { "", "strong", "meet", "default", "untold" };

static struct question question_of(struct arena *arena, const struct json *seccomp,
				   const struct syscalls_target *target)
{
	struct question question = { .arena = arena };
	struct text all = { .arena = arena };
	const char *profile;

	question.caps = target->caps ? caps_text(arena, target->caps) : "none";
	question.kernel =
		arena_printf(arena, "%d.%d", target->kernel / 1000, target->kernel % 1000);
	question.abi = target->native ? "native" : "all";
	profile = json_print(arena, seccomp, 0, &question.len);
	question.profile = arena_printf(
		arena, "{\"ociVersion\":\"1.0.0\",\"linux\":{\"seccomp\":%s}}", profile);
	question.len = strlen(question.profile);
	/* what another libseccomp knows and makes of rules may be something else */
	text_printf(&all, "%s\n%s\n%s\n%s\n%s\n", SEAWALL_VERSION, filter_library, question.caps,
		    question.kernel, question.abi);
	text_add(&all, question.profile, question.len);
	file_sha256(all.data, all.len, question.key);
	return question;
}

static enum answer answer_of(const char *text, size_t len)
{
	for (int i = ANSWER_STRONG; i <= ANSWER_UNTOLD; i++)
		if (strlen(answers[i]) == len && memcmp(answers[i], text, len) == 0)
			return (enum answer)i;
	return ANSWER_NONE;
}

/* The directory of answers, made if it is missing; -1 unless it is ours alone. */
static int open_memory(void)
{
	struct stat stat;
	int fd;

	if (mkdir(SEAWALL_STATEDIR, 0755) < 0 && errno != EEXIST)
		return -1;
	if (mkdir(MEMORY, 0700) < 0 && errno != EEXIST)
		return -1;
	fd = open(MEMORY, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (fstat(fd, &stat) == 0 && stat.st_uid == geteuid() &&
	    !(stat.st_mode & (S_IWGRP | S_IWOTH)))
		return fd;
	close(fd);
	return -1;
}

static enum answer remembered(int memory, const struct question *question)
{
	struct error err;
	size_t len;
	const char *text = file_read(question->arena, memory, question->key,
				     FILE_OWNED | FILE_NOFOLLOW, &len, NULL, &err);

	return text ? answer_of(text, len) : ANSWER_NONE;
}

static bool is_full(int memory)
{
	int copy = openat(memory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	size_t count = 0;

	if (!dir) {
		if (copy >= 0)
			close(copy);
		return true;
	}
	while (count <= ANSWERS_MAX && readdir(dir))
		count++;
	closedir(dir);
	return count > ANSWERS_MAX;
}

/* An answer that is not remembered is asked for again: nothing else depends on it. */
static void remember(int memory, const struct question *question, enum answer answer)
{
	struct stat like = { .st_mode = S_IFREG | 0600, .st_uid = geteuid(), .st_gid = getegid() };
	struct error err;

	if (is_full(memory) || !file_replace(memory, question->key, answers[answer],
					     strlen(answers[answer]), &like, 0, &err))
		return;
}

/* Becomes the program; alarm(2) outlives execve, so that it cannot hang. */
static void become(const struct question *question, int in, int out)
{
	char *argv[] = { "seawall",  "seccomp",
			 "check",    "--format",
			 "json",     "--builtin",
			 "--abi",    (char *)(uintptr_t)question->abi,
			 "--kernel", (char *)(uintptr_t)question->kernel,
			 "--caps",   (char *)(uintptr_t)question->caps,
			 "-",	     NULL };
	char *environment[] = { NULL };
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	sigset_t alone;

	sigemptyset(&alone);
	sigaddset(&alone, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &alone, NULL);
	signal(SIGALRM, SIG_DFL);
	alarm(SECONDS_MAX);
	if (null >= 0 && dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(null, 2) == 2)
		execve(PROGRAM, argv, environment);
	_exit(127);
}

/* What the program ends with: its verdict, that it cannot give one, or nothing of worth. */
static enum answer outcome_of(int status)
{
	/* a profile that takes too long now does so at every start */
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGALRM ? ANSWER_UNTOLD : ANSWER_NONE;
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 2)
		return ANSWER_NONE;
	return WEXITSTATUS(status) == 2 ? ANSWER_UNTOLD : ANSWER_STRONG;
}

/* STRONG: there is a verdict to be read. */
static enum answer run_program(const struct question *question, int in, int out)
{
	pid_t child = fork(), done;
	int status;

	if (child < 0)
		return ANSWER_NONE;
	if (child == 0)
		become(question, in, out);
	do
		done = waitpid(child, &status, 0);
	while (done < 0 && errno == EINTR);
	return done == child ? outcome_of(status) : ANSWER_NONE;
}

/* Files in memory on both ends: no pipe that one side could leave full. */
static enum answer ask(const struct question *question)
{
	int in cleanup_fd = memfd_create("profile", MFD_CLOEXEC);
	int out cleanup_fd = memfd_create("answer", MFD_CLOEXEC);
	const struct json *json;
	enum answer outcome;
	struct error err;
	const char *text;
	size_t len;

	if (in < 0 || out < 0 ||
	    write(in, question->profile, question->len) != (ssize_t)question->len ||
	    lseek(in, 0, SEEK_SET) != 0)
		return ANSWER_NONE;
	outcome = run_program(question, in, out);
	if (outcome != ANSWER_STRONG || lseek(out, 0, SEEK_SET) != 0)
		return outcome == ANSWER_UNTOLD ? outcome : ANSWER_NONE;
	text = file_read_fd(question->arena, out, FILE_ANY, &len, NULL, &err);
	json = text ? json_parse(question->arena, text, len, 0, &err) : NULL;
	text = json_string(json_member(json, "verdict"));
	return text ? answer_of(text, strlen(text)) : ANSWER_NONE;
}

static enum answer answered(const struct question *question)
{
	int memory cleanup_fd = open_memory();
	enum answer answer = memory < 0 ? ANSWER_NONE : remembered(memory, question);

	if (answer != ANSWER_NONE)
		return answer;
	answer = ask(question);
	if (answer != ANSWER_NONE && memory >= 0)
		remember(memory, question, answer);
	return answer;
}

enum fact seccomp_judged(const struct host *host, struct arena *arena, const struct json *seccomp,
			 const struct syscalls_target *target, struct json **replacement)
{
	struct question question;

	(void)host;
	*replacement = NULL;
	/* against an operator's own profile only the rules are compared */
	if (target->own)
		return FACT_UNKNOWN;
	question = question_of(arena, seccomp, target);
	switch (answered(&question)) {
	case ANSWER_STRONG:
		return FACT_YES;
	case ANSWER_DEFAULT:
		*replacement = syscalls_profile(arena, target);
		return FACT_NO;
	case ANSWER_MEET:
		return FACT_NO;
	case ANSWER_NONE:
	case ANSWER_UNTOLD:
		break;
	}
	return FACT_UNKNOWN;
}
