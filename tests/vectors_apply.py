# SPDX-License-Identifier: Apache-2.0
"""Turns a line of attacks.jsonl into a call of the shim."""
import copy
import json
import re


def load(path):
    return json.loads(path.read_text())


class Base:
    """A plain container: its config, its bundle, how its engine calls."""

    def __init__(self, config, bundle, container, root):
        self.config, self.bundle, self.container, self.root = config, bundle, container, root

    def text(self):
        return dump(self.config)

    def globals(self, log):
        return ["--root", self.root, "--log", str(log), "--log-format", "json"]

    def create(self, log):
        return [*self.globals(log), "create", "--bundle", str(self.bundle),
                "--pid-file", str(self.bundle / "init.pid"), self.container]


def dump(config):
    """With ": " and ", ", as the vectors of kind text expect it."""
    return json.dumps(config, ensure_ascii=False).encode()


def substitute(value, words):
    """$T and its like in every string."""
    if isinstance(value, str):
        for word, text in words.items():
            value = value.replace(word, text)
        return value
    if isinstance(value, list):
        return [substitute(each, words) for each in value]
    if isinstance(value, dict):
        return {key: substitute(each, words) for key, each in value.items()}
    return value


def merge(target, patch):
    """RFC 7386."""
    if not isinstance(patch, dict):
        return patch
    target = target if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        else:
            target[key] = merge(target.get(key), value)
    return target


def set_places(config, places):
    for place, value in places.items():
        found = re.fullmatch(r"/mounts\[destination=(.*)\]/(\w+)", place)
        for entry in config["mounts"]:
            if entry["destination"] == found[1]:
                entry[found[2]] = value


def expand_profile(patch, profile):
    """$moby+ and $+moby: an engine's own profile with rules behind or in front."""
    seccomp = patch.get("linux", {}).get("seccomp")
    for key in ("$moby+", "$+moby"):
        if seccomp and key in seccomp:
            rules = seccomp.pop(key)
            seccomp.update(copy.deepcopy(profile))
            own = seccomp["syscalls"]
            seccomp["syscalls"] = own + rules if key == "$moby+" else rules + own


def patched(place, base, data):
    config = copy.deepcopy(base.config)
    data = substitute(copy.deepcopy(data), place.words)
    if "$set" in data:
        set_places(config, data["$set"])
    elif "value" in data:
        at = config
        for part in data["path"].split("/")[1:-1]:
            at = at.setdefault(part, {})
        at.setdefault(data["path"].rsplit("/", 1)[1], []).append(data["value"])
    else:
        expand_profile(data, place.bases["docker"].config["linux"]["seccomp"])
        config = merge(config, data)
    return dump(config)


def inserted(config, where, text):
    """TEXT before the end of an object, or at either end of the file."""
    text = re.sub(r"\$REPEAT\((.),(\d+)\)",
                  lambda m: m[1] * int(m[2]) + "]" * int(m[2]), text)
    if where == "bof":
        return text.encode() + dump(config)
    if where == "eof":
        return dump(config) + text.encode()
    config = copy.deepcopy(config)
    target = config if where == "top" else config[where]
    target["@mark"] = 1
    return dump(config).replace(b', "@mark": 1', text.encode())


def edited(base, data):
    plain = base.text()
    if "replace" in data:
        found, instead = data["replace"].encode(), data["with"].encode()
        if found not in plain:
            raise ValueError(f"{found} is not in the plain config")
        return plain.replace(found, instead, 1)
    if "insert" in data:
        place, text = re.fullmatch(r"(\w+)\|?(.*)", data["insert"], re.S).groups()
        return inserted(base.config, place, text)
    name = b'"hostname": "' + base.config["hostname"].encode()
    raw = (bytes.fromhex(data["hostname_bytes_hex"]) if "hostname_bytes_hex" in data
           else data["hostname_escape"].encode())
    return plain.replace(name, name + raw)


def process_text(base, data):
    """The document of kind exec; "..." and {...} stand for an ordinary one."""
    plain = json.dumps({"terminal": False, "user": {"uid": 0, "gid": 0}, "args": ["/bin/sh"],
                        "env": ["PATH=/bin"], "cwd": "/"})
    if isinstance(data, dict):
        return json.dumps(data).encode()
    return data.replace("{...}", plain).replace("...", plain[1:-1]).encode()


def exec_call(place, base, data):
    hardened = place.call(base.create(place.log), base, base.text()).after
    path = place.temp / "process.json"
    path.write_bytes(process_text(base, data))
    return place.call([*base.globals(place.log), "exec", "--process", str(path), "--detach",
                       base.container], base, hardened)


def cli_call(place, base, data):
    """A, B and F are harmless, so that nothing but the command line itself can be refused."""
    bundle = str(base.bundle)
    names = {"A": bundle, "B": bundle, "F": f"{bundle}/config.json", "CID": base.container,
             "-bundle=B": f"-bundle={bundle}"}
    hardened = place.call(base.create(place.log), base, base.text()).after
    words = [names.get(word, word) for word in data]
    if not words[0].startswith("-"):
        words = [*base.globals(place.log), *words]
    return place.call(words, base, hardened, stdin=process_text(base, "{...}"))


def env_call(place, base, data):
    name, value = data.split("=", 1)
    return place.call(base.create(place.log), base, base.text(), env={name: value})


def base_of(place, vector):
    """The engine an attack is about; most are about any."""
    if vector["id"].startswith("NS-sandbox-") or vector["id"] in ("NS-ok-pod", "CG-04"):
        return place.bases["cri"]
    return place.bases["podman" if vector["id"] == "ANN-40" else "docker"]


def attack(place, vector):
    base, data = base_of(place, vector), vector["data"]
    if vector["kind"] == "exec":
        return exec_call(place, base, data)
    if vector["kind"] == "cli":
        return cli_call(place, base, data)
    if vector["kind"] == "env":
        return env_call(place, base, data)
    config = edited(base, data) if vector["kind"] == "text" else patched(place, base, data)
    return place.call(base.create(place.log), base, config)
