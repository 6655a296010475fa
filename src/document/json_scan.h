/* SPDX-License-Identifier: Apache-2.0 */
/* Between json_yajl.c and json_scan.c only. */
#ifndef SEAWALL_JSON_SCAN_H
#define SEAWALL_JSON_SCAN_H

#include "json.h"

/* What in the text is refused although yajl would take it, with its offset; NULL if nothing is. */
const char *json_scan(const char *text, size_t len, unsigned flags, size_t *offset);

#endif
