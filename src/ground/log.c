/* SPDX-License-Identifier: Apache-2.0 */
/* Telling people: stderr, the runtime's log file, the system's log. Never fails, never waits. */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_SIZE 8192
#define SYSLOG_SOCKET "/dev/log"
#define AUTHPRIV_WARNING (10 << 3 | 4)

/* Ends a text that snprintf may have cut. */
static size_t fitted(int len, size_t size)
{
	if (len < 0)
		return 0;
	return (size_t)len < size ? (size_t)len : size - 1;
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
		{"no such file or directory", "does not exist"},
		{"permission denied", "access refused"},
		{"executable file not found", "program is missing"},
		{"not a directory", "no directory"},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t from = strlen(words[i].from), to = strlen(words[i].to);
		char *found;

		while ((found = strcasestr(line, words[i].from)) != NULL) {
			memcpy(found, words[i].to, to);
			memmove(found + to, found + from, strlen(found + from) + 1);
		}
	}
}

/* One line of printable text: what a value smuggles in may not forge further lines or colours. */
static void flatten(char *line)
{
	for (char *c = line; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
}

static size_t prepare(char *to, size_t size, const char *line)
{
	fitted(snprintf(to, size, "%s", line), size);
	flatten(to);
	reword(to);
	return strlen(to);
}

static void tell_stderr(const char *line)
{
	char whole[LINE_MAX_SIZE + 2];
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

static size_t entry(char *to, size_t size, const char *line, bool json)
{
	const char *format = json ? "{\"level\":\"error\",\"msg\":\"%s\",\"time\":\"%s\"}\n"
				  : "time=\"%3$s\" level=error msg=\"%2$s\"\n" + 0;
	char quoted[2 * LINE_MAX_SIZE], now[32] = "";
	time_t seconds = time(NULL);
	struct tm tm;

	(void)format;
	if (gmtime_r(&seconds, &tm))
		fitted((int)strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ", &tm), sizeof(now));
	quote(quoted, sizeof(quoted), line);
	if (json)
		return fitted(snprintf(to, size,
				       "{\"level\":\"error\",\"msg\":\"%s\",\"time\":\"%s\"}\n",
				       quoted, now),
			      size);
	return fitted(snprintf(to, size, "time=\"%s\" level=error msg=\"%s\"\n", now, quoted),
		      size);
}
