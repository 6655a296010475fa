/* SPDX-License-Identifier: Apache-2.0 */
/* The time of day in words. */
#include "date.h"

#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define DAY 86400

static void digits(char *to, unsigned count, unsigned number)
{
	while (count-- > 0) {
		to[count] = (char)('0' + number % 10);
		number /= 10;
	}
}

/* Days are counted from the first of March of the year 0, so that the leap day is the last of a year. */
static void day_text(unsigned days, char *text)
{
	unsigned era = days / 146097, day = days % 146097;
	unsigned year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	unsigned month;

	day -= 365 * year + year / 4 - year / 100;
	month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5;
	digits(text, 4, year + era * 400 + (month >= 10));
	digits(text + 5, 2, month < 10 ? month + 3 : month - 9);
	digits(text + 8, 2, day + 1);
}

void date_text(int64_t seconds, char text[20])
{
	unsigned rest = (unsigned)(seconds % DAY);

	memcpy(text, "0000-00-00T00:00:00", 20);
	if (seconds < 0 || seconds >= 253402300800)
		return;
	day_text((unsigned)(seconds / DAY) + 719468, text);
	digits(text + 11, 2, rest / 3600);
	digits(text + 14, 2, rest / 60 % 60);
	digits(text + 17, 2, rest % 60);
}

/* Without the vDSO: its pages are four faults, and the time is asked for twice. */
int64_t date_now(void)
{
	struct timespec now = { 0 };

	if (syscall(SYS_clock_gettime, CLOCK_REALTIME, &now) != 0)
		clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}
