/* SPDX-License-Identifier: Apache-2.0 */
/* Reading options: a closed grammar from the command's table. No abbreviations, nothing twice. */
#include <string.h>

#include "ctl.h"
#include "words.h"

const char *ctl_guess(struct arena *arena, const char *word,
		      const char *(*next)(const void *data, size_t index), const void *data)
{
	const char *nearest = NULL, *candidate;
	size_t distance = 3;

	for (size_t i = 0; (candidate = next(data, i)); i++)
		nearest = word_nearer(word, nearest, candidate, &distance);
	return nearest ? arena_printf(arena, " (did you mean \"%s\"?)", nearest) : "";
}

static const char *next_option(const void *data, size_t index)
{
	const struct ctl_command *command = data;

	return command->options[index].name;
}

/* The nth word of "text|json". */
static const char *choice_at(struct arena *arena, const char *choices, size_t index)
{
	for (; index > 0; index--) {
		choices = strchr(choices, '|');
		if (!choices)
			return NULL;
		choices++;
	}
	return arena_strndup(arena, choices, strcspn(choices, "|"));
}

struct choices {
	struct arena *arena;
	const char *words;
};

static const char *next_choice(const void *data, size_t index)
{
	const struct choices *choices = data;

	return choice_at(choices->arena, choices->words, index);
}

static bool is_choice(const struct ctl_option *option)
{
	return option->value && strchr(option->value, '|');
}

static bool check_choice(struct ctl *ctl, const struct ctl_option *option, const char *value,
			 struct error *err)
{
	struct choices choices = { ctl->arena, option->value };
	const char *word;

	for (size_t i = 0; (word = next_choice(&choices, i)); i++)
		if (!strcmp(word, value))
			return true;
	return error_set(err, "--%s: unknown word \"%.40s\"%s, expected %s", option->name, value,
			 ctl_guess(ctl->arena, value, next_choice, &choices), option->value);
}

static bool set_option(struct ctl *ctl, size_t index, const char *value, struct error *err)
{
	const struct ctl_option *option = &ctl->command->options[index];

	if (ctl->values[index])
		return error_set(err, "--%s is given twice", option->name);
	if (is_choice(option) && !check_choice(ctl, option, value, err))
		return false;
	ctl->values[index] = value;
	return true;
}

/* "--name", "--name=value" or "--name value"; *taken says whether the next word was used. */
static bool read_long(struct ctl *ctl, const char *word, const char *next, bool *taken,
		      struct error *err)
{
	const struct ctl_option *options = ctl->command->options;
	const char *value = strchr(word, '=');
	const char *name = arena_strndup(ctl->arena, word, strcspn(word, "="));

	for (size_t i = 0; options[i].name; i++) {
		if (strcmp(options[i].name, name) != 0)
			continue;
		if (!options[i].value)
			return value ? error_set(err, "--%s takes no value", name)
				     : set_option(ctl, i, "", err);
		*taken = !value;
		value = value ? value + 1 : next;
		return value ? set_option(ctl, i, value, err)
			     : error_set(err, "--%s needs a value: %s", name, options[i].value);
	}
	return error_set(err, "unknown option --%s%s", name,
			 ctl_guess(ctl->arena, name, next_option, ctl->command));
}

static bool read_short(struct ctl *ctl, const char *word, const char *next, bool *taken,
		       struct error *err)
{
	const struct ctl_option *options = ctl->command->options;

	for (size_t i = 0; options[i].name; i++) {
		if (options[i].letter != word[0])
			continue;
		if (!options[i].value && !word[1])
			return set_option(ctl, i, "", err);
		if (!options[i].value)
			break;
		*taken = !word[1];
		next = word[1] ? word + 1 : next;
		return next ? set_option(ctl, i, next, err)
			    : error_set(err, "-%c needs a value: %s", word[0], options[i].value);
	}
	return error_set(err, "unknown option -%s", word);
}

static bool check_count(const struct ctl *ctl, struct error *err)
{
	const struct ctl_command *command = ctl->command;

	if (ctl->count < command->min)
		return error_set(err, "%s is missing", command->args);
	if (ctl->count > command->max)
		return error_set(err, "one argument too many: \"%.60s\"", ctl->args[command->max]);
	return true;
}

bool ctl_read(struct ctl *ctl, const char *const *words, struct error *err)
{
	bool only_args = false;
	size_t count = 0;

	while (words[count])
		count++;
	ctl->args = arena_alloc(ctl->arena, (count + 1) * sizeof(*ctl->args));
	for (size_t i = 0; i < count; i++) {
		const char *word = words[i];
		bool taken = false, good = true;

		if (only_args || word[0] != '-' || !word[1])
			ctl->args[ctl->count++] = word;
		else if (!strcmp(word, "--"))
			only_args = true;
		else if (word[1] == '-')
			good = read_long(ctl, word + 2, words[i + 1], &taken, err);
		else
			good = read_short(ctl, word + 1, words[i + 1], &taken, err);
		if (!good)
			return false;
		i += taken;
	}
	return check_count(ctl, err);
}

const char *ctl_value(const struct ctl *ctl, const char *name)
{
	const struct ctl_option *options = ctl->command->options;

	for (size_t i = 0; options[i].name; i++) {
		if (strcmp(options[i].name, name) != 0)
			continue;
		if (ctl->values[i] || !is_choice(&options[i]))
			return ctl->values[i];
		return choice_at(ctl->arena, options[i].value, 0);
	}
	return NULL;
}

bool ctl_is(const struct ctl *ctl, const char *name, const char *value)
{
	const char *given = ctl_value(ctl, name);

	return given && !strcmp(given, value);
}
