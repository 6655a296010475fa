/* SPDX-License-Identifier: Apache-2.0 */
/* Ends what takes too long, in a refusal. */
#include "limit.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SECONDS_MAX 5

static void say(const char *text)
{
	ssize_t put = write(STDERR_FILENO, text, strlen(text));

	(void)put;
}

/*
 * Who traces goes on doing so across execve, and the process would never run; what is blocked while a handler
 * runs stays blocked.
 */
static void become(const struct limit *limit)
{
	sigset_t none;

	if (limit->kernel)
		kernel_let_go(limit->kernel);
	sigemptyset(&none);
	sigaddset(&none, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &none, NULL);
	execve(limit->runtime, limit->argv, limit->environment);
}

/* Only calls that are safe in a handler: nothing here may allocate. */
static void too_late(int signal, siginfo_t *info, void *context)
{
	const struct limit *limit = info->si_value.sival_ptr;

	(void)signal;
	(void)context;
	if (limit->good)
		_exit(EXIT_SUCCESS);
	/* First of all: whoever reads what is said may not. */
	if (limit->process >= 0)
		syscall(SYS_pidfd_send_signal, limit->process, SIGKILL, NULL, 0);
	say("seawall: rejected: error: ");
	say(limit->who);
	say(" took too long\n");
	if (limit->runtime)
		become(limit);
	_exit(EXIT_FAILURE);
}

/* Whoever starts us may have left the signal blocked. */
bool limit_time(const struct limit *limit, struct error *err)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
	struct sigaction action = { .sa_sigaction = too_late, .sa_flags = SA_SIGINFO };
	const struct itimerspec time = { .it_value = { .tv_sec = SECONDS_MAX } };
	sigset_t set;
	timer_t timer;

	event.sigev_value.sival_ptr = (void *)(uintptr_t)limit;
	sigemptyset(&action.sa_mask);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	return (sigaction(SIGALRM, &action, NULL) == 0 &&
		sigprocmask(SIG_UNBLOCK, &set, NULL) == 0 &&
		timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 &&
		timer_settime(timer, 0, &time, NULL) == 0) ||
	       error_errno(err, "no time limit can be set");
}
