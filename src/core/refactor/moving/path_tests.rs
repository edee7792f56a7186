//! Who follows a file that gets another path.

use super::*;
use crate::core::refactor::texts::Texts;

/// Gives a file another path, and compares all files: path, before, after; those that are not named by an edit stay.
fn check_file(from: &str, to: &str, files: &[(&str, &str, &str)]) -> Result<Vec<&'static str>> {
    let before: Vec<(&str, &str)> = files.iter().map(|(path, text, _)| (*path, *text)).collect();
    let tree = Texts::new(&before);
    let mut project = Project::new(&tree);
    let moved = move_path(&mut project, from, to)?;
    let after = tree.edited(&moved.edits);
    for (path, _, expected) in files {
        assert_eq!(after.get(*path).map(String::as_str), Some(*expected), "{path}");
    }
    Ok(moved.doubts.iter().map(|doubt| doubt.reason).collect())
}

#[test]
fn whoever_imports_a_file_follows_it() -> Result<()> {
    let doubts = check_file(
        "src/a.ts",
        "lib/deep/b.ts",
        &[
            (
                "src/a.ts",
                "import { c } from './c';\nexport * from '../d';\nexport const a = c;\n",
                "import { c } from '../../src/c';\nexport * from '../../d';\nexport const a = c;\n",
            ),
            (
                "src/c.ts",
                "import('./a').then();\nexport const c = 1;\n",
                "import('../lib/deep/b').then();\nexport const c = 1;\n",
            ),
            (
                "d.ts",
                "import type { a } from './src/a';\nexport { a as b } from './src/a';\n",
                "import type { a } from './lib/deep/b';\nexport { a as b } from './lib/deep/b';\n",
            ),
            (
                "e.js",
                "const { a } = require('./src/a');\nvi.mock('./src/a');\n",
                "const { a } = require('./lib/deep/b');\nvi.mock('./lib/deep/b');\n",
            ),
        ],
    )?;
    assert_eq!(doubts, [""; 0]);
    check_file(
        "a.ts",
        "a/index.ts",
        &[("a.ts", "import './b';\n", "import '../b';\n"), ("b.ts", "import './a';\n", "import './a';\n")],
    )?;
    let doubts = check_file(
        "pkg/a.py",
        "pkg/b.py",
        &[
            ("pkg/__init__.py", "from . import a\nfrom .a import f\n", "from . import b as a\nfrom .b import f\n"),
            ("pkg/a.py", "from .c import d\ndef f(): pass\n", "from .c import d\ndef f(): pass\n"),
            ("pkg/c.py", "d = 1\n", "d = 1\n"),
            (
                "use.py",
                "import pkg.a\nimport pkg.a as z\npkg.a.f(z)\n",
                "import pkg.b\nimport pkg.b as z\npkg.b.f(z)\n",
            ),
            ("all.py", "import pkg\nx = [pkg.a, pkg.a.f]\n", "import pkg\nx = [pkg.b, pkg.b.f]\n"),
            ("test.py", "patch('pkg.a.f')\nimport pkg.a\n", "patch('pkg.a.f')\nimport pkg.b\n"),
        ],
    )?;
    assert_eq!(doubts, ["the string may name the file"]);
    let refused = check_file("p/a.go", "q/a.go", &[("p/a.go", "package p\n", "")]).map_err(|error| error.to_string());
    assert!(refused.is_err_and(|error| error.contains("leave its package")));
    Ok(())
}

#[test]
fn whoever_imports_from_a_directory_follows_it() -> Result<()> {
    let doubts = check_file(
        "src/a",
        "lib/deep/b",
        &[
            (
                "src/a/one.ts",
                "import { two } from './two';\nimport { c } from '../c';\nimport './style.css';\nimport '../top.css';\n",
                "import { two } from './two';\nimport { c } from '../../../src/c';\nimport './style.css';\nimport '../../../src/top.css';\n",
            ),
            ("src/a/two.ts", "export const two = 2;\n", "export const two = 2;\n"),
            ("src/a/style.css", "", ""),
            ("src/ab.ts", "export {};\n", "export {};\n"),
            (
                "src/c.ts",
                "import { two } from './a/two';\nimport './a/style.css';\nimport './ab';\nexport const c = import('./a/one');\n",
                "import { two } from '../lib/deep/b/two';\nimport '../lib/deep/b/style.css';\nimport './ab';\nexport const c = import('../lib/deep/b/one');\n",
            ),
        ],
    )?;
    assert_eq!(doubts, [""; 0]);
    let doubts = check_file(
        "pkg/a",
        "pkg/b",
        &[
            ("pkg/__init__.py", "from . import a\nfrom .a.x import f\n", "from . import b as a\nfrom .b.x import f\n"),
            ("pkg/a/__init__.py", "from .x import f\nfrom . import x\n", "from .x import f\nfrom . import x\n"),
            ("pkg/a/x.py", "from ..c import d\nfrom pkg.a import g\n", "from ..c import d\nfrom pkg.b import g\n"),
            ("pkg/c.py", "d = 1\n", "d = 1\n"),
            (
                "use.py",
                "import pkg.a.x\nfrom pkg import a\nfrom pkg.a import x\npkg.a.x.f(a, x)\n",
                "import pkg.b.x\nfrom pkg import b as a\nfrom pkg.b import x\npkg.b.x.f(a, x)\n",
            ),
            ("test.py", "patch('pkg.a.x.f')\nimport pkg.a\n", "patch('pkg.a.x.f')\nimport pkg.b\n"),
        ],
    )?;
    assert_eq!(doubts, ["the string may name it"]);
    let doubts = check_file(
        "old/a",
        "new/a",
        &[
            ("old/__init__.py", "", ""),
            ("new/__init__.py", "", ""),
            ("old/b.py", "c = 1\n", "c = 1\n"),
            ("old/a/__init__.py", "", ""),
            ("old/a/x.py", "from ..b import c\nfrom . import y\n", "from ...old.b import c\nfrom . import y\n"),
            ("old/a/y.py", "", ""),
            ("use.py", "import old.a.x\nold.a.x.c\n", "import new.a.x\nnew.a.x.c\n"),
        ],
    );
    assert!(doubts.is_err_and(|error| error.to_string().contains("'..b'")), "above the package nothing is relative");
    let doubts = check_file(
        "in/a",
        "in/b",
        &[
            ("go.mod", "module example.org/m\n", "module example.org/m\n"),
            (
                "in/a/a.go",
                "package a\n\nimport \"example.org/m/in/a/sub\"\n",
                "package a\n\nimport \"example.org/m/in/b/sub\"\n",
            ),
            ("in/a/sub/s.go", "package sub\n", "package sub\n"),
            (
                "c/c.go",
                "package c\n\nimport \"example.org/m/in/a\"\n\nvar _ = a.A\n",
                "package c\n\nimport \"example.org/m/in/b\"\n\nvar _ = a.A\n",
            ),
        ],
    )?;
    assert_eq!(doubts, ["the package keeps its name"]);
    Ok(())
}

#[test]
fn a_directory_that_is_more_than_its_files_stays() {
    let (module, internal) = ("module m\n", "package a\n");
    let user = "package c\n\nimport \"m/in/internal/a\"\n";
    for (from, to, files, reason) in [
        ("a", "b", vec![("a/package.json", "{}"), ("a/x.ts", "")], "a package of its own"),
        ("a", "b", vec![("a/x.ts", ""), ("b/x.ts", "")], "b/x.ts is there already"),
        ("a", "a/b", vec![("a/x.ts", "")], "cannot become"),
        ("a", "b", vec![("a/x.css", "")], "no code"),
        ("c", "a", vec![("a/x.ts", "")], "c"),
        (
            "in/c",
            "c",
            vec![("go.mod", module), ("in/internal/a/a.go", internal), ("in/c/c.go", user)],
            "could not import 'm/in/internal/a'",
        ),
    ] {
        let tree = Texts::new(&files);
        let moved = move_path(&mut Project::new(&tree), from, to).map_err(|error| error.to_string());
        assert!(moved.as_ref().is_err_and(|error| error.contains(reason)), "{from} → {to}: {moved:?}");
    }
}
