#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a golden case: tests/base/config.json with one danger patched into it.

  tests/mkcase.py no-new-privileges/tightened '{"process": {"noNewPrivileges": null}}'
  tests/mkcase.py host-path/exempted '{"mounts+": [{...}]}' --policy '{...}' --host '{...}'
  tests/mkcase.py exec-privileges/tightened '{}' --process '{"noNewPrivileges": null}'

The patch is an RFC 7386 merge patch (null removes) with two additions: "NAME+" appends to the array
NAME, and an object patched into an array names elements by their index. {"=": X} stands for X itself, so
that a null can be written: {"seccomp": {"=": null}}.

Then: UPDATE=1 build/tests/test_cases, and read the expected.json and report.txt it wrote.
"""
import argparse
import copy
import json
import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parent


def merge(target, patch):
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    if set(patch) == {"="}:
        return copy.deepcopy(patch["="])
    if isinstance(target, list):
        for index, value in patch.items():
            target[int(index)] = merge(target[int(index)], value)
        return target
    if not isinstance(target, dict):
        target = {}
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        elif key.endswith("+"):
            target.setdefault(key[:-1], []).extend(copy.deepcopy(value))
        else:
            target[key] = merge(target.get(key), value)
    return target


def flat(value):
    """Short things stand on one line, as a person would write them."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else None


def pretty(value, indent=""):
    text = flat(value)
    if text is not None or not isinstance(value, (dict, list)) or not value:
        return text or json.dumps(value, ensure_ascii=False)
    deeper = indent + "  "
    if isinstance(value, dict):
        rows = [f"{deeper}{json.dumps(k)}: {pretty(v, deeper)}" for k, v in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
    return "[\n" + ",\n".join(deeper + pretty(v, deeper) for v in value) + f"\n{indent}]"


def write(path, value):
    path.write_text(pretty(value) + "\n")


def main():
    parser = argparse.ArgumentParser(description="make a golden case from the base document")
    parser.add_argument("case", help="RULE/CASE; CASE begins with holds, tightened, rejected, "
                        "audited, exempted or unproven")
    parser.add_argument("patch", help="what differs from tests/base/config.json")
    for name, what in (("policy", "policy.json"), ("host", "host.json, facts of the host"),
                       ("knobs", "case.json: boundary, profile, bundle, root, id, command")):
        parser.add_argument("--" + name, help=what)
    parser.add_argument("--process", help="patch of the container's own process: process.json")
    parser.add_argument("--resources", help="resources.json, for update")
    args = parser.parse_args()

    directory = TESTS / "cases" / args.case
    directory.mkdir(parents=True, exist_ok=True)
    base = json.loads((TESTS / "base" / "config.json").read_text())
    config = merge(base, json.loads(args.patch))
    write(directory / "config.json", config)
    if args.process:
        write(directory / "process.json",
              merge(copy.deepcopy(config["process"]), json.loads(args.process)))
    for name, value in (("policy", args.policy), ("host", args.host), ("case", args.knobs),
                        ("resources", args.resources)):
        if value:
            write(directory / f"{name}.json", json.loads(value))
    return 0


if __name__ == "__main__":
    sys.exit(main())
