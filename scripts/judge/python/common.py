"""Shared: sources with position conversion, and the declared names of a tree (from ast), stratified and seeded."""
import ast, bisect, io, os, random, re, subprocess, tokenize

KINDS = ["local", "parameter", "function", "class", "module variable", "import alias", "method", "attribute",
         "nested function", "comprehension variable", "class variable"]


class Src:
    """One file: bytes, and conversions between byte offsets and (0-based line, column)."""
    def __init__(self, data):
        self.data = data
        self.starts = [0] + [m.end() for m in re.finditer(rb"\r\n|\n|\r", data)]

    def line(self, i):
        end = self.starts[i + 1] if i + 1 < len(self.starts) else len(self.data)
        return self.data[self.starts[i]:end].decode()

    def to_byte(self, i, col, unit):                      # unit: "utf16" (LSP) or "char" (jedi)
        text = self.line(i)
        if unit == "utf16":
            return self.starts[i] + len(text.encode("utf-16-le")[:2 * col].decode("utf-16-le").encode())
        return self.starts[i] + len(text[:col].encode())

    def to_col(self, byte, unit):
        i = bisect.bisect_right(self.starts, byte) - 1
        text = self.data[self.starts[i]:byte].decode()
        return i, len(text.encode("utf-16-le")) // 2 if unit == "utf16" else len(text)


def load(root):
    """{relative path: Src} of every committed .py/.pyi file that is plain UTF-8 without BOM and parses."""
    names = subprocess.run(["git", "-C", root, "ls-files", "-z", "*.py", "*.pyi"], capture_output=True, check=True).stdout
    files = {}
    for rel in sorted(names.decode().split("\0")[:-1]):
        path = os.path.join(root, rel)
        if os.path.islink(path):
            continue
        data = open(path, "rb").read()
        try:
            if data.startswith(b"\xef\xbb\xbf") or tokenize.detect_encoding(io.BytesIO(data).readline)[0] != "utf-8":
                continue
            data.decode()
            tree = ast.parse(data)
        except (SyntaxError, UnicodeDecodeError, ValueError):
            continue
        files[rel] = Src(data)
        files[rel].tree = tree
    return files


class Names(ast.NodeVisitor):
    """Collects (kind, name, byte offset, class name or None): the first binding of each name in each scope."""
    def __init__(self, src):
        self.src, self.out, self.scopes, self.classes = src, [], [], {}

    def at(self, line, col):
        return self.src.starts[line - 1] + col

    def add(self, kind, name, offset, cls=None):
        if self.src.data[offset:offset + len(name.encode())] != name.encode():
            return                                        # e.g. an NFKC-normalised identifier
        if not (name.startswith("__") and name.endswith("__")) and name != "_":
            self.out.append((kind, name, offset, cls))

    def bind(self, name, offset, kinds):                  # kinds: by scope type module/class/function/comprehension
        scope = self.scopes[-1]
        if name in scope["names"] or name in scope["foreign"]:
            return
        scope["names"].add(name)
        kind = kinds.get(scope["type"])
        if kind:
            self.add(kind, name, offset, scope.get("cls"))

    def keyword_name(self, node, name):                   # offset of the name after `def` / `class`
        start = self.at(node.lineno, node.col_offset)
        m = re.compile(rb"(?:async\s+)?(?:def|class)[ \t\f\\\r\n]+").match(self.src.data, start)
        return m.end() if m else None

    def enter(self, type_, body, node=None, cls=None, params=()):
        scope = {"type": type_, "names": set(p.arg for p in params), "foreign": set(), "cls": cls, "self": None}
        if type_ == "function":
            for n in ast.walk(node):
                if isinstance(n, (ast.Global, ast.Nonlocal)):
                    scope["foreign"].update(n.names)
            if self.scopes[-1]["type"] == "class":
                scope["self"] = params[0].arg if params else None
                scope["owner"] = self.scopes[-1]
        if type_ == "class":
            scope["attrs"] = set()
        self.scopes.append(scope)
        for p in params:
            if p.arg != scope["self"]:
                self.add("parameter", p.arg, self.at(p.lineno, p.col_offset))
        for n in body:
            self.visit(n)
        self.scopes.pop()

    def visit_Module(self, node):
        self.enter("module", node.body)

    def visit_FunctionDef(self, node):
        off = self.keyword_name(node, node.name)
        if off is not None:
            self.bind(node.name, off, {"module": "function", "class": "method", "function": "nested function"})
        a = node.args
        for n in node.decorator_list + a.defaults + [d for d in a.kw_defaults if d]:
            self.visit(n)
        params = a.posonlyargs + a.args + ([a.vararg] if a.vararg else []) + a.kwonlyargs + ([a.kwarg] if a.kwarg else [])
        self.enter("function", node.body, node, params=params)
    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        off = self.keyword_name(node, node.name)
        if off is not None:
            self.bind(node.name, off, {k: "class" for k in ("module", "class", "function")})
        for n in node.decorator_list + node.bases:
            self.visit(n)
        bases = [b.attr if isinstance(b, ast.Attribute) else getattr(b, "id", None) for b in node.bases]
        self.classes.setdefault(node.name, [set(), set()])[0].update(b for b in bases if b)
        self.enter("class", node.body, node, cls=node.name)

    def visit_Lambda(self, node):
        self.generic_visit(node)

    def visit_comp(self, node):
        self.visit(node.generators[0].iter)
        self.scopes.append({"type": "comprehension", "names": set(), "foreign": set()})
        for i, g in enumerate(node.generators):
            self.visit(g.target)
            for n in ([g.iter] if i else []) + g.ifs:
                self.visit(n)
        for f in ("elt", "key", "value"):
            if hasattr(node, f):
                self.visit(getattr(node, f))
        self.scopes.pop()
    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_comp

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Store):
            self.bind(node.id, self.at(node.lineno, node.col_offset),
                      {"module": "module variable", "class": "class variable", "function": "local",
                       "comprehension": "comprehension variable"})

    def visit_NamedExpr(self, node):                      # binds outside comprehensions; rare, not sampled there
        if self.scopes[-1]["type"] != "comprehension":
            self.visit(node.target)
        self.visit(node.value)

    def visit_Import(self, node):
        for n in node.names:
            if n.asname and n.asname != n.name:
                off = self.at(n.end_lineno, n.end_col_offset) - len(n.asname.encode())
                self.bind(n.asname, off, {k: "import alias" for k in ("module", "function", "class")})
            else:
                self.scopes[-1]["names"].add(n.name.split(".")[0])
    visit_ImportFrom = visit_Import

    def visit_Attribute(self, node):
        fn = next((s for s in reversed(self.scopes) if s["type"] == "function"), None)
        if isinstance(node.ctx, ast.Store) and fn and fn["self"] and isinstance(node.value, ast.Name) \
                and node.value.id == fn["self"]:
            owner = fn["owner"]
            if node.attr not in owner["names"] and node.attr not in owner["attrs"]:
                owner["attrs"].add(node.attr)
                off = self.at(node.end_lineno, node.end_col_offset) - len(node.attr.encode())
                self.add("attribute", node.attr, off, owner["cls"])
        self.generic_visit(node)


def sample(files, n, seed, accept):
    """Round-robin over KINDS, shuffled within each; accept(case) -> bool keeps a case. Returns kept cases."""
    pools, family, members = {k: [] for k in KINDS}, {}, {}
    for rel, src in files.items():
        if rel.endswith(".pyi") or rel + "i" in files:    # pyright ties uses of a stubbed module to the stub alone
            continue
        v = Names(src)
        v.visit(src.tree)
        for kind, name, off, cls in v.out:
            pools[kind].append({"path": rel, "offset": off, "name": name, "kind": kind, "cls": cls})
            if cls:
                members.setdefault(name, set()).add((cls, rel))
        for c, (bases, _) in v.classes.items():
            family.setdefault(c, set()).update(bases)
            for b in bases:
                family.setdefault(b, set()).add(c)
    everything = b"\n".join(s.data for s in files.values())
    stubbed = set(re.findall(rb"\w+", b"\n".join(s.data for p, s in files.items() if p.endswith(".pyi"))))
    rnd = random.Random(seed)
    for p in pools.values():
        rnd.shuffle(p)
    kept = []
    while len(kept) < n and any(pools.values()):
        for k in KINDS:
            while len(kept) < n and pools[k]:
                case = pools[k].pop()
                cls = case.pop("cls")
                case["new"] = case["name"] + "_renamed9"
                if case["new"].encode() in everything or case["name"].encode() in stubbed:
                    continue                              # (uses through a stub are not tied to the .py by pyright)
                if cls:                                   # same member in a class related by (the name of) a base
                    near = related(family, cls)
                    case["override"] = any(c != cls and c in near for c, _ in members[case["name"]])
                if accept(case):
                    kept.append(case)
                    break
    return kept


def alias_uses(files, case):
    """Offsets of an import alias in its file by ast; None unless that is its only binding there and no other
    file can see it (pyright's references of an alias are those of the thing behind it, under any alias)."""
    name, here, src = case["name"], set(), files[case["path"]]
    for rel, other in files.items():
        for n in ast.walk(other.tree):
            if rel == case["path"]:
                if isinstance(n, ast.Name) and n.id == name:
                    if not isinstance(n.ctx, ast.Load):
                        return None
                    here.add(src.starts[n.lineno - 1] + n.col_offset)
                elif getattr(n, "arg", None) == name and isinstance(n, ast.arg) or getattr(n, "name", None) == name \
                        and not isinstance(n, ast.alias) or name in getattr(n, "names", ()):
                    return None
                elif isinstance(n, ast.alias) and (n.asname or n.name.split(".")[0]) == name:
                    off = src.starts[n.end_lineno - 1] + n.end_col_offset - len(name.encode())
                    if off != case["offset"]:
                        return None
                    here.add(off)
                elif isinstance(n, ast.Constant) and isinstance(n.value, str) and name in re.findall(r"\w+", n.value) \
                        and len(n.value) < 60:
                    return None                           # perhaps a quoted annotation or __all__
            elif isinstance(n, (ast.alias, ast.Attribute)) and name in (getattr(n, "name", 0), getattr(n, "attr", 0)):
                return None
    return here


def related(family, cls, without=("object", "Exception", "ABC", "Generic", "Protocol", "TestCase", "Enum")):
    seen, todo = {cls}, [cls]
    while todo:
        for b in family.get(todo.pop(), ()):
            if b not in seen and b not in without:
                seen.add(b)
                todo.append(b)
    return seen


def classes_of(files):
    """Classes by name: (path, the names of their bases, {member: offset of its declaration}, (first byte, last byte))."""
    classes = {}
    for path, source in files.items():
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.ClassDef):
                continue
            plain = [b.value if isinstance(b, ast.Subscript) else b for b in node.bases]
            bases = [b.attr if isinstance(b, ast.Attribute) else b.id for b in plain if isinstance(b, (ast.Attribute, ast.Name))]
            at = lambda line, col: source.starts[line - 1] + col
            members = {}
            for part in node.body:
                if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    begin = at(part.lineno, part.col_offset)
                    members.setdefault(part.name, source.data.index(part.name.encode(), begin + len("def ")))
                    for inner in ast.walk(part):
                        if isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store) and isinstance(inner.value, ast.Name) and inner.value.id == "self":
                            end = at(inner.end_lineno, inner.end_col_offset)
                            members.setdefault(inner.attr, end - len(inner.attr.encode()))
                for target in getattr(part, "targets", [getattr(part, "target", None)]):
                    if isinstance(target, ast.Name):
                        members.setdefault(target.id, at(target.lineno, target.col_offset))
            span = (at(node.lineno, node.col_offset), at(node.end_lineno, node.end_col_offset))
            classes.setdefault(node.name, []).append((path, bases, members, span))
    return classes


def below_and_above(classes, case):
    """Where classes that inherit from each other declare the member of a case: by the names of their bases alone."""
    def parents(cls):
        found = [p for base in cls[1] for p in classes.get(base, []) if p is not cls]
        same = [p for p in found if p[0] == cls[0]]
        return same or found
    def above(cls):
        seen, todo = [], [cls]
        while todo:
            for parent in parents(todo.pop()):
                if not any(parent is s for s in seen):
                    seen.append(parent)
                    todo.append(parent)
        return seen
    name, offset = case["name"], case["offset"]
    every = [cls for group in classes.values() for cls in group if name in cls[2]]
    inside = [cls for cls in every if cls[0] == case["path"] and cls[3][0] <= offset < cls[3][1]]
    if not inside:
        return []
    family, grown = [min(inside, key=lambda cls: cls[3][1] - cls[3][0])], True
    lines = [(cls, above(cls)) for cls in every]
    while grown:
        grown = False
        for cls, up in lines:
            mine = any(cls is f for f in family)
            for other in up:
                if name in other[2] and mine != any(other is f for f in family):
                    family.append(cls if not mine else other)
                    grown = mine = True
    return [(cls[0], cls[2][name]) for cls in family if (cls[0], cls[2][name]) != (case["path"], offset)]
