/* SPDX-License-Identifier: Apache-2.0 */
/* A unified diff of two texts: Myers' shortest edit script between their lines. */
#include <string.h>

#include "ctl.h"

#define CONTEXT ((size_t)3)
/* Beyond so many changed lines the middle is shown as replaced: the search is quadratic in them. */
#define EDITS_MAX 2000

struct line {
	const char *text;
	size_t len;
};

struct lines {
	struct line *at;
	size_t count;
};

/* What differs, after the equal lines at both ends are left out. */
struct diff {
	struct arena *arena;
	const struct line *a, *b;
	long n, m;
	bool *gone, *come; /* by line of a, of b */
};

struct edit {
	char op;
	const struct line *line;
};

static struct lines split(struct arena *arena, const char *text)
{
	struct lines lines = { NULL, 0 };
	size_t count = 0;

	for (const char *at = text; *at; at++)
		count += *at == '\n';
	lines.at = arena_alloc(arena, (count + 1) * sizeof(*lines.at));
	while (*text) {
		size_t len = strcspn(text, "\n");

		lines.at[lines.count++] = (struct line){ text, len };
		text += len + (text[len] == '\n');
	}
	return lines;
}

static bool same(const struct line *a, const struct line *b)
{
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

/* The point before (d edits, diagonal k): *from is its diagonal, the result its x. */
static long before(const long *last, long d, long k, long *from)
{
	const long *x = last + d - 1; /* diagonals -(d-1) to d-1 */

	*from = k == -d || (k != d && x[k - 1] < x[k + 1]) ? k + 1 : k - 1;
	return x[*from];
}

/* One round: how far d edits reach on each diagonal. True if that is the end. */
static bool reach(const struct diff *diff, long **trace, long d)
{
	trace[d] = arena_alloc(diff->arena, ((size_t)d * 2 + 1) * sizeof(**trace));
	for (long k = -d; k <= d; k += 2) {
		long from, x = 0;

		if (d > 0) {
			x = before(trace[d - 1], d, k, &from);
			x += from < k;
		}
		while (x < diff->n && x - k < diff->m && same(&diff->a[x], &diff->b[x - k]))
			x++;
		trace[d][k + d] = x;
		if (x >= diff->n && x - k >= diff->m)
			return true;
	}
	return false;
}

static void walk_back(const struct diff *diff, long **trace, long d)
{
	long x = diff->n, y = diff->m;

	for (; d > 0; d--) {
		long k = x - y, from;

		x = before(trace[d - 1], d, k, &from);
		y = x - from;
		if (from > k)
			diff->come[y] = true;
		else
			diff->gone[x] = true;
	}
}

static void find_edits(const struct diff *diff)
{
	long **trace = arena_alloc(diff->arena, (EDITS_MAX + 1) * sizeof(*trace));
	long d = 0;

	while (d <= EDITS_MAX && !reach(diff, trace, d))
		d++;
	if (d <= EDITS_MAX) {
		walk_back(diff, trace, d);
		return;
	}
	memset(diff->gone, true, (size_t)diff->n);
	memset(diff->come, true, (size_t)diff->m);
}

static size_t put_edits(const struct diff *diff, struct edit *edits)
{
	size_t count = 0;
	long i = 0, j = 0;

	while (i < diff->n || j < diff->m) {
		if (i < diff->n && diff->gone[i])
			edits[count++] = (struct edit){ '-', &diff->a[i++] };
		else if (j < diff->m && diff->come[j])
			edits[count++] = (struct edit){ '+', &diff->b[j++] };
		else
			edits[count++] = (struct edit){ ' ', (j++, &diff->a[i++]) };
	}
	return count;
}

static size_t put_same(const struct line *lines, size_t count, struct edit *edits)
{
	for (size_t i = 0; i < count; i++)
		edits[i] = (struct edit){ ' ', &lines[i] };
	return count;
}

static size_t all_edits(struct arena *arena, const struct lines *a, const struct lines *b,
			struct edit *edits)
{
	size_t head = 0, tail = 0, count, least = a->count < b->count ? a->count : b->count;
	struct diff diff = { .arena = arena };

	while (head < least && same(&a->at[head], &b->at[head]))
		head++;
	while (tail < least - head &&
	       same(&a->at[a->count - tail - 1], &b->at[b->count - tail - 1]))
		tail++;
	diff.a = a->at + head;
	diff.b = b->at + head;
	diff.n = (long)(a->count - head - tail);
	diff.m = (long)(b->count - head - tail);
	diff.gone = arena_alloc(arena, (size_t)diff.n + 1);
	diff.come = arena_alloc(arena, (size_t)diff.m + 1);
	find_edits(&diff);
	count = put_same(a->at, head, edits);
	count += put_edits(&diff, edits + count);
	return count + put_same(a->at + a->count - tail, tail, edits + count);
}

/* Where the hunk that begins with the change at first ends: behind its last context line. */
static size_t hunk_end(const struct edit *edits, size_t count, size_t first)
{
	size_t last = first;

	for (size_t i = first; i < count && i - last <= 2 * CONTEXT; i++)
		if (edits[i].op != ' ')
			last = i;
	return last + CONTEXT + 1 < count ? last + CONTEXT + 1 : count;
}

static size_t tally(const struct edit *edits, size_t from, size_t to, char but)
{
	size_t count = 0;

	for (size_t i = from; i < to; i++)
		count += edits[i].op != but;
	return count;
}

static void print_hunk(const struct ctl *ctl, struct text *text, const struct edit *edits,
		       size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const char *color = edits[i].op == '-'	 ? ctl_red(ctl)
				    : edits[i].op == '+' ? ctl_green(ctl)
							 : "";

		text_printf(text, "%s%c%.*s%s\n", color, edits[i].op, (int)edits[i].line->len,
			    edits[i].line->text, *color ? ctl_off(ctl) : "");
	}
}

void ctl_unified(const struct ctl *ctl, struct text *text, const char *before_text,
		 const char *after_text, const char *name)
{
	struct lines a = split(ctl->arena, before_text), b = split(ctl->arena, after_text);
	struct edit *edits = arena_alloc(ctl->arena, (a.count + b.count + 1) * sizeof(*edits));
	size_t count = all_edits(ctl->arena, &a, &b, edits), old = 1, new = 1, done = 0;

	for (size_t i = 0; i < count; i++) {
		size_t from, to, lines_old, lines_new;

		if (edits[i].op == ' ')
			continue;
		if (!done)
			text_printf(text, "%s--- %s%s\n%s+++ %s (hardened)%s\n", ctl_bold(ctl),
				    name, ctl_off(ctl), ctl_bold(ctl), name, ctl_off(ctl));
		from = i < done + CONTEXT ? done : i - CONTEXT;
		to = hunk_end(edits, count, i);
		old += tally(edits, done, from, '+');
		new += tally(edits, done, from, '-');
		lines_old = tally(edits, from, to, '+');
		lines_new = tally(edits, from, to, '-');
		text_printf(text, "%s@@ -%zu,%zu +%zu,%zu @@%s\n", ctl_dim(ctl),
			    lines_old ? old : old - 1, lines_old, lines_new ? new : new - 1,
			    lines_new, ctl_off(ctl));
		print_hunk(ctl, text, edits, from, to);
		old += lines_old;
		new += lines_new;
		done = to;
		i = to - 1;
	}
}
