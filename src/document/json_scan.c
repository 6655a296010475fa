/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The strict pass before yajl. yajl 2.1 lets through overlong UTF-8 and surrogates, lone \ud800
 * escapes (as "?"), \u0000 (C strings end there), \v and \f as white space, and any depth (its users
 * then recurse: 10^6 levels end crun 1.8.1 with SIGSEGV). Each of these is read differently by runc.
 */
#include "json_scan.h"

#include <string.h>

struct scan {
	const unsigned char *at, *end;
	const char *what; /* set when something is wrong at "at" */
	bool comments;
};

static bool wrong(struct scan *scan, const char *what)
{
	scan->what = what;
	return false;
}

static bool is_continuation(const struct scan *scan, size_t i)
{
	return scan->at + i < scan->end && (scan->at[i] & 0xc0) == 0x80;
}

/* One well-formed sequence of two to four bytes, Unicode 15 table 3-7. */
static bool scan_utf8(struct scan *scan)
{
	unsigned char c = scan->at[0];
	unsigned char low = 0x80, high = 0xbf;
	size_t more = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;

	if (c < 0xc2 || c > 0xf4)
		return wrong(scan, "bytes that are not UTF-8");
	if (c == 0xe0)
		low = 0xa0;
	else if (c == 0xf0)
		low = 0x90;
	else if (c == 0xed)
		high = 0x9f;
	else if (c == 0xf4)
		high = 0x8f;
	if (!is_continuation(scan, 1) || scan->at[1] < low || scan->at[1] > high)
		return wrong(scan, "bytes that are not UTF-8");
	for (size_t i = 2; i <= more; i++)
		if (!is_continuation(scan, i))
			return wrong(scan, "bytes that are not UTF-8");
	scan->at += more + 1;
	return true;
}

/* The four digits of \uXXXX; -1 if they are not there. at stays. */
static int scan_hex(const struct scan *scan, size_t offset)
{
	int value = 0;

	if (scan->end - scan->at < (ptrdiff_t)(offset + 4))
		return -1;
	for (size_t i = 0; i < 4; i++) {
		static const char digits[] = "0123456789abcdef0123456789ABCDEF";
		unsigned char c = scan->at[offset + i];
		const char *digit = c ? strchr(digits, c) : NULL;

		if (!digit)
			return -1;
		value = value * 16 + (int)((digit - digits) & 15);
	}
	return value;
}

/* At the "u" of an escape. */
static bool scan_unicode(struct scan *scan)
{
	int unit = scan_hex(scan, 1);

	if (unit < 0)
		return wrong(scan, "a \\u escape without four digits");
	if (unit == 0)
		return wrong(scan, "\\u0000, where C programs end a string");
	if (unit >= 0xdc00 && unit <= 0xdfff)
		return wrong(scan, "a lone low surrogate");
	if (unit >= 0xd800 && unit <= 0xdbff) {
		int low = -1;

		if (scan->end - scan->at >= 11 && scan->at[5] == '\\' && scan->at[6] == 'u')
			low = scan_hex(scan, 7);
		if (low < 0xdc00 || low > 0xdfff)
			return wrong(scan, "a lone high surrogate");
		scan->at += 6;
	}
	scan->at += 5;
	return true;
}

/* Bytes that end a run of plain characters in a string, and of plain ones outside. */
static const bool special_inside[256] = {
	[0 ... 0x1f] = true,
	['"'] = true,
	['\\'] = true,
	[0x80 ... 0xff] = true,
};
static const bool special_outside[256] = {
	[0 ... '\t' - 1] = true,
	['\n' + 1 ... '\r' - 1] = true,
	['\r' + 1 ... 0x1f] = true,
	['"'] = true,
	['/'] = true,
	['['] = true,
	[']'] = true,
	['{'] = true,
	['}'] = true,
	[0x7f ... 0xff] = true,
};

/* To the next special byte; false at the end. */
static bool scan_skip_outside(struct scan *scan)
{
	const unsigned char *at = scan->at, *end = scan->end;

	while (at < end && !special_outside[*at])
		at++;
	scan->at = at;
	return at < end;
}

static bool scan_skip_inside(struct scan *scan)
{
	const unsigned char *at = scan->at, *end = scan->end;

	for (; end - at >= 8; at += 8) {
		uint64_t special = json_special(json_eight((const char *)at));

		if (special) {
			scan->at = at + __builtin_ctzll(special) / 8;
			return true;
		}
	}
	while (at < end && !special_inside[*at])
		at++;
	scan->at = at;
	return at < end;
}

/* Behind the opening quote; ends behind the closing one. An unclosed string is yajl's to report. */
static bool scan_string(struct scan *scan)
{
	while (scan_skip_inside(scan)) {
		unsigned char c = *scan->at;

		if (c == '"') {
			scan->at++;
			return true;
		}
		if (c < 0x20)
			return wrong(scan, "a control character in a string");
		if (c >= 0x80) {
			if (!scan_utf8(scan))
				return false;
			continue;
		}
		scan->at++;
		if (c != '\\' || scan->at == scan->end)
			continue;
		if (*scan->at != 'u')
			scan->at++;
		else if (!scan_unicode(scan))
			return false;
	}
	return true;
}

/* Behind a slash. yajl takes a comment that does not end, and with it what was meant to follow. */
static bool scan_comment(struct scan *scan)
{
	const unsigned char *end;

	if (!scan->comments || scan->at == scan->end)
		return wrong(scan, "a slash: comments are no JSON");
	if (*scan->at == '/') {
		end = memchr(scan->at, '\n', (size_t)(scan->end - scan->at));
		scan->at = end ? end : scan->end;
		return true;
	}
	end = memmem(scan->at, (size_t)(scan->end - scan->at), "*/", 2);
	if (*scan->at != '*' || !end)
		return wrong(scan, "a comment that does not end");
	scan->at = end + 2;
	return true;
}

/* At a comma with a quote right behind it, as in most lists; ends at the quote. */
static bool at_next_string(struct scan *scan)
{
	if (scan->end - scan->at < 2 || scan->at[0] != ',' || scan->at[1] != '"')
		return false;
	scan->at++;
	return true;
}

static bool scan_outside(struct scan *scan, unsigned char c, size_t *depth)
{
	if (c == '"') {
		do
			scan->at++;
		while (scan_string(scan) && at_next_string(scan));
		return !scan->what;
	}
	if (c == '{' || c == '[')
		if (++*depth > JSON_DEPTH_MAX)
			return wrong(scan, "arrays and objects nested deeper than 64 levels");
	if ((c == '}' || c == ']') && *depth > 0)
		--*depth;
	if (c >= 0x7f || c < 0x20)
		return wrong(scan, "a character that is no JSON");
	scan->at++;
	return c != '/' || scan_comment(scan);
}

const char *json_scan(const char *text, size_t len, unsigned flags, size_t *offset)
{
	struct scan scan = {
		.at = (const unsigned char *)text,
		.end = (const unsigned char *)text + len,
		.comments = flags & JSON_COMMENTS,
	};
	size_t depth = 0;

	while (scan_skip_outside(&scan) && scan_outside(&scan, *scan.at, &depth))
		;
	*offset = (size_t)(scan.at - (const unsigned char *)text);
	return scan.what;
}
