#!/usr/bin/env python3
"""Adds jedi's answer to each case: fields jedi (edits or null), jedi_error, jedi_ms.
usage: venv/bin/python pass_jedi.py CORPUS_DIR CASES.jsonl [--limit 15]   (rewrites the file)"""
import passes


def make(root):
    import jedi
    from jedi.inference import references
    references._OPENED_FILE_LIMIT = references._PARSED_FILE_LIMIT = 10 ** 6   # else: at most 30 files parsed, silently
    project = jedi.Project(root)

    def ask(files, case):
        line, col = files[case["path"]].to_col(case["offset"], "char")
        script = jedi.Script(path=f"{root}/{case['path']}", project=project)
        out = set()
        for n in script.get_references(line + 1, col, include_builtins=False):
            rel = passes.rel(root, n.module_path)
            if rel not in files:
                raise ValueError(f"reference outside: {n.module_path}")
            a = files[rel].to_byte(n.line - 1, n.column, "char")
            b = a + len(case["name"].encode())
            if files[rel].data[a:b] == case["name"].encode():        # a module's own name has no token
                out.add((rel, a, b, case["new"]))
        return out
    return ask


passes.run("jedi", make)
