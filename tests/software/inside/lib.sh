# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
# For the scripts beside this.

# until_true COMMAND...: in good time.
until_true()
{
    tries=100
    until "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        if [ $tries = 0 ]; then
            echo "never came true: $*"
            "$@"
            exit 1
        fi
        sleep 0.1
    done
}

# is WHAT FOUND EXPECTED
is()
{
    [ "$2" = "$3" ] && return
    echo "$1: found '$2', expected '$3'"
    exit 1
}

# confined PID: what holds of the first process holds of this one.
confined()
{
    is "no_new_privs of $1" "$(awk '$1 == "NoNewPrivs:" { print $2 }' "/proc/$1/status")" 1
    is "seccomp of $1" "$(awk '$1 == "Seccomp:" { print $2 }' "/proc/$1/status")" 2
}
