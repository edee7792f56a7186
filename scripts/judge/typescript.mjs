// Rename oracle: prints what TypeScript's own language service would edit, one JSON line per case.
//   node oracle.mjs --project DIR [--count N] [--seed S] [--ts DIR_WITH_node_modules] [--tsconfig FILE]
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";

const args = {};
for (let i = 2; i < process.argv.length; i += 2) args[process.argv[i].replace(/^--/, "")] = process.argv[i + 1];
if (!args.project) { console.error("usage: oracle.mjs --project DIR [--count N] [--seed S] [--ts DIR] [--tsconfig FILE]"); process.exit(2); }
const here = path.dirname(new URL(import.meta.url).pathname);
const ts = createRequire(path.resolve(args.ts || process.env.TS_DIR || here) + "/x.js")("typescript");
const root = fs.realpathSync(args.project);
const count = Number(args.count ?? 150), K = ts.SyntaxKind;

// ---- files ----------------------------------------------------------------------------------
const SKIP = new Set(["node_modules", "dist", ".git"]), MAX = 500 * 1024;
const SRC = /\.([cm]?[jt]s|[jt]sx)$/, DTS = /\.d\.([cm]?ts|[^.]+\.ts)$/;
const docs = new Map(); // absolute path -> {text, bom, ascii} | null
function doc(file) {
  if (!docs.has(file)) {
    let d = null;
    try {
      const buf = fs.readFileSync(file), bom = buf[0] === 0xef && buf[1] === 0xbb && buf[2] === 0xbf ? 3 : 0;
      const text = buf.toString("utf8", bom);
      // `lossy`: not valid UTF-8, byte offsets would lie
      d = { text, bom, ascii: buf.length === text.length, lossy: bom + Buffer.byteLength(text) !== buf.length || text.includes("\ufffd") };
    } catch {}
    docs.set(file, d);
  }
  return docs.get(file);
}
function walk(dir, out) {
  const names = new Set(fs.readdirSync(dir));
  for (const name of [...names].sort()) {
    const file = path.join(dir, name), st = fs.lstatSync(file);
    if (st.isDirectory()) { if (!SKIP.has(name)) walk(file, out); }
    else if (st.isFile() && SRC.test(name) && st.size <= MAX) {
      if (DTS.test(name)) { // a declaration next to its source is an output
        const base = name.replace(/\.d\.([cm]?)ts$/, "");
        if ([".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts"].some((e) => names.has(base + e))) continue;
      }
      if (!doc(file).lossy) out.push(file);
    }
  }
  return out;
}
const files = walk(root, []), fileSet = new Set(files);
const rel = (f) => path.relative(root, f).split(path.sep).join("/");
const byte = (d, pos) => (d.ascii ? pos : d.bom + Buffer.byteLength(d.text.slice(0, pos)));

// ---- language service -----------------------------------------------------------------------
function settings() {
  let o = {};
  const conf = [args.tsconfig, "tsconfig.json", "tsconfig.base.json"].filter(Boolean).map((f) => path.resolve(root, f)).find((f) => fs.existsSync(f));
  if (conf) {
    const read = ts.readConfigFile(conf, ts.sys.readFile);
    o = ts.parseJsonConfigFileContent(read.config ?? {}, { ...ts.sys, readDirectory: () => [] }, path.dirname(conf), undefined, conf).options;
  }
  for (const k of ["composite", "incremental", "tsBuildInfoFile", "outDir", "rootDir", "declaration", "declarationMap"]) delete o[k];
  if (o.moduleResolution === undefined && o.module === undefined) Object.assign(o, { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler });
  o.target ??= ts.ScriptTarget.ESNext;
  o.jsx ??= ts.JsxEmit.Preserve;
  o.types ??= [];
  return Object.assign(o, { allowJs: true, noEmit: true, skipLibCheck: true });
}
const options = settings();
const makeService = () => ts.createLanguageService({
  getCompilationSettings: () => options,
  getScriptFileNames: () => files,
  getScriptVersion: () => "1",
  getScriptSnapshot: (f) => { const d = doc(f); return d ? ts.ScriptSnapshot.fromString(d.text) : undefined; },
  getCurrentDirectory: () => root,
  getDefaultLibFileName: (o) => ts.getDefaultLibFilePath(o),
  fileExists: ts.sys.fileExists, readFile: ts.sys.readFile, readDirectory: ts.sys.readDirectory,
  directoryExists: ts.sys.directoryExists, getDirectories: ts.sys.getDirectories, realpath: ts.sys.realpath,
  useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
});
let service = makeService();
const t0 = Date.now(), program = service.getProgram(), checker = program.getTypeChecker();

// ---- declared names -------------------------------------------------------------------------
const isRequire = (e) => e && (ts.isCallExpression(e) ? ts.isIdentifier(e.expression) && e.expression.text === "require" : ts.isPropertyAccessExpression(e) && isRequire(e.expression));
function inFunction(n) {
  for (n = n.parent; n && !ts.isSourceFile(n); n = n.parent) if (ts.isFunctionLike(n) || ts.isBlock(n) || ts.isClassStaticBlockDeclaration(n) || ts.isCatchClause(n) || ts.isForStatement(n) || ts.isForOfStatement(n) || ts.isForInStatement(n)) return true;
  return false;
}
function declared(n) { // [kind, name node] if n declares a name
  switch (n.kind) {
    case K.VariableDeclaration: return [isRequire(n.initializer) ? "import_require" : inFunction(n) ? "local" : "variable", n.name];
    case K.Parameter: return [ts.isParameterPropertyDeclaration(n, n.parent) ? "parameter_property" : "parameter", n.name];
    case K.FunctionDeclaration: case K.FunctionExpression: return ["function", n.name];
    case K.ClassDeclaration: case K.ClassExpression: return ["class", n.name];
    case K.InterfaceDeclaration: return ["interface", n.name];
    case K.TypeAliasDeclaration: return ["type_alias", n.name];
    case K.EnumDeclaration: return ["enum", n.name];
    case K.EnumMember: return ["enum_member", n.name];
    case K.ImportClause: return ["import_default", n.name];
    case K.NamespaceImport: return ["import_namespace", n.name];
    case K.ImportSpecifier: return [n.propertyName ? "import_alias" : "import_named", n.name];
    case K.ImportEqualsDeclaration: return ["import_equals", n.name];
    case K.ExportSpecifier: return n.propertyName ? ["export_alias", n.name] : undefined;
    case K.NamespaceExport: return ["export_namespace", n.name];
    case K.BindingElement: return [n.propertyName ? "destructured_alias" : "destructured", n.name];
    case K.TypeParameter: return ["type_parameter", n.name];
    case K.MethodDeclaration: case K.MethodSignature: return ["method", n.name];
    case K.PropertyDeclaration: case K.PropertySignature: case K.PropertyAssignment: return ["property", n.name];
    case K.GetAccessor: case K.SetAccessor: return ["accessor", n.name];
    case K.ModuleDeclaration: return ts.isIdentifier(n.name) && n.name.text !== "global" ? ["namespace", n.name] : undefined;
    case K.LabeledStatement: return ["label", n.label];
    case K.JSDocTypedefTag: case K.JSDocCallbackTag: return ["jsdoc_typedef", n.name];
    case K.BinaryExpression: // JS only: exports.a =, this.a =, F.a =, F.prototype.a =
      return ts.isInJSFile(n) && ts.isPropertyAccessExpression(n.left) && ts.getAssignmentDeclarationKind(n) !== 0 ? ["js_assignment", n.left.name] : undefined;
  }
}
const NEVER = new Set(["", "this", "default", "constructor", "undefined", "arguments", "exports", "module", "prototype"]);
const pools = new Map();
for (const file of files) {
  const sf = program.getSourceFile(file);
  if (!sf || sf.isDeclarationFile) continue;
  (function visit(n) {
    const d = declared(n);
    if (d && d[1] && (ts.isIdentifier(d[1]) || ts.isPrivateIdentifier(d[1])) && !NEVER.has(d[1].text) && d[1].end > d[1].pos) {
      if (!pools.has(d[0])) pools.set(d[0], []);
      pools.get(d[0]).push({ file, sf, kind: d[0], node: n, nameNode: d[1] });
    }
    for (const j of n.jsDoc ?? []) for (const tag of j.tags ?? []) visit(tag);
    if (!ts.isJSDoc(n)) ts.forEachChild(n, visit);
  })(sf);
}

// `exported`: the symbol is exported from its module; for a member, the declaration around it is
const exportSets = new Map();
function isExported(c) {
  if (c.kind === "export_alias" || c.kind === "export_namespace") return true;
  if (c.kind === "js_assignment" && [1, 2].includes(ts.getAssignmentDeclarationKind(c.node))) return true; // exports.a =, module.exports.a =
  const mod = checker.getSymbolAtLocation(c.sf);
  if (!mod) return false;
  if (!exportSets.has(mod)) {
    const set = new Set();
    for (const e of checker.getExportsOfModule(mod)) {
      set.add(e);
      if (e.flags & ts.SymbolFlags.Alias) {
        for (const d of e.declarations ?? []) if (ts.isExportSpecifier(d)) set.add(checker.getExportSpecifierLocalTargetSymbol(d));
        set.add(checker.getAliasedSymbol(e));
      }
    }
    const eq = mod.exports?.get("export=");
    set.add(checker.resolveExternalModuleSymbol(mod)); // module.exports = x
    if (eq) { set.add(eq); if (eq.flags & ts.SymbolFlags.Alias) set.add(checker.getAliasedSymbol(eq)); }
    exportSets.set(mod, set);
  }
  const set = exportSets.get(mod), has = (nm) => { const s = nm && checker.getSymbolAtLocation(nm); return !!s && (set.has(s) || set.has(checker.getExportSymbolOfSymbol(s))); };
  if (has(c.nameNode)) return true;
  if (!["method", "property", "accessor", "enum_member", "parameter_property"].includes(c.kind)) return false;
  for (let p = c.node.parent; p && !ts.isSourceFile(p); p = p.parent) {
    if (ts.isBlock(p)) return false;
    if (ts.isClassLike(p) || ts.isInterfaceDeclaration(p) || ts.isTypeAliasDeclaration(p) || ts.isEnumDeclaration(p) || ts.isVariableDeclaration(p)) return has(p.name) || !!(ts.getCombinedModifierFlags(p) & ts.ModifierFlags.Export);
  }
  return false;
}

// ---- sampling -------------------------------------------------------------------------------
let state = 2166136261 >>> 0;
for (const ch of String(args.seed ?? "1")) state = Math.imul(state ^ ch.charCodeAt(0), 16777619) >>> 0;
function random() { // mulberry32
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const kinds = [...pools.keys()].sort();
for (const k of kinds) {
  const a = pools.get(k);
  for (let i = a.length - 1; i > 0; i--) { const j = Math.floor(random() * (i + 1)); [a[i], a[j]] = [a[j], a[i]]; }
}
function fresh(name) {
  for (let i = 9; ; i++) { const n = `${name}Renamed${i}`; if (!files.some((f) => doc(f).text.includes(n.replace(/^#/, "")))) return n; }
}
const prefs = { providePrefixAndSuffixTextForRename: true }, seen = new Set(), stats = { refused: 0, outside: 0, same: 0, crashed: 0 };
// What TypeScript names from the places that it names, and so on: all that must have one name for the program to stay right.
function closure(locs) {
  const all = new Map(), key = (l) => l.fileName + ":" + l.textSpan.start, queue = [...locs];
  for (let asked = 0; queue.length && asked < 300; ) {
    const l = queue.pop();
    if (all.has(key(l))) continue;
    all.set(key(l), l);
    if (l.prefixText || l.suffixText) continue;
    asked++;
    let more;
    try { more = service.findRenameLocations(l.fileName, l.textSpan.start, false, false, prefs) ?? []; } catch { stats.crashed++; service = makeService(); continue; }
    if (more.some((m) => !fileSet.has(m.fileName))) return locs;
    queue.push(...more.filter((m) => !all.has(key(m))));
  }
  return [...all.values()];
}
// A key that a type outside of the package declares: TypeScript refuses to rename that, but not the key.
function isForeignKey(c) {
  const node = c.node;
  if (!ts.isObjectLiteralExpression(node.parent)) return false;
  const expected = checker.getContextualType(node.parent)?.getProperty(c.nameNode.text);
  return !!expected?.declarations?.some((d) => !fileSet.has(d.getSourceFile().fileName));
}
function tryCase(c) {
  const pos = c.nameNode.getStart(c.sf), name = c.nameNode.text, d = doc(c.file);
  let locs, time_ms;
  try {
    if (!service.getRenameInfo(c.file, pos, prefs).canRename || isForeignKey(c)) { stats.refused++; return; }
    const start = process.hrtime.bigint();
    locs = service.findRenameLocations(c.file, pos, false, false, prefs);
    time_ms = Math.round(Number(process.hrtime.bigint() - start) / 1e5) / 10;
  } catch (e) { // the checker has bugs of its own ("Debug Failure"); its state is then not to be trusted
    stats.crashed++;
    console.error(`crash at ${rel(c.file)}:${pos} ${name}: ${String(e.message).split("\n")[0]}`);
    service = makeService();
    return;
  }
  if (!locs?.length) { stats.refused++; return; }
  if (locs.some((l) => !fileSet.has(l.fileName))) { stats.outside++; return; } // node_modules, lib, too big, json
  // TypeScript's answer for a member may depend on where it was asked (one interface of two, one arm of a union)
  const member = ["method", "property", "accessor", "parameter_property", "js_assignment"].includes(c.kind);
  const same = (ls) => ls && ls.map((l) => l.fileName + l.textSpan.start).sort().join() === locs.map((l) => l.fileName + l.textSpan.start).sort().join();
  let closed;
  try { if (member) closed = locs.filter((l) => !l.prefixText && !l.suffixText).slice(0, 10).every((l) => same(service.findRenameLocations(l.fileName, l.textSpan.start, false, false, prefs))); } catch { stats.crashed++; service = makeService(); }
  const next = fresh(name);
  const listed = (locs) => locs.map((l) => {
    const ld = doc(l.fileName), from = l.textSpan.start;
    return [rel(l.fileName), byte(ld, from), byte(ld, from + l.textSpan.length), (l.prefixText ?? "") + next + (l.suffixText ?? "")];
  }).sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1]))
    .filter((e, i, all) => !i || String(e) !== String(all[i - 1])); // TypeScript may list a place twice
  const edits = listed(locs), family = closed === false ? listed(closure(locs)) : undefined;
  const id = edits[0][0] + ":" + edits[0][1] + ":" + edits.length + ":" + name;
  if (seen.has(id)) { stats.same++; return; } // same symbol already taken (overload, merged declaration)
  seen.add(id);
  return { path: rel(c.file), offset: byte(d, pos), name, kind: c.kind, decl: K[c.node.kind], exported: isExported(c), new: next, closed, edits, family, time_ms };
}
let made = 0;
for (let live = kinds; made < count && live.length; live = live.filter((k) => pools.get(k).length))
  for (const k of live) {
    if (made >= count) break;
    let r;
    while (!r && pools.get(k).length) r = tryCase(pools.get(k).pop());
    if (r) { made++; console.log(JSON.stringify(r)); }
  }
console.error(JSON.stringify({ project: root, files: files.length, made, ...stats, seconds: (Date.now() - t0) / 1000 }));
