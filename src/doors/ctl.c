/* SPDX-License-Identifier: Apache-2.0 */
/* main of seawall, the operator's command: finds the subcommand and runs it. */
#include "ctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static unsigned terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return 80;
	return size.ws_col < 100 ? size.ws_col : 100;
}

static bool wants_color(const struct ctl *ctl)
{
	const char *term = getenv("TERM"), *no = getenv("NO_COLOR");

	if (ctl->command && ctl_is(ctl, "color", "always"))
		return true;
	if (ctl->command && ctl_is(ctl, "color", "never"))
		return false;
	return isatty(STDOUT_FILENO) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

static const char *next_command(const void *data, size_t index)
{
	(void)data;
	static const char *const groups[] = { "policy", "seccomp" };
	const struct ctl_command *command;

	if (index < sizeof(groups) / sizeof(groups[0]))
		return groups[index];
	command = ctl_command_at(index - sizeof(groups) / sizeof(groups[0]));
	return command ? command->name : NULL;
}

/* The command that the first words name, and how many words that took. */
static const struct ctl_command *find_command(const char *const *words, size_t *taken)
{
	const struct ctl_command *command;

	for (size_t i = 0; (command = ctl_command_at(i)); i++) {
		const char *name = command->name, *space = strchr(name, ' ');
		size_t len = strcspn(name, " ");

		if (strlen(words[0]) != len || strncmp(words[0], name, len) != 0 ||
		    (space && (!words[1] || strcmp(words[1], space + 1) != 0)))
			continue;
		*taken = space ? 2 : 1;
		return command;
	}
	return NULL;
}

static bool is_help(const char *word)
{
	return word && (!strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help"));
}

static const char *next_below(const void *data, size_t index)
{
	const struct ctl_command *command;
	size_t len = strlen(data);

	for (size_t i = 0; (command = ctl_command_at(i)); i++)
		if (!strncmp(command->name, data, len) && command->name[len] == ' ' && index-- == 0)
			return command->name + len + 1;
	return NULL;
}

/* Words that name no command: help, a group alone, or a mistake. */
static enum ctl_status no_command(const struct ctl *ctl, const char *const *words)
{
	const char *group = words[0] && next_below(words[0], 0) ? words[0] : NULL;
	struct text text = { .arena = ctl->arena };

	ctl_help(ctl, &text, group);
	if (is_help(words[0]) || (group && is_help(words[1])))
		return ctl_out(&text, CTL_GOOD);
	if (!words[0] || (group && !words[1])) {
		fputs(text.data, stderr);
		return CTL_FAILED;
	}
	if (group)
		return ctl_fail("unknown command \"%s %.40s\"%s; see `seawall %s --help`", group,
				words[1], ctl_guess(ctl->arena, words[1], next_below, group),
				group);
	return ctl_fail("unknown %s \"%.40s\"%s; see `seawall --help`",
			words[0][0] == '-' ? "option" : "command", words[0],
			ctl_guess(ctl->arena, words[0], next_command, NULL));
}

static bool asks_help(const char *const *words)
{
	for (; *words && strcmp(*words, "--") != 0; words++)
		if (!strcmp(*words, "--help") || !strcmp(*words, "-h"))
			return true;
	return false;
}

static enum ctl_status run(struct ctl *ctl, const char *const *words)
{
	struct text text = { .arena = ctl->arena };
	struct error err;
	bool help = false;
	size_t taken;

	ctl->width = terminal_width();
	ctl->color = wants_color(ctl);
	if (words[0] && (!strcmp(words[0], "--version") || !strcmp(words[0], "-V"))) {
		text_printf(&text, "seawall %s\n", SEAWALL_VERSION);
		return ctl_out(&text, CTL_GOOD);
	}
	if (is_help(words[0]) && words[1] && find_command(words + 1, &taken)) {
		help = true;
		words++;
	}
	ctl->command = words[0] ? find_command(words, &taken) : NULL;
	if (!ctl->command)
		return no_command(ctl, words);
	if (help || asks_help(words + taken)) {
		ctl_help_command(ctl, &text);
		return ctl_out(&text, CTL_GOOD);
	}
	if (!ctl_read(ctl, words + taken, &err))
		return ctl_fail("%s: %s; see `seawall %s --help`", ctl->command->name, err.msg,
				ctl->command->name);
	ctl->color = wants_color(ctl);
	return ctl->command->run(ctl);
}

int main(int argc, char *argv[])
{
	struct arena *arena = arena_new();
	struct ctl ctl = { .arena = arena };
	enum ctl_status status;

	status = argc > 0 ? run(&ctl, (const char *const *)argv + 1) : CTL_FAILED;
	arena_free(arena);
	return (int)status;
}
