#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh PROGRAM [ARGUMENT...]: first what the kernel says of this process, one KEY=VALUE per line.
while read -r key value; do
    case $key in
    NoNewPrivs: | Seccomp: | Cap*:) echo "${key%:}=$value" ;;
    esac
done </proc/self/status
exec "$@"
