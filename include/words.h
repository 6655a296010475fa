/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of words in one text, separated by spaces, and what is near to a word. */
#ifndef SEAWALL_WORDS_H
#define SEAWALL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* The next word and its length; NULL at the end. Start with *cursor at the text (NULL is empty). */
const char *word_next(const char **cursor, size_t *len);
bool word_in(const char *words, const char *word);

/* The number of letters to change, add or drop (or neighbours to swap) between two words. */
size_t word_distance(const char *a, size_t a_len, const char *b, size_t b_len);

/* The better of two guesses for a mistyped word: candidate if it is near enough and nearer than
 * *distance (start with 3), which is then lowered; else best. */
const char *word_nearer(const char *word, const char *best, const char *candidate,
			size_t *distance);

#endif
