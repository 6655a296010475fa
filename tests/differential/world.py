# SPDX-License-Identifier: Apache-2.0
"""A machine of our own for tests that start containers: namespaces, directories, cgroups. All of it is gone
with the process; nothing of the host is changed."""
import ctypes
import os
import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("SEAWALL_BUILD", TOP / "build")).resolve()
INSIDE = pathlib.Path("/run/inside")
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
NEWNS, NEWUTS, NEWIPC, NEWNET = 0x00020000, 0x04000000, 0x08000000, 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)


def unshare(flags):
    if LIBC.unshare(flags):
        sys.exit(f"unshare: {os.strerror(ctypes.get_errno())}\n0 passed, 1 failed")


def mount(*words):
    subprocess.run(["mount", *words], check=True)


def compile_inside():
    """The program that looks around in each container."""
    subprocess.run([os.environ.get("CC", "cc"), "-std=gnu11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-O2",
                    "-static", "-o", str(INSIDE), str(TOP / "tests" / "differential" / "inside.c")],
                   check=True)


def own_directory(path):
    """An empty directory at a path that the host may lack, for this process and its children."""
    there = pathlib.Path(path).parent
    while not there.is_dir():
        there = there.parent
    points = pathlib.Path("/run/points") / path.strip("/").replace("/", "-")
    (points / pathlib.Path(path).relative_to(there)).mkdir(parents=True)
    mount("-t", "overlay", "-o", f"lowerdir={points}:{there}", "overlay", str(there))
    mount("-t", "tmpfs", "-o", "mode=755", "own", path)


def private_world():
    """An installation of our own; version 1 alone of a hybrid host's cgroups: crun takes no mixture."""
    unshare(NEWNS | NEWUTS | NEWIPC | NEWNET)
    mount("--make-rprivate", "/")
    mount("-t", "tmpfs", "-o", "mode=755", "differential", "/run")
    for path in ("/etc/seawall", "/var/lib/seawall", "/var/log/seawall"):
        own_directory(path)
    if not pathlib.Path("/sys/fs/cgroup/unified").is_dir():
        return
    pathlib.Path("/run/cgroup").mkdir()
    mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run/cgroup")
    for line in pathlib.Path("/proc/mounts").read_text().splitlines():
        point, kind = line.split()[1:3]
        if kind == "cgroup":
            name = f"/run/cgroup/{os.path.basename(point)}"
            os.mkdir(name)
            mount("--bind", point, name)
    mount("--move", "/run/cgroup", "/sys/fs/cgroup")


def enter(programs):
    """Root, the programs under test, and then a world of our own."""
    if os.geteuid():
        sys.exit("containers are started for real: run this as root\n0 passed, 1 failed")
    for program in programs:
        if not (BUILD / program).exists():
            sys.exit(f"{BUILD / program} is missing: run make\n0 passed, 1 failed")
    private_world()
    compile_inside()
