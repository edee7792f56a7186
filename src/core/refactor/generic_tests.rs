//! Which places a member's new name changes where type parameters, tests or unions decide what a value is.

use super::member_tests::{check, run};
use crate::core::Result;

/// Each has a class `C` and another, `D`, with a member of the name.
fn all(cases: &[&str]) -> Result<()> {
    let types = "class C { OLD = 1 }\nclass D { old = 1 }\ndeclare const c: C;\ndeclare const d: D;\n";
    cases.iter().try_for_each(|case| check("a.ts:C.old", &[("a.ts", &format!("{types}{case}\n"))]))
}

#[test]
fn what_is_passed_says_what_comes_back() -> Result<()> {
    all(&[
        "function id<T>(x: T): T { return x }\nid(c).OLD; id(d).old;",
        "const id = <T>(x: T) => x as T;\nid(c).OLD; id(d).old;",
        "function first<T>(all: T[]): T { return all[0] }\nfirst([c]).OLD; first([d]).old;",
        "function of<K, V>(all: Map<K, V>): V { throw 0 }\ndeclare const m: Map<string, C>;\nof(m).OLD;",
        "function made<T>(how: () => T): T { return how() }\nmade(() => c).OLD; made(() => d).old;",
        "function over<T, U>(all: T[], how: (one: T) => U): U[] { throw 0 }\nover([1], n => c)[0].OLD;",
        "function over<T, U>(all: T[], how: (one: T) => U): U[] { throw 0 }\nover([c], one => one.OLD); over([d], one => one.old);",
        "function pick<T>(x: T): T;\nfunction pick<T>(x: T, y: number): T[];\nfunction pick(x: any, y?: any): any {}\npick(c).OLD; pick(c, 1)[0].OLD;",
    ])
}

#[test]
fn what_is_written_for_parameters_is_what_they_are() -> Result<()> {
    all(&[
        "interface Box<T> { value: T }\nfunction f(b: Box<C>, o: Box<D>) { b.value.OLD; o.value.old }",
        "class Box<T> { constructor(public value: T) {} get(): T { return this.value } }\nnew Box(c).get().OLD; new Box(d).value.old;",
        "class Box<T> { value!: T }\nclass Cs extends Box<C> {}\nnew Cs().value.OLD; new Box<D>().value.old;",
        "type Two<T> = [T, T];\nfunction f(t: Two<C>) { t[0].OLD }",
        "type Maybe<T> = T | null;\nfunction f(m: Maybe<C>) { m?.OLD }",
        "interface Base<T> { one: T }\ninterface More<U> extends Base<U> { more: U }\nfunction f(m: More<C>) { m.one.OLD; m.more.OLD }",
        "function make<T>(how: (inst: T) => void) {}\nmake<C>(inst => { inst.OLD }); make<D>(inst => { inst.old });",
        "class Box<T> { map<U>(how: (value: T) => U): Box<U> { throw 0 } value!: T }\nnew Box<C>().map(v => v.OLD); new Box<number>().map(n => c).value.OLD;",
        "interface Box<T> { v: T }\nfunction box<T>(how: (inst: T) => void): Box<T> { throw 0 }\nconst m: Box<C> = box(inst => { inst.OLD });",
        "function key<T extends { it: any }>(x: T, how: (y: T['it']) => void) {}\nkey({ it: c }, y => y.OLD);",
    ])
}

#[test]
fn a_name_may_be_a_types_and_a_values() -> Result<()> {
    all(&[
        "interface N { of: C }\nconst N = { of: d };\nfunction f(n: N) { n.of.OLD; N.of.old }",
        "type N = { of: C };\nconst N: { of: D } = { of: d };\nfunction f(n: N) { n.of.OLD; N.of.old }",
        "type N = C;\nfunction N() { return d }\nfunction f(n: N) { n.OLD; N().old }",
        "interface Ctor<T> { new (): T }\ninterface N { of: C }\nconst N: Ctor<N> = null as any;\nnew N().of.OLD;",
        "interface make<T> { v: T }\nfunction make<T>(how: (inst: T) => void): make<T> { throw 0 }\nconst m: make<C> = make(inst => { inst.OLD });",
    ])
}

#[test]
fn what_a_class_has_itself_its_values_have_not() -> Result<()> {
    for (place, text) in [
        (
            "a.ts:1:18",
            "class A { static OLD = 1; old = 2; static m() { this.OLD } n() { this.old } }\nA.OLD; new A().old;",
        ),
        (
            "a.ts:A.old",
            "class A { OLD = 2; static old = 1; static m() { this.old } n() { this.OLD } }\nA.old; new A().OLD;",
        ),
        (
            "a.ts:2:31",
            "interface I { old: number }\nclass A implements I { static OLD = 1; old = 2 }\nclass B extends A { static m() { super.OLD; B.OLD } }",
        ),
    ] {
        check(place, &[("a.ts", text)])?;
    }
    Ok(())
}

#[test]
fn a_method_that_gives_this_gives_what_it_was_called_on() -> Result<()> {
    all(&[
        "class Base { more(): this { return this } }\nclass Cs extends Base { c!: C }\nnew Cs().more().more().c.OLD;",
    ])
}

#[test]
fn a_tag_tells_the_types_of_a_union_apart() -> Result<()> {
    let types = "interface A { tag: 'a'; OLD: number }\ninterface B { tag: 'b'; old: number }\ninterface E { tag: 'e' | 'f' }\n\
                 type All = A | B | E;\ndeclare const x: All;\n";
    for case in [
        "if (x.tag === 'a') { x.OLD }",
        "if (x.tag !== 'a') {} else { x.OLD }",
        "switch (x.tag) { case 'a': x.OLD; break; case 'b': x.old; break; case 'e': case 'f': break }",
        "switch (x.tag) { case 'e': case 'a': { x.OLD; break } case 'b': x.old }",
        "function f(x: All) { if (x.tag === 'b' || x.tag === 'e') return; x.OLD }",
        "x.tag === 'a' && x.OLD; const n = x.tag === 'a' ? x.OLD : 0;",
        "function isA(x: All): x is A { return true }\nif (isA(x)) { x.OLD }",
        "const f = { isA<T>(x: T | A): x is A { return true } };\nfunction g(y: All) { if (!f.isA(y)) { return }\n if (y.tag === 'a') y.OLD }",
        "class K { readonly tag = 'k'; old = 1 }\nfunction f(y: A | K) { if (y.tag === 'a') { y.OLD } else { y.old } }",
    ] {
        check("a.ts:A.old", &[("a.ts", &format!("{types}{case}\n"))])?;
    }
    Ok(())
}

#[test]
fn what_is_named_on_a_union_has_one_name() -> Result<()> {
    check(
        "a.ts:A.old",
        &[(
            "a.ts",
            "interface A { OLD: 1 }\ninterface B { OLD: 2 }\ninterface E { old: 3 }\nfunction f(x: A | B) { x.OLD }\n",
        )],
    )
}

#[test]
fn what_a_comment_does_not_settle_is_left_open() -> Result<()> {
    use super::member_tests::run;
    for text in [
        "/** @template T @param {T[]} xs @returns {T} */\nfunction last(xs) { return xs[0] }\nlast([new C()]).old;",
        "/** @template T */\nclass Box { /** @returns {T} */ get() { return this.v } }\n/** @type {Box<C>} */\nconst b = make();\nb.get().old;",
        "/** @type {Foreign<C>} */\nconst b = make();\nb.value.old;",
    ] {
        let (after, open) = run(&[("a.js", &format!("class C {{ old = 1 }}\n{text}\n"))], "a.js:C.old", "next")?;
        assert!(after[0].contains(".old") && open == 1, "{after:?} {open}");
    }
    check(
        "a.js:C.old",
        &[("a.js", "class C { OLD = 1 }\n/** @type {InstanceType<typeof C>} */\nconst c = make();\nc.OLD;\n")],
    )
}

fn doubling(lines: usize) -> String {
    let first = "class B<A> { dbl(): B<[A, A]> { throw 0 } d!: D }\nconst b0 = new B<C>();\n".to_owned();
    (0..lines).fold(first, |text, n| format!("{text}const b{} = b{n}.dbl(); b{}.d.old;\n", n + 1, n + 1))
}

#[test]
fn types_that_are_made_of_themselves_end() -> Result<()> {
    all(&[
        // Each line's type is twice as large as the one before.
        &doubling(40),
        "type T<A> = A | T<[A, A]>;\ndeclare const t: T<C>;\nt;",
        "function f<T>(x: T) { return f([x, x, x, x]) }\nf(c);",
        "interface L<A> { next: L<[A, L<A>]>; v: A }\nfunction g(l: L<C>) { l.next.next.next.next; l.v.OLD }",
        "class B<A> { both<X>(f: (a: A) => X): B<[A, X, A]> { throw 0 } one!: A }\nnew B<C>().both(a => a).both(a => a).both(a => a).both(a => a);",
    ])
}

#[test]
fn a_static_block_is_the_class_itself() -> Result<()> {
    check(
        "a.ts:1:27",
        &[("a.ts", "class A { n = 1; static OLD = 2; old = 3; static { this.OLD = 5 } get() { return this.old } }\n")],
    )
}

#[test]
fn namespaces_hold_types_and_values() -> Result<()> {
    let home =
        "export interface M { x: number }\nexport declare namespace M { type OLD = string; interface I { y: OLD } }\n";
    let users = [
        ("b.ts", "import * as m from './a';\nlet v: m.M.OLD;\n"),
        ("c.ts", "import { M } from './a';\nlet v: M.OLD; let w: M.I;\n"),
        ("d.ts", "export * as all from './a';\n"),
        ("e.ts", "import * as d from './d';\nlet v: d.all.M.OLD;\n"),
    ];
    check("a.ts:old", &[&[("a.ts", home)], &users[..]].concat())
}

#[test]
fn names_for_texts_tell_types_apart() -> Result<()> {
    let two = "interface A { t: 'a'; v: C }\ninterface B { t: 'b'; v: D }\n";
    let cases = [
        "const TA = 'a';\nfunction f(x: A | B) { if (x.t === TA) x.v.OLD; else x.v.old }",
        "const T = { A: 'a' as const };\nconst TB = 'b' as const;\nfunction f(x: A | B) { switch (x.t) { case TB: x.v.old } }",
        "function f(x: (A | B) & { t: 'a' }, y: { t: 'b' } & (A | B)) { x.v.OLD; y.v.old }",
        "const K = 'a' as const;\ntype K = typeof K;\nfunction f(x: (A | B) & { t: K }) { x.v.OLD }",
        "type Op<T extends string, W> = W & { readonly op: T };\ninterface P extends Op<'p', { w: C }> {}\ninterface Q extends Op<'q', { w: D }> {}\nfunction f(x: P | Q, y: (P | Q) & { op: 'p' }) { if (x.op == 'q') x.w.old; y.w.OLD }",
    ];
    all(&cases.map(|case| format!("{two}{case}")).each_ref().map(String::as_str))
}

#[test]
fn what_the_library_is_given_is_what_it_holds() -> Result<()> {
    all(&[
        "const all: Record<string, { m: C }> = { 'a b': { m: c } };\nall.x.m.OLD; all['a b'].m.OLD;",
        "const all: Record<string, { m: C }> = { set: { m: { OLD: 1 } }, get: { m: c } };",
        "[1].map(n => c).filter(one => one.OLD).map(one => d)[0].old;",
        "function f(all: number[]) { all.flatMap(n => [c]).forEach(one => one.OLD) }",
        "const l: C[] = [];\nl.push(c, { OLD: 2 });\nconst k: D[] = [];\nk.push({ old: 2 });",
        "const m = new Map<string, C>();\nm.set('a', { OLD: 3 });\nnew Map<string, D>().set('a', { old: 3 });",
        "interface All { [name: string]: C }\nfunction f(all: All) { all.some.OLD }",
        "Promise.resolve<C>({ OLD: 1 }); Promise.resolve<D>({ old: 1 });",
        "const x: C = Object.freeze({ OLD: 1 });\nconst y: D = Object.freeze({ old: 1 });",
        "interface P extends Omit<C & { x: 1 }, 'x'> {}\nfunction f(p: P) { p.OLD }",
    ])
}

#[test]
fn types_are_made_of_types() -> Result<()> {
    all(&[
        "type Flat<T> = { [K in keyof T]: T[K] };\nfunction f(x: Flat<C>, y: Flat<D>) { x.OLD; y.old }",
        "type Maybe<T> = { [K in keyof T]?: T[K] | undefined };\nfunction f(x: Maybe<C>) { x.OLD }",
        "interface A { a: C; b: D }\ntype E = Omit<A, 'a'> & { a: D };\nfunction f(e: E, n: Omit<A, 'b'>) { e.a.old; n.a.OLD }",
        "interface A<T> { a: T; b: D }\ninterface E<T> extends Omit<A<T>, 'b'> { b: C }\nfunction f(e: E<C>) { e.a.OLD; e.b.OLD }",
        "type Rest<T> = Omit<T, 'x'>;\nfunction f(r: Rest<C>, s: Rest<D>) { r.OLD; s.old }",
        "type By<T> = { [K in string]: T };\nfunction f(x: By<C>) { x.any.OLD }",
        "type Only<T> = T extends any ? T : never;\nfunction f(x: Only<C>, y: Only<D>) { x.OLD; y.old }",
        "type W<T> = { a: { b: T } };\nfunction f(w: W<C>, u: W<D>) { w.a.b.OLD; u.a.b.old }",
        "type Op<T> = { v: T } & { w: 1 };\ninterface A extends Op<C> {}\nfunction f(a: A) { a.v.OLD }",
        "type N<T> = readonly [T, ...T[]];\ndeclare const head: <T>(x: N<T>) => T;\nfunction f(n: N<C>) { head(n).OLD; n[0].OLD; n[1].OLD }",
        "function f(all: ReadonlyArray<readonly [C, D]>) { all[0][0].OLD; all[0][1].old }",
    ])
}

#[test]
fn signatures_of_values() -> Result<()> {
    all(&[
        "interface Make<T> { new (x: number): T }\nfunction f(m: Make<C>, n: Make<D>) { new m(1).OLD; new n(1).old }",
        "function f(m: new () => C, n: abstract new () => D) { new m().OLD; new n().old }",
        "interface Ctor<T extends { def: any }, D = T['def']> { new (def: D): T }\ndeclare const X: Ctor<{ def: C }>;\nnew X({ OLD: 1 });\ndeclare const Y: Ctor<{ def: D }>;\nnew Y({ old: 1 });",
        "interface Box<T> { v: T }\nfunction make<T extends { def: any }, D = T['def']>(how: (i: T, d: D) => void): Box<T> { throw 0 }\nconst m: Box<{ def: C }> = make((i, d) => { d.OLD; i.def.OLD });\nconst n: Box<{ def: D }> = make((i, d) => { d.old });",
        "type F = { <T>(x: T): T } & { extra: 1 };\ndeclare const f: F;\nf(c).OLD; f(d).old; f<C>({ OLD: 1 }); f<D>({ old: 1 });",
        "const make = (() => { function make(o: C) {} return make as { (o: C): void; (o: C, n: number): void } & { x: 1 } })();\nmake({ OLD: 1 });",
    ])
}

#[test]
fn whoever_says_any_says_nothing() -> Result<()> {
    let text =
        "class C { old = 1 }\ndeclare const c: C;\nconst x: any = c;\nx.old;\nfunction f(y: unknown = c) { y.old }\n";
    let (after, open) = run(&[("a.ts", text)], "a.ts:C.old", "next")?;
    assert_eq!(after, [text.replacen("old", "next", 1)]);
    assert_eq!(open, 2);
    Ok(())
}

#[test]
fn what_is_only_partly_known_decides_no_literal() -> Result<()> {
    let text = "class C { old = 1 }\ntype Odd<T> = T extends string ? 1 : 2;\nfunction f<T>(): C | Odd<T> { return { old: 1 } as any }\nconst g = <T>(): C | Odd<T> => ({ old: 2 });\n";
    let (after, open) = run(&[("a.ts", text)], "a.ts:C.old", "next")?;
    assert_eq!((after, open), (vec![text.replacen("old", "next", 1)], 2));
    Ok(())
}
