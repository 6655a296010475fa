/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Run when seawall is built: writes libcap's names as a table, by number; the only file that knows libcap.
 * Linked into the shim, libcap makes six system calls before main and allocates at each name.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>

int main(void)
{
	printf("/* Written by caps_names.c from libcap's names. */\n");
	printf("static const char *const names[64] = {\n");
	for (cap_value_t number = 0; number < 64; number++) {
		char *name = cap_to_name(number);

		/* A number without a name comes back as digits. */
		if (!name || strncmp(name, "cap_", 4) != 0)
			break;
		printf("\t[%d] = \"", number);
		for (const char *c = name; *c; c++)
			putchar(toupper((unsigned char)*c));
		printf("\",\n");
		cap_free(name);
	}
	printf("};\n");
	return ferror(stdout) || fclose(stdout) ? 1 : 0;
}
