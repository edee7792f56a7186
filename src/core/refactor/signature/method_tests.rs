//! What becomes of methods and their calls.

use super::constructor_tests::run_at;
use super::*;

/// The file after a change of `C.m`, and what is told.
fn run(path: &str, text: &str, remove: &[&str], add: &[(&str, &str)]) -> Result<(String, Vec<&'static str>)> {
    let (mut after, told) = run_at("C.m", &[(path, text)], remove, add)?;
    Ok((after.remove(0), told))
}

#[test]
fn a_method_changes_with_all_that_override_it_and_its_calls() -> Result<()> {
    for (path, text, add, expected) in [
        (
            "a.ts",
            "class C { m(a: number) { return a } }\nclass D extends C { m(a: number) { return super.m(a) } }\nnew C().m(1); new D().m(2);\n",
            ("x: string", "''"),
            "class C { m(x: string, a: number) { return a } }\nclass D extends C { m(x: string, a: number) { return super.m('', a) } }\nnew C().m('', 1); new D().m('', 2);\n",
        ),
        (
            "a.ts",
            "interface C { m(a: number): void }\nclass D implements C { m(a: number) {} }\nfunction f(c: C, d: D) { c.m(1); d.m(c.m(2) as any) }\n",
            ("x: number", "0"),
            "interface C { m(x: number, a: number): void }\nclass D implements C { m(x: number, a: number) {} }\nfunction f(c: C, d: D) { c.m(0, 1); d.m(0, c.m(0, 2) as any) }\n",
        ),
        (
            "a.py",
            "class C:\n    def m(self, a):\n        return a\n\n    def n(self):\n        return self.m(1)\n\n\nclass D(C):\n    def m(self, a):\n        return super().m(a)\n\n\nD().m(a=2)\n",
            ("x", "0"),
            "class C:\n    def m(self, x, a):\n        return a\n\n    def n(self):\n        return self.m(0, 1)\n\n\nclass D(C):\n    def m(self, x, a):\n        return super().m(0, a)\n\n\nD().m(0, a=2)\n",
        ),
        (
            "a.py",
            "class C:\n    @staticmethod\n    def m(a): pass\n\n    @classmethod\n    def n(cls): cls.m(1)\n",
            ("x", "0"),
            "class C:\n    @staticmethod\n    def m(x, a): pass\n\n    @classmethod\n    def n(cls): cls.m(0, 1)\n",
        ),
        (
            "a.py",
            "from enum import Enum\n\n\nclass C(Enum):\n    X = 1\n\n    def m(self, a):\n        return C.X.m(a)\n",
            ("x", "0"),
            "from enum import Enum\n\n\nclass C(Enum):\n    X = 1\n\n    def m(self, x, a):\n        return C.X.m(0, a)\n",
        ),
        (
            "a.py",
            "class C:\n    @classmethod\n    def m(cls, a): pass\n\n\nC.m(1)\n",
            ("x", "0"),
            "class C:\n    @classmethod\n    def m(cls, x, a): pass\n\n\nC.m(0, 1)\n",
        ),
        (
            "a.go",
            "package p\n\ntype I interface{ m(int, string) int }\n\ntype C struct{}\n\nfunc (c C) m(a int, b string) int { return a }\n\ntype D struct{}\n\nfunc (d D) m(_ int, s string) int { return 1 }\n\nfunc f(i I) int { return i.m(1, \"\") }\n",
            ("x bool", "true"),
            "package p\n\ntype I interface{ m(bool, int, string) int }\n\ntype C struct{}\n\nfunc (c C) m(x bool, a int, b string) int { return a }\n\ntype D struct{}\n\nfunc (d D) m(x bool, _ int, s string) int { return 1 }\n\nfunc f(i I) int { return i.m(true, 1, \"\") }\n",
        ),
        (
            "a.go",
            "package p\n\ntype I interface{ m(a int) int }\n\ntype C struct{}\n\nfunc (c *C) m(a int) int { return a }\n\nfunc f(i I, c *C) int { return i.m(1) + c.m(2) }\n",
            ("x int", "0"),
            "package p\n\ntype I interface{ m(x int, a int) int }\n\ntype C struct{}\n\nfunc (c *C) m(x int, a int) int { return a }\n\nfunc f(i I, c *C) int { return i.m(0, 1) + c.m(0, 2) }\n",
        ),
    ] {
        let (after, _) = run(path, text, &[], &[add])?;
        assert_eq!(after, expected, "{text}");
    }
    Ok(())
}

#[test]
fn what_is_not_sure_is_told_and_left() -> Result<()> {
    let text = "class C { m(a: number) {} }\nfunction f(x: any) { x.m(1); const v = new C().m; }\nnew C().m(2);\n";
    let (after, told) = run("a.ts", text, &["a"], &[])?;
    assert_eq!(after, "class C { m() {} }\nfunction f(x: any) { x.m(1); const v = new C().m; }\nnew C().m();\n");
    assert_eq!(
        told,
        ["the type of what it is named on is not known", "it is used as a value: whoever calls it then is not known"]
    );
    let text = "class C { m(a: number) {} }\nconst { m } = new C();\nm(1);\n";
    let (_, told) = run("a.ts", text, &["a"], &[])?;
    assert_eq!(told, ["it is taken out of its object: whoever calls it then is not known"]);
    let (_, told) =
        run("a.py", "class C:\n    def m(self, a): pass\n\n\nC.m(C(), 1)\ngetattr(x, 'm')(1)\n", &["a"], &[])?;
    assert_eq!(
        told,
        [
            "it is named on its class, which passes the object itself",
            "in a string, by which another may take its place"
        ]
    );
    Ok(())
}

#[test]
fn what_would_break_a_method_is_refused() {
    for (path, text, reason) in [
        ("a.ts", "class C { m(a: number) { return a } }\n", "the function uses 'a'"),
        ("a.ts", "class C { m(a: number) {} }\nclass D extends C { m(b: number) {} }\n", "it has other parameters"),
        ("a.ts", "class C { get m() { return 1 } }\n", "it is used as a property"),
        ("a.py", "class C:\n    @property\n    def m(self, a): pass\n", "it is used as a property"),
        ("a.ts", "class C { m(a: number) {} }\nclass D extends C { m = f }\n", "there it is no method"),
    ] {
        let message = run(path, text, &["a"], &[]).map_err(|e| e.to_string()).err().unwrap_or_default();
        assert!(message.contains(reason), "{text}: {message}");
    }
}
