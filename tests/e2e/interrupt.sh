#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# interrupt.sh kill|fail DIR SHIM COMMAND...: runs the shim with the given command line again and again in
# the same world, and interrupts it at each of its system calls in turn: kill ends it there, fail makes that
# one call answer EIO. DIR holds "old", the document as the engine wrote it; FILE in the environment is
# where the shim finds it, CALLED what the runtime writes when it is called, SEAWALL the operator's program. Ends with a line that says what
# was seen, or with one that says what is wrong and exit 1.
set -u
how=$1 dir=$2
shift 2
bundle=$(dirname "$FILE")

wrong()
{
    echo "$at: $*"
    cat "$dir/err"
    exit 1
}

# start [STRACE-OPTION...] -- COMMAND...: status is what the shim, or the runtime it became, ended with.
start()
{
    rm -f "$CALLED"
    strace -qq -e signal=none -o "$dir/trace" "$@" >"$dir/out" 2>"$dir/err" </dev/null
    status=$?
}

entries()
{
    find "$bundle" -mindepth 1 -maxdepth 1 -printf '%f %y %m %U %G\n' | sort
}

# Annotations tell whether the shim changed anything, so those of a second run differ.
like_new()
{
    cmp -s "$FILE" "$dir/new" || cmp -s <(jq 'del(.annotations)' "$FILE") <(jq 'del(.annotations)' "$dir/new")
}

# Without some fact of the host another filter may be the right one, but nothing may be left to tighten.
hardened()
{
    cmp -s "$FILE" "$dir/new" || "$SEAWALL" check --offline --fail-on tighten "$FILE" >/dev/null 2>&1
}

at=rehearsal
cp -p "$dir/old" "$FILE"
before=$(entries)
start -- "$@"
if [ "$status" != 0 ] || [ ! -e "$CALLED" ]; then
    wrong "exit $status"
fi
[ "$before" = "$(entries)" ] || wrong "the directory was changed: $(entries)"
cp "$FILE" "$dir/new"
# From the shim's first call to the start of the runtime, each with the count of its name.
sed '1d; /^execve(/q' "$dir/trace" | sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' | awk '{ print $1, ++seen[$1] }' >"$dir/calls"
grep -q '^execve' "$dir/calls" || wrong "the trace does not end with the runtime"

calls=0 old=0 started=0 retries=0
while read -r name n; do
    at="$name $n"
    case $how:$name in
    fail:exit*) continue ;;
    fail:*) start --inject="$name:error=EIO:when=$n" -- "$@" ;;
    *) start --inject="$name:signal=KILL:when=$n" -- "$@" ;;
    esac
    calls=$((calls + 1))
    if [ -e "$CALLED" ]; then
        [ "$how" = fail ] || wrong "not killed"
        hardened || wrong "started with a config that is not hardened"
        started=$((started + 1))
    elif [ "$how" = kill ]; then
        [ "$status" = 137 ] || wrong "exit $status, not killed"
    else
        [ "$status" != 0 ] || wrong "exit 0, but nothing started"
        [ "$status" -gt 128 ] || [ -s "$dir/err" ] || wrong "not a word on stderr"
    fi
    if cmp -s "$FILE" "$dir/old"; then
        old=$((old + 1))
    elif ! cmp -s "$FILE" "$dir/new" && { [ "$how" = kill ] || ! hardened; }; then
        wrong "the document is neither the old nor the new one"
    fi
    # What the first run found, a retry after it finds too; anything else is retried for real.
    if ! cmp -s "$FILE" "$dir/old" || [ "$before" != "$(entries)" ]; then
        start -- "$@"
        if [ "$status" != 0 ] || [ ! -e "$CALLED" ]; then
            wrong "the retry ended with exit $status"
        fi
        like_new || { [ "$how" = fail ] && hardened; } || wrong "after the retry the document is not the new one"
        [ "$before" = "$(entries)" ] || wrong "after the retry a file is left: $(entries)"
        retries=$((retries + 1))
    fi
    cp -p "$dir/old" "$FILE"
done <"$dir/calls"
echo "calls=$calls old=$old new=$((calls - old)) started=$started retries=$retries"
