#!/usr/bin/env python3
"""Adds rope's answer to each case: fields rope (edits or null), rope_error, rope_ms. Methods: in_hierarchy=True.
usage: venv/bin/python pass_rope.py CORPUS_DIR CASES.jsonl [--limit 15]   (rewrites the file)"""
import os, re
import passes


def make(root):
    from rope.base.project import Project
    from rope.refactor.rename import Rename
    roots = [d for d in ("src", "tests") if os.path.isdir(f"{root}/{d}")]    # else rope sees no src/ from tests/
    project = Project(root, ropefolder=None, source_folders=roots, ignore_syntax_errors=True)
    project.set("automatic_soa", False)

    def ask(files, case):
        src = files[case["path"]]
        res = project.get_resource(case["path"])
        offset = len(src.data[:case["offset"]].decode().replace("\r\n", "\n"))   # rope reads with plain newlines
        changes = Rename(project, res, offset).get_changes(case["new"], in_hierarchy=True, docs=False)
        out = set()
        for change in changes.changes:
            if not hasattr(change, "new_contents"):
                raise ValueError(f"not a text change: {change}")
            rel, lost = change.resource.path, len(case["new"].encode()) - len(case["name"].encode())
            crlf = b"\r\n" in files[rel].data
            text = change.new_contents.replace("\n", "\r\n") if crlf else change.new_contents
            # the new name occurs nowhere else, so its places in the new text, shifted back, are the edits
            for i, m in enumerate(re.finditer(re.escape(case["new"].encode()), text.encode())):
                a = m.start() - i * lost
                b = a + len(case["name"].encode())
                if files[rel].data[a:b] != case["name"].encode():
                    raise ValueError(f"edit misses the name in {rel} at {a}")
                out.add((rel, a, b, case["new"]))
        return out
    return ask


passes.run("rope", make)
