/* SPDX-License-Identifier: Apache-2.0 */
/* Telling people: stderr, the runtime's log file, the system's log. Never fails, never waits. */
#include "log.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "date.h"

#define LINE_SIZE     8192
#define SYSLOG_SOCKET "/dev/log"
/* LOG_AUTHPRIV | LOG_WARNING */
#define AUTHPRIV_WARNING "84"

/* Ends a text that snprintf may have cut. */
static size_t fitted(int len, size_t size)
{
	if (len < 0)
		return 0;
	return (size_t)len < size ? (size_t)len : size - 1;
}

/* Puts to in the place of what text begins with, in either case, if that is from. */
static void replace(char *text, const char *from, const char *to)
{
	size_t len = strlen(from), shorter = strlen(to);

	if (strncasecmp(text, from, len) != 0)
		return;
	memcpy(text, to, shorter);
	memmove(text + shorter, text + len, strlen(text + len) + 1);
}

/*
 * dockerd reads the runtime's message for these words and turns them into exit codes 126 and 127 and
 * advice about missing programs. Every other wording is shorter, so it fits in place.
 */
static void reword(char *line)
{
	static const struct {
		const char *from, *to;
	} words[] = {
		{ "no such file or directory", "does not exist" },
		{ "permission denied", "access refused" },
		{ "executable file not found", "program is missing" },
		{ "not a directory", "no directory" },
	};

	for (char *c = line; *c; c++)
		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
			if ((*c | ' ') == *words[i].from)
				replace(c, words[i].from, words[i].to);
}

/* One line of printable text: what a value smuggles in may not forge further lines or colours. */
static void flatten(char *line)
{
	for (char *c = line; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
}

/* A line that does not fit is cut. */
static void prepare(char *to, size_t size, const char *line)
{
	to[fitted(snprintf(to, size, "%s", line), size)] = '\0';
	flatten(to);
	reword(to);
}

static void tell_stderr(const char *line)
{
	char whole[LINE_SIZE + 2];
	size_t len = fitted(snprintf(whole, sizeof(whole), "%s\n", line), sizeof(whole));
	ssize_t put = write(STDERR_FILENO, whole, len);

	/* nobody is left to hear that stderr cannot be written */
	(void)put;
}

/* The text between quotes in JSON. Bytes beyond ASCII may be ill-formed UTF-8: masked. */
static void quote(char *to, size_t size, const char *line)
{
	size_t at = 0;

	for (; *line && at + 3 < size; line++) {
		if (*line == '"' || *line == '\\')
			to[at++] = '\\';
		to[at++] = (signed char)*line < 0 ? '?' : *line;
	}
	to[at] = '\0';
}

/* An entry in the words of runc's logger. */
static size_t entry(char *to, size_t size, const char *line, bool json)
{
	char quoted[2 * LINE_SIZE], now[20];

	date_text(time(NULL), now);
	quote(quoted, sizeof(quoted), line);
	if (json)
		return fitted(snprintf(to, size,
				       "{\"level\":\"error\",\"msg\":\"%s\",\"time\":\"%sZ\"}\n",
				       quoted, now),
			      size);
	return fitted(snprintf(to, size, "time=\"%sZ\" level=error msg=\"%s\"\n", now, quoted),
		      size);
}

/*
 * O_NOFOLLOW also leaves out /dev/stderr, where the line stands already; O_NONBLOCK does not wait for
 * who reads a FIFO. crun knows "file:" before a name, and two destinations that are no files.
 */
static int open_log(const char *path)
{
	static const char podman[] = "/oci-log";
	int flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	size_t len;

	if (strncmp(path, "journald:", 9) == 0 || strncmp(path, "syslog:", 7) == 0)
		return -1;
	if (strncmp(path, "file:", 5) == 0)
		path += 5;
	len = strlen(path);
	if (len >= sizeof(podman) - 1 && strcmp(path + len - (sizeof(podman) - 1), podman) == 0)
		flags |= O_TRUNC;
	return openat(AT_FDCWD, path, flags, 0644);
}

static void tell_log(const struct log *log, const char *line)
{
	char whole[2 * LINE_SIZE + 128];
	bool json = log->format && strcmp(log->format, "json") == 0;
	size_t len = entry(whole, sizeof(whole), line, json);
	int fd = open_log(log->path);
	ssize_t put;

	if (fd < 0)
		return;
	put = write(fd, whole, len);
	(void)put;
	close(fd);
}

void log_refusal(const struct log *log, const char *line)
{
	char told[LINE_SIZE];

	prepare(told, sizeof(told), line);
	tell_stderr(told);
	if (log->path)
		tell_log(log, told);
}

bool log_journal(const char *line)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = SYSLOG_SOCKET };
	char head[] = "<" AUTHPRIV_WARNING ">seawall: ";
	struct iovec parts[] = { { head, sizeof(head) - 1 },
				 { (void *)(uintptr_t)line, strlen(line) } };
	struct msghdr message = { .msg_name = &to,
				  .msg_namelen = sizeof(to),
				  .msg_iov = parts,
				  .msg_iovlen = sizeof(parts) / sizeof(*parts) };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ssize_t sent = -1;

	if (fd >= 0) {
		sent = sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
		close(fd);
	}
	return sent >= 0;
}

void log_notice(const char *line)
{
	char told[LINE_SIZE];

	prepare(told, sizeof(told), line);
	tell_stderr(told);
	/* a machine without a system log has heard it on stderr */
	log_journal(strncmp(told, "seawall: ", 9) == 0 ? told + 9 : told);
}
