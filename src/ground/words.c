/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of words in one text, and what is near to a word. */
#include "words.h"

#include <string.h>

#define WORD_MAX 40

const char *word_next(const char **cursor, size_t *len)
{
	const char *word = *cursor ? *cursor : "", *end;

	while (*word == ' ')
		word++;
	for (end = word; *end && *end != ' ';)
		end++;
	*len = (size_t)(end - word);
	*cursor = end;
	return *len ? word : NULL;
}

/* Asked some hundred times per container. A word with a blank in it is in no list. */
bool word_in(const char *words, const char *word)
{
	while (words && *words) {
		const char *at = word;

		for (; *at && *at != ' ' && *words == *at; at++)
			words++;
		if (*at == '\0' && at > word && (*words == ' ' || *words == '\0'))
			return true;
		while (*words && *words != ' ')
			words++;
		while (*words == ' ')
			words++;
	}
	return false;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Damerau and Levenshtein's, with three rows; words longer than WORD_MAX are far from everything. */
size_t word_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t rows[3][WORD_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];

	if (a_len > WORD_MAX || b_len > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= b_len; j++)
		last[j] = before[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *oldest = before;

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			row[j] = least(least(last[j], row[j - 1]) + 1,
				       last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
		before = last;
		last = row;
		row = oldest;
	}
	return last[b_len];
}

const char *word_nearer(const char *word, const char *best, const char *candidate, size_t *distance)
{
	size_t far = word_distance(word, strlen(word), candidate, strlen(candidate));

	if (far >= *distance)
		return best;
	*distance = far;
	return candidate;
}
