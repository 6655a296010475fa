# SPDX-License-Identifier: Apache-2.0
"""Documents that try to mean two things: a plain container, and tricks played on its text.

document(seed, index, place) always gives the same bytes for the same seed and index. A document is a tree
in which objects are lists of pairs (so that a key may stand twice) and Raw stands for bytes as they are.
"""
import json
import random

CAPS = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW",
        "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE",
        "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE", "CAP_SYS_ADMIN", "CAP_NET_ADMIN",
        "CAP_SYS_PTRACE", "CAP_SYS_MODULE"]
MASKED = ["/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys",
          "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list",
          "/proc/timer_stats", "/sys/firmware", "/sys/devices/virtual/powercap", "/sys/dev/block"]
READONLY = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
SPACES = ["mount", "pid", "network", "uts", "ipc", "cgroup"]
CALLS = ["getpriority", "getsid", "sched_getscheduler", "getpgid"]


class Raw(bytes):
    """Bytes of the document that are no longer a tree."""


class Obj(list):
    """An object: a list of [key, value]."""

    def find(self, key):
        return next((pair for pair in self if pair[0] == key), None)

    def get(self, key):
        pair = self.find(key)
        return pair[1] if pair else None

    def put(self, key, value):
        pair = self.find(key)
        if pair:
            pair[1] = value
        else:
            self.append([key, value])


def obj(**members):
    return Obj([key, value] for key, value in members.items())


# --- Plain containers that differ ---------------------------------------------------------------

def some(rng, words, low=0):
    return rng.sample(words, rng.randint(low, len(words)))


def capabilities(rng):
    held = some(rng, CAPS[:14])
    sets = obj(bounding=held, permitted=held, effective=held)
    if rng.random() < 0.3:
        sets.append(["inheritable", some(rng, held) if held else []])
    if rng.random() < 0.2:
        sets.append(["ambient", []])
    return sets


def user(rng):
    who = obj(uid=rng.choice([0, 0, 1000, 65534]), gid=rng.choice([0, 1000, 65534]))
    if rng.random() < 0.5:
        who.append(["additionalGids", some(rng, [1, 10, 100, 1000, 4000])])
    if rng.random() < 0.3:
        who.append(["umask", rng.choice([0o022, 0o027, 0o077])])
    return who


def process(rng):
    what = obj(terminal=False, user=user(rng), args=["/inside"] + some(rng, ["a", "b c", "ü", ""]),
               env=["PATH=/bin"] + some(rng, ["A=1", "HOME=/", "B=ü", "C=", "D=x=y"]),
               cwd=rng.choice(["/", "/tmp", "/etc"]), capabilities=capabilities(rng))
    if rng.random() < 0.8:
        what.append(["noNewPrivileges", rng.random() < 0.7])
    if rng.random() < 0.4:
        what.append(["rlimits", [obj(type="RLIMIT_NOFILE", hard=rng.choice([512, 4096]), soft=256),
                                 obj(type="RLIMIT_CORE", hard=0, soft=0)][:rng.randint(1, 2)]])
    if rng.random() < 0.4:
        what.append(["oomScoreAdj", rng.choice([0, 1, 500, 1000])])
    return what


def mounts(rng, place):
    every = [
        obj(destination="/proc", type="proc", source="proc", options=["nosuid", "noexec", "nodev"]),
        obj(destination="/dev", type="tmpfs", source="tmpfs",
            options=["nosuid", "strictatime", "mode=755", "size=65536k"]),
        obj(destination="/dev/pts", type="devpts", source="devpts",
            options=["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]),
        obj(destination="/dev/shm", type="tmpfs", source="shm",
            options=["nosuid", "noexec", "nodev", "mode=1777", "size=64k"]),
        obj(destination="/dev/mqueue", type="mqueue", source="mqueue",
            options=["nosuid", "noexec", "nodev"]),
        obj(destination="/sys", type="sysfs", source="sysfs",
            options=["nosuid", "noexec", "nodev", "ro"]),
        obj(destination="/sys/fs/cgroup", type="cgroup", source="cgroup",
            options=["nosuid", "noexec", "nodev", "ro"]),
    ]
    for name in some(rng, ["data", "more"]):
        every.append(obj(destination=f"/mnt/{name}", type="bind", source=f"{place}/share/{name}",
                         options=["rbind", "nosuid", "nodev"] + some(rng, ["ro", "noexec", "rprivate"])))
    if rng.random() < 0.4:
        every.append(obj(destination="/mnt/scratch", type="tmpfs", source="tmpfs",
                         options=some(rng, ["ro", "nosuid", "nodev", "noexec", "size=64k"])))
    return every


def seccomp(rng):
    rules = [obj(names=[name], action="SCMP_ACT_ERRNO", errnoRet=70 + i)
             for i, name in enumerate(CALLS)]
    return obj(defaultAction="SCMP_ACT_ALLOW", architectures=["SCMP_ARCH_X86_64"],
               syscalls=some(rng, rules, 1))


def resources(rng):
    what = obj(devices=[obj(allow=False, access="rwm")])
    if rng.random() < 0.5:
        what.append(["pids", obj(limit=rng.choice([32, 100, 4096]))])
    if rng.random() < 0.3:
        what.append(["memory", obj(limit=64 << 20)])
    return what


def linux(rng, place):
    what = obj(cgroupsPath=Raw(json.dumps(place.cgroup).encode()),
               namespaces=[obj(type=t) for t in SPACES], resources=resources(rng))
    if rng.random() < 0.85:
        what.append(["seccomp", seccomp(rng)])
    if rng.random() < 0.9:
        what.append(["maskedPaths", some(rng, MASKED)])
    if rng.random() < 0.9:
        what.append(["readonlyPaths", some(rng, READONLY)])
    if rng.random() < 0.2:
        what.append(["sysctl", obj(**{"net.ipv4.ip_unprivileged_port_start": "0"})])
    if rng.random() < 0.1:
        what.append(["devices", [obj(path="/dev/null", type="c", major=1, minor=3, fileMode=0o666)]])
    if rng.random() < 0.2:
        what.append(["rootfsPropagation", rng.choice(["private", "rprivate", "rslave"])])
    return what


def plain(rng, place):
    config = obj(ociVersion="1.0.2", process=process(rng),
                 root=obj(path="rootfs", readonly=rng.random() < 0.5),
                 hostname=rng.choice(["web", "a-b", "x1"]), mounts=mounts(rng, place),
                 annotations=obj(**{"org.example": "1"}), linux=linux(rng, place))
    if rng.random() < 0.2:
        config.append(["hooks", hooks(rng, place)])
    return config


def hooks(rng, place):
    stages = some(rng, ["prestart", "createRuntime", "poststart", "poststop"], 1)
    return Obj([stage, [obj(path=f"{place}/mark", args=["mark", f"{place}/marks/{stage}"],
                            env=["A=1"], timeout=5)]] for stage in stages)


# --- Text ---------------------------------------------------------------------------------------

def text_of(rng, text, odd):
    """A string as JSON; odd: with escapes that change nothing."""
    if isinstance(text, Raw):
        return bytes(text)
    if not odd:
        return json.dumps(text, ensure_ascii=False).encode("utf-8", "surrogatepass")
    out = []
    for char in text:
        code = ord(char)
        if rng.random() < 0.2 and code < 0x10000:
            out.append("\\u" + rng.choice(["%04x", "%04X"]) % code)
        elif char == "/" and rng.random() < 0.3:
            out.append("\\/")
        else:
            out.append(json.dumps(char, ensure_ascii=False)[1:-1])
    return ('"' + "".join(out) + '"').encode("utf-8", "surrogatepass")


def emit(rng, node, odd):
    def gap():
        return rng.choice([b"", b"", b" ", b"\n\t", b"\r\n"]) if odd else b""
    if isinstance(node, Obj):
        return b"{" + b",".join(
            gap() + text_of(rng, key, odd) + gap() + b":" + gap() + emit(rng, value, odd)
            for key, value in node) + gap() + b"}"
    if isinstance(node, list):
        return b"[" + b",".join(gap() + emit(rng, each, odd) for each in node) + gap() + b"]"
    if isinstance(node, (str, Raw)):
        return text_of(rng, node, odd)
    return json.dumps(node).encode()
