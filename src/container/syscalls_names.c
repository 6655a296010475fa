/* SPDX-License-Identifier: Apache-2.0 */
/* System calls by name: a hash table made at build time. */
#include "syscalls_names.h"

#include "syscalls_known.h"

const uint32_t names_known = KNOWN;
