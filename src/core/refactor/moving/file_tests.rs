//! Who follows a file that gets another path.

use super::*;
use crate::core::refactor::WithFile;
use crate::core::refactor::texts::Texts;

/// Gives a file another path, and compares all files: path, before, after; those that are not named by an edit stay.
fn check_file(from: &str, to: &str, files: &[(&str, &str, &str)]) -> Result<Vec<&'static str>> {
    let before: Vec<(&str, &str)> = files.iter().map(|(path, text, _)| (*path, *text)).collect();
    let tree = Texts::new(&before);
    let with = WithFile::new(&tree, to);
    let mut project = Project::new(&with);
    let moved = move_file(&mut project, from, to)?;
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
