/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The entry points of glibc's _FORTIFY_SOURCE, for linking against musl. Debian builds libyajl_s.a and
 * libcap.a with it, so they call these instead of the plain functions. An overflow aborts, as in glibc.
 *
 * Only compiled for musl: with glibc the C library has them itself.
 */
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef __GLIBC__

/* Names that glibc reserves; no header of ours or of musl declares them. */
void *__memcpy_chk(void *to, const void *from, size_t len, size_t room);
int __sprintf_chk(char *to, int flag, size_t room, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
int __snprintf_chk(char *to, size_t max, int flag, size_t room, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
int __fprintf_chk(FILE *stream, int flag, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int __asprintf_chk(char **to, int flag, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int vasprintf(char **to, const char *format, va_list args);

void *__memcpy_chk(void *to, const void *from, size_t len, size_t room)
{
	if (len > room)
		abort();
	return memcpy(to, from, len);
}

/* room is SIZE_MAX where the compiler could not tell; musl takes no more than INT_MAX. */
int __sprintf_chk(char *to, int flag, size_t room, const char *format, ...)
{
	va_list args;
	int len;

	(void)flag;
	va_start(args, format);
	len = vsnprintf(to, room < INT_MAX ? room : INT_MAX, format, args);
	va_end(args);
	if (len >= 0 && (size_t)len >= room)
		abort();
	return len;
}

int __snprintf_chk(char *to, size_t max, int flag, size_t room, const char *format, ...)
{
	va_list args;
	int len;

	(void)flag;
	if (max > room)
		abort();
	va_start(args, format);
	len = vsnprintf(to, max < INT_MAX ? max : INT_MAX, format, args);
	va_end(args);
	return len;
}

int __fprintf_chk(FILE *stream, int flag, const char *format, ...)
{
	va_list args;
	int len;

	(void)flag;
	va_start(args, format);
	len = vfprintf(stream, format, args);
	va_end(args);
	return len;
}

int __asprintf_chk(char **to, int flag, const char *format, ...)
{
	va_list args;
	int len;

	(void)flag;
	va_start(args, format);
	len = vasprintf(to, format, args);
	va_end(args);
	return len;
}

#endif
