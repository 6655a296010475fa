/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes every system call of every ABI once, with zeros for arguments, each in a child of its own, and
 * prints what came back: "ABI NUMBER errno N", "... pass" or "... kill". "i386" is int 0x80 from 64-bit
 * code; "x32" is the number with x32's bit. Where the machine does not know int 0x80 (a kernel without
 * 32-bit programs, some hypervisors) the call cannot be made: "... absent". With an argument only
 * one harmless call of each ABI is made.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define NUMBERS	 1024
#define X32_BIT	 0x40000000L
#define NOTHING	 0x7fffffffL /* the call did not come back */
#define PATIENCE 20000	     /* microseconds for calls that wait */

static long call_native(long number)
{
#if defined(__x86_64__)
	register long arg4 __asm__("r10") = 0;
	register long arg5 __asm__("r8") = 0;
	register long arg6 __asm__("r9") = 0;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(0L), "S"(0L), "d"(0L), "r"(arg4), "r"(arg5), "r"(arg6)
			 : "rcx", "r11", "memory");
	return result;
#else
	long result = syscall(number, 0L, 0L, 0L, 0L, 0L, 0L);

	return result < 0 ? -errno : result;
#endif
}

#if defined(__x86_64__)
static long call_x32(long number)
{
	return call_native(X32_BIT | number);
}

static long call_i386(long number)
{
	long result;

	__asm__ volatile("push %%rbp\n\txor %%ebp, %%ebp\n\tint $0x80\n\tpop %%rbp"
			 : "=a"(result)
			 : "a"(number), "b"(0L), "c"(0L), "d"(0L), "S"(0L), "D"(0L)
			 : "r8", "r9", "r10", "r11", "memory");
	return (int)result;
}
#endif

/* No call may be made between the one that is probed and the end: it may have been a filter. */
static void child(long (*call)(long number), long number, volatile long *result)
{
	struct itimerval soon = { .it_value = { .tv_usec = PATIENCE } };

	setitimer(ITIMER_REAL, &soon, NULL);
	*result = call(number);
	_exit(0);
}

static void probe(const char *abi, long (*call)(long number), long number, volatile long *result)
{
	pid_t pid;
	int status;

	*result = NOTHING;
	pid = fork();
	if (pid == 0)
		child(call, number, result);
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		printf("%s %ld fork: %d\n", abi, number, errno);
		exit(1);
	}
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		printf("%s %ld kill\n", abi, number);
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV && *result == NOTHING)
		printf("%s %ld absent\n", abi, number);
	else if (*result < 0 && *result > -4096)
		printf("%s %ld errno %ld\n", abi, number, -*result);
	else
		printf("%s %ld pass\n", abi, number);
}

int main(int argc, char *argv[])
{
	static const struct {
		const char *name;
		long (*call)(long number);
		long getpid;
	} abis[] = {
#if defined(__x86_64__)
		{ "x86-64", call_native, 39 },
		{ "x32", call_x32, 39 },
		{ "i386", call_i386, 20 },
#else
		{ "aarch64", call_native, 172 },
#endif
	};
	volatile long *result = mmap(NULL, sizeof(*result), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (result == MAP_FAILED)
		return 1;
	setvbuf(stdout, NULL, _IONBF, 0);
	(void)argv;
	for (size_t i = 0; argc > 1 && i < sizeof(abis) / sizeof(*abis); i++)
		probe(abis[i].name, abis[i].call, abis[i].getpid, result);
	for (size_t i = 0; argc == 1 && i < sizeof(abis) / sizeof(*abis); i++)
		for (long number = 0; number < NUMBERS; number++)
			probe(abis[i].name, abis[i].call, number, result);
	printf("done\n");
	return 0;
}
