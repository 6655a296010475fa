# SPDX-License-Identifier: Apache-2.0
"""What a container must look like from inside if its runtime read what seawall read.

differences(doc, seen, world) names each thing that is not as the document says, in both directions: a
protection that is missing, and one that nobody asked for.
"""
import posixpath
import re

NAMES = """CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE
NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE
SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE
AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF
CHECKPOINT_RESTORE""".split()
LIMITS = {f"RLIMIT_{name}": i for i, name in enumerate(
    "CPU FSIZE DATA STACK CORE RSS NPROC NOFILE MEMLOCK AS LOCKS SIGPENDING MSGQUEUE NICE RTPRIO "
    "RTTIME".split())}
SPACES = {"mount": "mnt", "pid": "pid", "network": "net", "uts": "uts", "ipc": "ipc",
          "cgroup": "cgroup", "user": "user"}
FLAGS = ("ro", "nosuid", "nodev", "noexec")
OPPOSITE = {"ro": "rw", "nosuid": "suid", "nodev": "dev", "noexec": "exec"}
DEVICES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9),
           "tty": (5, 0)}
UNLIMITED = 1 << 62


def clean(path):
    """As the kernel would find it below the container's root."""
    return posixpath.normpath("/" + path.lstrip("/"))


def told(options):
    """The flags that the options set or clear, but not both: there runc takes the last and crun does not. The
    rule mount-options refuses such a pair; where a policy switches it off, nothing is judged by it."""
    return {flag for flag in FLAGS if not {flag, OPPOSITE[flag]} <= set(options)}


class Ambiguous(ValueError):
    """What seawall wrote means different things to different readers."""


def once(pairs):
    """An object that has each key once. Those that fold case show in what the container got."""
    if len(dict(pairs)) != len(pairs):
        raise Ambiguous(f"a key twice: {[key for key, _ in pairs]}")
    if any("\0" in key for key, _ in pairs):
        raise Ambiguous("a key that ends early for C")
    return dict(pairs)


class Seen:
    """The lines of inside.c."""

    def __init__(self, text):
        self.lines = [line.split(" ", 1) for line in text.decode().splitlines()]
        self.whole = self.lines[-1:] == [["end"]]
        self.mounts = self.read_mounts()

    def all(self, name):
        return [line[1] for line in self.lines if line[0] == name and len(line) == 2]

    def one(self, name):
        return next(iter(self.all(name)), None)

    def table(self, name):
        return dict(line.split(" ", 1) for line in self.all(name))

    def texts(self, name):
        return [bytes.fromhex(line[1] if len(line) == 2 else "").decode("utf-8", "replace")
                for line in self.lines if line[0] == name]

    def text(self, name):
        return next(iter(self.texts(name)), None)

    def read_mounts(self):
        """By mount point, the topmost of each; None if there is no /proc to tell."""
        table = self.text("mountinfo")
        return None if table is None else mountinfo(table)


def mountinfo(table):
    rows = {}
    for line in table.splitlines():
        left, right = line.split(" - ")
        fields = left.split(" ")
        point = re.sub(r"\\([0-7]{3})", lambda m: chr(int(m.group(1), 8)), fields[4])
        point = re.sub(r"^/proc/[0-9]+/", "/proc/self/", point)
        rows[point] = {"device": fields[2], "root": fields[3], "shared": fields[6:],
                       "flags": set(fields[5].split(",")), "type": right.split(" ")[0]}
    return rows


class View:
    def __init__(self, doc, seen, world):
        self.doc, self.seen, self.world = doc, seen, world
        self.process = doc.get("process") or {}
        self.linux = doc.get("linux") or {}
        self.mounts = doc.get("mounts") or []
        self.wrong = []

    def same(self, what, expected, got):
        if expected != got:
            self.wrong.append(f"{what}: judged {expected!r}, but the container has {got!r}")

    # --- the process ---

    def bits(self, name):
        held = 0
        for word in (self.process.get("capabilities") or {}).get(name) or []:
            word = word.upper() if self.world.runtime == "crun" else word
            if word.startswith("CAP_") and word[4:] in NAMES:
                held |= 1 << NAMES.index(word[4:])
        return held & self.world.capabilities

    def capabilities(self):
        """What is left of the sets when the kernel has carried out execve, see capabilities(7)."""
        bounding, inheritable = self.bits("bounding"), self.bits("inheritable")
        permitted, ambient = self.bits("permitted"), self.bits("ambient")
        ambient &= permitted & inheritable
        user = self.process.get("user") or {}
        after, effective = ambient, ambient
        if not user.get("uid"):
            after = bounding | inheritable
            if json_true(self.process.get("noNewPrivileges")) and after & ~permitted:
                after &= permitted
            effective = after
        for name, bits in (("bounding", bounding), ("inheritable", inheritable),
                           ("permitted", after), ("effective", effective), ("ambient", ambient)):
            self.same(f"capabilities {name}", f"{bits:x}", self.seen.one(name))

    def credentials(self):
        user = self.process.get("user") or {}
        self.same("uid", str(user.get("uid") or 0), self.seen.one("uid"))
        self.same("gid", str(user.get("gid") or 0), self.seen.one("gid"))
        groups = sorted({int(gid) for gid in (self.seen.one("groups") or "").split()})
        self.same("groups", sorted(set(user.get("additionalGids") or [])), groups)
        umask = user.get("umask")
        self.same("umask", f"{0o022 if umask is None else umask:o}", self.seen.one("umask"))
        self.same("noNewPrivileges", str(int(json_true(self.process.get("noNewPrivileges")))),
                  self.seen.one("nnp"))

    def surroundings(self):
        self.same("args", self.process.get("args"), self.seen.texts("arg"))
        self.same("cwd", clean(self.process.get("cwd") or "/"), self.seen.text("cwd"))
        # of a name that stands twice both runtimes keep the last
        wanted = list({e.split("=")[0]: e for e in self.process.get("env") or []}.values())
        got = self.seen.texts("env")
        self.same("env", sorted(set(wanted)), sorted(e for e in got if e in wanted))
        # both add a HOME where there is none, from the container's passwd
        extra = [e for e in got if e not in wanted and not e.startswith("HOME=")]
        self.same("env that nobody wrote", [], extra)
        limits = self.seen.table("rlimit")
        for limit in self.process.get("rlimits") or []:
            pair = limits.get(str(LIMITS.get(limit["type"])))
            self.same(limit["type"], f"{limit.get('soft', 0)} {limit.get('hard', 0)}", pair)
        if self.process.get("oomScoreAdj") is not None and self.seen.text("oom"):
            self.same("oomScoreAdj", str(self.process["oomScoreAdj"]), self.seen.text("oom").strip())

    def seccomp(self):
        profile = self.linux.get("seccomp")
        on = bool(profile) and bool(profile.get("defaultAction") or profile.get("syscalls"))
        self.same("seccomp mode", "2" if on else "0", self.seen.one("seccomp"))
        for name, error in self.seen.table("call").items():
            wanted = answer(profile, name) if on else 0
            if wanted is not None:
                self.same(f"seccomp {name}", wanted, int(error))

    # --- what is around it ---

    def spaces(self):
        listed = {entry["type"]: entry.get("path") for entry in self.linux.get("namespaces") or []}
        for kind, name in SPACES.items():
            got = self.seen.table("ns").get(name)
            if got is None:
                continue
            if kind in listed and not listed[kind]:
                self.same(f"own {kind} namespace", True, got != self.world.spaces[name])
            elif name not in self.world.private:
                self.same(f"shared {kind} namespace", True, got == self.world.spaces[name])
        name = self.doc.get("hostname")
        if name and "uts" in listed:
            self.same("hostname", name, self.seen.text("hostname"))

    def has(self, kind):
        place = {"proc": "/proc", "sysfs": "/sys"}[kind]
        return any(mount.get("type") == kind and clean(mount["destination"]) == place
                   for mount in self.mounts)

    def shields(self, name):
        """Of the paths in a list those that exist, as mount points."""
        paths = set()
        for path in self.linux.get(name) or []:
            path = clean(path)
            kind = {"proc": "proc", "sys": "sysfs"}.get(path.split("/")[1])
            if path.count("/") < 2 and kind or path == "/":
                continue
            if path in (self.world.exists if not kind or self.has(kind) else ()):
                paths.add(path)
        return paths

    def mount_points(self):
        points = {"/"} | self.shields("maskedPaths") | self.shields("readonlyPaths")
        for mount in self.mounts:
            # what has no type crun leaves out, and the rule mount-type refuses
            if mount.get("type") or self.world.runtime != "crun" or "bind" in str(mount.get("options")):
                points.add(clean(mount["destination"]))
        return points

    def check_mount(self, point, mount, row):
        options = mount.get("options") or []
        bind = "bind" in options or "rbind" in options
        if bind and (mount.get("source") or "").startswith("/"):
            self.same(f"source of {point}", self.world.place_of(mount["source"]),
                      (row["device"], row["root"]))
        elif not bind and mount.get("type") != "cgroup":
            self.same(f"type of {point}", mount.get("type"), row["type"])
        if not bind and mount.get("type") not in ("tmpfs", "proc", "sysfs"):
            return
        compared = told(options)
        wanted = compared & set(options)
        if point in self.shields("readonlyPaths"):
            wanted |= compared & {"ro"}
        got = row["flags"] & compared
        # crun protects what comes without options of its own accord
        if not options and self.world.runtime == "crun":
            got &= wanted
        self.same(f"options of {point}", sorted(wanted), sorted(got))

    def file_systems(self):
        rows = self.seen.mounts
        # without a mount namespace the root is a directory that was changed into
        if rows is None or "/" not in rows:
            return
        # a hierarchy brings its controllers, an rbind what is mounted below its source
        below = [clean(m["destination"]) + "/" for m in self.mounts
                 if m.get("type") == "cgroup" or "rbind" in (m.get("options") or [])]
        wanted = self.mount_points()
        got = {point for point in rows if point in wanted or not point.startswith(tuple(below))}
        self.same("mounts", sorted(wanted), sorted(got))
        last = {clean(m["destination"]): m for m in self.mounts}
        shields = self.shields("maskedPaths") | self.shields("readonlyPaths")
        for point, mount in last.items():
            if point in rows and point not in shields:
                self.check_mount(point, mount, rows[point])
        for point in self.shields("readonlyPaths") - self.shields("maskedPaths"):
            self.same(f"{point} is read-only", True, "ro" in rows.get(point, {"flags": ()})["flags"])
        for point in self.shields("maskedPaths"):
            self.same(f"{point} is masked", True,
                      rows.get(point, {}).get("type") in ("tmpfs", "devtmpfs"))
        # in the host's mount namespace runc changes nothing about the root
        if "/" not in last and any(space["type"] == "mount" for space in self.linux.get("namespaces") or []):
            self.same("root is read-only", json_true((self.doc.get("root") or {}).get("readonly")),
                      "ro" in rows["/"]["flags"])
        shared = [point for point, row in rows.items() if any("shared" in s for s in row["shared"])]
        asked = {self.linux.get("rootfsPropagation")}
        asked.update(option for mount in self.mounts for option in mount.get("options") or [])
        if not asked & {"shared", "rshared"}:
            self.same("mounts that the host would see", [], shared)

    def devices(self):
        if not any(m["destination"] == "/dev" for m in self.mounts):
            return
        wanted = {f"/dev/{name}": f"c {a} {b}" for name, (a, b) in DEVICES.items()}
        for device in self.linux.get("devices") or []:
            path = clean(device["path"])
            if posixpath.dirname(path) == "/dev":
                wanted[path] = f"{device['type']} {device['major']} {device['minor']}"
        self.same("devices", wanted, self.seen.table("device"))

    def limits(self):
        resources = self.linux.get("resources") or {}
        for name, limit in (("pids", (resources.get("pids") or {}).get("limit")),
                            ("memory", (resources.get("memory") or {}).get("limit"))):
            got = self.seen.text(name)
            if got is None or not limit:
                continue
            got = got.strip()
            number = int(got) if got.isdigit() and int(got) < UNLIMITED else -1
            self.same(f"{name} limit", limit if 0 < limit < UNLIMITED else -1, number)

    def settings(self):
        got = {key: bytes.fromhex(value).decode().split()
               for key, value in self.seen.table("sysctl").items()}
        for key, value in (self.linux.get("sysctl") or {}).items():
            name = key.replace(".", "/")
            if name in got:
                self.same(f"sysctl {key}", value.split(), got[name])

    def marks(self, made):
        wanted = set()
        for stage in ("prestart", "createRuntime", "poststart", "poststop"):
            for hook in (self.doc.get("hooks") or {}).get(stage) or []:
                args = hook.get("args") or []
                if hook["path"] == self.world.mark and len(args) == 2 and args[0] == "mark" and \
                        posixpath.dirname(args[1]) == self.world.marks:
                    wanted.add(posixpath.basename(args[1]))
        self.same("hooks that ran", sorted(wanted), sorted(made))


def json_true(value):
    return value is True


def answer(profile, call):
    """The errno of a call; None where it depends on more than its name."""
    default = errno_of(profile.get("defaultAction"), profile.get("defaultErrnoRet"))
    for rule in profile.get("syscalls") or []:
        if call not in (rule.get("names") or []):
            continue
        if rule.get("args"):
            return None
        error = errno_of(rule["action"], rule.get("errnoRet"))
        if error != default:
            return error
    return default


def errno_of(action, error):
    if action in ("SCMP_ACT_ALLOW", "SCMP_ACT_LOG"):
        return 0
    if action != "SCMP_ACT_ERRNO":
        return None
    return 1 if error is None else error


def differences(doc, seen, made, world):
    view = View(doc, seen, world)
    for part in (view.capabilities, view.credentials, view.surroundings, view.seccomp, view.spaces,
                 view.file_systems, view.devices, view.limits, view.settings):
        part()
    view.marks(made)
    return view.wrong
