/* SPDX-License-Identifier: Apache-2.0 */
/* Asks the seawall program about a seccomp profile, and remembers its answer. */
#include "seccomp_cache.h"

#include <string.h>

#include "file.h"
#include "filter.h"
#include "memory.h"
#include "program.h"

/* A full profile takes 50 ms; ten thousand rules stay below this. */
#define SECONDS_MAX 3

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

/* STRONG: there is a verdict to be read. */
static enum answer ask(const struct question *question)
{
	const char *argv[] = { "seawall",
			       "seccomp",
			       "check",
			       "--format",
			       "json",
			       "--abi",
			       question->abi,
			       "--kernel",
			       question->kernel,
			       "--caps",
			       question->caps,
			       "--builtin",
			       "-",
			       NULL };
	struct program program = { .argv = argv,
				   .input = question->profile,
				   .len = question->len,
				   .seconds = SECONDS_MAX };
	const struct json *json;
	struct error err;
	const char *text;

	switch (program_ask(question->arena, &program)) {
	case 0:
	case 1:
		break;
	/* a profile that takes too long now does so at every start */
	case 2:
	case PROGRAM_LATE:
		return ANSWER_UNTOLD;
	default:
		return ANSWER_NONE;
	}
	json = json_parse(question->arena, program.output, program.output_len, 0, &err);
	text = json_string(json_member(json, "verdict"));
	return text ? answer_of(text, strlen(text)) : ANSWER_NONE;
}

static enum answer answered(const struct question *question)
{
	int memory cleanup_fd = memory_open(question->arena, "seccomp");
	size_t len;
	const char *text = memory_get(question->arena, memory, question->key, &len);
	enum answer answer = text ? answer_of(text, len) : ANSWER_NONE;

	if (answer != ANSWER_NONE)
		return answer;
	answer = ask(question);
	if (answer != ANSWER_NONE)
		memory_put(memory, question->key, answers[answer], strlen(answers[answer]));
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
