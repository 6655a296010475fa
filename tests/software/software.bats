#!/usr/bin/env bats
# shellcheck disable=SC2034 # read by what is loaded
# SPDX-License-Identifier: Apache-2.0
# Software from Debian's packages, started and used under profile baseline and the default filter.

load software

setup_file()
{
    world_new software
    cgroups_note
}

teardown_file()
{
    cgroups_tidy
}

setup()
{
    RUNTIME=runc
    WORLD_TIME=120
    LOWER=$SEAWALL_BUILD/software/rootfs
    policy
}

teardown()
{
    reap
}

@test "bash: job control, with and without a terminal" { works root /inside/bash.sh; }

@test "python: threads, processes, sockets, TLS" { works root /usr/bin/python3 /inside/python.py; }

@test "python: event loops, pools of processes, databases" {
    works root /usr/bin/python3 /inside/python_more.py
}

@test "python: the same as nobody" {
    works nobody /usr/bin/python3 /inside/python.py
    works nobody /usr/bin/python3 /inside/python_more.py
}

@test "node: an HTTP server that fetches from itself, workers" { works root /usr/bin/node /inside/node.mjs; }

@test "nginx: answers over HTTP, as another user" { works root /inside/nginx.sh; }

@test "redis: sets, gets, scripts, saves" { works redis /inside/redis.sh; }

@test "postgresql: a new cluster, and queries" { works postgres /inside/postgres.sh; }

@test "java: compiles and runs threads and HTTP" {
    works root /usr/bin/java /inside/Threads.java
    works nobody /usr/bin/java -XX:+UseParallelGC /inside/Threads.java
}

@test "git: commits, clones, merges, packs" { works root /inside/git.sh; }

@test "apt-get: update and install, from files and over HTTP" { works root /inside/apt.sh; }
