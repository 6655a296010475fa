/* SPDX-License-Identifier: Apache-2.0 */
/* What single instructions of a seccomp program do. Inside the container room only. */
#ifndef SEAWALL_FILTER_CODE_H
#define SEAWALL_FILTER_CODE_H

#include <stdbool.h>
#include <stdint.h>

uint32_t filter_compute(uint16_t code, uint32_t a, uint32_t b);
bool filter_compare(uint16_t code, uint32_t a, uint32_t b);

#endif
