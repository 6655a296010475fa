/* SPDX-License-Identifier: Apache-2.0 */
/* seawall seccomp generate: a profile from what a program was seen to call. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl_seccomp.h"
#include "file.h"
#include "words.h"

/*
 * What runc and crun themselves still call between loading the filter and the program's first
 * instruction, and what ends every process.
 */
static const char runtime_calls[] =
	"brk capget capset chdir clone close close_range dup dup2 dup3 epoll_create1 epoll_ctl "
	"epoll_pwait epoll_wait eventfd2 execve exit exit_group faccessat faccessat2 fchdir fchown "
	"fcntl fstat fstatfs futex getcwd getdents64 getegid geteuid getgid getpid getppid "
	"getrandom gettid getuid lseek lstat madvise mmap mprotect munmap nanosleep newfstatat open "
	"openat openat2 pipe2 prctl pread64 read readlink readlinkat restart_syscall rt_sigaction "
	"rt_sigprocmask rt_sigreturn sched_getaffinity sched_yield sendmsg seccomp set_robust_list "
	"set_tid_address setgid setgroups setresgid setresuid setsid setuid sigaltstack stat statfs "
	"statx tgkill tkill umask uname unlinkat write writev arch_prctl rseq prlimit64";

struct generate {
	struct arena *arena;
	struct syscalls_target target;
	struct json *names;
	size_t unknown;
};

static bool is_call(const char *word)
{
	return syscall_group_of(word) != NULL || strcmp(word, "clone") == 0 ||
	       strcmp(word, "socket") == 0 || strcmp(word, "personality") == 0;
}

static void add(struct generate *generate, const char *name)
{
	if (!json_has(generate->names, name))
		json_append(generate->names, json_new_string(generate->arena, name));
}

/* "syscall=165" of an audit record; arch= names the ABI by its audit number. */
static bool add_record(struct generate *generate, const char *line)
{
	const char *call = strstr(line, " syscall="), *arch = strstr(line, " arch=");
	unsigned long audit = arch ? strtoul(arch + 6, NULL, 16) : 0;
	const struct filter_abi *abi;
	unsigned long number;

	if (!call || !strstr(line, "type="))
		return false;
	number = strtoul(call + 9, NULL, 10);
	for (size_t i = 0; (abi = filter_abi_at(i)); i++) {
		const char *name;

		if (audit && abi->audit != audit)
			continue;
		name = filter_name(generate->arena, abi, (uint32_t)number);
		if (name && is_call(name)) {
			add(generate, name);
			return true;
		}
	}
	generate->unknown++;
	return true;
}

/* A row of strace -c ends in the name; a list is names. Headings and numbers are no calls. */
static void add_word(struct generate *generate, const char *word)
{
	static const char headings[] = "% time seconds usecs/call calls errors syscall total";

	if (strspn(word, "0123456789.%-") == strlen(word) || word_in(headings, word))
		return;
	if (is_call(word))
		add(generate, word);
	else
		generate->unknown++;
}

static void add_line(struct generate *generate, const char *line)
{
	static const char between[] = " \t\r,\"[]";

	if (add_record(generate, line))
		return;
	for (line += strspn(line, between); *line; line += strspn(line, between)) {
		size_t len = strcspn(line, between);

		add_word(generate, arena_strndup(generate->arena, line, len));
		line += len;
	}
}

static bool read_calls(const struct ctl *ctl, struct generate *generate, struct error *err)
{
	const char *path = ctl->args[0] && strcmp(ctl->args[0], "-") != 0 ? ctl->args[0] : NULL;
	const char *text;
	size_t len;

	text = path ? file_read(ctl->arena, AT_FDCWD, path, FILE_ANY, &len, NULL, err)
		    : file_read_fd(ctl->arena, STDIN_FILENO, FILE_ANY, &len, NULL, err);
	if (!text)
		return error_prefix(err, "%s", path ? path : "-");
	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		add_line(generate, arena_strndup(ctl->arena, text, len));
	}
	return generate->names->len > 0 ||
	       error_set(err, "%s: names no system call", path ? path : "-");
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(const struct json *const *)a)->text,
		      (*(const struct json *const *)b)->text);
}

static struct json *sorted(struct arena *arena, struct json *names)
{
	struct json **list = arena_alloc(arena, names->len * sizeof(*list));
	struct json *array = json_new(arena, JSON_ARRAY);
	size_t count = 0;

	json_each(name, names)
		list[count++] = name;
	qsort(list, count, sizeof(*list), by_name);
	for (size_t i = 0; i < count; i++)
		json_append(array, list[i]);
	return array;
}

/* The calls as a profile, met with the default: it is made strong here rather than at every start. */
static struct json *profile_of(const struct generate *generate)
{
	struct arena *arena = generate->arena;
	struct json *rule = json_new(arena, JSON_OBJECT), *rules = json_new(arena, JSON_ARRAY);
	struct json *profile = json_new(arena, JSON_OBJECT), *abis = json_new(arena, JSON_ARRAY);

	for (size_t i = 0; syscalls_abis[i] && !(generate->target.native && i > 0); i++)
		json_append(abis, json_new_string(arena, syscalls_abis[i]));
	json_set(arena, rule, "names", sorted(arena, generate->names));
	json_set(arena, rule, "action", json_new_string(arena, "SCMP_ACT_ALLOW"));
	json_append(rules, rule);
	json_set(arena, profile, "defaultAction", json_new_string(arena, "SCMP_ACT_ERRNO"));
	json_set(arena, profile, "defaultErrnoRet", json_new_u64(arena, 1));
	json_set(arena, profile, "architectures", abis);
	json_set(arena, profile, "syscalls", rules);
	return syscalls_meet(arena, profile, &generate->target);
}

static void warn(const struct generate *generate)
{
	if (generate->unknown)
		fprintf(stderr, "seawall: %zu words or records are no system calls known here\n",
			generate->unknown);
	json_each(name, generate->names) {
		const struct syscall_group *group = syscall_group_of(name->text);

		/* clone is allowed, for some arguments */
		if (!group || group->when == SYSCALL_ALWAYS || strcmp(name->text, "clone") == 0 ||
		    group->caps & generate->target.caps)
			continue;
		fprintf(stderr, "seawall: %s is left out: the default blocks it%s%s (%s: %s)\n",
			name->text, group->caps ? " without " : "",
			caps_text(generate->arena, group->caps), group->name, group->why);
	}
}

static enum ctl_status put(const struct ctl *ctl, const struct text *text)
{
	const char *path = ctl_value(ctl, "output");
	int fd cleanup_fd = path ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644) : -1;

	if (!path)
		return ctl_out(text, CTL_GOOD);
	if (fd < 0)
		return ctl_fail("%s: cannot be made: %m", path);
	if (write(fd, text->data, text->len) != (ssize_t)text->len)
		return ctl_fail("%s: cannot be written", path);
	return CTL_GOOD;
}

enum ctl_status ctl_seccomp_generate(struct ctl *ctl)
{
	struct generate generate = { .arena = ctl->arena };
	struct text text = { .arena = ctl->arena };
	const char *words = runtime_calls;
	struct error err;
	size_t len;

	generate.names = json_new(ctl->arena, JSON_ARRAY);
	generate.target.kernel = KERNEL(99, 0);
	generate.target.native = !ctl_is(ctl, "abi", "all");
	if (!ctl_caps(ctl, &generate.target.caps, &err) || !read_calls(ctl, &generate, &err))
		return ctl_fail("%s", err.msg);
	warn(&generate);
	for (; *words; words += len + (words[len] == ' ')) {
		len = strcspn(words, " ");
		add(&generate, arena_strndup(ctl->arena, words, len));
	}
	ctl_put_json(&text, profile_of(&generate));
	return put(ctl, &text);
}
