/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Telling: stderr, the runtime's --log file in its --log-format, syslog.
 */
#ifndef SEAWALL_LOG_H
#define SEAWALL_LOG_H

#include <stdbool.h>

/* The runtime's own log, as the command line names it; both may be NULL. */
struct log {
	const char *path;   /* --log */
	const char *format; /* --log-format: "json" or else text */
};

/*
 * Says a refusal: one line on stderr, and as the last line of the log file an entry of level "error".
 * containerd shows the last line whose level is exactly "error"; Podman fails to parse more than one
 * line, so in its files ("oci-log") what an earlier failure left is cut off first.
 */
void log_refusal(const struct log *log, const char *line);

/* Something an operator should know though nothing was refused: stderr and syslog (LOG_AUTHPRIV). */
void log_notice(const char *line);

/* One datagram to the system's log, if one listens; false if it could not be sent whole. */
bool log_journal(const char *line);

#endif
