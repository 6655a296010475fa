/* SPDX-License-Identifier: Apache-2.0 */
/* All memory of one run: chunks that are filled in turn and released at once. */
#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * The first chunk is for verbs that are handed on; a config takes one or two more. Their pages are had in
 * one go: on a virtual machine each page fault costs as much as reading ten members.
 */
#define FIRST_SIZE (16u << 10)
#define CHUNK_SIZE (128u << 10)
#define ALIGNMENT  _Alignof(max_align_t)

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

/* Straight from the kernel: the pages are zero, and malloc needs three more calls for its first block. */
static struct chunk *chunk_new(size_t size, int flags)
{
	struct chunk *chunk = mmap(NULL, size, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	if (chunk == MAP_FAILED)
		die_out_of_memory();
	chunk->size = size - sizeof(*chunk);
	return chunk;
}

static struct chunk *add_chunk(struct arena *arena)
{
	struct chunk *chunk = chunk_new(CHUNK_SIZE, MAP_POPULATE);

	chunk->next = arena->chunk;
	arena->chunk = chunk;
	return chunk;
}

/* Has a chunk of its own, behind the one being filled; pages come as they are touched. */
static void *take_large(struct arena *arena, size_t size)
{
	struct chunk *chunk = chunk_new(sizeof(*chunk) + size, 0);

	chunk->used = size;
	chunk->next = arena->chunk->next;
	arena->chunk->next = chunk;
	return chunk->data;
}

struct arena *arena_new(void)
{
	struct chunk *chunk = chunk_new(FIRST_SIZE, 0);
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

		munmap(chunk, chunk->size + sizeof(*chunk));
		chunk = next;
	}
}

static void *take(struct arena *arena, size_t size)
{
	struct chunk *chunk = arena->chunk;
	void *data;

	if (size > SIZE_MAX / 2)
		die_out_of_memory();
	if (size > CHUNK_SIZE / 2)
		return take_large(arena, size);
	if (chunk->size - chunk->used < size)
		chunk = add_chunk(arena);
	data = chunk->data + chunk->used;
	chunk->used += size;
	return data;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct chunk *chunk = arena->chunk;

	/* Chunks that are filled are a multiple of the alignment long, so this stays within them. */
	chunk->used = (chunk->used + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	return take(arena, size);
}

/*
 * Nearly all texts are short, and the C libraries' memcpy takes longer to begin than to copy these. The
 * two halves overlap where len is no power of two.
 */
static void copy(char *to, const char *from, size_t len)
{
	if (len > 32) {
		memcpy(to, from, len);
	} else if (len >= 16) {
		memcpy(to, from, 16);
		memcpy(to + len - 16, from + len - 16, 16);
	} else if (len >= 8) {
		memcpy(to, from, 8);
		memcpy(to + len - 8, from + len - 8, 8);
	} else if (len >= 4) {
		memcpy(to, from, 4);
		memcpy(to + len - 4, from + len - 4, 4);
	} else if (len) {
		to[0] = from[0];
		to[len / 2] = from[len / 2];
		to[len - 1] = from[len - 1];
	}
}

/* Texts lie close together: most of a config's are shorter than the alignment. */
char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *data = take(arena, len + 1);

	copy(data, text, len);
	return data;
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
void text_reserve(struct text *text, size_t len)
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

void text_add(struct text *text, const char *data, size_t len)
{
	char *to = text_room(text, len);

	copy(to, data, len);
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
