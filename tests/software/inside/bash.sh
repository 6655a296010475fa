#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
set -eu
# shellcheck source=tests/software/inside/lib.sh
. /inside/lib.sh

stopped() { [[ $(jobs -s) == *sleep* ]]; }
running() { [[ $(jobs -r) == *sleep* ]]; }

set -m
sleep 60 &
sleeper=$!
kill -STOP %1
until_true stopped
bg %1
until_true running
kill %1
# by its number: a job that has ended is forgotten sooner or later
wait "$sleeper" && exit 1
is 'ended by a signal' $? 143
set +m

caught=
trap 'caught=yes' USR1
kill -USR1 $$
is 'trap' "$caught" yes
is 'pipe' "$(printf '%s\n' c a b | sort | tr -d '\n')" abc
is 'process substitution' "$(cat <(echo one) <(echo two) | tr -d '\n')" onetwo
is 'here document' "$(cat <<<here)" here
coproc cat
echo through >&"${COPROC[1]}"
read -r -t 5 answer <&"${COPROC[0]}"
is 'coprocess' "$answer" through
kill "$COPROC_PID"
exec {file}<>/tmp/file
echo text >&"$file"
is 'descriptor' "$(cat /tmp/file)" text
(ulimit -n 64 && is 'limit' "$(ulimit -n)" 64)

# A terminal: control-Z, then back to the foreground.
type_slowly()
{
    echo 'PS1=; sleep 2'
    sleep 0.7
    printf '\032'
    sleep 0.7
    # shellcheck disable=SC2016 # typed
    echo 'jobs -s; fg; echo "fg gave $?"; exit'
    sleep 3
}
type_slowly | script -qec 'bash --norc -i' /dev/null | tr -d '\r' >/tmp/typed
if ! grep -q Stopped /tmp/typed || ! grep -qx 'fg gave 0' /tmp/typed; then
    cat /tmp/typed
    exit 1
fi
echo works
