//! What becomes of constructors and of whatever makes a value by one.

use super::*;
use crate::core::refactor::find_place;
use crate::core::refactor::texts::Texts;

type Done = (Vec<String>, Vec<&'static str>);

/// The files after a change of the constructor of `C`, and what is told.
fn run(files: &[(&str, &str)], remove: &[&str], add: &[(&str, &str)]) -> Result<Done> {
    run_at("C", files, remove, add)
}

/// The files after a change of what the first of them declares under a name, and what is told.
pub(super) fn run_at(what: &str, files: &[(&str, &str)], remove: &[&str], add: &[(&str, &str)]) -> Result<Done> {
    let tree = Texts::new(files);
    let mut project = Project::new(&tree);
    let (path, offset) = find_place(&mut project, &format!("{}:{what}", files[0].0))?;
    let add = add.iter().map(|(declaration, argument)| Added {
        declaration: (*declaration).to_owned(),
        argument: Some((*argument).to_owned()),
        at: Some(1),
    });
    let remove = remove.iter().map(|name| (*name).to_owned()).collect();
    let changed = signature(&mut project, &path, offset, &Change { remove, add: add.collect(), order: Vec::new() })?;
    let reasons = changed.doubts.iter().map(|doubt| doubt.reason).collect();
    let mut texts = tree.edited(&changed.edits);
    Ok((files.iter().map(|(path, _)| texts.remove(*path).unwrap_or_default()).collect(), reasons))
}

#[test]
fn whatever_makes_a_value_follows() -> Result<()> {
    for (path, text, add, expected) in [
        (
            "a.ts",
            "class C { constructor(readonly a: number) {} }\nclass D extends C { constructor() { super(1) } }\nclass E extends C {}\nclass F extends E { constructor(b: C) { super(b.a) } }\nnew C(new E(2).a); new D();\nfunction f(c: C) { return c instanceof C }\n",
            ("x: string", "''"),
            "class C { constructor(x: string, readonly a: number) {} }\nclass D extends C { constructor() { super('', 1) } }\nclass E extends C {}\nclass F extends E { constructor(b: C) { super('', b.a) } }\nnew C('', new E('', 2).a); new D();\nfunction f(c: C) { return c instanceof C }\n",
        ),
        (
            "a.js",
            "class C { constructor(a) { this.a = a } }\nclass D extends C { constructor() { super(1); class I { constructor() { super(3) } } } }\nnew C(1);\n",
            ("x", "0"),
            "class C { constructor(x, a) { this.a = a } }\nclass D extends C { constructor() { super(0, 1); class I { constructor() { super(3) } } } }\nnew C(0, 1);\n",
        ),
        (
            "a.py",
            "class C:\n    def __init__(self, a, b=2):\n        self.a = a\n\n\nclass D(C):\n    def __init__(self):\n        super().__init__(1, b=3)\n\n\nclass E(C):\n    pass\n\n\ndef f(c: C) -> C:\n    try:\n        return isinstance(c, (C, D))\n    except C:\n        return E(a=1)\n",
            ("x", "0"),
            "class C:\n    def __init__(self, x, a, b=2):\n        self.a = a\n\n\nclass D(C):\n    def __init__(self):\n        super().__init__(0, 1, b=3)\n\n\nclass E(C):\n    pass\n\n\ndef f(c: C) -> C:\n    try:\n        return isinstance(c, (C, D))\n    except C:\n        return E(0, a=1)\n",
        ),
    ] {
        let (after, told) = run(&[(path, text)], &[], &[add])?;
        assert_eq!((after[0].as_str(), told), (expected, Vec::new()), "{path}");
    }
    Ok(())
}

#[test]
fn other_files_follow() -> Result<()> {
    let (after, told) = run(
        &[
            ("a.ts", "export class C { constructor(a: number, b: number) { f(a) } }\n"),
            (
                "b.ts",
                "import { C as K } from './a';\nimport * as all from './a';\nnew K(1, 2); new all.C(3, 4);\nexport class D extends all.C {}\n",
            ),
            ("c.ts", "import { D } from './b';\nexport default new D(5, 6);\n"),
        ],
        &["b"],
        &[],
    )?;
    assert!(told.is_empty(), "{told:?}");
    assert!(after[0].contains("constructor(a: number) {"), "{}", after[0]);
    assert!(after[1].contains("new K(1); new all.C(3);"), "{}", after[1]);
    assert!(after[2].contains("new D(5);"), "{}", after[2]);
    Ok(())
}

#[test]
fn what_may_be_made_elsewhere_is_told() -> Result<()> {
    for (path, text, expected) in [
        (
            "a.ts",
            "class C { constructor(a: number) {} }\nuse(C);\n",
            "it is used as a value: whoever makes one then is not known",
        ),
        ("a.ts", "class C { constructor(a: number) {} }\nlet make: typeof C;\n", "its type says how it is made"),
        (
            "a.ts",
            "class C { constructor(a?: number) {} static m() { return new this(1) } }\n",
            "what it makes may be of a class below",
        ),
        ("a.ts", "class C { constructor(a?: number) {} }\nnew C;\n", "it is made without a list of arguments"),
        (
            "a.py",
            "class C:\n    def __init__(self, a): pass\n\n    @classmethod\n    def of(cls): return cls(1)\n",
            "what it makes may be of a class below",
        ),
        (
            "a.py",
            "class C:\n    def __init__(self, a): pass\n\n\nclass D(C):\n    def __init__(self):\n        C.__init__(self, 1)\n",
            "it is called on its class, which passes the object itself",
        ),
        (
            "a.py",
            "class C:\n    def __init__(self, a): pass\n\n\nclass M: pass\n\n\nclass D(M, C): pass\n",
            "which of its classes above comes next is decided elsewhere",
        ),
        (
            "a.py",
            "class C:\n    def __init__(self, a): pass\n\n\nall = [C]\n",
            "it is used as a value: whoever makes one then is not known",
        ),
        (
            "a.py",
            "class C(Exception):\n    def __init__(self, a): pass\n\n\ntry:\n    pass\nexcept OSError:\n    use(C)\n",
            "it is used as a value: whoever makes one then is not known",
        ),
        (
            "a.py",
            "class C:\n    def __init__(self, a): pass\n\n\nisinstance(1, made(C))\n",
            "it is used as a value: whoever makes one then is not known",
        ),
        (
            "a.ts",
            "class C { constructor(a: number) {} }\nmade(C) instanceof Object;\n",
            "it is used as a value: whoever makes one then is not known",
        ),
    ] {
        let (_, told) = run(&[(path, text)], &[], &[("x", "0")])?;
        assert_eq!(told, [expected], "{text}");
    }
    Ok(())
}

#[test]
fn what_would_break_the_class_is_refused() {
    for (path, text, remove, expected) in [
        ("a.ts", "class C { a = 1 }\n", "x", "it declares no constructor"),
        (
            "a.ts",
            "class C { constructor(a: number);\n constructor(a: string);\n constructor(a: any) {} }\n",
            "a",
            "its constructor is declared more than once",
        ),
        ("a.ts", "class C { constructor(private a: number) {} }\n", "a", "'a' is a member of 'C', too"),
        ("a.ts", "class C { constructor(a: number) { f(a) } }\n", "a", "the function uses 'a'"),
        (
            "a.py",
            "class C:\n    def __new__(cls, a): pass\n    def __init__(self, a): pass\n",
            "a",
            "'__new__' is passed the same",
        ),
        (
            "a.py",
            "class C(metaclass=M):\n    def __init__(self, a): pass\n",
            "a",
            "its metaclass may make it in its own way",
        ),
    ] {
        let error = run(&[(path, text)], &[remove], &[]).expect_err("it is refused");
        assert!(error.to_string().contains(expected), "{text}: {error}");
    }
}
