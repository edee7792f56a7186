//! Which places a member's new name changes, in each language.

use super::rename::{Rename, rename};
use super::texts::Texts;
use super::{Project, find_place};
use crate::core::Result;

/// The files after a renaming, and how many places were left open.
pub(super) fn run(files: &[(&str, &str)], place: &str, new: &str) -> Result<(Vec<String>, usize)> {
    let tree = Texts::new(files);
    let mut project = Project::new(&tree);
    let (path, offset) = find_place(&mut project, place)?;
    let renamed = rename(&mut project, &Rename { path: &path, offset, to: new })?;
    let texts = tree.edited(&renamed.edits);
    let open = renamed.doubts.iter().filter(|doubt| doubt.reason.starts_with("the type")).count();
    Ok((files.iter().map(|(path, _)| texts[*path].clone()).collect(), open))
}

/// Renames `old` of the first file to `next`; every `old` that is to become that is written `OLD` in the files.
pub(super) fn check(place: &str, files: &[(&str, &str)]) -> Result<()> {
    let before: Vec<(&str, String)> = files.iter().map(|(path, text)| (*path, text.replace("OLD", "old"))).collect();
    let before: Vec<(&str, &str)> = before.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let (after, open) = run(&before, place, "next")?;
    for ((path, text), after) in files.iter().zip(&after) {
        // A shorthand becomes a key and its value.
        let expected = text.replace("{ OLD }", "{ next: old }").replace("OLD", "next");
        assert_eq!(*after, expected, "{path}");
    }
    assert_eq!(open, 0, "{place}");
    Ok(())
}

#[test]
fn typescript_members_follow_their_types() -> Result<()> {
    for (place, text) in [
        (
            "a.ts:C.old",
            "class C { OLD() { this.OLD() } }\nclass D { old() { this.old() } }\nnew C().OLD(); new D().old();",
        ),
        ("a.ts:C.old", "class C { #OLD = 1; get v() { return this.#OLD } }"),
        ("a.ts:C.old", "class C { constructor(private OLD: number) { f(OLD) } m() { return this.OLD } }"),
        (
            "a.ts:C.old",
            "class C { OLD = 1 }\nclass D extends C { OLD = 2; m() { super.OLD; this.OLD } }\ndeclare const d: D; d.OLD;",
        ),
        (
            "a.ts:I.old",
            "interface I { OLD: number }\nclass C implements I { OLD = 1 }\nconst i: I = { OLD: 2 }; i.OLD;",
        ),
        ("a.ts:I.old", "interface I { OLD: number }\nfunction f({ OLD }: I) { return old }\nf({ OLD: 1 });"),
        (
            "a.ts:I.old",
            "type I = { OLD: { x: number } }\nfunction g(): I | null { return { OLD: { x: 1 } } }\ng()?.OLD.x; g()!['OLD'];",
        ),
        (
            "a.ts:I.old",
            "interface I { OLD(): I }\nfunction f(all: I[]) { all.map(one => one.OLD().OLD()); for (const one of all) one.OLD() }",
        ),
        ("a.ts:I.old", "interface I { OLD: 1 }\ntype T = I['OLD'];\nconst m = new Map<string, I>(); m.get('x')!.OLD;"),
        ("a.ts:C.old", "class C { OLD = 1 }\nfunction f(x: unknown) { if (x instanceof C) { x.OLD } }"),
        ("a.ts:f.old", "const f = { OLD: 1 };\nf.OLD;\nconst { OLD: b } = f;"),
        ("a.tsx:P.old", "interface P { OLD: number }\nfunction Q(p: P) { return p.OLD }\nconst q = <Q OLD={1} />;"),
    ] {
        let path = if place.starts_with("a.tsx") { "a.tsx" } else { "a.ts" };
        let place = if place == "a.ts:f.old" { "a.ts:1:13" } else { place };
        check(place, &[(path, text)])?;
    }
    check(
        "a.ts:C.old",
        &[
            ("a.ts", "export class C { OLD() {} }\nexport const c = new C();\nexport function make() { return c }"),
            (
                "b.ts",
                "import { c, make } from './a';\nimport * as a from './a';\nc.OLD(); make().OLD(); new a.C().OLD();",
            ),
            (
                "c.ts",
                "import { C } from './a';\nexport class D extends C { OLD() {} }\nfunction f(x: { old(): void }) { x.old() }",
            ),
        ],
    )
}

#[test]
fn javascript_members_are_made_by_assignment() -> Result<()> {
    check(
        "a.js:C.old",
        &[("a.js", "class C { constructor() { this.OLD = 1 } m() { return this.OLD } }\nnew C().OLD;")],
    )?;
    check(
        "a.js:2:8",
        &[(
            "a.js",
            "function F() {\n  this.OLD = 1;\n}\nF.prototype.m = function () { return this.OLD };\nnew F().OLD;",
        )],
    )
}

#[test]
fn comments_say_what_values_of_javascript_are() -> Result<()> {
    for text in [
        "/** @param {C} c the c */\nfunction f(c) { c.OLD }",
        "/**\n * @param {number} n\n * @param {?C} [c]\n */\nexport function f(n, c) { c.OLD }",
        "/** @returns {C[]} */\nconst f = () => g();\nf()[0].OLD;",
        "/** @type {Map<string, C>} */\nconst all = make();\nall.get('x').OLD;",
        "/** @param {C} o */\nmodule.exports = function ({ OLD }) { return old };",
        "class D {\n  /** @type {C} */\n  c = make();\n  /** @param {D} d */\n  m(d) { d.c.OLD }\n}",
        "class D {\n  constructor() {\n    /** @type {C} */\n    this.c = null;\n  }\n  m() { this.c.OLD }\n}",
        "const o = {\n  /** @param {C} c */\n  m(c) { c.OLD },\n  /** @param {C} c */\n  n: c => c.OLD,\n};",
        "/** @typedef {C | null} T */\n/** @param {T} t */\nfunction f(t) { t.OLD }",
        "/**\n * @template T\n * @param {T} x\n */\nfunction f(x) { x.y }\n/** @param {C} c */\nfunction h(c) { f(c); c.OLD }",
    ] {
        check("a.js:C.old", &[("a.js", &format!("class C {{ OLD = 1 }}\n{text}\n"))])?;
    }
    let home = "/** @typedef {object} O\n * @property {string} OLD the name\n */\n/** @param {O} o */\nexport function f(o) { o.OLD }\n";
    let user = "import { f } from './a.js';\nf({ OLD: 'x' });\n/** @type {import('./a.js').O} */\nlet o;\no.OLD;\n";
    check("a.js:2:24", &[("a.js", home), ("b.js", user)])
}

#[test]
fn typescript_members_in_places_of_their_own() -> Result<()> {
    for text in [
        "interface I { OLD: number }\nlet old = 0;\nfunction f(o: I) { ({ OLD } = o); for ({ OLD } of [o]) {} }",
        "interface I { OLD: number }\nconst c = { OLD: 1 } satisfies I;\nc.OLD;",
        "interface I { OLD: number }\nlet q = 0;\nfunction f(o: I) { ({ OLD: q } = o) }",
    ] {
        check("a.ts:I.old", &[("a.ts", text)])?;
    }
    check("a.ts:A.old", &[("a.ts", "class A { #OLD = 1; static is(o: object) { return #OLD in o } }")])
}

#[test]
fn common_js_classes_are_known_where_they_are_required() -> Result<()> {
    let users = [
        ("module.exports = { A };", "const { A } = require('./a');\nnew A().OLD();"),
        ("module.exports = A;", "const A = require('./a');\nclass B extends A { OLD() { super.OLD() } }"),
        ("exports.A = A;", "const a = require('./a');\nnew a.A().OLD();"),
    ];
    for (offer, user) in users {
        check("a.js:A.old", &[("a.js", &format!("class A {{ OLD() {{}} }}\n{offer}\n")), ("b.js", user)])?;
    }
    // What begins as nothing may become anything.
    let text = "class N { old() {} }\nclass L { constructor() { this.head = null } get() { return this.head.old() } }";
    assert_eq!(run(&[("a.js", text)], "a.js:N.old", "next")?.1, 1);
    let text = "class N { old() {} }\nlet y = [];\ny[0].old();";
    assert_eq!(run(&[("a.js", text)], "a.js:N.old", "next")?.1, 1);
    Ok(())
}

#[test]
fn jsdoc_declares_and_takes_types() -> Result<()> {
    check(
        "a.js:1:23",
        &[
            ("a.js", "/** @typedef {Object} OLD */\n/** @param {OLD} x */\nexport function f(x) {}\n"),
            ("b.js", "/** @import { OLD as B } from './a.js' */\n/** @type {import('./a.js').OLD} */\nlet x;\n"),
        ],
    )
}

#[test]
fn python_members_follow_their_types() -> Result<()> {
    check(
        "a.py:C.old",
        &[
            (
                "a.py",
                "class C:\n    def OLD(self): return self.OLD()\nclass D:\n    def old(self): self.old()\nC().OLD(); D().old()\n",
            ),
            (
                "b.py",
                "from a import C\nimport a\nx = C()\nx.OLD()\ndef f(c: C, d: 'a.D'): c.OLD()\nfor y in [a.C()]: y.OLD()\n",
            ),
            ("c.py", "from a import C\nclass E(C):\n    def OLD(self): super().OLD()\nE().OLD()\n"),
            (
                "d.py",
                "import a\ndef make() -> a.C | None: ...\nmake().OLD()\ndef g(x):\n    if isinstance(x, a.C): x.OLD()\n    if isinstance(x, a.D): x.old()\n",
            ),
        ],
    )?;
    check(
        "a.py:C.old",
        &[("a.py", "class C:\n    __slots__ = ('OLD',)\n    def __init__(self): self.OLD = 1\nC().OLD\n")],
    )?;
    check(
        "a.py:2:17",
        &[
            ("a.py", "class C:\n    def m(self, OLD): return OLD\n"),
            ("b.py", "from a import C\nc = C()\nc.m(OLD=1)\ng(old=1)\n"),
        ],
    )
}

#[test]
fn python_fields_are_arguments_and_patterns() -> Result<()> {
    let class = "@dataclass\nclass C:\n    OLD: int\n";
    check(
        "a.py:C.old",
        &[
            ("a.py", &format!("{class}class D(C): pass\nC(OLD=1).OLD; D(OLD=2); g(old=3)\n")),
            ("b.py", "from a import C\ndef f(c):\n    match c:\n        case C(OLD=0): return C.OLD\n"),
        ],
    )?;
    check(
        "a.py:E.old",
        &[("a.py", "class E(Enum):\n    OLD = 1\ndef f(e):\n    match e:\n        case E.OLD: return 1\n")],
    )?;
    check(
        "a.py:2:17",
        &[
            ("a.py", "class A:\n    def m(self, OLD): return OLD\n"),
            ("b.py", "from a import A\nclass B(A):\n    def n(self): super().m(OLD=1)\nA().m(OLD=2)\n"),
        ],
    )?;
    // An alias of types hides which one is meant.
    let text = "class A:\n    old = 1\nM = Optional[A]\ndef g(u: M): return u.old\n";
    assert_eq!(run(&[("a.py", text)], "a.py:A.old", "next")?.1, 1);
    Ok(())
}

#[test]
fn go_members_follow_their_types() -> Result<()> {
    check(
        "a/a.go:T.old",
        &[
            ("go.mod", "module m\n"),
            ("a/a.go", "package a\n\ntype T struct{ OLD int }\n\ntype U struct{ old int }\n\ntype V struct{ *T }\n"),
            (
                "a/b.go",
                "package a\n\nfunc f(u U) int {\n\tt := &T{OLD: 1}\n\tv := V{t}\n\tfor _, x := range []T{{OLD: 2}} {\n\t\t_ = x.OLD\n\t}\n\treturn t.OLD + u.old + v.OLD + v.T.OLD\n}\n",
            ),
        ],
    )?;
    check(
        "a/a.go:P.old",
        &[
            ("go.mod", "module m\n"),
            ("a/a.go", "package a\n\ntype P struct{ OLD int }\n\nvar s = map[P]bool{{OLD: 1}: true}\n"),
        ],
    )?;
    let files = [
        ("go.mod", "module m\n"),
        ("p/p.go", "package p\n\ntype T struct{}\n\nfunc (T) Old() {}\n"),
        ("main.go", "package main\n\nimport \"m/p\"\n\nfunc main() { p.T{}.Old() }\n"),
    ];
    let problem = run(&files, "p/p.go:T.Old", "old").err().map(|problem| problem.to_string());
    assert!(problem.is_some_and(|text| text.contains("could not be seen")));
    // What satisfies an interface goes with it; what only has a method of the name does not.
    check(
        "a/a.go:I.old",
        &[
            ("go.mod", "module m\n"),
            (
                "a/a.go",
                "package a\n\ntype I interface{ OLD(int) }\n\ntype T struct{}\n\nfunc (T) OLD(n int) {}\n\ntype U struct{}\n\nfunc (U) old(s string) {}\n",
            ),
            (
                "a/b.go",
                "package a\n\nfunc f(i I, v any) {\n\ti.OLD(1)\n\tT{}.OLD(2)\n\tU{}.old(\"\")\n\tswitch x := v.(type) {\n\tcase T:\n\t\tx.OLD(3)\n\tcase U:\n\t\tx.old(\"\")\n\t}\n}\n",
            ),
        ],
    )
}

#[test]
fn a_value_of_unknown_type_is_left_open() -> Result<()> {
    let (texts, open) = run(&[("a.ts", "class C { old() {} }\nfunction f(x: any) { x.old() }")], "a.ts:C.old", "next")?;
    assert_eq!((texts[0].as_str(), open), ("class C { next() {} }\nfunction f(x: any) { x.old() }", 1));
    Ok(())
}

#[test]
fn a_member_that_is_there_already_is_refused() {
    for (path, place, text) in [
        ("a.ts", "a.ts:C.old", "class C { old = 1; other = 2 }"),
        ("a.ts", "a.ts:C.old", "class B { other = 2 }\nclass C extends B { old = 1 }"),
        ("a.ts", "a.ts:C.old", "class C { old = 1 }\nclass D extends C { other = 2 }"),
        ("a.py", "a.py:C.old", "class C:\n    def old(self): pass\n    def other(self): pass\n"),
        ("a.go", "a.go:T.old", "package a\n\ntype T struct{ old, other int }\n"),
        ("a.ts", "a.ts:I.old", "interface I { old: 1 }\nconst o: I = { old: 1, other: 2 }"),
    ] {
        let problem = run(&[(path, text)], place, "other").err().map(|problem| problem.to_string());
        assert!(problem.as_deref().is_some_and(|text| text.contains("mixed up")), "{text}: {problem:?}");
    }
}

#[test]
fn what_others_may_know_by_its_name_is_told() -> Result<()> {
    for (path, place, text, count) in [
        ("a.ts", "a.ts:C.old", "import { B } from 'b';\nexport class C extends B { old() {} }", 1),
        ("a.ts", "a.ts:C.old", "class C { old() {} }\ninterface I { old(): void }\nconst i: I = new C();", 1),
        ("a.ts", "a.ts:C.old", "class C { old() {} }\ninterface I { old(): void; other(): void }", 0),
        ("a.ts", "a.ts:C.old", "class C { old() {} }\nclass D { old() {} }", 0),
        ("a.py", "a.py:C.old", "from b import B\nclass C(B):\n    def old(self): pass\n", 1),
        ("a.py", "a.py:C.old", "class C:\n    def old(self): pass\nclass D:\n    def old(self): pass\n", 0),
        ("a.py", "a.py:C.old", "class C:\n    def old(self): pass\nclass D(Protocol):\n    def old(self): pass\n", 1),
        ("a.go", "a.go:T.old", "package a\n\nimport \"fmt\"\n\ntype T struct{ old int }\n", 0),
    ] {
        let tree = Texts::new(&[(path, text)]);
        let mut project = Project::new(&tree);
        let (path, offset) = find_place(&mut project, place)?;
        let renamed = rename(&mut project, &Rename { path: &path, offset, to: "later" })?;
        assert_eq!(renamed.doubts.len(), count, "{text}: {:?}", renamed.doubts);
    }
    let go = "package a\n\ntype T struct{}\n\nfunc (T) String() string { return \"\" }\n";
    let tree = Texts::new(&[("a.go", go)]);
    let mut project = Project::new(&tree);
    let (path, offset) = find_place(&mut project, "a.go:T.String")?;
    let renamed = rename(&mut project, &Rename { path: &path, offset, to: "Text" })?;
    assert_eq!(renamed.doubts.len(), 1);
    for (text, new) in
        [("class C { old() {} }", "constructor"), ("class A { #old = 1; f = class { #next = 2 } }", "next")]
    {
        assert!(run(&[("a.ts", text)], "a.ts:1:12", new).is_err(), "{text}");
    }
    assert!(run(&[("a.py", "class C:\n    old = 1\n")], "a.py:C.old", "__later").is_err());
    let go = "package a\n\nimport \"encoding/json\"\n\ntype T struct{ Old int }\n\nvar _ = json.Marshal\n";
    let tree = Texts::new(&[("a.go", go)]);
    let mut project = Project::new(&tree);
    let (path, offset) = find_place(&mut project, "a.go:T.Old")?;
    let renamed = rename(&mut project, &Rename { path: &path, offset, to: "Later" })?;
    assert_eq!(renamed.doubts.len(), 1);
    let magic = run(&[("a.py", "class C:\n    def __len__(self): return 1\n")], "a.py:C.__len__", "size");
    assert!(magic.err().is_some_and(|problem| problem.to_string().contains("the language itself")));
    Ok(())
}

#[test]
fn a_class_of_python_that_is_declared_again_is_renamed_again() -> Result<()> {
    check(
        "a.py:3:9",
        &[(
            "a.py",
            "def test():\n    class M:\n        OLD = 1\n\n    class M:\n        OLD = 2\n\n    return M.OLD\n",
        )],
    )
}

#[test]
fn what_a_decorator_or_keywords_may_hand_on_is_told() -> Result<()> {
    let decorated = "class G:\n    def old(self): pass\n\n@group()\ndef cli(): pass\n\n@cli.old()\ndef f(): pass\n";
    assert_eq!(run(&[("a.py", decorated)], "a.py:G.old", "next")?.1, 1);
    let helper =
        "def make(**kwargs):\n    p = P()\n    for k, v in kwargs.items():\n        setattr(p, k, v)\n    return p\n";
    let class = "class P:\n    old = 1\n";
    for (call, expected) in [("make(old=2)", 1), ("make(older=2)", 0), ("other(old=2)", 0)] {
        let text = format!("{class}\n{helper}\ndef other(old): pass\n\n{call}\n");
        let tree = Texts::new(&[("a.py", &text)]);
        let mut project = Project::new(&tree);
        let (path, offset) = find_place(&mut project, "a.py:P.old")?;
        let renamed = rename(&mut project, &Rename { path: &path, offset, to: "next" })?;
        let told = renamed.doubts.iter().filter(|doubt| doubt.reason.starts_with("an argument")).count();
        assert_eq!(told, expected, "{call}");
    }
    Ok(())
}
