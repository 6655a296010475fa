/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A command line, a word a line. What is accepted is written back so that reading it again says the
 * same, and so that no reader can take it for another: exact long names, "--" before the id.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "argv.h"

#define WORDS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void broken(const char *what)
{
	fprintf(stderr, "argv: %s\n", what);
	abort();
}

static int split(struct arena *arena, const uint8_t *data, size_t size, char **words)
{
	char *text = arena_strndup(arena, (const char *)data, size);
	int count = 0;

	words[count++] = arena_strndup(arena, "seawall-runtime", 15);
	while (count < WORDS_MAX - 1 && text) {
		char *end = strchr(text, '\n');

		if (!end && !*text)
			break; /* the last line's end is no word */
		if (end)
			*end++ = '\0';
		words[count++] = text;
		text = end;
	}
	return count;
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_options(const struct argv_option *a, const struct argv_option *b)
{
	for (; a && b; a = a->next, b = b->next) {
		if (!same(a->name, b->name) || !same(a->value, b->value))
			return false;
	}
	return !a && !b;
}

static bool same_call(const struct call *a, const struct call *b)
{
	return a->verb == b->verb && same(a->name, b->name) && same(a->id, b->id) &&
	       same(a->bundle, b->bundle) && same(a->process, b->process) &&
	       same(a->resources, b->resources) && same(a->root, b->root) &&
	       same_options(a->globals, b->globals) && same_options(a->options, b->options);
}

/* Before "--" only "--name", "--name=value" and the command. */
static void check_form(char *const *argv, const struct call *call)
{
	int commands = 0;
	char *const *word = argv + 1;

	for (; *word && strcmp(*word, "--"); word++) {
		if (same(*word, call->name))
			commands++;
		else if (strncmp(*word, "--", 2) || !(*word)[2] || (*word)[2] == '=')
			broken("another form than --name or --name=value");
	}
	if (commands != 1 || !*word || !same(word[1], call->id))
		broken("the command or \"-- ID\" is missing");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	char *words[WORDS_MAX] = { NULL };
	struct call call, again;
	char *const *argv;
	struct error err;
	int count = split(arena, data, size, words);

	if (argv_parse(arena, count, words, &call, &err) && call.verb != VERB_PASS) {
		argv = argv_emit(arena, &call, "/usr/bin/runc");
		for (count = 0; argv[count];)
			count++;
		check_form(argv, &call);
		if (!argv_parse(arena, count, argv, &again, &err))
			broken(err.msg);
		if (!same_call(&call, &again))
			broken("another call than before");
	}
	arena_free(arena);
	return 0;
}
