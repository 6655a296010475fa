/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All memory of one run. Everything a run allocates lives until arena_free, so no other module frees
 * anything. Memory is zeroed. Running out of it ends the process with exit 1: closed, nothing started.
 */
#ifndef SEAWALL_ARENA_H
#define SEAWALL_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_new(void);
/* For a run that takes about size bytes: these are had at once, in pages. */
struct arena *arena_sized(size_t size);
void arena_free(struct arena *arena);

/* size bytes, zeroed, aligned for any type. Never NULL. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc, returns_nonnull));

/* A copy of len bytes of text with a NUL behind them. */
char *arena_strndup(struct arena *arena, const char *text, size_t len)
	__attribute__((returns_nonnull));
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull));

/* A growing text; starts as { .arena = arena }. data is NUL-terminated once anything was added, else NULL. */
struct text {
	struct arena *arena;
	char *data;
	size_t len, size;
};

void text_reserve(struct text *text, size_t len);

/* Where len more bytes (and a NUL) may be written; the caller adds to text->len what it wrote. */
static inline char *text_room(struct text *text, size_t len)
{
	if (text->size - text->len <= len)
		text_reserve(text, len);
	return text->data + text->len;
}

/* One more byte, without the NUL that the others put behind it. */
static inline void text_char(struct text *text, char c)
{
	*text_room(text, 1) = c;
	text->len++;
}

void text_add(struct text *text, const char *data, size_t len);
void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
