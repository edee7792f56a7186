#!/usr/bin/env python3
"""Rename oracle for Python: asks pyright's language server for N random declared names of a corpus.
usage: oracle.py CORPUS_DIR OUT.jsonl [--n 120] [--seed 1] [--python venv-deps/bin/python]"""
import argparse, atexit, json, os, queue, re, subprocess, sys, threading, time
import common
HERE = os.path.dirname(os.path.abspath(__file__))


class Pyright:
    def __init__(self, root, python):
        self.root, self.python, self.id, self.log = root, python, 0, []
        env = dict(os.environ, NODE_OPTIONS="--max-old-space-size=6144")
        self.p = subprocess.Popen(["node", os.environ["PYRIGHT"], "--stdio"],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env)
        self.inbox = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()
        uri = self.uri("")
        self.ask("initialize", {
            "processId": os.getpid(), "rootUri": uri, "workspaceFolders": [{"uri": uri, "name": "w"}],
            "capabilities": {"workspace": {"configuration": True, "workspaceFolders": True,
                                           "workspaceEdit": {"documentChanges": True}},
                             "textDocument": {"rename": {"prepareSupport": True}}}})
        self.send({"method": "initialized", "params": {}})

    def uri(self, rel):
        return "file://" + os.path.join(self.root, rel).rstrip("/")

    def send(self, msg):
        body = json.dumps({"jsonrpc": "2.0", **msg}).encode()
        self.p.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.p.stdin.flush()

    def read(self):
        while True:
            size = 0
            while (line := self.p.stdout.readline().strip()):
                if line.lower().startswith(b"content-length:"):
                    size = int(line.split(b":")[1])
            if not size:
                return self.inbox.put(None)
            self.inbox.put(json.loads(self.p.stdout.read(size)))

    def pump(self, timeout):
        """Handles one message from the server; returns it if it is a response."""
        m = self.inbox.get(timeout=timeout)
        if m is None:
            raise RuntimeError("pyright died")
        if "method" in m and "id" in m:
            result = None
            if m["method"] == "workspace/configuration":
                cfg = {"python": {"pythonPath": self.python},
                       "python.analysis": {"diagnosticMode": "openFilesOnly", "autoSearchPaths": True}}
                result = [cfg.get(i.get("section"), {}) for i in m["params"]["items"]]
            self.send({"id": m["id"], "result": result})
        elif m.get("method") == "window/logMessage":
            self.log.append(m["params"]["message"])
        elif "id" in m:
            return m

    def ask(self, method, params, limit=180):
        self.id += 1
        self.send({"id": self.id, "method": method, "params": params})
        end = time.time() + limit
        while True:
            try:
                m = self.pump(max(0.01, end - time.time()))
            except queue.Empty:
                self.send({"method": "$/cancelRequest", "params": {"id": self.id}})
                return None, "time limit"
            if m and m["id"] == self.id:
                return m.get("result"), (m.get("error") or {}).get("message")

    def wait_files(self, limit=120):
        """Until pyright has enumerated the workspace: its log says how many source files it found."""
        end = time.time() + limit
        while time.time() < end:
            try:
                self.pump(1)
            except queue.Empty:
                pass
            for line in self.log:
                if m := re.match(r"Found (\d+) source file", line):
                    return int(m[1])
        raise RuntimeError("pyright never said how many files it found")


def edits_of(files, root, found, new):
    out = set()
    for uri, r in found:
        rel = os.path.relpath(re.sub("^file://", "", uri).replace("%20", " "), root)
        if rel not in files:
            raise ValueError("edit outside the corpus: " + rel)
        s, a, b = files[rel], r["start"], r["end"]
        out.add((rel, s.to_byte(a["line"], a["character"], "utf16"), s.to_byte(b["line"], b["character"], "utf16"), new))
    return sorted(map(list, out))


def query(srv, files, case):
    """-> (edits or None, error or None, ms, which request answered)"""
    line, col = files[case["path"]].to_col(case["offset"], "utf16")
    at = {"textDocument": {"uri": srv.uri(case["path"])}, "position": {"line": line, "character": col}}
    t = time.time()
    if case["kind"] == "import alias":                    # pyright's rename refuses them, or renames other files' too
        via = "references"
        res, err = srv.ask("textDocument/references", {**at, "context": {"includeDeclaration": True}})
        found = [(x["uri"], x["range"]) for x in res or [] if x["uri"] == srv.uri(case["path"])]
    else:
        via = "rename"
        res, err = srv.ask("textDocument/rename", {**at, "newName": case["new"]})
        found = [(d["textDocument"]["uri"], e["range"])
                 for d in (res or {}).get("documentChanges", []) for e in d["edits"]]
    ms = round((time.time() - t) * 1000)
    if not found:
        return None, err or "refused", ms, via
    try:
        edits = edits_of(files, srv.root, found, case["new"])
    except ValueError as e:
        return None, str(e), ms, via
    name = case["name"].encode()
    if via == "references":
        edits = [e for e in edits if files[e[0]].data[e[1]:e[2]] == name]   # not the real name left of `as`
        if {e[1] for e in edits} != common.alias_uses(files, case):
            return None, "alias seen elsewhere, or pyright and ast differ", ms, via
    if any(files[p].data[a:b] != name for p, a, b, _ in edits):
        return None, "an edit does not cover the name", ms, via
    if not any(p == case["path"] and a == case["offset"] for p, a, _, _ in edits):
        return None, "the edits leave out the definition asked at", ms, via
    return edits, None, ms, via


def add_overrides(srv, files, cases):
    """Pyright renames one declaration. What overrides it must be called the same, so it is asked for those, too."""
    classes = common.classes_of(files)
    for case in cases:
        if case["kind"] not in ("method", "attribute", "class variable"):
            continue
        places, all_edits = common.below_and_above(classes, case), {tuple(e) for e in case["edits"]}
        for path, offset in places:
            edits, _, _, _ = query(srv, files, {**case, "path": path, "offset": offset})
            all_edits |= {tuple(e) for e in edits or []}
        case["family"] = sorted(map(list, all_edits))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("corpus"), ap.add_argument("out")
    ap.add_argument("--n", type=int, default=120), ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--python", default=sys.executable)
    ap.add_argument("--extend", action="store_true")
    o = ap.parse_args()
    root, start = os.path.realpath(o.corpus), time.time()
    files = common.load(root)
    config = os.path.join(root, "pyrightconfig.json")     # outranks a [tool.pyright] that would leave files out
    with open(config, "x") as f:
        json.dump({"include": ["."], "typeCheckingMode": "off"}, f)
    atexit.register(os.remove, config)
    srv = Pyright(root, o.python)
    count = srv.wait_files()
    print(f"{root}: {len(files)} usable files, pyright found {count}, {time.time() - start:.0f} s", file=sys.stderr)
    refused = []

    def accept(case):
        edits, err, ms, via = query(srv, files, case)
        case.update(edits=edits, time_ms=ms, via=via)
        if edits is None:
            refused.append({**case, "error": err})
        return edits is not None
    if o.extend:                                          # cases that are there get what overrides them
        cases = [json.loads(line) for line in open(o.out)]
        add_overrides(srv, files, cases)
        with open(o.out, "w") as f:
            f.writelines(json.dumps(c) + "\n" for c in cases)
        return
    cases = common.sample(files, o.n, o.seed, accept)
    for round_ in range(4):                               # ask again until nothing changes
        changed = 0
        for c in cases:
            edits, err, ms, via = query(srv, files, c)
            if edits is not None and edits != c["edits"]:
                changed += 1
                c.update(edits=edits, changed=c.get("changed", 0) + 1)
            c["again_ms"] = ms
        print(f"  asked again: {changed} of {len(cases)} answers changed, {time.time() - start:.0f} s", file=sys.stderr)
        if not changed:
            break
    add_overrides(srv, files, cases)
    data = {p: s.data for p, s in files.items()}
    for c in cases:                                       # how many more tokens of this spelling are left as they are
        pat = re.compile(rb"(?<![\w\x80-\xff])" + re.escape(c["name"].encode()) + rb"(?![\w\x80-\xff])")
        c["left"] = sum(len(pat.findall(d)) for d in data.values()) - len(c["edits"])
    for path, rows in ((o.out, cases), (o.out.replace(".jsonl", ".refused.json"), refused)):
        with open(path, "w") as f:
            f.writelines(json.dumps(r) + "\n" for r in rows)
    srv.ask("shutdown", None, 5)
    srv.send({"method": "exit"})
    srv.p.wait(10)
    print(f"  {len(cases)} cases, {len(refused)} refused, {time.time() - start:.0f} s", file=sys.stderr)


main()
