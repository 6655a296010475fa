/* SPDX-License-Identifier: Apache-2.0 */
/* All memory of one run: chunks that are filled in turn and released at once. */
#include "arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * A chunk's pages are had in one go: on a virtual machine each page fault costs as much as reading ten
 * members. One more is a fraction of what there is, so that large documents take few.
 */
#define CHUNK_MIN  (64u << 10)
#define CHUNK_MAX  (4u << 20)
#define CHUNK_PART 4
#define ALIGNMENT  _Alignof(max_align_t)

struct chunk {
	struct chunk *next;
	size_t size, used;
	_Alignas(max_align_t) unsigned char data[];
};

struct arena {
	struct chunk *chunk;
	size_t mapped; /* of all chunks */
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
static struct chunk *chunk_new(size_t size)
{
	struct chunk *chunk = mmap(NULL, size, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (chunk == MAP_FAILED)
		die_out_of_memory();
	chunk->size = size - sizeof(*chunk);
	return chunk;
}

static size_t next_size(const struct arena *arena)
{
	size_t size = arena->mapped / CHUNK_PART;

	return size < CHUNK_MIN	  ? CHUNK_MIN
	       : size > CHUNK_MAX ? CHUNK_MAX
				  : size & ~(CHUNK_MIN - 1);
}

static struct chunk *add_chunk(struct arena *arena)
{
	size_t size = next_size(arena);
	struct chunk *chunk = chunk_new(size);

	chunk->next = arena->chunk;
	arena->chunk = chunk;
	arena->mapped += size;
	return chunk;
}

/* Has a chunk of its own, behind the one being filled. */
static void *take_large(struct arena *arena, size_t size)
{
	struct chunk *chunk = chunk_new(sizeof(*chunk) + size);

	chunk->used = size;
	chunk->next = arena->chunk->next;
	arena->chunk->next = chunk;
	return chunk->data;
}

struct arena *arena_sized(size_t size)
{
	struct chunk *chunk = chunk_new(size);
	struct arena *arena = (struct arena *)(void *)chunk->data;

	chunk->used = (sizeof(*arena) + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	arena->chunk = chunk;
	arena->mapped = size;
	return arena;
}

struct arena *arena_new(void)
{
	return arena_sized(CHUNK_MIN);
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

static __attribute__((noinline)) void *take_elsewhere(struct arena *arena, size_t size)
{
	struct chunk *chunk;

	if (size > SIZE_MAX / 2)
		die_out_of_memory();
	if (size > CHUNK_MIN / 2)
		return take_large(arena, size);
	chunk = add_chunk(arena);
	chunk->used = size;
	return chunk->data;
}

/* Asked thousands of times per container, and nearly always there is room. */
static inline void *take(struct arena *arena, size_t start, size_t size)
{
	struct chunk *chunk = arena->chunk;

	if (chunk->size - start < size)
		return take_elsewhere(arena, size);
	chunk->used = start + size;
	return chunk->data + start;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	/* Chunks that are filled are a multiple of the alignment long, so this stays within them. */
	return take(arena, (arena->chunk->used + ALIGNMENT - 1) & ~(ALIGNMENT - 1), size);
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
	char *data = take(arena, arena->chunk->used, len + 1);

	copy(data, text, len);
	return data;
}

/* Where a format's text goes; with to NULL it is only measured. */
struct sink {
	char *to;
	size_t len;
};

static void put(struct sink *sink, const char *data, size_t len)
{
	if (sink->to)
		copy(sink->to + sink->len, data, len);
	sink->len += len;
}

static void put_number(struct sink *sink, size_t number)
{
	char digits[24];
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + number % 10);
	while ((number /= 10) != 0);
	put(sink, digits + at, sizeof(digits) - at);
}

/*
 * Most formats hold nothing but words, %s and %zu, and the C library's printf takes a thousand
 * instructions to begin. False if there is something else in the format.
 */
static bool put_simple(struct sink *sink, const char *format, va_list args)
{
	for (;;) {
		const char *start = format, *text;

		while (*format && *format != '%')
			format++;
		put(sink, start, (size_t)(format - start));
		if (*format == '\0')
			return true;
		if (format[1] == 's' && (text = va_arg(args, const char *)) != NULL) {
			put(sink, text, strlen(text));
			format += 2;
		} else if (format[1] == 'z' && format[2] == 'u') {
			put_number(sink, va_arg(args, size_t));
			format += 3;
		} else {
			return false;
		}
	}
}

/* The length of the text; it is written, with its NUL, if there is a place of that size for it. */
__attribute__((format(printf, 3, 0))) static size_t format_text(char *to, size_t size,
								const char *format, va_list args)
{
	struct sink sink = { .to = to };
	va_list again;
	int len;

	va_copy(again, args);
	if (put_simple(&sink, format, again)) {
		va_end(again);
		if (to)
			to[sink.len] = '\0';
		return sink.len;
	}
	va_end(again);
	len = vsnprintf(to, size, format, args);
	if (len < 0)
		die_out_of_memory();
	return (size_t)len;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	size_t len;
	char *text;

	va_start(args, format);
	len = format_text(NULL, 0, format, args);
	va_end(args);
	text = take(arena, arena->chunk->used, len + 1);
	va_start(args, format);
	format_text(text, len + 1, format, args);
	va_end(args);
	return text;
}

/* Behind what was taken last nothing stands in the way. */
static bool grow_in_place(struct text *text, size_t size)
{
	struct chunk *chunk = text->arena->chunk;

	if (!text->size || (unsigned char *)text->data + text->size != chunk->data + chunk->used ||
	    chunk->size - chunk->used < size - text->size)
		return false;
	chunk->used += size - text->size;
	text->size = size;
	return true;
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
	if (grow_in_place(text, size))
		return;
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
	size_t len;

	va_start(args, format);
	len = format_text(NULL, 0, format, args);
	va_end(args);
	text_reserve(text, len);
	va_start(args, format);
	format_text(text->data + text->len, len + 1, format, args);
	va_end(args);
	text->len += len;
}
