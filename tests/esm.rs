//! The recipe `esm`: does CommonJS become ES modules in which each file offers what its importers take?

use crate::support::Sandbox;

/// The package.json of every test.
pub const PACKAGE: &str = "{\n  \"name\": \"p\",\n  \"version\": \"1.0.0\"\n}\n";
const MODULES: &str = "{\n  \"name\": \"p\",\n  \"version\": \"1.0.0\",\n  \"type\": \"module\"\n}\n";

/// Runs it twice, the second time for nothing, and compares every file.
pub fn becomes(files: &[(&str, &str)], args: &[&str], expected: &[(&str, &str)], told: &[&str]) {
    let all = [&[("package.json", PACKAGE), (".gitignore", "node_modules\n")], files].concat();
    let sandbox = Sandbox::new(&all);
    let run = sandbox.heck(&[&["run", "esm"], args, &["--yes"]].concat());
    assert_eq!(run.code, 0, "{}", run.shown());
    for line in told {
        assert!(run.stderr.contains(line), "{line}\n{}", run.shown());
    }
    for (path, text) in expected {
        assert_eq!(sandbox.read(path), *text, "{path}");
    }
    assert_eq!(sandbox.read("package.json"), MODULES);
    let again = sandbox.heck(&[&["run", "esm"], args, &["--yes"]].concat());
    assert_eq!(again.code, 0, "{}", again.shown());
    assert!(again.stderr.contains("nothing to change"), "{}", again.shown());
}

#[test]
fn esm_makes_imports_of_requires() {
    // Declarators are parted, what is no plain name is taken of a default, and what stands around stays.
    let files = [
        (
            "main.js",
            r#"#!/usr/bin/env node
// Head.

'use strict';

// The first.
const dep = require("dep");
const { a, b: { c } } = require('dep'); // deep
var fs = require('fs'), { join, resolve: r } = require("node:path"), one = 1, two = 2, // both
    sep = require('path').sep; // last

var x = 1
  , own = require('./lib/own')
  , dir = require('./lib');
let y = require('dep')("y");
const { first, second: zwei } = require("./lib/own");
const { first: f1 = 3, nope } = require("./lib/own");
const other = require("./lib/own").second, deep = require("./lib").deep.er;
require("./lib/effect");
require("dep")("unnamed");

console.log(typeof dep, a, c, typeof fs.readFileSync, join("a", "b"), r("/"), one, two, sep, x, own.first, dir.deep.er, y, first, zwei, f1, nope, other, deep);
"#,
        ),
        (
            "lib/own.js",
            r"exports.first = 1;
exports.second = exports.first + 1;
",
        ),
        ("lib/index.js", "module.exports = { deep: { er: 5 } };\n"),
        ("lib/effect.js", "console.log(\"effect\");\n"),
        ("node_modules/dep/package.json", "{\"name\":\"dep\",\"version\":\"1.0.0\"}"),
        (
            "node_modules/dep/index.js",
            r#"module.exports = function dep(x) { return "dep" + x; };
module.exports.a = 1;
module.exports.b = { c: 2 };
"#,
        ),
    ];
    let expected = [
        (
            "main.js",
            r#"#!/usr/bin/env node
// Head.

// The first.
import dep from "dep";
const { a, b: { c } } = dep; // deep
import fs from 'fs';
import { join, resolve as r } from "node:path";
var one = 1, two = 2; // both
import { sep } from 'path'; // last

var x = 1;
import * as own from './lib/own.js';
import dir from './lib/index.js';
let y = dep("y");
import { first, second as zwei } from "./lib/own.js";
const { first: f1 = 3, nope } = own;
import { second as other } from "./lib/own.js";
const deep = dir.deep.er;
import "./lib/effect.js";
dep("unnamed");

console.log(typeof dep, a, c, typeof fs.readFileSync, join("a", "b"), r("/"), one, two, sep, x, own.first, dir.deep.er, y, first, zwei, f1, nope, other, deep);
"#,
        ),
        (
            "lib/own.js",
            r"export const first = 1;
export const second = first + 1;
",
        ),
        ("lib/index.js", "export default { deep: { er: 5 } };\n"),
    ];
    let told = [];
    becomes(&files, &[], &expected, &told);
}

#[test]
fn esm_exports_names_or_a_default() {
    // Importers agree with what a file offers.
    let files = [
        (
            "main.js",
            r#"const obj = require("./obj"), fn = require("./fn"), set = require("./set"), cls = require("./cls"), both = require("./both");
const { extra, more } = require("./both");
const re = require("./re"), star = require("./star"), mixed = require("./mixed"), two = require("./two");
const { Thing } = require("./set");
console.log(obj.a, obj.b(), obj.d, fn(1), set.one, set.f(2), set.g(), set.alias, new set.Thing().n, new Thing().n, new cls().n, both(1), extra, more, re.a, star(3), mixed.sum(1, 2), mixed.x, two.a, two.b, two.default, set.parse(1), set.late());
"#,
        ),
        (
            "obj.js",
            r"const a = 1;
function b() { return 2; }
const c = 3;
// What is offered.
module.exports = {
  a, // the first
  b: b,
  d: c,
};
",
        ),
        (
            "fn.js",
            r"module.exports = function (x) {
  return x + 1;
};
",
        ),
        (
            "set.js",
            r#"exports.one = 1;
exports.f = function (x) { return exports.one + x; };
exports.g = () => exports.f(1);
function inner() { return 4; }
exports.alias = inner();
exports.inner = inner;
exports.Thing = class { constructor() { this.n = 7; } };
exports.parse = function parse(n) { return n ? parse(n - 1) : "parsed"; };
exports.late = function () { const one = 5; return module.exports.alias; };
exports.delete = 1;
exports.Promise = Promise;
exports.p = exports.q = 3;
var r = exports.r = 4;
"#,
        ),
        (
            "cls.js",
            r"module.exports = class Thing {
  constructor() { this.n = 8; }
};
",
        ),
        (
            "both.js",
            r#"module.exports = f;
function f(x) { return module.exports.extra + x; }
module.exports.extra = 10;
module.exports.more = "more";
"#,
        ),
        ("re.js", "module.exports = require(\"./obj\");\n"),
        ("star.js", "module.exports = require('./fn')\n"),
        (
            "mixed.js",
            r#"module.exports = {
  sum(a, b) { return a + b; },
  x: require("./obj").a,
};
"#,
        ),
        (
            "two.js",
            r"exports = module.exports = { a: 1 };
exports.b = exports.a + 1;
exports.default = exports;
",
        ),
    ];
    let expected = [
        (
            "main.js",
            r#"import * as obj from "./obj.js";
import fn from "./fn.js";
import * as set from "./set.js";
import cls from "./cls.js";
import both from "./both.js";
const { extra, more } = both;
import * as re from "./re.js";
import star from "./star.js";
import mixed from "./mixed.js";
import two from "./two.js";
import { Thing } from "./set.js";
console.log(obj.a, obj.b(), obj.d, fn(1), set.one, set.f(2), set.g(), set.alias, new set.Thing().n, new Thing().n, new cls().n, both(1), extra, more, re.a, star(3), mixed.sum(1, 2), mixed.x, two.a, two.b, two.default, set.parse(1), set.late());
"#,
        ),
        (
            "obj.js",
            r"const a = 1;
function b() { return 2; }
const c = 3;
// What is offered.
export {
  a, // the first
  b,
  c as d,
};
",
        ),
        (
            "fn.js",
            r"export default function (x) {
  return x + 1;
}
",
        ),
        (
            "set.js",
            r#"const oneExport = 1;
export { oneExport as one };
export function f(x) { return oneExport + x; }
export const g = () => f(1);
function inner() { return 4; }
export const alias = inner();
export { inner };
export class Thing { constructor() { this.n = 7; } }
export function parse(n) { return n ? parse(n - 1) : "parsed"; }
export function late() { const one = 5; return alias; }
const deleteExport = 1;
export { deleteExport as "delete" };
const PromiseExport = Promise;
export { PromiseExport as Promise };
export const p = 3;
export { p as q };
var r = 4;
export { r };
"#,
        ),
        (
            "cls.js",
            r"export default class Thing {
  constructor() { this.n = 8; }
}
",
        ),
        (
            "both.js",
            r#"export default f;
function f(x) { return f.extra + x; }
f.extra = 10;
f.more = "more";
"#,
        ),
        ("re.js", "export * from \"./obj.js\";\n"),
        ("star.js", "export { default } from './fn.js'\n"),
        (
            "mixed.js",
            r#"import * as obj from "./obj.js";
export default {
  sum(a, b) { return a + b; },
  x: obj.a,
};
"#,
        ),
        (
            "two.js",
            r"const two = { a: 1 };
export default two;
two.b = two.a + 1;
two.default = two;
",
        ),
    ];
    let told = [];
    becomes(&files, &[], &expected, &told);
}

#[test]
fn esm_keeps_what_cannot_be_an_import() {
    // JSON, conditions, functions and computed names go through createRequire.
    let files = [
        (
            "main.js",
            r#"const path = require("path");
function dirname() {}
const data = require("./data.json");
const cond = process.argv ? require("./names").v : null;
const any = require("./" + "names");
console.log(path.basename(__dirname), path.basename(__filename), data.n, typeof require.resolve("./data.json"), lazy().v, cond, any.v);
function lazy() {
  return require("./lazy");
}
"#,
        ),
        ("data.json", "{\"n\": 1}\n"),
        ("lazy.js", "module.exports = { v: 1 + 1 };\n"),
        ("names.js", "exports.v = 3;\n"),
    ];
    let expected = [
        (
            "main.js",
            r#"import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { dirname as dirnameModule } from "node:path";
const require = createRequire(import.meta.url);
const __filename = fileURLToPath(import.meta.url);
const __dirname = dirnameModule(__filename);
import path from "path";
function dirname() {}
const data = require("./data.json");
const cond = process.argv ? require("./names.js").v : null;
const any = require("./" + "names");
console.log(path.basename(__dirname), path.basename(__filename), data.n, typeof require.resolve("./data.json"), lazy().v, cond, any.v);
function lazy() {
  return require("./lazy.js").default;
}
"#,
        ),
        ("lazy.js", "export default { v: 1 + 1 };\n"),
        ("names.js", "export const v = 3;\n"),
    ];
    let told = [
        "main.js:4: requires names.js, an ES module now: Node 20.19, 22.12 or later",
        "main.js:8: requires lazy.js, an ES module now: Node 20.19, 22.12 or later",
    ];
    becomes(&files, &[], &expected, &told);
}

#[test]
fn esm_follows_in_files_that_stay_commonjs() {
    let files = [
        (
            "main.js",
            r#"const old = require("./old.cjs");
module.exports = 5;
console.log(old.lib, old.names);
"#,
        ),
        (
            "old.cjs",
            r#"exports.lib = require("./lib");
exports.names = require("./names").a;
"#,
        ),
        ("lib.js", "module.exports = { a: 1 + 1 };\n"),
        ("names.js", "exports.a = 3;\n"),
    ];
    let expected = [
        (
            "main.js",
            r#"import old from "./old.cjs";
export default 5;
console.log(old.lib, old.names);
"#,
        ),
        (
            "old.cjs",
            r#"exports.lib = require("./lib.js").default;
exports.names = require("./names.js").a;
"#,
        ),
        ("lib.js", "export default { a: 1 + 1 };\n"),
        ("names.js", "export const a = 3;\n"),
    ];
    let told = [
        "old.cjs:1: requires lib.js, an ES module now: Node 20.19, 22.12 or later",
        "old.cjs:2: requires names.js, an ES module now: Node 20.19, 22.12 or later",
    ];
    becomes(&files, &[], &expected, &told);
}
