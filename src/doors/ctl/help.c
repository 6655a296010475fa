/* SPDX-License-Identifier: Apache-2.0 */
/* Help, printed from the table of commands. */
#include <string.h>

#include "ctl.h"

#define COLUMN 22

void ctl_wrap(const struct ctl *ctl, struct text *text, unsigned indent, unsigned at,
	      const char *words)
{
	const unsigned width = ctl->width < 40 ? 40 : ctl->width;

	while (*words) {
		unsigned len = (unsigned)strcspn(words, " \n");

		if (at > indent && at + 1 + len > width) {
			text_printf(text, "\n%*s", (int)indent, "");
			at = indent;
		} else if (at > indent) {
			text_add(text, " ", 1);
			at++;
		}
		text_add(text, words, len);
		at += len;
		words += len;
		if (*words == '\n') {
			text_printf(text, "\n%*s", words[1] ? (int)indent : 0, "");
			at = indent;
		}
		words += *words != '\0';
	}
	text_add(text, "\n", 1);
}

static void entry(const struct ctl *ctl, struct text *text, const char *name, const char *what)
{
	size_t len = strlen(name);

	text_printf(text, "  %s%s%s", ctl_bold(ctl), name, ctl_off(ctl));
	if (len + 4 > COLUMN)
		text_printf(text, "\n%*s", COLUMN, "");
	else
		text_printf(text, "%*s", (int)(COLUMN - 2 - len), "");
	ctl_wrap(ctl, text, COLUMN, COLUMN, what);
}

static void heading(const struct ctl *ctl, struct text *text, const char *words)
{
	text_printf(text, "\n%s%s%s\n", ctl_bold(ctl), words, ctl_off(ctl));
}

/* All commands, or those below a group such as "policy". */
void ctl_help(const struct ctl *ctl, struct text *text, const char *group)
{
	size_t len = group ? strlen(group) : 0;
	const struct ctl_command *command;

	text_printf(text, "usage: seawall %s%sCOMMAND [OPTIONS] [ARGS]\n", group ? group : "",
		    group ? " " : "");
	if (!group) {
		text_add(text, "\n", 1);
		ctl_wrap(ctl, text, 0, 0,
			 "seawall judges the config.json that a container engine hands to runc or "
			 "crun: it takes away what a container does not need and refuses what "
			 "would put the host at risk. This command shows what it would do, and "
			 "why, without touching a container.");
	}
	heading(ctl, text, "Commands");
	for (size_t i = 0; (command = ctl_command_at(i)); i++)
		if (!group || (!strncmp(command->name, group, len) && command->name[len] == ' '))
			entry(ctl, text, group ? command->name + len + 1 : command->name,
			      command->what);
	if (!group) {
		heading(ctl, text, "First steps");
		text_printf(
			text,
			"  seawall check config.json      judge a container's config\n"
			"  seawall diff config.json       see what would be changed\n"
			"  seawall explain host-path      why a rule exists, how to allow more\n"
			"  seawall policy init            a policy to start from\n");
	}
	text_add(text, "\n", 1);
	ctl_wrap(ctl, text, 0, 0,
		 arena_printf(ctl->arena,
			      "`seawall %s%sCOMMAND --help` tells more. Exit status: 0 good, 1 the "
			      "answer is no, 2 could not be done.",
			      group ? group : "", group ? " " : ""));
}

static const char *option_name(struct arena *arena, const struct ctl_option *option)
{
	const char *letter = option->letter ? arena_printf(arena, "-%c, ", option->letter) : "";

	return arena_printf(arena, "%s--%s%s%s", letter, option->name, option->value ? " " : "",
			    option->value && !strchr(option->value, '|') ? option->value
			    : option->value				 ? "WORD"
									 : "");
}

static const char *option_what(struct arena *arena, const struct ctl_option *option)
{
	struct text text = { .arena = arena };

	if (!option->value || !strchr(option->value, '|'))
		return option->what;
	text_printf(&text, "%s: ", option->what);
	for (const char *at = option->value; *at; at++)
		text_add(&text, *at == '|' ? ", " : at, *at == '|' ? 2 : 1);
	return text.data;
}

void ctl_help_command(const struct ctl *ctl, struct text *text)
{
	const struct ctl_command *command = ctl->command;

	text_printf(text, "usage: seawall %s [OPTIONS]%s%s\n\n", command->name,
		    command->args ? " " : "", command->args ? command->args : "");
	ctl_wrap(ctl, text, 0, 0, command->about);
	heading(ctl, text, "Options");
	for (size_t i = 0; command->options[i].name; i++)
		entry(ctl, text, option_name(ctl->arena, &command->options[i]),
		      option_what(ctl->arena, &command->options[i]));
	entry(ctl, text, "-h, --help", "this text");
	if (command->examples) {
		heading(ctl, text, "Examples");
		text_printf(text, "%s", command->examples);
	}
}
