# SPDX-License-Identifier: Apache-2.0
"""patch.py BEFORE PATCH AFTER: fails unless the RFC 6902 patch makes BEFORE equal to AFTER."""
import json
import sys


def step(node, part):
    return node[int(part)] if isinstance(node, list) else node[part]


def apply(doc, op):
    parts = [part.replace("~1", "/").replace("~0", "~") for part in op["path"].split("/")[1:]]
    if not parts:
        return op["value"]
    node = doc
    for part in parts[:-1]:
        node = step(node, part)
    last = int(parts[-1]) if isinstance(node, list) else parts[-1]
    if op["op"] == "remove":
        del node[last]
    elif op["op"] == "add" and isinstance(node, list):
        node.insert(last, op["value"])
    else:
        assert op["op"] == "add" or step(node, parts[-1]) is not None
        node[last] = op["value"]
    return doc


before, patch, after = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:])
for entry in patch:
    before = apply(before, entry)
if before != after:
    sys.exit(f"expected {json.dumps(after)}\ngot {json.dumps(before)}")
