/* SPDX-License-Identifier: Apache-2.0 */
/* All memory of one run: chunks that are filled in turn and released at once. */
#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One chunk serves a usual config whole; pages that are not touched cost nothing. */
#define CHUNK_SIZE (256u << 10)
#define ALIGNMENT _Alignof(max_align_t)

struct chunk {
	struct chunk *next;
	size_t size, used;
	_Alignas(max_align_t) unsigned char data[];
};

struct arena {
	struct chunk *chunk;
};

/* Out of memory is the one error nobody can report upwards: end closed, nothing was started. */
static void die_out_of_memory(void)
{
	static const char msg[] = "seawall: rejected: out of memory\n";

	if (write(STDERR_FILENO, msg, sizeof(msg) - 1) < 0)
		_exit(1);
	_exit(1);
}

static struct chunk *chunk_new(size_t size)
{
	struct chunk *chunk = calloc(1, sizeof(*chunk) + size);

	if (!chunk)
		die_out_of_memory();
	chunk->size = size;
	return chunk;
}

struct arena *arena_new(void)
{
	struct chunk *chunk = chunk_new(CHUNK_SIZE);
	struct arena *arena = (struct arena *)(void *)chunk->data;

	chunk->used = (sizeof(*arena) + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	arena->chunk = chunk;
	return arena;
}

void arena_free(struct arena *arena)
{
	struct chunk *chunk = arena ? arena->chunk : NULL;

	while (chunk) {
		struct chunk *next = chunk->next;

		free(chunk);
		chunk = next;
	}
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct chunk *chunk = arena->chunk;
	void *data;

	if (size > SIZE_MAX / 2)
		die_out_of_memory();
	size = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	if (chunk->size - chunk->used < size) {
		chunk = chunk_new(size > CHUNK_SIZE ? size : CHUNK_SIZE);
		chunk->next = arena->chunk;
		arena->chunk = chunk;
	}
	data = chunk->data + chunk->used;
	chunk->used += size;
	return data;
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *copy = arena_alloc(arena, len + 1);

	if (len)
		memcpy(copy, text, len);
	return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		die_out_of_memory();
	text = arena_alloc(arena, (size_t)len + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)len + 1, format, args);
	va_end(args);
	return text;
}

/* Makes room for len more bytes and a NUL. */
static void text_reserve(struct text *text, size_t len)
{
	size_t size = text->size ? text->size : 256;
	char *data;

	if (len > SIZE_MAX / 4 - text->len)
		die_out_of_memory();
	if (text->size - text->len > len)
		return;
	while (size - text->len <= len)
		size *= 2;
	data = arena_alloc(text->arena, size);
	if (text->len)
		memcpy(data, text->data, text->len);
	text->data = data;
	text->size = size;
}

char *text_room(struct text *text, size_t len)
{
	if (text->size - text->len <= len)
		text_reserve(text, len);
	return text->data + text->len;
}

void text_add(struct text *text, const char *data, size_t len)
{
	char *to = text_room(text, len);

	if (len)
		memcpy(to, data, len);
	to[len] = '\0';
	text->len += len;
}

void text_printf(struct text *text, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		die_out_of_memory();
	text_reserve(text, (size_t)len);
	va_start(args, format);
	vsnprintf(text->data + text->len, (size_t)len + 1, format, args);
	va_end(args);
	text->len += (size_t)len;
}
