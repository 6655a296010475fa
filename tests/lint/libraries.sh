#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Each library is known in one place: nobody else can come to depend on its quirks.
set -u
bad=0
only() {
    local found
    found=$(grep -rlE "#[[:space:]]*include[[:space:]]*[<\"]$1" src hooks include | grep -vE "^$2\$")
    [ -z "$found" ] || { printf '<%s> belongs to %s alone:\n%s\n' "$1" "$2" "$found" && bad=1; }
}
only yajl/ 'src/document/json_yajl\.c'
only sys/capability.h 'src/container/gen/caps_names\.c'
only seccomp.h 'src/container/filter(_library)?\.c'
exit $bad
