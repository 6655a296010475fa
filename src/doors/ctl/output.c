/* SPDX-License-Identifier: Apache-2.0 */
/* Printing: answers on stdout in one piece, complaints on stderr. */
#include <stdarg.h>
#include <stdio.h>

#include "ctl.h"

enum ctl_status ctl_out(const struct text *text, enum ctl_status status)
{
	if (text->len && fwrite(text->data, 1, text->len, stdout) != text->len)
		return ctl_fail("standard output cannot be written");
	if (fflush(stdout) != 0)
		return ctl_fail("standard output cannot be written");
	return status;
}

void ctl_put_json(struct text *text, const struct json *json)
{
	size_t len;
	char *out = json_print(text->arena, json, JSON_PRETTY, &len);

	text_add(text, out, len);
	if (len == 0 || out[len - 1] != '\n')
		text_add(text, "\n", 1);
}

enum ctl_status ctl_fail(const char *format, ...)
{
	va_list args;

	fputs("seawall: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return CTL_FAILED;
}

enum ctl_status ctl_worse(enum ctl_status a, enum ctl_status b)
{
	return a > b ? a : b;
}

const char *ctl_red(const struct ctl *ctl)
{
	return ctl->color ? "\033[31m" : "";
}

const char *ctl_green(const struct ctl *ctl)
{
	return ctl->color ? "\033[32m" : "";
}

const char *ctl_bold(const struct ctl *ctl)
{
	return ctl->color ? "\033[1m" : "";
}

const char *ctl_dim(const struct ctl *ctl)
{
	return ctl->color ? "\033[2m" : "";
}

const char *ctl_off(const struct ctl *ctl)
{
	return ctl->color ? "\033[0m" : "";
}
