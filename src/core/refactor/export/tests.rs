//! What is offered, and how others take it then.

use super::*;
use crate::core::refactor::find_place;
use crate::core::refactor::texts::Texts;

/// Offers the `f` of the first file, and compares all: path, before, after.
fn check(offer: Offer, files: &[(&str, &str, &str)]) -> Result<Vec<&'static str>> {
    let before: Vec<(&str, &str)> = files.iter().map(|(path, text, _)| (*path, *text)).collect();
    let tree = Texts::new(&before);
    let mut project = Project::new(&tree);
    let (path, offset) = find_place(&mut project, &format!("{}:f", files[0].0))?;
    let exported = export(&mut project, &path, offset, offer)?;
    let after = tree.edited(&exported.edits);
    for (path, _, expected) in files {
        assert_eq!(after.get(*path).map(String::as_str), Some(*expected), "{path}");
    }
    Ok(exported.doubts.iter().map(|doubt| doubt.reason).collect())
}

#[test]
fn one_file_offers_otherwise() -> Result<()> {
    for (path, before, offer, after) in [
        ("a.ts", "function f() {}\n", Offer::Named, "export function f() {}\n"),
        ("a.ts", "const f = 1, g = 2;\n", Offer::Named, "const f = 1, g = 2;\nexport { f };\n"),
        ("a.ts", "export const f = 1;\n", Offer::None, "const f = 1;\n"),
        ("a.ts", "const f = 1, g = 2;\nexport { f, g };\n", Offer::None, "const f = 1, g = 2;\nexport { g };\n"),
        ("a.ts", "export class f {}\n", Offer::Default, "export default class f {}\n"),
        ("a.ts", "export const f = 1\n", Offer::Default, "const f = 1\nexport default f\n"),
        ("a.ts", "const f = 1;\nexport default f;\n", Offer::Named, "export const f = 1;\n"),
        ("a.py", "__all__ = [\"g\"]\n\ndef f(): pass\n", Offer::Named, "__all__ = [\"g\", \"f\"]\n\ndef f(): pass\n"),
        ("a.py", "__all__ = ['g', 'f']\n\ndef f(): pass\n", Offer::None, "__all__ = ['g']\n\ndef f(): pass\n"),
        ("a.py", "__all__ = []\n\ndef f(): pass\n", Offer::Named, "__all__ = [\"f\"]\n\ndef f(): pass\n"),
    ] {
        assert_eq!(check(offer, &[(path, before, after)])?, [""; 0], "{before}");
    }
    Ok(())
}

#[test]
fn whoever_takes_it_follows() -> Result<()> {
    let doubts = check(
        Offer::Default,
        &[
            (
                "a.ts",
                "export function f() {}\nexport const g = 1;\n",
                "export default function f() {}\nexport const g = 1;\n",
            ),
            ("b.ts", "import { f } from './a';\nf();\n", "import f from './a';\nf();\n"),
            (
                "c.ts",
                "import { f as h, g } from './a';\nh(g);\n",
                "import { g } from './a';\nimport h from './a';\nh(g);\n",
            ),
            ("d.ts", "export { f } from './a';\n", "export { default as f } from './a';\n"),
            ("e.ts", "import { f } from './d';\nf();\n", "import { f } from './d';\nf();\n"),
            ("g.ts", "export * from './a';\n", "export * from './a';\nexport { default as f } from './a';\n"),
            ("h.ts", "import { f } from './g';\nf();\n", "import { f } from './g';\nf();\n"),
        ],
    )?;
    assert_eq!(doubts, [""; 0]);
    check(
        Offer::Named,
        &[
            ("a.ts", "export default function f() {}\n", "export function f() {}\n"),
            ("b.ts", "import f from './a';\nf();\n", "import { f } from './a';\nf();\n"),
            ("c.ts", "import h from './a';\nh();\n", "import { f as h } from './a';\nh();\n"),
            ("d.ts", "export { default } from './a';\n", "export { f as default } from './a';\n"),
        ],
    )?;
    Ok(())
}

#[test]
fn what_others_take_is_not_withdrawn() {
    for (offer, files, reason) in [
        (
            Offer::None,
            &[("a.ts", "export const f = 1;\n", ""), ("b.ts", "import { f } from './a';\n", "")][..],
            "b.ts:1:10 takes it from here",
        ),
        (
            Offer::Default,
            &[("a.ts", "export const f = 1;\nexport default 2;\nconst g = 1;\n", "")],
            "something else by default",
        ),
        (Offer::Named, &[("a.ts", "export const f = 1;\n", "")], "offered so already"),
        (Offer::Named, &[("a.py", "def f(): pass\n", "")], "no `__all__`"),
        (Offer::Named, &[("p/a.go", "package p\n\nfunc f() {}\n", "")], "Go has no exports"),
    ] {
        let answer = check(offer, files).map_or_else(|error| error.to_string(), |_| "done".to_owned());
        assert!(answer.contains(reason), "{files:?}: {answer}");
    }
}
