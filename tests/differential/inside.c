/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a container really got, told from inside as lines "name value"; text is in hexadecimal, so that no
 * name can pretend to be a line. Asked of the kernel by calls where there are any: a document under test
 * may have taken /proc away. Called as "mark FILE" it is a hook that leaves FILE behind.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

extern char **environ;

static void say_text(const char *name, const char *text, size_t len)
{
	printf("%s ", name);
	for (size_t i = 0; i < len; i++)
		printf("%02x", (unsigned char)text[i]);
	putchar('\n');
}

static void say_file(const char *name, const char *path)
{
	char text[65536];
	size_t len = 0;
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	while (len < sizeof(text) && (got = read(fd, text + len, sizeof(text) - len)) > 0)
		len += (size_t)got;
	close(fd);
	say_text(name, text, len);
}

static void say_credentials(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { 0 } };
	unsigned long long bounding = 0, ambient = 0;
	gid_t groups[256];
	int count = getgroups((int)COUNT(groups), groups);

	for (int cap = 0; cap < 64; cap++) {
		bounding |= (unsigned long long)(prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1) << cap;
		ambient |= (unsigned long long)(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, cap, 0,
						      0) == 1)
			   << cap;
	}
	syscall(SYS_capget, &header, data);
	printf("effective %llx\n", (unsigned long long)data[1].effective << 32 | data[0].effective);
	printf("permitted %llx\n", (unsigned long long)data[1].permitted << 32 | data[0].permitted);
	printf("inheritable %llx\n",
	       (unsigned long long)data[1].inheritable << 32 | data[0].inheritable);
	printf("bounding %llx\nambient %llx\n", bounding, ambient);
	printf("uid %u\ngid %u\ngroups", (unsigned)getuid(), (unsigned)getgid());
	for (int i = 0; i < count; i++)
		printf(" %u", (unsigned)groups[i]);
	printf("\nnnp %d\nseccomp %d\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0),
	       prctl(PR_GET_SECCOMP, 0, 0, 0, 0));
}

/* Harmless calls that the generator's filters answer each with an error of its own. */
static void say_calls(void)
{
	static const struct {
		const char *name;
		long number;
		long args[2];
	} calls[] = {
		{ "getpriority", SYS_getpriority, { PRIO_PROCESS, 0 } },
		{ "getsid", SYS_getsid, { 0, 0 } },
		{ "sched_getscheduler", SYS_sched_getscheduler, { 0, 0 } },
		{ "getpgid", SYS_getpgid, { 0, 0 } },
	};

	for (size_t i = 0; i < COUNT(calls); i++) {
		errno = 0;
		syscall(calls[i].number, calls[i].args[0], calls[i].args[1]);
		printf("call %s %d\n", calls[i].name, errno);
	}
}

static void say_process(char **argv)
{
	struct utsname name;
	struct rlimit limit;
	char cwd[4096];

	for (; *argv; argv++)
		say_text("arg", *argv, strlen(*argv));
	for (char **each = environ; *each; each++)
		say_text("env", *each, strlen(*each));
	if (getcwd(cwd, sizeof(cwd)))
		say_text("cwd", cwd, strlen(cwd));
	if (uname(&name) == 0)
		say_text("hostname", name.nodename, strlen(name.nodename));
	for (int i = 0; i < RLIM_NLIMITS; i++)
		if (getrlimit((unsigned)i, &limit) == 0)
			printf("rlimit %d %llu %llu\n", i, (unsigned long long)limit.rlim_cur,
			       (unsigned long long)limit.rlim_max);
	printf("umask %o\n", (unsigned)umask(0));
}

static void say_files(void)
{
	static const char *const spaces[] = { "mnt", "pid", "net", "uts", "ipc", "cgroup", "user" };
	static const char *const settings[] = { "net/ipv4/ip_unprivileged_port_start",
						"net/ipv4/ping_group_range",
						"kernel/shm_rmid_forced",
						"net/ipv4/tcp_syncookies" };
	char path[128], link[128];

	for (size_t i = 0; i < COUNT(spaces); i++) {
		ssize_t len;

		snprintf(path, sizeof(path), "/proc/self/ns/%s", spaces[i]);
		len = readlink(path, link, sizeof(link));
		if (len > 0)
			printf("ns %s %.*s\n", spaces[i], (int)len, link);
	}
	for (size_t i = 0; i < COUNT(settings); i++) {
		char name[128];

		snprintf(path, sizeof(path), "/proc/sys/%s", settings[i]);
		snprintf(name, sizeof(name), "sysctl %s", settings[i]);
		say_file(name, path);
	}
	say_file("mountinfo", "/proc/self/mountinfo");
	say_file("oom", "/proc/self/oom_score_adj");
	say_file("pids", "/sys/fs/cgroup/pids/pids.max");
	say_file("memory", "/sys/fs/cgroup/memory/memory.limit_in_bytes");
}

static void say_devices(void)
{
	DIR *dir = opendir("/dev");
	const struct dirent *entry;
	struct stat node;

	while (dir && (entry = readdir(dir)) != NULL) {
		if (fstatat(dirfd(dir), entry->d_name, &node, AT_SYMLINK_NOFOLLOW) < 0 ||
		    !(S_ISCHR(node.st_mode) || S_ISBLK(node.st_mode)))
			continue;
		printf("device /dev/%s %c %u %u\n", entry->d_name,
		       S_ISCHR(node.st_mode) ? 'c' : 'b', major(node.st_rdev), minor(node.st_rdev));
	}
	if (dir)
		closedir(dir);
}

int main(int argc, char *argv[])
{
	if (argc == 2 && strcmp(argv[0], "mark") == 0)
		return close(open(argv[1], O_WRONLY | O_CREAT | O_CLOEXEC, 0644)) != 0;
	say_credentials();
	say_calls();
	say_process(argv);
	say_files();
	say_devices();
	puts("end");
	return 0;
}
