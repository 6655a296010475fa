/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a runtime's command line by the tables, and writes it back canonically. */
#include "argv.h"

#include <stdlib.h>
#include <string.h>

#include "argv_table.h"
#include "words.h"

#define ID_MAX	     1024
#define PRESERVE_MAX 64

struct reader {
	struct arena *arena;
	int argc, at;
	char *const *argv;
	struct error *err;
};

/* A word of the command line for messages: what a terminal or a log could misread is masked. */
static const char *quoted(struct arena *arena, const char *word)
{
	size_t len = strnlen(word, 80);
	char *copy = arena_printf(arena, "\"%.*s%s\"", (int)len, word, word[len] ? "..." : "");

	for (char *c = copy; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	return copy;
}

static bool refuse_word(struct reader *reader, const char *word, const char *what)
{
	return error_set(reader->err, "%s: %s", quoted(reader->arena, word), what);
}

/* "-b": one letter alone. crun reads "-bDIR" and "-dfFILE", runc reads "-bundle"; both are refused. */
static const struct option *read_letter(struct reader *reader, unsigned in, const char *word)
{
	const struct option *option = NULL;

	if (word[1] && !word[2])
		option = option_find(in, NULL, 0, word[1]);
	if (!option)
		refuse_word(reader, word,
			    "unknown option (expected exact long names, as --bundle)");
	return option;
}

static bool check_value(struct reader *reader, const struct option *option, const char *word,
			const char *value)
{
	if (option->kind == OPTION_REFUSED)
		return error_set(reader->err, "--%s: %s", option->name, option->why);
	if (option->kind == OPTION_FLAG && value)
		return refuse_word(reader, word, "takes no value");
	if (option->kind == OPTION_FLAG)
		return true;
	if (!value)
		return refuse_word(reader, word, "its value is missing");
	if (!*value)
		return refuse_word(reader, word, "its value is empty");
	if (option->values && !word_in(option->values, value))
		return error_set(reader->err, "--%s: value is refused (found %s, expected %s)",
				 option->name, quoted(reader->arena, value), option->values);
	return true;
}

/* Reads one option and the word behind it if it takes one. NULL and err if it is not known. */
static const struct option *read_option(struct reader *reader, unsigned in, const char **value)
{
	const char *word = reader->argv[reader->at++];
	const struct option *option;
	const char *equals = NULL;

	*value = NULL;
	if (word[1] != '-') {
		option = read_letter(reader, in, word);
	} else {
		size_t len = strcspn(word + 2, "=");

		equals = word[2 + len] ? word + 2 + len : NULL;
		option = option_find(in, word + 2, len, 0);
		if (!option)
			refuse_word(reader, word, "unknown option");
	}
	if (!option)
		return NULL;
	if (equals)
		*value = equals + 1;
	else if (option->kind != OPTION_FLAG && option->kind != OPTION_QUIT &&
		 reader->at < reader->argc)
		*value = reader->argv[reader->at++];
	return option;
}

static bool add_option(struct reader *reader, struct argv_option **list,
		       const struct option *option, const char *value)
{
	struct argv_option *added;

	for (; *list; list = &(*list)->next)
		if ((*list)->option->name == option->name && option->kind != OPTION_LIST)
			return error_set(reader->err, "--%s: given twice", option->name);
	added = arena_alloc(reader->arena, sizeof(*added));
	added->name = option->name;
	added->value = value;
	added->option = option;
	*list = added;
	return true;
}

/* Options up to the first other word or "--". */
static bool read_options(struct reader *reader, unsigned in, struct argv_option **list)
{
	while (reader->at < reader->argc) {
		const char *word = reader->argv[reader->at], *value;
		const struct option *option;

		if (word[0] != '-' || !word[1])
			return true;
		if (strcmp(word, "--") == 0) {
			reader->at++;
			return true;
		}
		option = read_option(reader, in, &value);
		if (!option || !check_value(reader, option, word, value) ||
		    !add_option(reader, list, option, value))
			return false;
	}
	return true;
}

static const char *value_of(const struct argv_option *list, const char *name)
{
	for (; list; list = list->next)
		if (strcmp(list->name, name) == 0)
			return list->value;
	return NULL;
}

/*
 * Finds the command without judging what stands before it: "--log X --log Y kill ID" is odd, but must
 * reach the runtime. Unknown options end it, for nobody can tell whether they take a value. True with
 * name NULL: the runtime prints something and ends.
 */
static bool find_command(struct reader *reader, struct call *call)
{
	while (reader->at < reader->argc) {
		const char *word = reader->argv[reader->at], *value;
		const struct option *option;

		if (word[0] != '-') {
			call->name = word;
			return true;
		}
		option = read_option(reader, IN_GLOBAL, &value);
		if (!option)
			return false;
		/* "--version=false" is a no in runc, and the command behind it is carried out */
		if (option->kind == OPTION_QUIT)
			return !value || refuse_word(reader, word, "takes no value");
		if (strcmp(option->name, "log") == 0)
			call->log.path = value;
		if (strcmp(option->name, "log-format") == 0)
			call->log.format = value;
	}
	return true;
}

/*
 * crun's kill and delete take --regex, -r, any beginning of it and clusters such as -fr, and then stop
 * every container whose name fits. Engines never do.
 */
static bool refuse_regex(struct reader *reader, const struct call *call)
{
	if (strcmp(call->name, "kill") != 0 && strcmp(call->name, "delete") != 0)
		return true;
	for (int i = reader->at + 1; i < reader->argc; i++) {
		const char *word = reader->argv[i];

		if (word[0] != '-' || strcmp(word, "--") == 0)
			return true;
		if (word[1] == '-' ? word[2] == 'r' : strchr(word, 'r') != NULL)
			return refuse_word(reader, word, "would reach every container that fits");
	}
	return true;
}

/* Container ids become directory names; runc allows these characters, crun any. */
static bool check_id(struct reader *reader, const char *id)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_+-.";

	if (*id && *id != '-' && id[strspn(id, allowed)] == '\0' && strcmp(id, ".") != 0 &&
	    strcmp(id, "..") != 0 && strlen(id) <= ID_MAX)
		return true;
	return error_set(reader->err, "container id %s (expected letters, digits and _+-.)",
			 quoted(reader->arena, id));
}

static bool read_id(struct reader *reader, struct call *call)
{
	int left = reader->argc - reader->at;

	if (left < 1)
		return error_set(reader->err, "the container id is missing");
	call->id = reader->argv[reader->at];
	if (!check_id(reader, call->id))
		return false;
	if (call->verb == VERB_EXEC && !call->process) {
		call->args = reader->argv + reader->at + 1;
		return left > 1 || error_set(reader->err, "neither --process nor a command");
	}
	/* runc moves options that stand behind the id to the front, crun does not */
	if (left > 1)
		return refuse_word(reader, reader->argv[reader->at + 1],
				   "nothing may stand behind the container id");
	return true;
}

static bool read_preserve(struct reader *reader, struct call *call)
{
	const char *text = value_of(call->options, "preserve-fds");

	if (!text)
		return true;
	if (strlen(text) > 3 || text[strspn(text, "0123456789")] != '\0' ||
	    (call->preserve_fds = strtoul(text, NULL, 10)) > PRESERVE_MAX)
		return error_set(reader->err, "--preserve-fds: found %s, expected 0 to %u",
				 quoted(reader->arena, text), PRESERVE_MAX);
	if (call->preserve_fds == 0)
		argv_set(reader->arena, call, "preserve-fds", NULL);
	return true;
}

/* A file says all of it, and both runtimes then ignore what options say. conmon gives --tty beside a
 * process that says "terminal" itself. */
static bool check_one_source(struct reader *reader, const struct call *call)
{
	const char *file = call->process ? "process" : "resources";

	if (!call->process && !call->resources)
		return true;
	for (const struct argv_option *option = call->options; option; option = option->next)
		if (option->option->place && option->option->form != FORM_TRUE)
			return error_set(reader->err, "--%s: would be ignored beside --%s",
					 option->name, file);
	return true;
}

static bool read_judged(struct reader *reader, struct call *call)
{
	reader->at++;
	if (!read_options(reader, IN(call->verb), &call->options))
		return false;
	call->bundle = value_of(call->options, "bundle");
	call->process = value_of(call->options, "process");
	call->resources = value_of(call->options, "resources");
	call->root = value_of(call->globals, "root");
	return check_one_source(reader, call) && read_preserve(reader, call) &&
	       read_id(reader, call);
}

/* "create --help" and nothing else prints a text in both runtimes. */
static bool asks_for_help(const struct reader *reader)
{
	const char *word = reader->argc == reader->at + 2 ? reader->argv[reader->at + 1] : "";

	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static bool read_command(struct reader *reader, struct call *call)
{
	const struct command *command = command_find(call->name);

	if (!command)
		return error_set(reader->err, "command %s is unknown",
				 quoted(reader->arena, call->name));
	if (command->refused)
		return error_set(reader->err, "%s: %s", command->name, command->refused);
	if (command->verb == VERB_PASS)
		return refuse_regex(reader, call) || error_prefix(reader->err, "%s", call->name);
	if (asks_for_help(reader))
		return true;
	call->verb = command->verb;
	reader->at = 1;
	if (!read_options(reader, IN_GLOBAL, &call->globals))
		return false;
	return read_judged(reader, call) || error_prefix(reader->err, "%s", call->name);
}

bool argv_parse(struct arena *arena, int argc, char *const argv[], struct call *call,
		struct error *err)
{
	struct reader reader = { .arena = arena, .argc = argc, .at = 1, .argv = argv, .err = err };

	memset(call, 0, sizeof(*call));
	if (!find_command(&reader, call))
		return false;
	return !call->name || read_command(&reader, call);
}

void argv_set(struct arena *arena, struct call *call, const char *name, const char *value)
{
	struct argv_option **list = &call->options;

	while (*list && strcmp((*list)->name, name) != 0)
		list = &(*list)->next;
	if (!value) {
		if (*list)
			*list = (*list)->next;
		return;
	}
	if (!*list) {
		*list = arena_alloc(arena, sizeof(**list));
		(*list)->name = name;
	}
	(*list)->value = value;
}

struct json *argv_judged(struct arena *arena, const struct call *call)
{
	struct json *judged = json_new(arena, JSON_OBJECT);

	for (const struct argv_option *option = call->options; option; option = option->next)
		if (option->option && option->option->judged)
			json_set(arena, judged, option->name,
				 option->value ? json_new_string(arena, option->value)
					       : json_new_bool(arena, true));
	return judged;
}

void argv_keep(struct arena *arena, struct call *call, const struct json *left)
{
	json_each(option, argv_judged(arena, call))
		if (!json_member(left, option->key))
			argv_set(arena, call, option->key, NULL);
	if (!json_member(left, "preserve-fds"))
		call->preserve_fds = 0;
}

static size_t emit_options(struct arena *arena, const struct argv_option *option, char **argv,
			   size_t at)
{
	for (; option; option = option->next)
		argv[at++] = option->value
				     ? arena_printf(arena, "--%s=%s", option->name, option->value)
				     : arena_printf(arena, "--%s", option->name);
	return at;
}

static size_t count_options(const struct argv_option *option)
{
	size_t count = 0;

	for (; option; option = option->next)
		count++;
	return count;
}

/* crun takes its behaviour from its own name (krun is another runtime), so the caller's is not kept. */
char *const *argv_emit(struct arena *arena, const struct call *call, const char *runtime)
{
	size_t count = count_options(call->globals) + count_options(call->options) + 5;
	const char *slash = strrchr(runtime, '/'), *name = slash ? slash + 1 : runtime;
	char **argv;
	size_t at = 0;

	for (char *const *arg = call->args; arg && *arg; arg++)
		count++;
	argv = arena_alloc(arena, count * sizeof(*argv));
	argv[at++] = arena_strndup(arena, name, strlen(name));
	at = emit_options(arena, call->globals, argv, at);
	argv[at++] = arena_strndup(arena, call->name, strlen(call->name));
	at = emit_options(arena, call->options, argv, at);
	argv[at++] = arena_printf(arena, "--");
	argv[at++] = arena_strndup(arena, call->id, strlen(call->id));
	for (char *const *arg = call->args; arg && *arg; arg++)
		argv[at++] = *arg;
	return argv;
}
