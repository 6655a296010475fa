/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Run when seawall is built: writes the names of all system calls in the tables of syscalls.c as one text,
 * with a hash table over it. A container start looks up a thousand names; making the table then took longer
 * than looking them up, and pointers to names would have to be relocated one by one.
 */
#include <stdio.h>
#include <string.h>

#include "../syscalls_names.h"

#define KNOWN_MAX 1024

static struct {
	const char *text;
	size_t len, group, other;
} known[KNOWN_MAX];
static size_t count;

static int put(const char *text, size_t len, size_t group)
{
	size_t i = 0;

	while (i < count && (known[i].len != len || memcmp(known[i].text, text, len) != 0))
		i++;
	if (i == KNOWN_MAX || len > 255 || group > NAMES_NO_GROUP)
		return 0;
	if (i == count) {
		known[count].text = text;
		known[count].len = len;
		known[count].group = group;
		known[count++].other = NAMES_NO_GROUP;
		return 1;
	}
	/* Nothing here has a place for a third. */
	if (group != NAMES_NO_GROUP && known[i].other != NAMES_NO_GROUP)
		return 0;
	if (group != NAMES_NO_GROUP)
		known[i].other = group;
	return 1;
}

static int put_tables(void)
{
	const struct syscall_filter *filter;
	const struct syscall_group *group;

	for (size_t i = 0; (group = syscall_group_at(i)); i++)
		for (const char *at = group->calls; *at;) {
			size_t len = strcspn(at, " ");

			if (!put(at, len, i))
				return 0;
			at += len + strspn(at + len, " ");
		}
	for (size_t i = 0; (filter = syscall_filter_at(i)); i++)
		if (!put(filter->call, strlen(filter->call), NAMES_NO_GROUP))
			return 0;
	return 1;
}

static void print_names(void)
{
	size_t at = 0;

	printf("const char names_texts[] =\n");
	for (size_t i = 0; i < count; i++)
		printf("\t\"%.*s\\0\"\n", (int)known[i].len, known[i].text);
	printf("\t;\nconst struct known names_table[%zu] = {\n", count);
	for (size_t i = 0; i < count; at += known[i++].len + 1)
		printf("\t{ %zu, %zu, %zu, %zu },\n", at, known[i].len, known[i].group,
		       known[i].other);
	printf("};\n");
}

static void print_slots(void)
{
	static size_t slots[NAMES_SLOTS];

	for (size_t i = 0; i < count; i++) {
		size_t at = names_hash(known[i].text, known[i].len) % NAMES_SLOTS;

		while (slots[at])
			at = (at + 1) % NAMES_SLOTS;
		slots[at] = i + 1;
	}
	printf("const uint16_t names_slots[%d] = {", NAMES_SLOTS);
	for (size_t i = 0; i < NAMES_SLOTS; i++)
		printf("%s%zu,", i % 16 ? " " : "\n\t", slots[i]);
	printf("\n};\n");
}

int main(void)
{
	if (!put_tables())
		return 1;
	printf("/* Written by syscalls_known.c from the tables of syscalls.c. */\n");
	printf("#define KNOWN %zu\n", count);
	print_names();
	print_slots();
	return ferror(stdout) || fclose(stdout) ? 1 : 0;
}
