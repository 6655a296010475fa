/* SPDX-License-Identifier: Apache-2.0 */
/* Programs that are hard to look at. What must not be reached says "alive" or writes /tmp/alive. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int speak(unsigned seconds)
{
	sleep(seconds);
	puts("alive");
	fflush(stdout);
	return 0;
}

static void *thread(void *unused)
{
	(void)unused;
	speak(1);
	_exit(0);
}

/* By its own child. */
static int traced(void)
{
	pid_t parent = getpid();

	if (fork() == 0) {
		int status;

		ptrace(PTRACE_SEIZE, parent, NULL, NULL);
		while (waitpid(parent, &status, __WALL) == parent)
			ptrace(PTRACE_CONT, parent, NULL, NULL);
		_exit(0);
	}
	return speak(1);
}

static void child(void)
{
	int fd;

	if (fork() != 0)
		return;
	close(0);
	close(1);
	close(2);
	sleep(2);
	fd = open("/tmp/alive", O_CREAT | O_WRONLY, 0666);
	if (write(fd, "alive", 5) != 5)
		_exit(1);
	_exit(0);
}

int main(int argc, char *argv[])
{
	const char *what = argc > 1 ? argv[1] : "";
	pthread_t unused;

	if (strcmp(what, "traced") == 0)
		return traced();
	if (strcmp(what, "threaded") == 0) {
		pthread_create(&unused, NULL, thread, NULL);
		syscall(SYS_exit, 0);
	}
	if (strcmp(what, "chroot") == 0)
		return chroot("/home") < 0 || chdir("/") < 0 ? 1 : speak(1);
	child();
	if (strcmp(what, "fork") == 0)
		sleep(2);
	return 0;
}
