/* SPDX-License-Identifier: Apache-2.0 */
/* Between the kernel files only. */
#ifndef SEAWALL_KERNEL_PARTS_H
#define SEAWALL_KERNEL_PARTS_H

#include "kernel.h"

/* The directory of /proc to read: the process's own, or that of a thread once the first has ended. */
static inline int kernel_dir(const struct kernel *kernel)
{
	return kernel->task >= 0 ? kernel->task : kernel->dir;
}

/* kernel_task.c: chooses that thread. */
void kernel_pick(struct kernel *kernel);

/* A file of that directory; NULL and err. */
char *kernel_file(struct arena *arena, const struct kernel *kernel, const char *name,
		  struct error *err);

/* The root that paths are looked up below. */
int kernel_top(const struct kernel *kernel, struct arena *arena);

/* kernel_look.c, for struct kernel. */
struct kernel_spot kernel_look(const struct kernel *kernel, struct arena *arena, const char *path);
bool kernel_empty(const struct kernel *kernel, struct arena *arena, const char *path);
struct kernel_looked *kernel_looked_new(struct arena *arena);
void kernel_looked_close(struct kernel_looked *looked);

/* kernel_devices.c. */
const struct kernel_device *kernel_devices(const struct kernel *kernel, struct arena *arena);

const struct mount_row *kernel_mount(const struct mount_row *row, uint64_t id);
/* Somebody traces it right now. */
bool kernel_traced(const struct kernel *kernel);
bool kernel_has_started(const struct kernel *kernel);

#endif
