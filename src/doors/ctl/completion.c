/* SPDX-License-Identifier: Apache-2.0 */
/* seawall completion: scripts made from the table of commands. */
#include <string.h>

#include "ctl.h"

static const char *first_word(struct arena *arena, const char *name)
{
	return arena_strndup(arena, name, strcspn(name, " "));
}

/* The first words of all commands, each once, or the second words below one of them. */
static const char *command_words(struct arena *arena, const char *group)
{
	struct text text = { .arena = arena };
	const struct ctl_command *command;

	for (size_t i = 0; (command = ctl_command_at(i)); i++) {
		const char *word = first_word(arena, command->name);
		const char *second = strchr(command->name, ' ');

		if (group ? !second || strcmp(word, group) != 0
			  : text.data && word_in(text.data, word))
			continue;
		text_printf(&text, "%s%s", text.len ? " " : "", group ? second + 1 : word);
	}
	return text.data ? text.data : "";
}

/* The first words that have commands below them: "policy" and others. */
static const char *group_words(struct arena *arena)
{
	struct text text = { .arena = arena };
	const struct ctl_command *command;

	for (size_t i = 0; (command = ctl_command_at(i)); i++) {
		const char *word = first_word(arena, command->name);

		if (strchr(command->name, ' ') && !(text.data && word_in(text.data, word)))
			text_printf(&text, "%s%s", text.len ? " " : "", word);
	}
	return text.data ? text.data : "";
}

static void groups_each(struct arena *arena, struct text *text,
			void (*each)(struct arena *arena, struct text *text, const char *group))
{
	const char *groups = group_words(arena), *word;
	size_t len;

	while ((word = word_next(&groups, &len)))
		each(arena, text, arena_strndup(arena, word, len));
}

static const char *option_words(struct arena *arena, const struct ctl_option *options)
{
	struct text text = { .arena = arena };

	for (; options->name; options++)
		text_printf(&text, "--%s ", options->name);
	text_printf(&text, "--help");
	return text.data;
}

static const char *rule_words(struct arena *arena)
{
	struct text text = { .arena = arena };
	const struct rule *rule;

	for (size_t i = 0; (rule = rule_at(i)); i++)
		text_printf(&text, "%s%s", text.len ? " " : "", rule->id);
	return text.data ? text.data : "";
}

static const char *with_spaces(struct arena *arena, const char *choices)
{
	char *words = arena_strndup(arena, choices, strlen(choices));

	for (char *at = words; *at; at++)
		if (*at == '|')
			*at = ' ';
	return words;
}

/* "explain" takes rules, "completion" its choice; every other command takes files. */
static const char *argument_words(struct arena *arena, const struct ctl_command *command)
{
	if (!strcmp(command->name, "explain"))
		return rule_words(arena);
	if (command->args && !strchr(command->args, '[') && !strchr(command->args, 'F'))
		return with_spaces(arena, command->args);
	return NULL;
}

static void bash_values(struct arena *arena, struct text *text, const struct ctl_command *command)
{
	for (const struct ctl_option *option = command->options; option->name; option++)
		if (option->value && strchr(option->value, '|'))
			text_printf(
				text,
				"        '%s --%s') mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$word\"); "
				"return ;;\n",
				command->name, option->name, with_spaces(arena, option->value));
}

static void bash_group(struct arena *arena, struct text *text, const char *group)
{
	text_printf(text,
		    "    if [ \"$command\" = %s ]; then\n"
		    "        if [ \"$COMP_CWORD\" -eq 2 ]; then\n"
		    "            mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$word\")\n"
		    "            return\n"
		    "        fi\n"
		    "        command=\"%s ${COMP_WORDS[2]}\"\n"
		    "    fi\n",
		    group, command_words(arena, group), group);
}

static void bash(struct arena *arena, struct text *text)
{
	const struct ctl_command *command;

	text_printf(
		text,
		"# bash completion of seawall, made by `seawall completion bash`\n"
		"_seawall() {\n"
		"    local word=${COMP_WORDS[COMP_CWORD]} last=${COMP_WORDS[COMP_CWORD - 1]}\n"
		"    local command=${COMP_WORDS[1]} words=\n"
		"    COMPREPLY=()\n"
		"    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
		"        mapfile -t COMPREPLY < <(compgen -W '%s --help --version' -- \"$word\")\n"
		"        return\n"
		"    fi\n",
		command_words(arena, NULL));
	groups_each(arena, text, bash_group);
	text_printf(text, "    case \"$command $last\" in\n");
	for (size_t i = 0; (command = ctl_command_at(i)); i++)
		bash_values(arena, text, command);
	text_printf(text, "    esac\n    case $command in\n");
	for (size_t i = 0; (command = ctl_command_at(i)); i++) {
		const char *words = argument_words(arena, command);

		text_printf(text, "        '%s') words='%s%s%s' ;;\n", command->name,
			    option_words(arena, command->options), words ? " " : "",
			    words ? words : "");
	}
	text_printf(
		text,
		"    esac\n"
		"    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
		"    [ \"${#COMPREPLY[@]}\" -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
		"}\n"
		"complete -o filenames -F _seawall seawall\n");
}

/* zsh and fish take descriptions; a quote in one would end the string. */
static const char *quoted(struct arena *arena, const char *words)
{
	struct text text = { .arena = arena };

	for (; *words; words++) {
		if (*words == '\'')
			text_add(&text, "'\\''", 4);
		else if (strchr(":[]", *words))
			text_printf(&text, "\\%c", *words);
		else
			text_add(&text, words, 1);
	}
	return text.data ? text.data : "";
}

static void zsh_command(struct arena *arena, struct text *text, const struct ctl_command *command)
{
	const char *words = argument_words(arena, command);

	text_printf(text, "        '%s')\n            _arguments -S '--help[this text]'",
		    command->name);
	for (const struct ctl_option *option = command->options; option->name; option++) {
		text_printf(text, " \\\n                '--%s%s[%s]", option->name,
			    option->value ? "=" : "", quoted(arena, option->what));
		if (option->value && strchr(option->value, '|'))
			text_printf(text, ":word:(%s)", with_spaces(arena, option->value));
		else if (option->value)
			text_printf(text, ":%s:%s", option->value,
				    strcmp(option->value, "FILE") ? "" : "_files");
		text_add(text, "'", 1);
	}
	if (words)
		text_printf(text, " \\\n                '*:word:(%s)'", words);
	else if (command->max > 0)
		text_printf(text, " \\\n                '*:file:_files'");
	text_printf(text, "\n            ;;\n");
}

static void zsh_group(struct arena *arena, struct text *text, const char *group)
{
	text_printf(text,
		    "    if [[ $command == %s ]]; then\n"
		    "        if (( CURRENT == 3 )); then\n"
		    "            compadd -- %s\n"
		    "            return\n"
		    "        fi\n"
		    "        command=\"%s $words[3]\"\n"
		    "        shift words\n"
		    "        (( CURRENT-- ))\n"
		    "    fi\n",
		    group, command_words(arena, group), group);
}

static void zsh(struct arena *arena, struct text *text)
{
	const struct ctl_command *command;

	text_printf(text,
		    "#compdef seawall\n"
		    "# zsh completion of seawall, made by `seawall completion zsh`\n"
		    "_seawall() {\n"
		    "    local command=$words[2]\n"
		    "    if (( CURRENT == 2 )); then\n"
		    "        compadd -- %s --help --version\n"
		    "        return\n"
		    "    fi\n",
		    command_words(arena, NULL));
	groups_each(arena, text, zsh_group);
	text_printf(text, "    shift words\n"
			  "    (( CURRENT-- ))\n"
			  "    case $command in\n");
	for (size_t i = 0; (command = ctl_command_at(i)); i++)
		zsh_command(arena, text, command);
	text_printf(text, "    esac\n}\n_seawall \"$@\"\n");
}

static void fish_command(struct arena *arena, struct text *text, const struct ctl_command *command)
{
	const char *first = first_word(arena, command->name), *second = strchr(command->name, ' ');
	const char *words = argument_words(arena, command);
	const char *when = arena_printf(arena, "__fish_seen_subcommand_from %s; and %s %s", first,
					second ? "__fish_seen_subcommand_from"
					       : "not __fish_seen_subcommand_from",
					second ? second + 1 : group_words(arena));

	for (const struct ctl_option *option = command->options; option->name; option++) {
		text_printf(text, "complete -c seawall -n '%s' -l %s -d '%s'", when, option->name,
			    quoted(arena, option->what));
		if (option->value && strchr(option->value, '|'))
			text_printf(text, " -x -a '%s'", with_spaces(arena, option->value));
		else if (option->value)
			text_printf(text, strcmp(option->value, "FILE") ? " -x" : " -r");
		text_add(text, "\n", 1);
	}
	if (words)
		text_printf(text, "complete -c seawall -n '%s' -f -a '%s'\n", when, words);
}

static void fish_group(struct arena *arena, struct text *text, const char *group)
{
	const char *below = command_words(arena, group);

	text_printf(text,
		    "complete -c seawall -n '__fish_seen_subcommand_from %s; and not "
		    "__fish_seen_subcommand_from %s' -f -a '%s'\n",
		    group, below, below);
}

static void fish(struct arena *arena, struct text *text)
{
	const struct ctl_command *command;

	text_printf(text,
		    "# fish completion of seawall, made by `seawall completion fish`\n"
		    "complete -c seawall -n __fish_use_subcommand -f -a '%s'\n",
		    command_words(arena, NULL));
	groups_each(arena, text, fish_group);
	for (size_t i = 0; (command = ctl_command_at(i)); i++)
		fish_command(arena, text, command);
}

static const char *next_shell(const void *data, size_t index)
{
	static const char *const shells[] = { "bash", "zsh", "fish" };

	(void)data;
	return index < sizeof(shells) / sizeof(shells[0]) ? shells[index] : NULL;
}

enum ctl_status ctl_completion(struct ctl *ctl)
{
	struct text text = { .arena = ctl->arena };
	const char *shell = ctl->args[0];

	if (!strcmp(shell, "bash"))
		bash(ctl->arena, &text);
	else if (!strcmp(shell, "zsh"))
		zsh(ctl->arena, &text);
	else if (!strcmp(shell, "fish"))
		fish(ctl->arena, &text);
	else
		return ctl_fail("completion: unknown shell \"%.40s\"%s, expected bash, zsh or fish",
				shell, ctl_guess(ctl->arena, shell, next_shell, NULL));
	return ctl_out(&text, CTL_GOOD);
}
