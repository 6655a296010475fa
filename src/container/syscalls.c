/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls by group, each with the reason it is allowed or not. A group that only a capability
 * opens is one whose calls the kernel refuses without it anyway: blocking it then costs nobody
 * anything and takes away the code in front of the check, which is where the bugs have been.
 */
#include "syscalls.h"

#include <linux/capability.h>
#include <string.h>

#define CAP(name) ((caps_set)1 << CAP_##name)

static const struct syscall_group groups[] = {
	{ .name = "input-output",
	  .why = "works on descriptors that the process already holds",
	  .calls = "read readv pread64 preadv preadv2 write writev pwrite64 pwritev pwritev2 lseek "
		   "_llseek close close_range dup dup2 dup3 fcntl fcntl64 ioctl flock fsync "
		   "fdatasync sync_file_range readahead fadvise64 fadvise64_64 fallocate ftruncate "
		   "ftruncate64 sendfile sendfile64 copy_file_range splice tee vmsplice pipe pipe2 "
		   "sync syncfs cachestat" },
	{ .name = "files",
	  .why = "names and attributes below the container's own root, checked by owner and mode",
	  .calls =
		  "open openat openat2 creat access faccessat faccessat2 stat stat64 lstat lstat64 "
		  "fstat fstat64 newfstatat fstatat64 statx statfs statfs64 fstatfs fstatfs64 "
		  "getdents getdents64 readlink readlinkat getcwd chdir fchdir mkdir mkdirat rmdir "
		  "mknod mknodat link linkat symlink symlinkat unlink unlinkat rename renameat "
		  "renameat2 chmod fchmod fchmodat fchmodat2 chown chown32 fchown fchown32 lchown "
		  "lchown32 fchownat truncate truncate64 umask utime utimes utimensat "
		  "utimensat_time64 futimesat name_to_handle_at" },
	{ .name = "file-attributes",
	  .why = "extended attributes, which the kernel guards by name space and owner",
	  .calls =
		  "getxattr lgetxattr fgetxattr getxattrat setxattr lsetxattr fsetxattr setxattrat "
		  "listxattr llistxattr flistxattr listxattrat removexattr lremovexattr "
		  "fremovexattr removexattrat" },
	{ .name = "file-events",
	  .why = "watches files that the process may read; fanotify_mark needs a descriptor that "
		 "only fanotify_init gives",
	  .calls = "inotify_init inotify_init1 inotify_add_watch inotify_rm_watch fanotify_mark" },
	{ .name = "mount-list",
	  .why = "reads the process's own mount table, as /proc/self/mountinfo does",
	  .calls = "statmount listmount" },
	{ .name = "waiting",
	  .why = "event loops",
	  .calls =
		  "poll ppoll ppoll_time64 select _newselect pselect6 pselect6_time64 epoll_create "
		  "epoll_create1 epoll_ctl epoll_ctl_old epoll_wait epoll_wait_old epoll_pwait "
		  "epoll_pwait2 eventfd eventfd2 signalfd signalfd4" },
	{ .name = "async-io",
	  .why = "the older interface, which databases use; io_uring is another group",
	  .calls = "io_setup io_destroy io_submit io_cancel io_getevents io_pgetevents "
		   "io_pgetevents_time64" },
	{ .name = "memory",
	  .why = "the process's own address space",
	  .calls = "brk mmap mmap2 munmap mremap mprotect madvise mincore msync mlock mlock2 "
		   "mlockall munlock munlockall mseal remap_file_pages pkey_alloc pkey_free "
		   "pkey_mprotect map_shadow_stack memfd_create memfd_secret membarrier" },
	{ .name = "processes",
	  .why = "starts, waits for and ends processes; new namespaces are filtered out of clone",
	  .calls = "fork vfork execve execveat exit exit_group wait4 waitid waitpid getpid getppid "
		   "gettid getpgid getpgrp setpgid getsid setsid pidfd_open pidfd_send_signal "
		   "process_mrelease times getrusage" },
	{ .name = "threads",
	  .why = "what C libraries need to run threads",
	  .calls =
		  "futex futex_time64 futex_wait futex_wake futex_waitv futex_requeue "
		  "set_robust_list get_robust_list set_tid_address set_thread_area get_thread_area "
		  "rseq restart_syscall getcpu uretprobe" },
	{ .name = "signals",
	  .why = "to processes of the same user in the same pid namespace",
	  .calls = "kill tkill tgkill rt_sigaction rt_sigprocmask rt_sigpending rt_sigsuspend "
		   "rt_sigtimedwait rt_sigtimedwait_time64 rt_sigqueueinfo rt_tgsigqueueinfo "
		   "rt_sigreturn sigaltstack sigprocmask sigreturn pause alarm" },
	{ .name = "identity",
	  .why = "reads ids freely, changes them only as far as capabilities go",
	  .calls =
		  "getuid getuid32 geteuid geteuid32 getgid getgid32 getegid getegid32 getresuid "
		  "getresuid32 getresgid getresgid32 getgroups getgroups32 setuid setuid32 setgid "
		  "setgid32 setreuid setreuid32 setregid setregid32 setresuid setresuid32 setresgid "
		  "setresgid32 setfsuid setfsuid32 setfsgid setfsgid32 setgroups setgroups32 capget "
		  "capset" },
	{ .name = "scheduling",
	  .why = "priorities of own processes; raising them needs SYS_NICE",
	  .calls = "sched_yield sched_getaffinity sched_setaffinity sched_getattr sched_setattr "
		   "sched_getparam sched_setparam sched_getscheduler sched_setscheduler "
		   "sched_get_priority_max sched_get_priority_min sched_rr_get_interval "
		   "sched_rr_get_interval_time64 getpriority setpriority ioprio_get ioprio_set" },
	{ .name = "limits",
	  .why = "own limits, downwards",
	  .calls = "getrlimit ugetrlimit setrlimit prlimit64" },
	{ .name = "time",
	  .why = "reads clocks and sleeps; adjtimex and its like change nothing without SYS_TIME",
	  .calls = "time gettimeofday clock_gettime clock_gettime64 clock_getres "
		   "clock_getres_time64 clock_nanosleep clock_nanosleep_time64 nanosleep adjtimex "
		   "clock_adjtime clock_adjtime64 getitimer setitimer timer_create timer_delete "
		   "timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64 "
		   "timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime "
		   "timerfd_settime64" },
	{ .name = "network",
	  .why = "sockets in the container's network namespace; socket itself is filtered by family",
	  .calls = "socketpair bind listen accept accept4 connect shutdown getsockname getpeername "
		   "getsockopt setsockopt send sendto sendmsg sendmmsg recv recvfrom recvmsg "
		   "recvmmsg recvmmsg_time64" },
	{ .name = "ipc",
	  .why = "System V and POSIX queues, semaphores and shared memory of the ipc namespace",
	  .calls = "msgctl msgget msgrcv msgsnd semctl semget semop semtimedop semtimedop_time64 "
		   "shmat shmctl shmdt shmget mq_open mq_unlink mq_getsetattr mq_notify "
		   "mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64" },
	{ .name = "system",
	  .why = "asks what system this is, and for random numbers",
	  .calls = "uname sysinfo getrandom riscv_hwprobe" },
	{ .name = "confinement",
	  .why = "gives up rights for good",
	  .calls =
		  "prctl seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self" },
	{ .name = "multiplexers",
	  .why = "32-bit C libraries reach sockets and IPC this way; a filter cannot see past the "
		 "pointer, so only the native ABI keeps socket families out for certain",
	  .calls = "socketcall ipc" },
	{ .name = "x86",
	  .why = "thread pointers and segments of the own process",
	  .calls = "arch_prctl modify_ldt",
	  .arch = "amd64" },
	{ .name = "arm",
	  .why = "caches, breakpoints and thread pointers of the own process; calls under other names",
	  .calls = "arm_fadvise64_64 arm_sync_file_range sync_file_range2 breakpoint cacheflush "
		   "set_tls",
	  .arch = "arm64" },
	{ .name = "debugging",
	  .why = "other processes of the same user; before 4.8 a tracer could change a call behind "
		 "the filter's back",
	  .calls = "ptrace process_vm_readv process_vm_writev",
	  .kernel = KERNEL(4, 8) },

	{ .name = "debugging-more",
	  .why = "looks into processes of other users and takes their descriptors",
	  .calls = "kcmp pidfd_getfd process_madvise ptrace process_vm_readv process_vm_writev",
	  .when = SYSCALL_CAPS,
	  .caps = CAP(SYS_PTRACE) },
	{ .name = "file-handles",
	  .why = "opens any file of the file system, around every mount",
	  .calls = "open_by_handle_at",
	  .when = SYSCALL_CAPS,
	  .caps = CAP(DAC_READ_SEARCH) },
	{ .name = "mounting",
	  .why = "file systems are parsed by the kernel: most container escapes begin here",
	  .calls =
		  "mount umount umount2 mount_setattr move_mount open_tree fsopen fsconfig fsmount "
		  "fspick quotactl quotactl_fd lookup_dcookie",
	  .when = SYSCALL_CAPS,
	  .caps = CAP(SYS_ADMIN) },
	{ .name = "namespaces",
	  .why = "a new user namespace holds every capability over what it owns and opens the "
		 "kernel's privileged code to anybody",
	  .calls = "clone clone3 unshare setns sethostname setdomainname",
	  .when = SYSCALL_CAPS,
	  .caps = CAP(SYS_ADMIN) },
	{ .name = "security-modules",
	  .why = "reads and sets attributes of Linux security modules",
	  .calls = "lsm_get_self_attr lsm_set_self_attr lsm_list_modules",
	  .when = SYSCALL_CAPS,
	  .caps = CAP(SYS_ADMIN) },
	{ .name = "fanotify",
	  .why = "sees and holds up file accesses of a whole mount",
	  .calls = "fanotify_init",
	  .when = SYSCALL_CAPS,
	  .caps = CAP(SYS_ADMIN) },
	{ .name = "bpf",
	  .why = "runs programs inside the kernel",
	  .calls = "bpf",
	  .when = SYSCALL_CAPS,
	  .caps = CAP(SYS_ADMIN) | CAP(BPF) },
	{ .name = "perf",
	  .why = "samples the whole machine; a large surface with a long record",
	  .calls = "perf_event_open",
	  .when = SYSCALL_CAPS,
	  .caps = CAP(SYS_ADMIN) | CAP(PERFMON) },
	{ .name = "kernel-log",
	  .why = "the kernel's messages are everybody's, addresses included",
	  .calls = "syslog",
	  .when = SYSCALL_CAPS,
	  .caps = CAP(SYS_ADMIN) | CAP(SYSLOG) },
	{ .name = "chroot",
	  .why = "a way out of a chroot for who may call it twice",
	  .calls = "chroot",
	  .when = SYSCALL_CAPS,
	  .caps = CAP(SYS_CHROOT) },
	{ .name = "reboot",
	  .why = "ends the machine, or in a pid namespace its init",
	  .calls = "reboot",
	  .when = SYSCALL_CAPS,
	  .caps = CAP(SYS_BOOT) },
	{ .name = "modules",
	  .why = "puts code into the kernel",
	  .calls = "init_module finit_module delete_module",
	  .when = SYSCALL_CAPS,
	  .caps = CAP(SYS_MODULE) },
	{ .name = "accounting",
	  .why = "makes the kernel write a file for every process of the machine",
	  .calls = "acct",
	  .when = SYSCALL_CAPS,
	  .caps = CAP(SYS_PACCT) },
	{ .name = "ports",
	  .why = "direct access to hardware",
	  .calls = "ioperm iopl",
	  .when = SYSCALL_CAPS,
	  .caps = CAP(SYS_RAWIO) },
	{ .name = "clocks",
	  .why = "time is the machine's, not the container's",
	  .calls = "settimeofday stime clock_settime clock_settime64",
	  .when = SYSCALL_CAPS,
	  .caps = CAP(SYS_TIME) },
	{ .name = "terminals",
	  .why = "hangs up a terminal for all its users",
	  .calls = "vhangup",
	  .when = SYSCALL_CAPS,
	  .caps = CAP(SYS_TTY_CONFIG) },
	{ .name = "memory-policy",
	  .why = "takes memory of chosen nodes from other workloads",
	  .calls = "mbind get_mempolicy set_mempolicy set_mempolicy_home_node",
	  .when = SYSCALL_CAPS,
	  .caps = CAP(SYS_NICE) },

	{ .name = "io-uring",
	  .why = "a second system call interface that no filter sees into, with the worst record of "
		 "all",
	  .calls = "io_uring_setup io_uring_enter io_uring_register",
	  .when = SYSCALL_NEVER },
	{ .name = "keys",
	  .why = "key rings are not namespaced: containers of one user share them",
	  .calls = "add_key request_key keyctl",
	  .when = SYSCALL_NEVER },
	{ .name = "page-faults",
	  .why = "stops the kernel in the middle of a copy, which makes races easy to win",
	  .calls = "userfaultfd",
	  .when = SYSCALL_NEVER },
	{ .name = "kexec",
	  .why = "starts another kernel",
	  .calls = "kexec_load kexec_file_load",
	  .when = SYSCALL_NEVER },
	{ .name = "swap",
	  .why = "swap is the machine's",
	  .calls = "swapon swapoff",
	  .when = SYSCALL_NEVER },
	{ .name = "root-change",
	  .why = "belongs to the runtime, before the container starts",
	  .calls = "pivot_root",
	  .when = SYSCALL_NEVER },
	{ .name = "page-moves",
	  .why = "moves other processes' memory between nodes",
	  .calls = "move_pages migrate_pages",
	  .when = SYSCALL_NEVER },
	{ .name = "obsolete",
	  .why = "nothing calls these today, or they are empty",
	  .calls =
		  "uselib ustat sysfs _sysctl nfsservctl create_module get_kernel_syms "
		  "query_module getpmsg putpmsg afs_syscall tuxcall security vserver bdflush nice "
		  "readdir oldstat oldlstat oldfstat olduname oldolduname sgetmask ssetmask signal "
		  "sigaction sigpending sigsuspend break ftime gtty stty idle lock mpx prof profil "
		  "ulimit vm86 vm86old pciconfig_iobase pciconfig_read pciconfig_write "
		  "usr26 usr32",
	  .when = SYSCALL_NEVER },
	{ .name = "other-machines",
	  .why = "calls that only machines have for which there is no table here",
	  .calls = "multiplexer spu_create spu_run swapcontext switch_endian subpage_prot rtas "
		   "sys_debug_setcontext s390_pci_mmio_read s390_pci_mmio_write s390_runtime_instr "
		   "s390_guarded_storage s390_sthyi riscv_flush_icache sysmips",
	  .when = SYSCALL_NEVER,
	  .arch = "other" },
	{ .name = "too-new",
	  .why = "not looked at yet, and no software needs them yet",
	  .calls = "open_tree_attr file_getattr file_setattr listns uprobe rseq_slice_yield",
	  .when = SYSCALL_NEVER },
};

#define EQ(number)                                              \
	{                                                       \
		.index = 0, .op = SYSCALL_EQ, .value = (number) \
	}
#define FAMILY(number)                                    \
	{                                                 \
		.call = "socket", .condition = EQ(number) \
	}
#define PERSONALITY(number)                                    \
	{                                                      \
		.call = "personality", .condition = EQ(number) \
	}

/*
 * All values are compared as 64 bits while the kernel takes an int: "family > 40" would let
 * 2^32 + 38 pass, which the kernel reads as 38. So families are listed, and none is left open above.
 */
static const struct syscall_filter filters[] = {
	{ .call = "clone",
	  /* NEWNS NEWCGROUP NEWUTS NEWIPC NEWUSER NEWPID NEWNET */
	  .condition = { .index = 0, .op = SYSCALL_MASKED, .value = 0x7e020000, .other = 0 },
	  .unless = CAP(SYS_ADMIN),
	  .why = "threads and processes, but no new namespaces" },
	{ .call = "personality",
	  .condition = EQ(0),
	  .why = "Linux as it is, 32-bit uname, uname 2.6, both, and asking; nothing that lowers "
		 "address space randomisation or maps page zero" },
	PERSONALITY(0x8),
	PERSONALITY(0x20000),
	PERSONALITY(0x20008),
	PERSONALITY(0xffffffff),
	{ .call = "socket",
	  .condition = { .index = 0, .op = SYSCALL_LT, .value = 12 },
	  .why = "local, IP, netlink, packet and the families that somebody uses; without kernel "
		 "crypto (38), machine to hypervisor (40) and what the kernel has given up" },
	FAMILY(13),
	FAMILY(14),
	FAMILY(15),
	FAMILY(16),
	FAMILY(17),
	FAMILY(18),
	FAMILY(21),
	FAMILY(22),
	FAMILY(24),
	FAMILY(26),
	FAMILY(27),
	FAMILY(28),
	FAMILY(29),
	FAMILY(30),
	FAMILY(31),
	FAMILY(32),
	FAMILY(33),
	FAMILY(35),
	FAMILY(36),
	FAMILY(39),
	FAMILY(41),
	FAMILY(42),
	FAMILY(43),
	FAMILY(44),
	FAMILY(45),
};

const char *const syscall_op_names[SYSCALL_MASKED + 1] = {
	"SCMP_CMP_EQ", "SCMP_CMP_NE", "SCMP_CMP_LT",	    "SCMP_CMP_LE",
	"SCMP_CMP_GT", "SCMP_CMP_GE", "SCMP_CMP_MASKED_EQ",
};

#if defined(__x86_64__)
const char syscalls_arch[] = "amd64", syscalls_native[] = "SCMP_ARCH_X86_64";
const char *const syscalls_abis[] = { syscalls_native, "SCMP_ARCH_X86", "SCMP_ARCH_X32", NULL };
#elif defined(__aarch64__)
const char syscalls_arch[] = "arm64", syscalls_native[] = "SCMP_ARCH_AARCH64";
const char *const syscalls_abis[] = { syscalls_native, "SCMP_ARCH_ARM", NULL };
#else
#error "no system call table for this machine: x86-64 and aarch64 have one"
#endif

const struct syscall_group *syscall_group_at(size_t index)
{
	return index < sizeof(groups) / sizeof(*groups) ? &groups[index] : NULL;
}

const struct syscall_filter *syscall_filter_at(size_t index)
{
	return index < sizeof(filters) / sizeof(*filters) ? &filters[index] : NULL;
}

static bool lists(const char *calls, const char *call, size_t len)
{
	for (const char *at = calls; (at = strstr(at, call)); at += len)
		if ((at == calls || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

/* Calls that are filtered by argument stand in no group's list, but belong to one. */
static const char *listed_name(const char *call)
{
	if (strcmp(call, "socket") == 0)
		return "socketpair";
	return strcmp(call, "personality") == 0 ? "uname" : call;
}

const struct syscall_group *syscall_group_of(const char *call)
{
	size_t len;

	call = listed_name(call);
	len = strlen(call);

	for (size_t i = 0; len && i < sizeof(groups) / sizeof(*groups); i++)
		if (lists(groups[i].calls, call, len))
			return &groups[i];
	return NULL;
}
