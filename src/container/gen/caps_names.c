/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Run when seawall is built: writes libcap's names as a table, by number; the only file that knows libcap.
 * Linked into the shim, libcap makes six system calls before main and allocates at each name.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>

#define LEN_MAX 23

static char names[64][LEN_MAX + 1];

/* False past the last one: a number without a name comes back as digits. */
static int take_name(cap_value_t number)
{
	char *name = cap_to_name(number);
	size_t len = name ? strlen(name) : 0;

	if (len < 5 || len > LEN_MAX || strncmp(name, "cap_", 4) != 0)
		return 0;
	for (size_t i = 0; i < len; i++)
		names[number][i] = (char)toupper((unsigned char)name[i]);
	cap_free(name);
	return 1;
}

int main(void)
{
	size_t count = 0, before = 0;

	while (count < 64 && take_name((cap_value_t)count))
		count++;
	printf("/* Written by caps_names.c from libcap's names. */\n");
	printf("static const char names[%zu][%d] = {\n", count, LEN_MAX + 1);
	for (size_t n = 0; n < count; n++)
		printf("\t[%zu] = \"%s\",\n", n, names[n]);
	printf("};\n\n/* The numbers in the order of their names' lengths. */\n");
	printf("static const unsigned char by_length[%zu] = {\n", count);
	for (size_t len = 0; len <= LEN_MAX; len++)
		for (size_t n = 0; n < count; n++)
			if (strlen(names[n]) == len)
				printf("\t%zu,\n", n);
	printf("};\n\n/* Where in by_length those of a length begin; one more is the end. */\n");
	printf("static const unsigned char of_length[%d] = {\n", LEN_MAX + 2);
	for (size_t len = 0; len <= LEN_MAX; len++) {
		printf("\t%zu,\n", before);
		for (size_t n = 0; n < count; n++)
			before += strlen(names[n]) == len;
	}
	printf("\t%zu,\n};\n", before);
	return count == 0 || ferror(stdout) || fclose(stdout) ? 1 : 0;
}
