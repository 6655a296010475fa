/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel enforces for a process, as /proc tells it. A config is a claim; this is the truth that
 * verification holds against it.
 */
#ifndef SEAWALL_KERNEL_H
#define SEAWALL_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "arena.h"
#include "caps.h"
#include "error.h"

/* In the order of kernel_ns_name. */
enum kernel_ns {
	KERNEL_NS_MOUNT,
	KERNEL_NS_PID,
	KERNEL_NS_NETWORK,
	KERNEL_NS_IPC,
	KERNEL_NS_UTS,
	KERNEL_NS_CGROUP,
	KERNEL_NS_USER,
	KERNEL_NS_TIME,
	KERNEL_NAMESPACES
};

struct mount_row;
struct kernel_looked;

enum { KERNEL_LIMITS = 1, KERNEL_OOM_SCORE_ADJ = 2, KERNEL_LABEL = 4 };

/* What stands at a path, as the process sees it. */
struct kernel_spot {
	bool exists;
	bool mount_root;	       /* something is mounted right here */
	bool null;		       /* it is the null device */
	const struct mount_row *mount; /* the mount it belongs to, or NULL */
	const char *real; /* canonical path of a process of kernel_read_view, else NULL */
};

/* Something open that leads to no mount of the process's own: "fd/3", "cwd". */
struct kernel_stray {
	const char *name, *leads;
	uint64_t mount; /* the id of the mount it leads to */
	const struct kernel_stray *next;
};

struct kernel_device {
	const char *path;
	bool block;
	uint32_t major, minor;
	const struct kernel_device *next;
};

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): there is one, and it reads well so */
struct kernel {
	const char *root; /* where the container's root is before it is entered; "" once it is */
	int dir;	  /* /proc/PID: stays with this process even if its number is used again */
	int task;	  /* /proc/PID/task/TID once its first thread has ended, or -1 */
	pid_t tid;	  /* the thread that is looked at */
	bool held;	  /* by kernel_hold */
	int *top;	  /* that root, open since a path was first asked about; -1: not yet */
	struct kernel_looked *looked; /* what was asked about it, and answered */
	pid_t pid;
	bool viewed;		 /* by kernel_read_view: canonical paths are asked for */
	unsigned unasked;	 /* KERNEL_*: need not be read, and are empty then */
	uint32_t uid[4], gid[4]; /* real, effective, saved, filesystem */
	const char *groups;	 /* "0 10 20" */
	caps_set inheritable, permitted, effective, bounding, ambient;
	bool no_new_privs;
	uint64_t seccomp, filters; /* mode (2: filtered) and number of filters */
	pid_t tracer; /* who traces it, and may do for it what the filter forbids; 0: nobody */
	int64_t oom_score_adj;
	const char *limits;		   /* text of /proc/PID/limits */
	const char *cgroup;		   /* text of /proc/PID/cgroup */
	const char *uid_map, *gid_map;	   /* "0 100000 65536\n", blanks folded */
	const char *label;		   /* AppArmor's or SELinux's; "" without */
	const struct mount_row *mounts;	   /* in the order they were made */
	uint64_t ns[KERNEL_NAMESPACES];	   /* inodes; 0: the kernel has no such namespace */
	const struct kernel_stray *strays; /* by kernel_read_open */
	bool started; /* it runs a program of its own file system, no longer the runtime's */

	/* Symbolic links are followed as if the process's root were ours. */
	struct kernel_spot (*at)(const struct kernel *kernel, struct arena *arena,
				 const char *path);

	/* The path is a directory in which there is nothing, and which can be looked into. */
	bool (*empty)(const struct kernel *kernel, struct arena *arena, const char *path);

	/* Nodes in /dev, not in what is mounted there. */
	const struct kernel_device *(*devices)(const struct kernel *kernel, struct arena *arena);

	/* The inode of the namespace a path of this process stands for; 0 if it is gone. */
	uint64_t (*ns_at)(const struct kernel *kernel, struct arena *arena, const char *path);
};

/*
 * Takes hold of a process: whatever is asked or done through the kernel from here on is about this
 * process, even if its number is used again. False and err if there is none.
 */
bool kernel_open(struct arena *arena, pid_t pid, struct kernel *kernel,
		 struct error *err) must_check;

/* Everything at once, so that it is one moment's truth. False and err if the process is gone. */
bool kernel_read(struct arena *arena, struct kernel *kernel, struct error *err) must_check;

/*
 * The mounts as the namespace has them, not as far as a program's own chroot(2) lets it see them. False if
 * that cannot be told; then the process's view stays.
 */
bool kernel_read_all(struct arena *arena, struct kernel *kernel);

/* What leads out. After the above, which says what is inside. */
bool kernel_read_open(struct arena *arena, struct kernel *kernel, struct error *err) must_check;

/* Of a process that is not verified but compared with: its namespaces, id maps, cgroup and mounts. */
bool kernel_read_view(struct arena *arena, struct kernel *kernel, struct error *err) must_check;

/*
 * Waits until the process runs the container's own program, which a runtime tells of a moment too
 * early; it ends, or half a second passes. True if there is still a process.
 */
bool kernel_settle(struct arena *arena, struct kernel *kernel);

/* Lets go; what was read stays. */
void kernel_close(struct kernel *kernel);

/* Numbers of /proc/PID/stat, as proc(5) counts them. */
enum { KERNEL_STAT_PARENT = 4, KERNEL_STAT_STARTED = 22 };

/* One of them; 0 if it cannot be read. */
uint64_t kernel_stat(struct arena *arena, const struct kernel *kernel, int index);

/* False once all threads of the process have ended, reaped or not. */
bool kernel_alive(const struct kernel *kernel);

/*
 * Stops the process, for kernel_filters, while it is read: that takes a moment. False if it cannot be
 * traced, as kernel_filters will tell. Whoever does not go on to that must let go.
 */
bool kernel_hold(struct kernel *kernel);
/* Also in a signal handler. */
void kernel_let_go(const struct kernel *kernel);

struct sock_filter;

/* A classic BPF program as the kernel runs it. */
struct kernel_filter {
	const struct sock_filter *code;
	size_t count;
	struct kernel_filter *next;
};

/*
 * The seccomp filters of the process, the last loaded first; NULL with an empty err: none. The process is
 * stopped for a moment. Needs CAP_SYS_ADMIN and a kernel with CONFIG_CHECKPOINT_RESTORE (ptrace(2)):
 * without, err is set and untold is true.
 */
struct kernel_filter *kernel_filters(struct arena *arena, struct kernel *kernel, bool *untold,
				     struct error *err);

/* The OCI word of a namespace: "mount", "pid", "network" ...; NULL past the end. */
const char *kernel_ns_name(int index);

/*
 * What a container's cgroup is called, in the words of config.json (cgroupsPath, or runc's own choice
 * without): the end of its path. NULL: it has no name to tell it by.
 */
const char *kernel_cgroup_name(struct arena *arena, const char *path, const char *id);

/* A line of /proc/PID/cgroup is of that cgroup or of one below it. */
bool kernel_cgroup_has(const char *text, const char *name);

/* No process is left in it, or none a moment later. */
bool kernel_cgroup_empty(const char *name);

/* Kills whoever is in it, unless the host is. False: there is still somebody after a second. */
bool kernel_cgroup_kill(const char *name);

/* Kills the process, and nobody else who may have got its number since. */
bool kernel_kill(const struct kernel *kernel, struct error *err) must_check;

#endif
