#!/usr/bin/env bats
# shellcheck disable=SC2034 # read by what is loaded
# SPDX-License-Identifier: Apache-2.0
# This machine's own bash, Python and git under profile baseline and the default filter; make
# e2e-software has more, from Debian's packages.

load ../software/software

# Programs with the libraries they are linked to, at the paths they have here.
copy()
{
    local file
    for file; do
        echo "$file"
        ldd "$file" 2>/dev/null | grep -o '/[^ ]*' || true
    done | sort -u | xargs cp -L --parents -t "$BATS_FILE_TMPDIR/rootfs"
}

# Python with its standard library, without what is there for tests, builds and packages.
copy_python()
{
    local python library
    python=$(command -v /usr/bin/python3 python3 | head -n 1)
    library=$("$python" -c 'import os; print(os.path.dirname(os.__file__))')
    tar -c -C / --exclude='*-packages' --exclude=test --exclude='config-*' --exclude=__pycache__ \
        "${library#/}" | tar -x -C "$BATS_FILE_TMPDIR/rootfs"
    copy "$("$python" -c 'import sys; print(sys.executable)')" "$library"/lib-dynload/*.so
    ln -sf "$("$python" -c 'import sys; print(sys.executable)')" "$BATS_FILE_TMPDIR/rootfs/bin/python3"
}

setup_file()
{
    local git tool
    world_new software
    cgroups_note
    git=$(command -v git)
    cp -a "$E2E/rootfs" "$BATS_FILE_TMPDIR/rootfs"
    echo 'nobody:x:65534:65534:nobody:/:/bin/sh' >>"$BATS_FILE_TMPDIR/rootfs/etc/passwd"
    for tool in mktemp sort tr; do
        ln -s busybox "$BATS_FILE_TMPDIR/rootfs/bin/$tool"
    done
    copy /bin/bash "$(command -v script)" "$git" "$git-upload-pack" "$git-receive-pack"
    copy_python
}

teardown_file()
{
    cgroups_tidy
}

setup()
{
    RUNTIME=runc
    LOWER=$BATS_FILE_TMPDIR/rootfs
    policy
}

teardown()
{
    reap
}

@test "bash: job control, with and without a terminal" { works root /inside/bash.sh; }

@test "python: threads, processes, sockets, TLS" {
    works root /bin/python3 /inside/python.py
    works nobody /bin/python3 /inside/python.py
}

@test "git: commits, clones, merges, packs" { works root /inside/git.sh; }
