/* SPDX-License-Identifier: Apache-2.0 */
/* Which libseccomp compiles; by itself, so that the shim links nothing of it. */
#include "filter.h"

#include <seccomp.h>

#define TEXT(number)   #number
#define DIGITS(number) TEXT(number)

const char filter_library[] =
	DIGITS(SCMP_VER_MAJOR) "." DIGITS(SCMP_VER_MINOR) "." DIGITS(SCMP_VER_MICRO);
