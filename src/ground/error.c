/* SPDX-License-Identifier: Apache-2.0 */
/* What went wrong, in words, on the caller's stack. */
#include "error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A message that does not fit is cut: vsnprintf's result is of no use here. */
static __attribute__((format(printf, 3, 0))) size_t error_format(char *msg, size_t size,
								 const char *format, va_list args)
{
	int len = vsnprintf(msg, size, format, args);

	if (len < 0) {
		msg[0] = '\0';
		return 0;
	}
	return (size_t)len < size ? (size_t)len : size - 1;
}

bool error_set(struct error *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	error_format(err->msg, sizeof(err->msg), format, args);
	va_end(args);
	return false;
}

bool error_errno(struct error *err, const char *format, ...)
{
	int saved = errno;
	va_list args;
	size_t len;

	va_start(args, format);
	len = error_format(err->msg, sizeof(err->msg), format, args);
	va_end(args);
	if (snprintf(err->msg + len, sizeof(err->msg) - len, ": %s", strerror(saved)) < 0)
		err->msg[len] = '\0';
	return false;
}

bool error_prefix(struct error *err, const char *format, ...)
{
	char tail[sizeof(err->msg)];
	va_list args;
	size_t len, digits;

	memcpy(tail, err->msg, sizeof(tail));
	va_start(args, format);
	len = error_format(err->msg, sizeof(err->msg), format, args);
	va_end(args);
	/* "3:14: words" joins a file's name without a blank, so that editors find the place. */
	digits = strspn(tail, "0123456789");
	if (snprintf(err->msg + len, sizeof(err->msg) - len, "%s%s",
		     digits && tail[digits] == ':' ? ":" : ": ", tail) < 0)
		err->msg[len] = '\0';
	return false;
}
