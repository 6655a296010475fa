/* SPDX-License-Identifier: Apache-2.0 */
/* libseccomp's names and numbers for the rest of the room, which does not know it. */
#ifndef SEAWALL_FILTER_NAMES_H
#define SEAWALL_FILTER_NAMES_H

#include "filter.h"

/* "SCMP_ARCH_X86_64" to libseccomp's token; 0 for NULL and what no runtime knows. */
uint32_t filter_token(const char *architecture);
/* The name of a call in an ABI; NULL if libseccomp knows none. */
const char *filter_name(struct arena *arena, const struct filter_abi *abi, uint32_t number);

#endif
