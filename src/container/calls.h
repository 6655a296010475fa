/* SPDX-License-Identifier: Apache-2.0 */
/* System calls that musl 1.2.3 (and openat2: glibc 2.36) has no name for. */
#ifndef SEAWALL_CALLS_H
#define SEAWALL_CALLS_H

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* struct statx as the kernel lays it out, statx(2). */
struct calls_statx {
	uint32_t mask, blksize;
	uint64_t attributes;
	uint32_t nlink, uid, gid;
	uint16_t mode, spare;
	uint64_t ino, size, blocks, attributes_mask, times[8];
	uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
	uint64_t mount, rest[13];
};
_Static_assert(offsetof(struct calls_statx, mount) == 0x90, "stx_mnt_id");
_Static_assert(sizeof(struct calls_statx) == 0x100, "struct statx");

#define CALLS_TYPE_MODE_UID 0x0bu   /* STATX_TYPE | STATX_MODE | STATX_UID */
#define CALLS_MOUNT	    0x1000u /* STATX_MNT_ID */
#define CALLS_MOUNT_ROOT    0x2000u /* STATX_ATTR_MOUNT_ROOT */

static inline bool calls_statx(int fd, uint32_t mask, struct calls_statx *stat)
{
	return syscall(SYS_statx, fd, "", AT_EMPTY_PATH, mask, stat) == 0;
}

/* Of a name in a directory; links are not followed, nothing is mounted by looking. */
static inline bool calls_statx_at(int dirfd, const char *name, uint32_t mask,
				  struct calls_statx *stat)
{
	return syscall(SYS_statx, dirfd, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, mask, stat) ==
	       0;
}

/* O_PATH only: nothing is opened that could block, or do something when it is. */
static inline int calls_open(int dirfd, const char *path, uint64_t resolve)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = resolve };

	return (int)syscall(SYS_openat2, dirfd, path, &how, sizeof(how));
}

/* The names in a directory; starts as { .fd = fd }. The C library's reading takes memory of its own each time. */
struct calls_names {
	int fd;
	long at, len;
	unsigned char type; /* of the last name: DT_*, or DT_UNKNOWN */
	_Alignas(uint64_t) char entries[2048];
};

/* struct linux_dirent64, getdents64(2) */
struct calls_entry {
	uint64_t ino, offset;
	uint16_t size;
	unsigned char type;
	char name[];
};

/* The next name but "." and ".."; NULL with errno 0 at the end. It stands until the next call. */
static inline const char *calls_name(struct calls_names *names)
{
	for (;;) {
		const struct calls_entry *entry = (const void *)(names->entries + names->at);

		if (names->at == names->len) {
			names->at = 0;
			names->len = syscall(SYS_getdents64, names->fd, names->entries,
					     sizeof(names->entries));
			if (names->len == 0)
				errno = 0;
			if (names->len <= 0) {
				names->len = 0;
				return NULL;
			}
			continue;
		}
		names->at += entry->size;
		names->type = entry->type;
		if (strcmp(entry->name, ".") != 0 && strcmp(entry->name, "..") != 0)
			return entry->name;
	}
}

#endif
