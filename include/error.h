/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What went wrong, in words, on the caller's stack. A function that can fail takes a struct error as
 * its last parameter and returns false or NULL; error_set says what, error_prefix says where on the
 * way up. Only doors print and exit.
 */
#ifndef SEAWALL_ERROR_H
#define SEAWALL_ERROR_H

#include <stdbool.h>

#define must_check __attribute__((warn_unused_result))

struct error {
	char msg[512];
};

/* Always false, so that "return error_set(err, ...)" reads well. */
bool error_set(struct error *err, const char *format, ...)
	__attribute__((cold, format(printf, 2, 3)));

/* As error_set, with ": " and the words of errno behind; errno is read first. */
bool error_errno(struct error *err, const char *format, ...)
	__attribute__((cold, format(printf, 2, 3)));

/* Puts "where: " in front of what is already said. Always false. */
bool error_prefix(struct error *err, const char *format, ...)
	__attribute__((cold, format(printf, 2, 3)));

#endif
