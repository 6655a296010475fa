/* SPDX-License-Identifier: Apache-2.0 */
/* The time of day in words, without the C library: it reads the time zone's file first, for nothing. */
#ifndef SEAWALL_DATE_H
#define SEAWALL_DATE_H

#include <stdint.h>

#define DATE_DAY 10 /* how much of the text is the day alone */

/* "2026-11-22T10:11:12", in UTC, of seconds since 1970; all zeros beyond the year 9999. */
void date_text(int64_t seconds, char text[20]);

/* Microseconds since 1970. */
int64_t date_now(void);

#endif
