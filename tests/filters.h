/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of compiled filters share. A failure ends the test. */
#ifndef SEAWALL_TESTS_FILTERS_H
#define SEAWALL_TESTS_FILTERS_H

#include "filter.h"
#include "harness.h"

#define COUNT(set) (sizeof(set) / sizeof(*(set)))

/* Docker's capabilities without NET_RAW. */
#define PLAIN ((caps_set)0xa80405fb)
#define ADMIN ((caps_set)1 << 21)

/* Of the test that runs: made and dropped around each. */
extern struct arena *arena;
extern const struct syscalls_target plain;

void make_arena(void);
void drop_arena(void);

struct json *parse(const char *text);
const char *print(const struct json *json);
struct filter build(const struct json *profile);
struct filter build_default(caps_set caps);

/* "x86-64/mount i386/socket?": what a lets pass and b does not; "?": for some arguments. */
const char *excess(const struct filter *a, const struct filter *b);

#endif
