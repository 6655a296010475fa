/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target over files without a fuzzer: make check replays all seeds this way, with any
 * compiler. A seed that fails ends the process, as it would under libFuzzer.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t *read_all(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	long end;

	if (!file || fseek(file, 0, SEEK_END) || (end = ftell(file)) < 0)
		goto out;
	rewind(file);
	/* No byte more than there is: an overread by one is what sanitizers shall see. */
	data = malloc(end > 0 ? (size_t)end : 1);
	if (data && fread(data, 1, (size_t)end, file) != (size_t)end) {
		free(data);
		data = NULL;
	}
	*size = (size_t)end;
out:
	if (file)
		fclose(file);
	return data;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		size_t size = 0;
		uint8_t *data = read_all(argv[i], &size);

		if (!data) {
			perror(argv[i]);
			return 1;
		}
		fprintf(stderr, "%s\n", argv[i]); /* the last line names the seed that failed */
		LLVMFuzzerTestOneInput(data, size);
		free(data);
	}
	printf("%d passed, 0 failed\n", argc - 1);
	return 0;
}
