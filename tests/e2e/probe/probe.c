/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs inside a container and prints, as key=value lines, what the kernel enforces there: it looks and
 * tries, and believes no configuration. Every attempt is harmless where it is allowed, because its
 * arguments are such that the kernel refuses them after the checks that are of interest.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

struct attempt {
	const char *name;
	long number;
	long args[5];
};

#define BAD_FD	(-1L)
#define BAD_PTR 1L /* never mapped: allowed calls end in EFAULT or EINVAL */

static const struct attempt attempts[] = {
	{ "mount", SYS_mount, { (long)"none", (long)"/", (long)"nosuchfs", 0, 0 } },
	{ "umount2", SYS_umount2, { (long)"/nonexistent", 0 } },
	{ "pivot_root", SYS_pivot_root, { (long)"/nonexistent", (long)"/nonexistent" } },
	{ "setns", SYS_setns, { BAD_FD, 0 } },
	{ "keyctl", SYS_keyctl, { 0, -3, 0 } },
	{ "add_key", SYS_add_key, { BAD_PTR, BAD_PTR, BAD_PTR, 0, 0 } },
	{ "request_key", SYS_request_key, { BAD_PTR, BAD_PTR, BAD_PTR, 0 } },
	{ "bpf", SYS_bpf, { 0, BAD_PTR, 1L << 20 } },
	{ "perf_event_open", SYS_perf_event_open, { BAD_PTR, 0, -1, -1, 0 } },
	{ "userfaultfd", SYS_userfaultfd, { 0x7fffffff } },
	{ "io_uring_setup", SYS_io_uring_setup, { 0, BAD_PTR } },
	{ "init_module", SYS_init_module, { BAD_PTR, 0, BAD_PTR } },
	{ "finit_module", SYS_finit_module, { BAD_FD, BAD_PTR, 0 } },
	{ "delete_module", SYS_delete_module, { BAD_PTR, 0 } },
	{ "kexec_load", SYS_kexec_load, { 0, 1L << 20, BAD_PTR, 0 } },
	{ "open_by_handle_at", SYS_open_by_handle_at, { BAD_FD, BAD_PTR, 0 } },
	{ "reboot", SYS_reboot, { 0, 0, 0 } },
	{ "swapon", SYS_swapon, { BAD_PTR, 0 } },
	{ "settimeofday", SYS_settimeofday, { BAD_PTR, 0 } },
	{ "sethostname", SYS_sethostname, { BAD_PTR, 1 } },
	{ "syslog", SYS_syslog, { 10, 0, 0 } },
	{ "acct", SYS_acct, { BAD_PTR } },
	{ "quotactl", SYS_quotactl, { 0x7fffffff, BAD_PTR, 0, 0 } },
	{ "fanotify_init", SYS_fanotify_init, { 0x7fffffff, 0 } },
	{ "fsopen", SYS_fsopen, { BAD_PTR, 0 } },
	{ "open_tree", SYS_open_tree, { BAD_FD, BAD_PTR, 0 } },
	{ "move_mount", SYS_move_mount, { BAD_FD, BAD_PTR, BAD_FD, BAD_PTR, 0 } },
	{ "mount_setattr", SYS_mount_setattr, { BAD_FD, BAD_PTR, 0, BAD_PTR, 32 } },
	{ "pidfd_getfd", SYS_pidfd_getfd, { BAD_FD, 0, 0 } },
	{ "clone3", SYS_clone3, { BAD_PTR, 64 } },
	{ "personality", SYS_personality, { 0x0040000 } },
	{ "ptrace", SYS_ptrace, { 0x7fff, 0, 0, 0 } },
	{ "chroot", SYS_chroot, { (long)"/nonexistent" } },
	{ "unshare_none", SYS_unshare, { 0 } },
};

static const char *outcome(long result)
{
	return result >= 0 ? "ok" : strerrorname_np(errno);
}

static void print_status(void)
{
	static const char *const wanted[] = {
		"Uid",	  "Gid",    "Groups", "CapInh",	    "CapPrm",
		"CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp"
	};
	char line[512], *colon;
	FILE *file = fopen("/proc/self/status", "re");

	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		colon = strchr(line, ':');
		if (!colon)
			continue;
		*colon = '\0';
		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
			if (!strcmp(line, wanted[i]))
				printf("%s=%s", line, colon + 1 + strspn(colon + 1, " \t"));
	}
	fclose(file);
}

/* A mask answers an open with success and then has nothing to say, so a byte must really come. */
static void print_readable(const char *key, const char *path)
{
	char byte;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t got;

	if (fd < 0) {
		printf("read_%s=%s\n", key, outcome(fd));
		return;
	}
	got = read(fd, &byte, 1);
	printf("read_%s=%s\n", key, got == 1 ? "ok" : got == 0 ? "empty" : outcome(got));
	close(fd);
}

/* Opens only: nothing is written. A device such as /dev/null laid over the file is no access to it. */
static void print_writable(const char *key, const char *path)
{
	struct stat stat;
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && !fstat(fd, &stat) && S_ISCHR(stat.st_mode))
		printf("write_%s=masked\n", key);
	else
		printf("write_%s=%s\n", key, outcome(fd));
	if (fd >= 0)
		close(fd);
}

static void print_creatable(const char *key, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	printf("create_%s=%s\n", key, outcome(fd));
	if (fd < 0)
		return;
	close(fd);
	unlink(path);
}

static void print_mounts(void)
{
	char line[4096], where[1024], type[64], options[1024];
	FILE *file = fopen("/proc/self/mounts", "re");

	if (!file)
		return;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%*s %1023s %63s %1023s", where, type, options) == 3)
			printf("mount:%s=%s %s\n", where, type, options);
	fclose(file);
}

/* In the root filesystem, the one place where devices may be: the others are mounted nodev. */
static void print_mknod(const char *key, mode_t type, dev_t device)
{
	static const char path[] = "/.probe-node";
	int fd, result = mknod(path, type | 0600, device);

	printf("mknod_%s=%s\n", key, outcome(result));
	if (result)
		return;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	printf("open_%s=%s\n", key, outcome(fd));
	if (fd >= 0)
		close(fd);
	unlink(path);
}

static void print_socket(const char *key, int family, int type, int protocol)
{
	int fd = socket(family, type | SOCK_CLOEXEC, protocol);

	printf("socket_%s=%s\n", key, outcome(fd));
	if (fd >= 0)
		close(fd);
}

/* In a child, because success changes the process that made the call. */
static void print_unshare(const char *key, int flags)
{
	int status = 0;
	pid_t pid = fork();

	if (!pid)
		_exit(unshare(flags) ? errno : 0);
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		printf("unshare_%s=lost\n", key);
	else
		printf("unshare_%s=%s\n", key,
		       WEXITSTATUS(status) ? strerrorname_np(WEXITSTATUS(status)) : "ok");
}

static void print_clone_newuser(void)
{
	int status;
	long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);

	if (!pid)
		_exit(0);
	printf("clone_newuser=%s\n", outcome(pid));
	if (pid > 0)
		waitpid((pid_t)pid, &status, 0);
}

static void print_attempts(void)
{
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		const long *args = attempts[i].args;

		errno = 0;
		printf("try_%s=%s\n", attempts[i].name,
		       outcome(syscall(attempts[i].number, args[0], args[1], args[2], args[3],
				       args[4])));
	}
	/* What personality changed is undone, or the rest would run without address randomisation. */
	syscall(SYS_personality, 0);
}

/* Does the setuid bit of a root-owned copy of this program still raise anybody? */
static void print_setuid(void)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		if (!geteuid() && setuid(1000))
			_exit(1);
		execl("/probe-setuid", "probe-setuid", "euid", (char *)NULL);
		_exit(1);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
}

static void print_namespaces(void)
{
	static const char *const types[] = { "cgroup", "ipc", "mnt", "net", "pid", "user", "uts" };
	char path[64], link[64];
	ssize_t len;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", types[i]);
		len = readlink(path, link, sizeof(link) - 1);
		if (len < 0)
			continue;
		link[len] = '\0';
		printf("ns_%s=%s\n", types[i], link);
	}
}

static void print_all(void)
{
	print_status();
	print_namespaces();
	print_creatable("root", "/.probe-file");
	print_creatable("tmp", "/tmp/.probe-file");
	print_readable("kcore", "/proc/kcore");
	print_readable("timer_list", "/proc/timer_list");
	print_readable("keys", "/proc/keys");
	print_writable("core_pattern", "/proc/sys/kernel/core_pattern");
	print_writable("sysrq", "/proc/sysrq-trigger");
	print_writable("uevent_helper", "/sys/kernel/uevent_helper");
	print_writable("sys_power", "/sys/power/state");
	print_writable("release_agent", "/sys/fs/cgroup/memory/release_agent");
	print_mknod("disk", S_IFBLK, makedev(7, 0));
	print_mknod("fuse", S_IFCHR, makedev(10, 229));
	print_socket("raw", AF_INET, SOCK_RAW, 1);
	print_socket("packet", AF_PACKET, SOCK_RAW, 0);
	print_socket("alg", AF_ALG, SOCK_SEQPACKET, 0);
	print_unshare("user", CLONE_NEWUSER);
	print_unshare("net", CLONE_NEWNET);
	print_unshare("mount", CLONE_NEWNS);
	print_clone_newuser();
	print_attempts();
	print_setuid();
	print_mounts();
}

int main(int argc, char *argv[])
{
	/* What a pod's sandbox runs. */
	if (strcmp(argv[0], "/pause") == 0)
		return pause();
	/* Each line at once, so that no child prints what its parent still holds. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 2 && !strcmp(argv[1], "euid"))
		return printf("setuid_euid=%u\n", (unsigned int)geteuid()) < 0;
	if (argc == 3 && !strcmp(argv[1], "socket"))
		return mknod(argv[2], S_IFSOCK | 0600, 0) != 0;
	print_all();
	return 0;
}
