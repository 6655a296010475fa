/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a directory holds a socket, at any depth, as far as one is willing to look. */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host_parts.h"

/* Enough for what is shared with containers; what is larger is not known. */
#define DEPTH_MAX   16
#define ENTRIES_MAX 20000

struct search {
	unsigned entries, depth;
};

static enum fact search_directory(struct search *search, int fd);

static enum fact search_below(struct search *search, int dirfd, const char *name)
{
	enum fact fact;
	int fd;

	if (search->depth == DEPTH_MAX)
		return FACT_UNKNOWN;
	fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return FACT_UNKNOWN;
	search->depth++;
	fact = search_directory(search, fd);
	search->depth--;
	return fact;
}

static enum fact search_entry(struct search *search, int dirfd, const struct dirent *entry)
{
	unsigned char type = entry->d_type;
	struct stat stat;

	if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
		return FACT_NO;
	if (++search->entries > ENTRIES_MAX)
		return FACT_UNKNOWN;
	if (type == DT_UNKNOWN) {
		if (fstatat(dirfd, entry->d_name, &stat, AT_SYMLINK_NOFOLLOW) != 0)
			return FACT_UNKNOWN;
		type = S_ISDIR(stat.st_mode) ? DT_DIR : S_ISSOCK(stat.st_mode) ? DT_SOCK : DT_REG;
	}
	if (type == DT_SOCK)
		return FACT_YES;
	return type == DT_DIR ? search_below(search, dirfd, entry->d_name) : FACT_NO;
}

/* Closes fd. A socket found ends the search; what could not be seen is remembered. */
static enum fact search_directory(struct search *search, int fd)
{
	enum fact all = FACT_NO;
	struct dirent *entry;
	DIR *dir = fdopendir(fd);

	if (!dir) {
		close(fd);
		return FACT_UNKNOWN;
	}
	while (all != FACT_YES && search->entries <= ENTRIES_MAX && (entry = readdir(dir))) {
		enum fact fact = search_entry(search, dirfd(dir), entry);

		if (fact != FACT_NO)
			all = fact;
	}
	closedir(dir);
	return all;
}

enum fact host_sockets(const char *real)
{
	struct search search = { 0 };
	struct stat stat;
	int fd = open(real, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	enum fact fact;

	if (fd < 0 || fstat(fd, &stat) != 0)
		fact = FACT_UNKNOWN;
	else if (S_ISDIR(stat.st_mode))
		fact = search_below(&search, fd, ".");
	else
		fact = S_ISSOCK(stat.st_mode) ? FACT_YES : FACT_NO;
	if (fd >= 0)
		close(fd);
	return fact;
}
