# SPDX-License-Identifier: Apache-2.0
"""What is done to a plain document so that two readers of it might disagree."""
import copy
import json
import random

from documents import CALLS, CAPS, MASKED, Obj, Raw, SPACES, capabilities, emit, hooks, obj, \
    plain, some

# Members that decide about security, and what an attacker would like to stand there instead.
ALL = obj(bounding=CAPS, permitted=CAPS, effective=CAPS, inheritable=CAPS, ambient=CAPS)
WISHES = {
    "noNewPrivileges": [False, True, None], "capabilities": [ALL, None, obj()],
    "bounding": [CAPS, None, []], "effective": [CAPS, []], "permitted": [CAPS, []],
    "inheritable": [CAPS, None], "ambient": [CAPS, None],
    "user": [obj(uid=0, gid=0), None], "uid": [0, 1000, None], "gid": [0, 1000, None],
    "additionalGids": [[0], [], None], "umask": [0, None], "cwd": ["/tmp", "/proc/self/fd/7"],
    "env": [["LD_PRELOAD=/x"], None], "args": [["/inside", "other"]], "rlimits": [[], None],
    "oomScoreAdj": [-1000, 0, None], "readonly": [False, None, True], "terminal": [False, None],
    "hostname": ["other", "", None], "process": [None, obj(noNewPrivileges=False)],
    "linux": [None, obj(maskedPaths=[]), obj(seccomp=None), obj(namespaces=[])],
    "root": [None, obj(readonly=False)], "hooks": [None, obj()],
    "namespaces": [[obj(type="mount")], [], None], "seccomp": [None, obj(), obj(defaultAction="")],
    "maskedPaths": [[], None, ["/proc/keys"]], "readonlyPaths": [[], None],
    "rootfsPropagation": ["rshared", "bogus", None, "rprivate"],
    "defaultAction": ["SCMP_ACT_ALLOW", "SCMP_ACT_LOG", "", None],
    "syscalls": [[], None, [obj(names=CALLS, action="SCMP_ACT_ALLOW")]],
    "action": ["SCMP_ACT_ALLOW", "scmp_act_errno"], "names": [[], ["nosuchcall"]],
    "errnoRet": [0, 1, 4095, None], "resources": [None, obj()], "devices": [[], None],
    "limit": [-1, 0, 9223372036854771712, None], "pids": [None, obj(limit=-1)],
    "memory": [None, obj()], "sysctl": [obj(), None], "annotations": [obj(), None],
    "mounts": [[], None, [obj(destination="/hostetc")]],
    "destination": ["/mnt/other", "/proc2", "mnt/rel", "/mnt/../etc", "/mnt//x", "/proc/self/attr"],
    "source": ["/etc", "/", "..", "", "/proc/self/root/etc"], "type": ["tmpfs", "bind", "none", None],
    "options": [["rbind"], ["rbind", "ro", "rw"], [], None, ["rshared"], ["bind", "ro"]],
    "soft": [18446744073709551615, 10], "hard": [18446744073709551615, 20],
}
HARMLESS = ["destination", "options", "names", "errnoRet", "hostname", "args", "env", "limit"]


def spots(node, found=None):
    """All (object, index of pair) whose key decides about security."""
    found = [] if found is None else found
    if isinstance(node, Obj):
        for i, (key, value) in enumerate(node):
            if key in WISHES:
                found.append((node, i))
            spots(value, found)
    elif isinstance(node, list):
        for each in node:
            spots(each, found)
    return found


def spot(rng, config):
    """By key first: a document has twenty places for options and one for maskedPaths."""
    every = spots(config) or [(Obj([["hostname", ""]]), 0)]
    key = rng.choice(sorted({parent[i][0] for parent, i in every}))
    return rng.choice([(p, i) for p, i in every if p[i][0] == key])


def wish(rng, key):
    return copy.deepcopy(rng.choice(WISHES[key]))


def folded(rng, key):
    """The key in a spelling that Go takes for the same."""
    forms = [key.upper(), key.lower(), key.title(), key[0].upper() + key[1:], key.swapcase()]
    for plain_letter, odd in (("s", "\u017f"), ("k", "\u212a")):
        if plain_letter in key:
            forms += [key.replace(plain_letter, odd, 1), key.replace(plain_letter, odd)] * 2
    return rng.choice([form for form in forms if form != key] or [key.upper()])


def escaped(rng, key):
    at = rng.randrange(len(key))
    return Raw((json.dumps(key[:at])[:-1] + "\\u%04x" % ord(key[at]) +
                json.dumps(key[at + 1:])[1:]).encode())


def beside(rng, parent, i, key, value):
    """Puts a second member before or behind the first, near or far."""
    parent.insert(rng.choice([0, i, i + 1, len(parent)]), [key, value])


def twice(rng, config, _):
    parent, i = spot(rng, config)
    beside(rng, parent, i, parent[i][0], rng.choice([wish(rng, parent[i][0]), parent[i][1]]))


def fold_beside(rng, config, _):
    parent, i = spot(rng, config)
    beside(rng, parent, i, folded(rng, parent[i][0]), wish(rng, parent[i][0]))


def fold_alone(rng, config, _):
    parent, i = spot(rng, config)
    parent[i][0] = folded(rng, parent[i][0])


def escape_beside(rng, config, _):
    parent, i = spot(rng, config)
    beside(rng, parent, i, escaped(rng, parent[i][0]), wish(rng, parent[i][0]))


def escape_alone(rng, config, _):
    parent, i = spot(rng, config)
    parent[i][0] = escaped(rng, parent[i][0])


def nul_key(rng, config, _):
    parent, i = spot(rng, config)
    key = Raw(json.dumps(parent[i][0])[:-1].encode() + b'\\u0000"')
    if rng.random() < 0.5:
        parent[i][0] = key
    else:
        beside(rng, parent, i, key, wish(rng, parent[i][0]))


def second_object(rng, config, _):
    key = rng.choice(["process", "linux", "root", "mounts", "hooks"])
    name = rng.choice([key, folded(rng, key), escaped(rng, key)])
    config.insert(rng.randint(0, len(config)), [name, wish(rng, key)])


def wished(rng, config, _):
    parent, i = spot(rng, config)
    parent[i][1] = wish(rng, parent[i][0])


def dropped(rng, config, _):
    parent, i = spot(rng, config)
    del parent[i]


def null(rng, config, _):
    parent, i = spot(rng, config)
    parent[i][1] = None


def other_type(rng, config, _):
    parent, i = spot(rng, config)
    parent[i][1] = rng.choice([Raw(b'"true"'), Raw(b'"1000"'), 1, 0, True, False, [], [None], obj(),
                               "", Raw(b"[[]]"), Raw(b"{}")])


def number(rng, config, _):
    numbers = [(p, i) for p, i in spots(config)
               if isinstance(p[i][1], int) and not isinstance(p[i][1], bool)]
    if not numbers:
        return
    parent, i = rng.choice(numbers)
    form = rng.choice([b"%d.0", b"%d", b"%de0", b"%dE+0", b"0%d", b"+%d", b" %d ", b"-%d", b"0x%d",
                       b"%d.5", b"%d,", b"-0", b"1E400", b"4294967295", b"4294967296", b"2147483648",
                       b"18446744073709551616", b"NaN", b"1e3", b"00"])
    parent[i][1] = Raw(form % parent[i][1] if b"%d" in form else form)


def text(rng, config, _):
    """A string with something in it that not every reader keeps."""
    where = rng.choice(["hostname", "env", "arg", "annotation", "key"])
    what = Raw(b'"A=' + rng.choice(
        [b"\\u0000", b"\\ud800", b"\\udc00", b"\\ud800\\u0041", b"\\ud83d\\ude00", b"\xff",
         b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\\u00e9", b"\xc3\xa9", b"\xc2\xa0",
         b"\x7f", b"\t", b"\\t", b"\\x41", b"\\u12", b"\xef\xbb\xbf", b"\xe2\x80\xa8"]) + b'b"')
    if where == "hostname":
        config.put("hostname", what)
    elif where == "annotation":
        config.put("annotations", Obj([["org.example", what]]))
    elif where == "key":
        config.append([what, 1])
    elif config.get("process"):
        config.get("process").put("env" if where == "env" else "args",
                                  [what] if where == "env" else ["/inside", what])


def unknown(rng, config, _):
    parent, i = spot(rng, config)
    key = rng.choice(["x-" + parent[i][0], parent[i][0] + "s", parent[i][0] + " ", "futureMember", ""])
    parent.insert(rng.randint(0, len(parent)), [key, wish(rng, parent[i][0])])


def misplaced(rng, config, _):
    """A member that means something, where it means nothing."""
    parent, i = spot(rng, config)
    target, _ = spot(rng, config)
    if not target.find(parent[i][0]):
        target.append([parent[i][0], copy.deepcopy(parent[i][1])])


def reuse(rng, config, place):
    """Go decodes a second array into the elements of the first."""
    first = config.get("mounts")
    if not isinstance(first, list):
        return
    evil = obj(destination="/mnt/etc", type="bind", source=f"{place}/share/data", options=["rbind"])
    partial = [obj(destination=f"/mnt/{i}") for i in range(len(first))]
    kind = rng.randrange(3)
    if kind == 0:
        config.append([rng.choice(["mounts", "Mounts"]), first + [evil]])
    elif kind == 1:
        config.append(["mounts", partial])
    else:
        config.append(["mounts", [obj()] * rng.randint(0, len(first) + 1)])


def deep(rng, config, _):
    depth = rng.choice([8, 30, 60, 63, 64, 65, 200, 10001, 100000])
    opening, closing = rng.choice([(b"[", b"]"), (b'{"a":', b"}")])
    config.append(["x-deep", Raw(opening * depth + b"1" + closing * depth)])


def order(rng, config, _):
    def shuffle(node):
        if isinstance(node, Obj):
            rng.shuffle(node)
            for pair in node:
                shuffle(pair[1])
    shuffle(config)


def more_mounts(rng, config, place):
    if not isinstance(config.get("mounts"), list):
        return
    config.get("mounts").append(rng.choice([
        obj(destination="/mnt/t", type="tmpfs", source="t", options=["nosuid", "nodev"]),
        obj(destination="/mnt/b", source=f"{place}/share/data", options=["bind", "ro"]),
        obj(destination="/mnt/b", type="tmpfs", source=f"{place}/share/data", options=["rbind"]),
        obj(destination="/mnt/l", type="bind", source=f"{place}/share/link", options=["rbind"]),
        obj(destination="/mnt/data", type="tmpfs", source="t"),
        obj(destination="/mnt/p", type="proc", source="proc"),
        obj(destination="/mnt/r", type="bind", source=f"{place}/share/../share/more", options=["bind"]),
    ]))


def spaces(rng, config, _):
    if not isinstance(config.get("linux"), Obj):
        return
    kept = some(rng, SPACES[1:])
    listed = [obj(type=t) for t in ["mount"] + kept]
    listed += rng.choice([[], [obj(type="network", path="/proc/self/ns/net")], [obj(type="uts", path="")],
                          [obj(type="Pid")], [obj(type="ipc"), obj(type="ipc")]])
    config.get("linux").put("namespaces", listed)


def add_hooks(rng, config, place):
    config.put("hooks", hooks(rng, place))


def cap_names(rng, config, _):
    if isinstance(config.get("process"), Obj):
        sets = capabilities(rng)
        name = rng.choice(["cap_sys_admin", "SYS_ADMIN", "CAP_NOSUCH", "CAP_SYS_ADMIN", "Cap_Chown",
                           "CAP_SYS_ADMIN\u0000", " CAP_KILL", "CAP_KI\u017f"])
        for pair in sets:
            if rng.random() < 0.7:
                pair[1] = pair[1] + [name]
        config.get("process").put("capabilities", sets)


def masks(rng, config, _):
    if isinstance(config.get("linux"), Obj):
        config.get("linux").put("maskedPaths", some(rng, MASKED) + rng.choice(
            [["/proc//keys"], ["/proc/../proc/keys"], ["proc/keys"], ["/nonexistent"], ["/etc"], [""]]))


# --- On bytes -----------------------------------------------------------------------------------

WORDS = [b"null", b"true", b"false", b"\\u0000", b"\x00", b"{", b"}", b"[", b"]", b",", b":", b'"', b"//x\n",
         b"/**/", b"\x0b", b"\x0c", b"\xc2\xa0", b"\xef\xbb\xbf", b"\xff", b"1", b"-", b".", b"'", b"\\",
         b'"noNewPrivileges":false,', b'"maskedPaths":[],', b'"seccomp":null,', b'"uid":0,']


def around(rng, data):
    kind = rng.randrange(10)
    evil = b'{"process":{"noNewPrivileges":false},"linux":{"maskedPaths":[]}}'
    return [b"\xef\xbb\xbf" + data, data + evil, data + b"\x00" * rng.randint(1, 9), data + b" garbage",
            b"\x00" + data, data + b"\n \t\r\n", b"/* c */" + data, b" \n" + data, data + b"\n" + data,
            data.replace(b",", rng.choice([b", // x\n", b",/**/", b",,", b",\x0c"]), 1)][kind]


def bitten(rng, data, fixed):
    """One small change anywhere but in what names the cgroup: that is the host's."""
    start = data.find(fixed)
    while True:
        at = rng.randrange(len(data))
        if not start <= at < start + len(fixed):
            break
    kind = rng.randrange(5)
    if kind == 0:
        return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1:]
    if kind == 1:
        return data[:at] + data[at + 1:]
    if kind == 2:
        return data[:at] + rng.choice(WORDS) + data[at:]
    if kind == 3:
        return data[:at] + bytes([rng.randrange(256)]) + data[at + 1:]
    return data[:at] if rng.random() < 0.2 else data[:at] + data[max(0, at - 20):at] + data[at:]


KIND = [order, escape_alone, unknown, misplaced, dropped, wished, masks, more_mounts]
CUNNING = [twice, fold_beside, fold_alone, escape_beside, nul_key, second_object, null, other_type,
           number, text, reuse, deep, spaces, add_hooks, cap_names, *KIND]


def document(seed, index, place):
    """(bytes, names of the tricks): half of them stay readable to everybody."""
    rng = random.Random(f"{seed}/{index}")
    config = plain(rng, place)
    played = []
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        played.append(rng.choice(KIND))
    if rng.random() < 0.55:
        for _ in range(rng.choice([1, 1, 1, 2])):
            played.append(rng.choice(CUNNING))
    for trick in played:
        trick(rng, config, place)
    data = emit(rng, config, rng.random() < 0.5)
    names = [trick.__name__ for trick in played]
    if rng.random() < 0.1:
        data = around(rng, data)
        names.append("around")
    if rng.random() < 0.15:
        data = bitten(rng, data, place.cgroup.encode())
        names.append("bitten")
    return data, names
