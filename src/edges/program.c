/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the seawall program for an answer. */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"

/* Becomes the program; alarm(2) outlives execve, so that it cannot hang. */
static void become(const struct program *program, int in, int out)
{
	char *environment[] = { NULL };
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	sigset_t alone;

	sigemptyset(&alone);
	sigaddset(&alone, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &alone, NULL);
	signal(SIGALRM, SIG_DFL);
	alarm(program->seconds);
	if (null >= 0 && dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(null, 2) == 2)
		execve(PROGRAM, (char *const *)(uintptr_t)program->argv, environment);
	_exit(127);
}

static int run(const struct program *program, int in, int out)
{
	/* Of whoever ignores the signal, children cannot be waited for. */
	struct sigaction wait = { .sa_handler = SIG_DFL }, before;
	pid_t child, done = -1;
	int status;

	if (sigaction(SIGCHLD, &wait, &before) < 0)
		return PROGRAM_FAILED;
	child = fork();
	if (child == 0)
		become(program, in, out);
	while (child > 0 && (done = waitpid(child, &status, 0)) < 0 && errno == EINTR)
		;
	sigaction(SIGCHLD, &before, NULL);
	if (child < 0)
		return PROGRAM_FAILED;
	if (done == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		return PROGRAM_LATE;
	return done == child && WIFEXITED(status) ? WEXITSTATUS(status) : PROGRAM_FAILED;
}

/* Files in memory on both ends: no pipe that one side could leave full. */
int program_ask(struct arena *arena, struct program *program)
{
	int in cleanup_fd = memfd_create("question", MFD_CLOEXEC);
	int out cleanup_fd = memfd_create("answer", MFD_CLOEXEC);
	struct error err;
	char *text;
	int status;

	program->output = "";
	program->output_len = 0;
	if (in < 0 || out < 0 || write(in, program->input, program->len) != (ssize_t)program->len ||
	    lseek(in, 0, SEEK_SET) != 0)
		return PROGRAM_FAILED;
	status = run(program, in, out);
	if (lseek(out, 0, SEEK_SET) != 0)
		return PROGRAM_FAILED;
	text = file_read_fd(arena, out, FILE_ANY, &program->output_len, NULL, &err);
	if (text)
		program->output = text;
	return status;
}
