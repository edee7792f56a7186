//! The recipe `esm` at its edges: what of CommonJS can no ES module do, or does otherwise, and what is told of it?

use crate::esm::{PACKAGE, becomes};
use crate::support::Sandbox;

#[test]
fn esm_changes_nothing_where_a_file_cannot_follow() {
    // With --partial such files stay CommonJS, and whoever loads them follows.
    let files = [
        ("main.js", "console.log(require(\"./a\"));\n"),
        ("a.js", "if (1) exports.a = 1;\n"),
        ("b.js", "this.x = 1; exports.y = 2;\n"),
        ("c.js", "if (require.main === module) console.log(1);\n"),
        (
            "d.js",
            r#"const m = require("./e");
m.v = 2;
"#,
        ),
        ("e.js", "exports.v = 1;\n"),
        (
            "f.js",
            r"exports.x = 1;
x = 2;
",
        ),
    ];
    let sandbox = Sandbox::new(&[&[("package.json", PACKAGE)], &files[..]].concat());
    let run = sandbox.heck(&["run", "esm", "--yes"]);
    assert_eq!(run.code, 4, "{}", run.shown());
    assert!(run.stderr.contains("a.js:1: `exports.a` is not set once and at the top"), "{}", run.shown());
    assert_eq!(sandbox.read("e.js"), "exports.v = 1;\n");
    let expected = [
        (
            "main.js",
            r#"import a from "./a.cjs";
console.log(a);
"#,
        ),
        ("a.cjs", "if (1) exports.a = 1;\n"),
        ("b.cjs", "this.x = 1; exports.y = 2;\n"),
        ("c.cjs", "if (require.main === module) console.log(1);\n"),
        (
            "d.cjs",
            r#"const m = require("./e.js");
m.v = 2;
"#,
        ),
        ("e.js", "export const v = 1;\n"),
        (
            "f.cjs",
            r"exports.x = 1;
x = 2;
",
        ),
    ];
    let told = [
        "a.js:1: `exports.a` is not set once and at the top",
        "b.js:1: `this` at the top is undefined in a module",
        "c.js:1: `module` is not there in an ES module",
        "d.js:2: sets `m.v`, but the names that e.js offers cannot be set",
        "d.js:1: requires e.js, an ES module now: Node 20.19, 22.12 or later",
        "f.js:2: `x` is not declared, and a module cannot make it by setting it",
    ];
    becomes(&files, &["--partial"], &expected, &told);
}

#[test]
fn esm_leaves_names_that_change_variables() {
    // An import cannot be set, and a name that is exported would change with its variable.
    let files = [
        (
            "main.js",
            r#"let x = require("./v");
x = x + 1;
let n = 1;
n++;
const m = require("./m");
m.go();
console.log(x, n, m.n);
"#,
        ),
        ("v.js", "module.exports = 1;\n"),
        (
            "m.js",
            r"let n = 1;
function go() { n++; }
module.exports = { n, go };
",
        ),
    ];
    let expected = [
        (
            "main.js",
            r#"import v from "./v.js";
let x = v;
x = x + 1;
let n = 1;
n++;
import m from "./m.js";
m.go();
console.log(x, n, m.n);
"#,
        ),
        ("v.js", "export default 1;\n"),
        (
            "m.js",
            r"let n = 1;
function go() { n++; }
export default { n, go };
",
        ),
    ];
    let told = [];
    becomes(&files, &[], &expected, &told);
}

#[test]
fn esm_tells_what_runs_later_now() {
    // Imports are loaded before anything runs.
    let files = [
        (
            "main.js",
            r#""use strict";
process.env.LEVEL = "3";
const level = require("./level");
console.log(level);
"#,
        ),
        ("level.js", "module.exports = process.env.LEVEL || \"none\";\n"),
    ];
    let expected = [
        (
            "main.js",
            r#"process.env.LEVEL = "3";
import level from "./level.js";
console.log(level);
"#,
        ),
        ("level.js", "export default process.env.LEVEL || \"none\";\n"),
    ];
    let told = ["main.js:2: ran before ./level.js was loaded, and runs after it now"];
    becomes(&files, &[], &expected, &told);
}

#[test]
fn esm_looks_at_what_is_installed() {
    // A file of a package needs its ending; a package of ES modules has names.
    let files = [
        (
            "main.js",
            r#"const get = require("dep/sub/get"), { neverThere } = require('fs');
if (neverThere) neverThere();
const { v } = require("onlyesm"), { w } = require("dual");
const json = require("dep/package.json").version;
const self = require("./self");
const iife = require("./iife");
console.log(get, v, w, json, self.f(), iife);
"#,
        ),
        (
            "self.js",
            r"exports.one = 1;
exports.f = function () { return this.one; };
exports.g = () => 1;
",
        ),
        ("iife.js", "module.exports = function () { return 4; }();\n"),
        (
            "esm.mjs",
            r#"import self from "./self.js";
import both from "./both.js";
console.log(self.one, both.a);
"#,
        ),
        (
            "both.js",
            r"const a = 1;
module.exports = { a };
",
        ),
        (
            "round.js",
            r#"module.exports = round;
const back = require("./back");
function round() { return back.two; }
"#,
        ),
        (
            "back.js",
            r#"const round = require("./round");
module.exports = { two: typeof round + 2 };
"#,
        ),
        ("node_modules/dep/package.json", "{\"name\":\"dep\",\"version\":\"1.0.0\"}"),
        ("node_modules/dep/sub/get.js", "module.exports = 1;"),
        ("node_modules/onlyesm/package.json", "{\"name\":\"onlyesm\",\"type\":\"module\",\"main\":\"i.js\"}"),
        ("node_modules/onlyesm/i.js", "export const v = 2;"),
        (
            "node_modules/dual/package.json",
            "{\"name\":\"dual\",\"exports\":{\"import\":\"./i.mjs\",\"require\":\"./i.js\"}}",
        ),
        ("node_modules/dual/i.js", "exports.w = 3;"),
        ("node_modules/dual/i.mjs", "export const w = 3; export default { w };"),
    ];
    let expected = [
        (
            "main.js",
            r#"import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
import fs from 'fs';
import get from "dep/sub/get.js";
const { neverThere } = fs;
if (neverThere) neverThere();
import * as onlyesm from "onlyesm";
import dual from "dual";
const { v } = onlyesm, { w } = dual;
const json = require("dep/package.json").version;
import * as self from "./self.js";
import iife from "./iife.js";
console.log(get, v, w, json, self.f(), iife);
"#,
        ),
        (
            "self.js",
            r"export const one = 1;
export function f() { return this.one; }
export const g = () => 1;
",
        ),
        ("iife.js", "export default (function () { return 4; }());\n"),
        (
            "both.js",
            r"const a = 1;
export default { a };
",
        ),
        (
            "round.js",
            r#"export { round as default };
import back from "./back.js";
function round() { return back.two; }
"#,
        ),
        (
            "back.js",
            r#"import round from "./round.js";
export default { two: typeof round + 2 };
"#,
        ),
    ];
    let told = [
        "back.js:2: round.js imports this file, and may have run after it",
        "esm.mjs:1: takes a default of self.js, which offers names now",
        "main.js:3: dual has something of its own for ES modules: see that it offers this",
    ];
    becomes(&files, &[], &expected, &told);
}

#[test]
fn esm_keeps_line_ends() {
    let files = [
        (
            "main.js",
            "'use strict';\r\nvar a = require('dep')(1), b = require('fs');\r\nmodule.exports = a;\r\nmodule.exports.x;\r\nconsole.log(a, typeof b.readFileSync);\r\n",
        ),
        ("node_modules/dep/package.json", "{\"name\":\"dep\",\"version\":\"1.0.0\"}"),
        (
            "node_modules/dep/index.js",
            r#"module.exports = function dep(x) { return "dep" + x; };
module.exports.a = 1;
module.exports.b = { c: 2 };
"#,
        ),
    ];
    let expected = [(
        "main.js",
        "import dep from 'dep';\r\nvar a = dep(1);\r\nimport b from 'fs';\r\nexport default a;\r\na.x;\r\nconsole.log(a, typeof b.readFileSync);\r\n",
    )];
    let told = [];
    becomes(&files, &[], &expected, &told);
}

#[test]
fn esm_gives_a_name_of_its_own_to_what_is_taken() {
    let files = [
        (
            "main.js",
            r#"const etag = require("dep");
exports.etag = function () { return etag(1); };
exports.run = function (etag) { return exports.etag() + etag; };
console.log(exports.run(2));
"#,
        ),
        ("node_modules/dep/package.json", "{\"name\":\"dep\",\"version\":\"1.0.0\"}"),
        (
            "node_modules/dep/index.js",
            r#"module.exports = function dep(x) { return "dep" + x; };
module.exports.a = 1;
module.exports.b = { c: 2 };
"#,
        ),
    ];
    let expected = [(
        "main.js",
        r#"import etag from "dep";
const etagExport = function () { return etag(1); };
export { etagExport as etag };
export function run(etag) { return etagExport() + etag; }
console.log(run(2));
"#,
    )];
    let told = [];
    becomes(&files, &[], &expected, &told);
}
