/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of one change each to the recorded container, and the rules that must find it. */
#ifndef SEAWALL_TESTS_RECORDED_ROWS_H
#define SEAWALL_TESTS_RECORDED_ROWS_H

#include "kernel.h"

struct recorded_row {
	const char *name;
	const char *pointer, *value; /* set in the config */
	const char *from, *to;	     /* changed in the mount table */
	void (*change)(struct kernel *kernel);
	const char *want;   /* rules of the findings, or "" */
	const char *judged; /* where /srv/link led when it was judged */
};

/* Fails the test, with a line for each row whose rules are others. */
void recorded_run(const struct recorded_row *rows, size_t count);

/* What a row does not say is nothing; -Wextra would have it said. */
#define RUN(...)                                                                                       \
	do {                                                                                           \
		_Pragma("GCC diagnostic push") _Pragma(                                                \
			"GCC diagnostic ignored \"-Wmissing-field-initializers\"") static const struct \
			recorded_row rows[] = { __VA_ARGS__ };                                         \
		_Pragma("GCC diagnostic pop") recorded_run(rows, sizeof(rows) / sizeof(rows[0]));      \
	} while (0)

#define CHANGE(name, code)                      \
	static void name(struct kernel *kernel) \
	{                                       \
		code;                           \
	}

#endif
