# SPDX-License-Identifier: Apache-2.0
"""Did an attack end as it has to? Each answer is None, or what was seen instead."""
import json

# Parameters without which a vector would be refused for something that it is not about.
PARAMETERS = {"hooks": {"allow": ["/bin/true"]}}

PSS = set("AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID "
          "SETPCAP SETUID SYS_CHROOT".split())
SETS = ("bounding", "effective", "permitted", "inheritable", "ambient")

# By prefix of the id: the rules that may be the reason of a refusal.
REASONS = {
    "ROOT": "root-path", "USER": "user-range document", "SEL": "selinux", "CWD": "working-directory document", "ARGS": "arguments",
    "NETDEV": "net-devices",
    "ENV": "environment", "RLIM": "rlimits",
    "BIND": "host-path host-socket host-device-mount mount-options mount-type mount-idmap",
    "FS": "mount-type mount-destination mount-options cgroup-mount",
    "DEST": "mount-destination host-path host-device-mount",
    "NS": "host-pid host-ipc host-network host-uts host-mount-namespace namespace-join",
    "DEV": "devices", "SYS": "sysctls document", "CG": "cgroups-path unified-resources identity",
    "SEC": "seccomp-listener seccomp", "PROP": "root-propagation", "RDT": "rdt",
    "UNS": "id-mappings", "HOOK": "hooks", "VM": "foreign-platform",
    "ANN": "annotations identity", "JSON": "document user-range", "EXEC": "document exec-privileges "
    "apparmor selinux working-directory arguments user-range", "CLI": "command-line exec-privileges restore no-pivot preserve-fds new-keyring",
}


def refused(vector, seen):
    """Exit 1, one line that names a rule it is about, nothing started, nothing changed."""
    line = next((l for l in seen.stderr.splitlines() if l.startswith("seawall: rejected: ")), None)
    if seen.called:
        return "but the runtime was called"
    if seen.code != 1 or not line:
        return f"got exit {seen.code}, stderr {seen.stderr!r}"
    if seen.after != seen.before:
        return "but config.json was changed"
    allowed = REASONS[vector["id"].split("-")[0]].split()
    if not any(f" {rule}: " in line for rule in allowed):
        return f"but for another reason: {line}"
    return logged(seen, line)


def logged(seen, line):
    """When the call named a log, its last line says the same."""
    if not seen.log:
        return None
    last = json.loads(seen.log.splitlines()[-1])
    if last.get("level") != "error" or last.get("msg") != line:
        return f"but the log says {last}"
    return None


def capabilities(process):
    for name in SETS:
        held = {c.removeprefix("CAP_") for c in process.get("capabilities", {}).get(name, [])}
        if held - PSS or (held and name in ("inheritable", "ambient")):
            return f"{name} still holds {sorted(held - PSS) or sorted(held)}"
    return None


def no_new_privileges(config):
    return None if config["process"].get("noNewPrivileges") is True else "noNewPrivileges is off"


def seccomp(config):
    """A coarse look; tests of the filter itself simulate it."""
    profile = config["linux"].get("seccomp") or {}
    if profile.get("defaultAction") not in ("SCMP_ACT_ERRNO", "SCMP_ACT_KILL_PROCESS"):
        return f"defaultAction is {profile.get('defaultAction')}"
    if "SECCOMP_FILTER_FLAG_SPEC_ALLOW" in profile.get("flags", []):
        return "flags allow speculation"
    for rule in profile.get("syscalls", []):
        loose = {"mount", "bpf", "unshare", "clone3"} & set(rule.get("names", []))
        if loose and rule["action"] in ("SCMP_ACT_ALLOW", "SCMP_ACT_LOG", "SCMP_ACT_TRACE"):
            return f"{loose} is allowed"
    return None


def paths(config, name, needed):
    missing = set(needed.split()) - set(config["linux"].get(name) or [])
    return f"{name} lacks {sorted(missing)}" if missing else None


def masks(config):
    return (paths(config, "maskedPaths", "/proc/kcore /proc/keys /proc/timer_list /sys/firmware")
            or paths(config, "readonlyPaths", "/proc/bus /proc/fs /proc/irq /proc/sys "
                     "/proc/sysrq-trigger"))


def device_cgroup(config):
    rules = config["linux"]["resources"].get("devices") or []
    if not rules or rules[0].get("allow") or rules[0].get("type", "a") != "a":
        return f"the list does not begin with denying all: {rules}"
    for rule in rules:
        wild = rule.get("type", "a") == "a" or rule.get("major", -1) < 0
        if rule.get("allow") and wild and set(rule.get("access", "rwm")) & set("rw"):
            return f"{rule} still grants"
    return None


def cgroup_readonly(config):
    found = [m for m in config["mounts"] if m["type"] in ("cgroup", "cgroup2")]
    return None if all("ro" in m["options"] for m in found) else "the cgroup mount is writable"


def bind_options(config):
    for entry in config["mounts"]:
        loose = {"shared", "rshared", "suid", "rw"} & set(entry.get("options", []))
        if loose and entry["destination"] == "/x":
            return f"the mount is still {sorted(loose)}"
    return None


def loader(config):
    stages = config.get("hooks", {}).values()
    explicit = all("env" in hook for stage in stages for hook in stage)
    left = [e for e in config["process"]["env"] if e.startswith(("LD_", "GCONV_PATH", "GLIBC_"))]
    return f"{left} reach a hook" if left and not explicit else None


def at_least(value, least, what):
    return None if value is None or value >= least else f"{what} is {value}"


def at_most(value, most, what):
    return None if value <= most else f"{what} is {value}"


# By prefix of the id: is the danger gone from what the runtime reads?
GONE = {
    "CAP": lambda c: capabilities(c["process"]),
    "NNP": no_new_privileges,
    "OOM": lambda c: at_least(c["process"].get("oomScoreAdj"), 0, "oomScoreAdj"),
    "ENV": loader,
    "BIND": bind_options,
    "RLIM": lambda c: at_most(c["process"]["rlimits"][0]["hard"], 2**63, "RLIMIT_CORE"),
    "SCHED": lambda c: f"{c['process']['scheduler']}" if c["process"].get("scheduler") else None,
    "IO": lambda c: f"{c['process']['ioPriority']}" if c["process"].get("ioPriority") else None,
    "UMASK": lambda c: at_least(c["process"]["user"].get("umask"), 0o22, "umask"),
    "FS": cgroup_readonly,
    "DEV": device_cgroup,
    "CG": lambda c: "the OOM killer is off"
    if c["linux"]["resources"].get("memory", {}).get("disableOOMKiller") else None,
    "SEC": seccomp,
    "MASK": masks,
    "PERS": lambda c: "personality is set" if c["linux"].get("personality") else None,
}


def started(seen):
    if seen.code or not seen.called:
        return f"got exit {seen.code}, stderr {seen.stderr!r}"
    return None


def exec_tightened(seen, place):
    container = place.bases["docker"].bundle / "config.json"
    limits = json.loads(container.read_text())["process"]["capabilities"]
    process = seen.process
    if not process:
        return "the runtime got no process document"
    if process.get("noNewPrivileges") is not True:
        return "noNewPrivileges is off"
    for name in SETS:
        more = set(process.get("capabilities", {}).get(name, [])) - set(limits.get(name, []))
        if more:
            return f"{name} holds {sorted(more)}, which the container does not"
    return None


def tightened(vector, seen, place):
    if started(seen):
        return started(seen)
    if vector["kind"] == "exec":
        return exec_tightened(seen, place)
    return GONE[vector["id"].split("-")[0]](seen.config)


def scrubbed(vector, seen):
    return started(seen) or (f"but {vector['data']} is there" if vector["data"] in seen.environ
                             else None)


def copied(vector, seen):
    named = vector["data"][vector["data"].index("-p") + 1]
    if started(seen):
        return started(seen)
    if any(word.endswith(named) for word in seen.argv):
        return f"but the runtime opens {named} itself"
    return None if seen.process else "the runtime got no process document"


def verdict(vector, seen, place):
    expect = vector["expect"]
    if expect == "refuse":
        return refused(vector, seen)
    if expect == "tighten":
        return tightened(vector, seen, place)
    if expect == "scrub":
        return scrubbed(vector, seen)
    if expect == "copy":
        return copied(vector, seen)
    if expect == "allow":
        return started(seen)
    return f"the script does not know \"{expect}\""
