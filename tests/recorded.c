/* SPDX-License-Identifier: Apache-2.0 */
/* Config, mount tables and process of one container as Docker and runc make it, true to each other. */
#include <string.h>

#include "host.h"
#include "mountinfo.h"
#include "recorded.h"

const char recorded_config[] =
	"{\"process\": {\"noNewPrivileges\": true, \"oomScoreAdj\": 100,"
	"  \"user\": {\"uid\": 0, \"gid\": 0, \"additionalGids\": [1, 2]},"
	"  \"apparmorProfile\": \"docker-default\","
	"  \"rlimits\": [{\"type\": \"RLIMIT_NOFILE\", \"soft\": 512, \"hard\": 1024}],"
	"  \"capabilities\": {\"bounding\": [\"CAP_CHOWN\", \"CAP_KILL\"],"
	"   \"effective\": [\"CAP_CHOWN\"], \"permitted\": [\"CAP_CHOWN\"]}},"
	" \"root\": {\"path\": \"/var/lib/docker/overlay2/x/merged\", \"readonly\": true},"
	" \"mounts\": ["
	"  {\"destination\": \"/proc\", \"type\": \"proc\", \"source\": \"proc\"},"
	"  {\"destination\": \"/dev\", \"type\": \"tmpfs\", \"options\": [\"nosuid\"]},"
	"  {\"destination\": \"/sys\", \"type\": \"sysfs\", \"options\": [\"nosuid\", \"ro\"]},"
	"  {\"destination\": \"/sys/fs/cgroup\", \"type\": \"cgroup\", \"options\": [\"ro\"]},"
	"  {\"destination\": \"/var/run/secret\", \"type\": \"bind\", \"source\": \"/srv/link\","
	"   \"options\": [\"rbind\", \"rro\", \"rprivate\"]},"
	"  {\"destination\": \"/etc/hosts\", \"type\": \"bind\","
	"   \"source\": \"/var/lib/docker/containers/x/hosts\", \"options\": [\"rbind\"]},"
	"  {\"destination\": \"/etc/old\", \"type\": \"bind\", \"source\": \"/srv/old\","
	"   \"options\": [\"bind\"]}],"
	" \"linux\": {\"devices\": [{\"path\": \"/dev/fuse\", \"type\": \"c\", \"major\": 10, \"minor\": 229}], \"seccomp\": {\"defaultAction\": \"SCMP_ACT_ERRNO\"},"
	"  \"cgroupsPath\": \"system.slice:docker:0123abcd\","
	"  \"maskedPaths\": [\"/proc/keys\", \"/proc/acpi\", \"/proc/nowhere\"],"
	"  \"readonlyPaths\": [\"/proc/sys\"],"
	"  \"namespaces\": [{\"type\": \"pid\"}, {\"type\": \"mount\"},"
	"   {\"type\": \"network\", \"path\": \"/run/netns/pod\"}]}}";

const char recorded_mounts[] =
	"1 0 0:30 / / ro,relatime - overlay overlay rw,lowerdir=/l\n"
	"2 1 0:31 / /proc rw,nosuid,nodev,noexec - proc proc rw\n"
	"3 1 0:32 / /dev rw,nosuid - tmpfs tmpfs rw\n"
	"4 1 0:33 / /sys ro,nosuid - sysfs sysfs ro\n"
	"5 4 0:34 / /sys/fs/cgroup rw - tmpfs cgroup rw\n"
	"6 5 0:35 /system.slice/docker-0123abcd.scope /sys/fs/cgroup/pids ro - cgroup cgroup rw,pids\n"
	"7 1 8:1 /secrets/one /run/secret ro,relatime - ext4 /dev/sda1 rw\n"
	"8 7 0:50 / /run/secret/below ro - tmpfs tmpfs rw\n"
	"9 1 8:1 /docker/x/hosts//deleted /etc/hosts rw - ext4 /dev/sda1 rw\n"
	"10 1 8:1 /old /etc/old rw - ext4 /dev/sda1 rw\n"
	"11 2 0:32 /null /proc/keys rw,nosuid - tmpfs tmpfs rw\n"
	"12 2 0:40 / /proc/acpi ro - tmpfs tmpfs ro\n"
	"13 2 0:31 /sys /proc/sys ro,nosuid - proc proc rw\n"
	"14 3 0:41 /0 /dev/console rw - devpts devpts rw\n"
	"15 3 0:5 /fuse /dev/fuse rw - devtmpfs udev rw\n";

static const char recorded_host_mounts[] =
	"1 0 8:2 / / rw - ext4 /dev/sda2 rw\n"
	"2 1 8:1 / /mnt rw - ext4 /dev/sda1 rw\n"
	"3 1 8:1 /old /srv/old rw - ext4 /dev/sda1 rw\n"
	"4 2 0:50 / /mnt/secrets/one/below rw - tmpfs tmpfs rw\n"
	"5 1 8:1 /docker /var/lib/docker/containers rw - ext4 /dev/sda1 rw\n"
	"6 1 0:30 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw\n"
	"7 1 0:5 / /dev rw - devtmpfs udev rw\n"
	"8 1 0:35 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
	"9 1 0:36 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
	"10 1 0:70 / /proc rw - proc proc rw\n"
	"11 1 0:71 / /sys rw - sysfs sysfs rw\n"
	"12 7 0:72 / /dev/shm rw - tmpfs tmpfs rw\n"
	"13 1 0:73 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";

/* Symbolic links that both see, and paths that there are none of. */
static const char *resolved(struct arena *arena, const char *path)
{
	static const char *const links[][2] = {
		{ "/var/run", "/run" },
		{ "/srv/link", "/mnt/secrets/one" },
	};

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (host_below(path, links[i][0]))
			return arena_printf(arena, "%s%s", links[i][1], path + strlen(links[i][0]));
	return path;
}

static struct kernel_spot spot_at(const struct kernel *kernel, struct arena *arena,
				  const char *path)
{
	struct kernel_spot spot = { .exists = !strstr(path, "nowhere") };

	/* In a process of number 4712 there is no secret. */
	spot.exists = spot.exists && !(kernel->pid == 4712 && strstr(path, "secret"));

	spot.real = resolved(arena, path);
	for (const struct mount_row *row = kernel->mounts; row && spot.exists; row = row->next) {
		if (!host_below(spot.real, row->point) ||
		    (spot.mount && strlen(row->point) < strlen(spot.mount->point)))
			continue;
		spot.mount = row;
		spot.mount_root = strcmp(row->point, spot.real) == 0;
		spot.null = spot.mount_root && host_below(row->root, "/null");
	}
	return spot;
}

static const struct kernel_device *devices(const struct kernel *kernel, struct arena *arena)
{
	static const struct kernel_device null = { "/dev/null", false, 1, 3, NULL };
	static const struct kernel_device fuse = { "/dev/fuse", false, 10, 229, &null };
	static const struct kernel_device disk = { "/dev/sda", true, 8, 0, &fuse };

	(void)arena;
	/* A process of number 4711 has a disk. */
	return kernel->pid == 4711 ? &disk : &fuse;
}

/* By its source: what was mounted with one has something in it. */
static bool is_empty(const struct kernel *kernel, struct arena *arena, const char *path)
{
	struct kernel_spot spot = spot_at(kernel, arena, path);

	return spot.mount_root && !strstr(spot.mount->root, "full");
}

static uint64_t ns_at(const struct kernel *kernel, struct arena *arena, const char *path)
{
	(void)kernel;
	(void)arena;
	return strcmp(path, "/run/netns/pod") == 0 ? 77 : 0;
}

void recorded_fill(struct arena *arena, const char *mounts, struct kernel *kernel,
		   struct kernel *host)
{
	*host = (struct kernel){
		.root = "",
		.uid_map = "0 0 4294967295\n",
		.gid_map = "0 0 4294967295\n",
		.groups = "",
		.limits = "",
		.cgroup = "8:cpu,cpuacct:/\n4:pids:/\n0::/\n",
		.label = "",
		.mounts = mounts_parse(arena, recorded_host_mounts),
		.at = spot_at,
		.empty = is_empty,
		.devices = devices,
		.ns_at = ns_at,
	};
	*kernel = *host;
	for (int i = 0; i < KERNEL_NAMESPACES; i++)
		kernel->ns[i] = host->ns[i] = 100 + (uint64_t)i;
	kernel->ns[KERNEL_NS_PID] = 1;
	kernel->ns[KERNEL_NS_MOUNT] = 2;
	kernel->ns[KERNEL_NS_NETWORK] = 77;
	kernel->mounts = mounts_parse(arena, mounts);
	kernel->groups = "0 1 2 ";
	kernel->no_new_privs = true;
	kernel->seccomp = 2;
	kernel->filters = 1;
	kernel->oom_score_adj = 100;
	kernel->label = "docker-default (enforce)";
	kernel->bounding = 1u << 0 | 1u << 5;
	kernel->permitted = kernel->effective = 1u << 0;
	kernel->cgroup = "4:pids:/system.slice/docker-0123abcd.scope\n0::/x\n";
	kernel->limits =
		"Limit                     Soft Limit           Hard Limit           Units\n"
		"Max open files            512                  1024                 files\n";
}
