/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts of the host, as functions, so that judgement touches no file itself: the real host for the
 * shim and the hook, recorded facts (--host FILE, host.json) or none (--offline) for everybody else.
 */
#ifndef SEAWALL_HOST_H
#define SEAWALL_HOST_H

#include <stdbool.h>

#include "arena.h"
#include "error.h"
#include "json.h"

enum fact { FACT_UNKNOWN, FACT_NO, FACT_YES };

enum path_type {
	PATH_UNKNOWN, /* this host cannot tell; judge by name */
	PATH_MISSING,
	PATH_FILE,
	PATH_DIRECTORY,
	PATH_SOCKET,
	PATH_BLOCK,
	PATH_CHAR,
	PATH_FIFO,
	PATH_MAGIC, /* leads through a magic link of /proc: refused by the caller */
};

struct host_path {
	enum path_type type;
	const char *real; /* where the path really leads, canonical; the path itself if unknown */
	bool root_owned;  /* owner uid 0 and not writable by group or others */
};

enum host_ns {
	NS_UNKNOWN,	/* this host cannot tell */
	NS_MISSING,	/* no such path, or no namespace of that type */
	NS_HOST,	/* the namespace of pid 1 or our own */
	NS_OWN_SANDBOX, /* the namespace of the pod's own sandbox */
	NS_FOREIGN,	/* some other container's */
};

struct alias_question {
	const char *real, *base;
	bool deep;
	bool (*bad)(void *data, const char *name);
	/*
	 * NULL, or true if the host itself mounts file systems at this point. Then what stands at the
	 * real path must be of one that is mounted at such a point too, unless it is in memory or of the
	 * network. bad is told any other one as "a file system ...".
	 */
	bool (*host_mounts)(void *data, const char *point);
	void *data;
};

struct syscalls_target;

struct host {
	void *data;
	bool real; /* the real host: there unknown means rejected */
	enum fact apparmor;
	int kernel;	   /* version * 1000 + patch level, 5012 for 5.12; 0 unknown */
	const char *today; /* "2026-11-22"; NULL unknown */
	const char *name;  /* the machine's; NULL unknown */

	/* 1 or 2; 0 unknown. */
	int (*cgroup)(const struct host *host);

	/* Where an absolute path leads. Never fails: what cannot be known is PATH_UNKNOWN. */
	struct host_path (*path)(const struct host *host, struct arena *arena, const char *path);

	/*
	 * Which namespace a path is. type is the OCI word ("network"); sandbox is the id of the pod's
	 * own sandbox or of the pod, looked for in the cgroup of the path's process, or NULL.
	 */
	enum host_ns (*ns)(const struct host *host, const char *type, const char *path,
			   const char *sandbox);

	/*
	 * YES if bad answers true for one of the other names under which the host shows what stands
	 * at the real path: a bind mount, a volume of Docker's local driver or a kubelet subPath put
	 * one directory at two places. Names of things inside it count too, and with deep what is
	 * mounted below it. base: a directory whose own mount is taken for granted, or NULL. A name
	 * without a slash in front is the kind of a file system that is not made of files.
	 */
	enum fact (*aliases)(const struct host *host, const struct alias_question *question);

	/* True if a socket is at or below the real path (bounded search); UNKNOWN if not to be told. */
	enum fact (*sockets)(const struct host *host, const char *real);

	/*
	 * The id of the container whose layer this is, by what containers/storage lists in a directory like
	 * /var/lib/containers/storage/overlay-containers. NULL: nobody's; "": the list cannot be read.
	 */
	const char *(*tenant)(const struct host *host, struct arena *arena, const char *lists,
			      const char *layer);

	/*
	 * YES if the seccomp object allows nothing that the default for target does not; asked only
	 * about what its rules alone do not tell. NO may give a *replacement that does not either.
	 * NULL: this host cannot tell; set by who can.
	 */
	enum fact (*filter)(const struct host *host, struct arena *arena,
			    const struct json *seccomp, const struct syscalls_target *target,
			    struct json **replacement);
};

/* The machine we run on; now is date_now(), which tells what day it is. */
struct host *host_real(struct arena *arena, int64_t now);

/* Facts as written in interface.md; an empty object knows nothing. NULL and err on a wrong shape. */
struct host *host_facts(struct arena *arena, const struct json *facts, struct error *err);

/* path without "//", "/./" and trailing "/"; NULL if it is relative or holds "..". */
char *host_clean(struct arena *arena, const char *path);

/* True if path equals dir or lies below it. Both canonical. */
bool host_below(const char *path, const char *dir);

#endif
