//! Code of every language with a feature flag, and what it becomes; `FLAG` stands for what asks for it.

/// A file, bit by bit: the code, what it becomes where the flag is on, and where it is off; or only code that stays.
pub type Case = (&'static str, &'static [&'static [&'static str]]);

pub const JAVASCRIPT: &[Case] = &[
    ("else_gone_js.js", &[&["if (!FLAG) {\n  old();\n}\nafter();\n", "after();\n", "old();\nafter();\n"]]),
    (
        "else_if_js.js",
        &[&[
            "if (a) {\n  one();\n} else if (FLAG) {\n  two();\n} else if (b) {\n  three();\n} else {\n  four();\n}\n",
            "if (a) {\n  one();\n} else {\n  two();\n}\n",
            "if (a) {\n  one();\n} else if (b) {\n  three();\n} else {\n  four();\n}\n",
        ]],
    ),
    (
        "first_of_chain_js.js",
        &[
            &["if (FLAG) {\n  one();\n} else if (b) {\n", "one();\n", "if (b) {\n"],
            &["  two();\n} else {\n  three();\n}\n", "", "  two();\n} else {\n  three();\n}\n"],
        ],
    ),
    (
        "braces_js.js",
        &[
            &["function f(s) {\n"],
            &["  if (FLAG) {\n    const s = 1;\n    g(s);\n  }\n", "  {\n    const s = 1;\n    g(s);\n  }\n", ""],
            &["  if (FLAG) {\n    const t = 1;\n    g(t);\n  }\n", "  const t = 1;\n  g(t);\n", ""],
            &["  return s;\n}\n"],
        ],
    ),
    (
        "values_js.js",
        &[
            &["const a = FLAG && x;\n", "const a = x;\n", ""],
            &["const b = x && FLAG;\n", "const b = x && true;\n", "const b = x && false;\n"],
            &["const c = FLAG || x;\n", "", "const c = x;\n"],
            &["const d = !FLAG;\nconst e = FLAG ? { a: 1 } : other;\n", "const e = { a: 1 };\n", "const e = other;\n"],
            &["const f = (FLAG && (x || y)) || z;\n", "const f = x || y || z;\n", "const f = z;\n"],
            &["const g = (FLAG ? x || y : z) && w;\n", "const g = (x || y) && w;\n", "const g = z && w;\n"],
            &["const h = (FLAG ? x : y).z;\n", "const h = x.z;\n", "const h = y.z;\n"],
            &["const i = (FLAG && x + y) * 2;\n", "const i = (x + y) * 2;\n", "const i = false * 2;\n"],
            &["const j = FLAG === true ? 1 : 2;\nconst k = FLAG !== true;\n", "const j = 1;\n", "const j = 2;\n"],
            &["const l = a === b && FLAG;\n", "const l = a === b;\n", ""],
            &[
                "send(FLAG, { k: FLAG, o: [FLAG] });\nconst m = !!FLAG;\nconst n = FLAG ?? x;\n",
                "send(true, { k: true, o: [true] });\n",
                "send(false, { k: false, o: [false] });\n",
            ],
        ],
    ),
    (
        "tests_js.js",
        &[
            &["if (FLAG && other) go();\n", "if (other) go();\n", "if (other) go();\n"],
            &["if (other || FLAG) go();\n", "go();\n", ""],
            &["if (call() || FLAG) go();\n", "if (call() || true) go();\n", "if (call()) go();\n"],
            &["if (call() && !FLAG) go();\n", "if (call() && false) go();\n", "if (call()) go();\n"],
            &["if (a && FLAG && b) go();\n", "if (a && b) go();\n", "if (a && b) go();\n"],
            &["if (a && (FLAG || b)) go();\n", "if (a) go();\n", ""],
            &["while (FLAG) go();\nwhile (!FLAG) { go(); }\n", "while (true) go();\n", "while (true) { go(); }\n"],
            &[
                "do { go(); } while (FLAG);\nfor (let i = 0; FLAG; i++) go();\nFLAG && go();\nFLAG || stop();\n",
                "do { go(); } while (true);\nfor (let i = 0; true; i++) go();\n",
                "do { go(); } while (false);\nfor (let i = 0; false; i++) go();\nstop();\n",
            ],
            &["if (x) {\n  if (!FLAG) {\n    go();\n  }\n}\n", "go();\n", "if (x) {\n  go();\n}\n"],
            &["if (y) {\n  if (FLAG) {\n", "if (y) {\n", "if (y) {\n"],
            &["    go();\n  }\n} else {\n  if (!FLAG) stop();\n}\n", "  go();\n}\n", "} else {\n  stop();\n}\n"],
        ],
    ),
    (
        "jsx_tsx.tsx",
        &[
            &[
                "const A = () => (\n  <div on={FLAG} b={FLAG && <B />}>\n",
                "const A = () => (\n  <div on={true} b={<B />}>\n",
                "const A = () => (\n  <div on={false} b={false}>\n",
            ],
            &["    {FLAG && <A />}\n    {FLAG && (\n      <A>\n", "    <A />\n    <A>\n", ""],
            &["        text\n      </A>\n    )}\n    {FLAG ? <A /> : <B />}\n", "      text\n    </A>\n", ""],
            &["    {FLAG ? 'a' : 'b'}\n    {!FLAG && <Old />}\n", "    <A />\n    {'a'}\n", ""],
            &["    {x && FLAG && <A />}\n", "    {x && <A />}\n", "    <B />\n    {'b'}\n    <Old />\n"],
            &["  </div>\n);\nconst B = () => {\n"],
            &["  return FLAG ? (\n    <A>\n      x\n", "  return (\n    <A>\n      x\n", "  return <B />;\n"],
            &["    </A>\n  ) : (\n    <B />\n  );\n};\n", "    </A>\n  );\n};\n", "};\n"],
        ],
    ),
    (
        "vars_ts.ts",
        &[
            &["function f() {\n"],
            &["  const on = FLAG;\n  const off = !on;\n", "", ""],
            &["  if (on && x) go({ on });\n", "  if (x) go({ on: true });\n", ""],
            &["  return off ? 1 : 2;\n}\n", "  return 2;\n}\n", "  return 1;\n}\n"],
            &["function g() {\n"],
            &["  let on = FLAG;\n", "  let on = true;\n", "  let on = false;\n"],
            &["  on = false;\n  return on;\n}\nfunction h(on: boolean) {\n"],
            &["  const a = 1, b = FLAG;\n", "  const a = 1, b = true;\n", "  const a = 1, b = false;\n"],
            &["  return b ? a : on;\n}\n"],
            &[
                "export const exported = FLAG;\nif (exported) go();\nconst E = FLAG;\nexport { E };\n",
                "export const exported = true;\nif (exported) go();\nconst E = true;\nexport { E };\n",
                "export const exported = false;\nif (exported) go();\nconst E = false;\nexport { E };\n",
            ],
        ],
    ),
    (
        "unreachable_js.js",
        &[
            &["function f() {\n"],
            &["  if (FLAG) {\n    return 1;\n  }\n", "  return 1;\n", ""],
            &["  // later\n  work();\n  return 2;\n}\n", "}\n", "  // later\n  work();\n  return 2;\n}\n"],
            &["function g() {\n"],
            &["  if (FLAG) return helper();\n", "  return helper();\n", ""],
            &["  work();\n  function helper() {}\n}\n"],
            &[
                "function h(x) {\n  if (x) {\n    if (FLAG) return 1;\n  } else {\n    return 2;\n  }\n  return 3;\n}\n",
                "function h(x) {\n  if (x) {\n    return 1;\n  } else {\n    return 2;\n  }\n}\n",
                "function h(x) {\n  if (x) {\n  } else {\n    return 2;\n  }\n  return 3;\n}\n",
            ],
            &["function i(xs) {\n  for (const x of xs) {\n"],
            &["    if (!FLAG) continue;\n    go(x);\n  }\n", "    go(x);\n  }\n", "    continue;\n  }\n"],
            &["  switch (xs) {\n    case 1:\n"],
            &["      if (FLAG) {\n        go();\n        break;\n      }\n", "      go();\n", ""],
            &["      stop();\n      break;\n", "      break;\n", "      stop();\n      break;\n"],
            &["    default:\n"],
            &["      if (!FLAG) throw new Error('x');\n  }\n}\n", "  }\n}\n", "      throw new Error('x');\n  }\n}\n"],
        ],
    ),
    (
        "hoisted_js.js",
        &[&[
            "function f() {\n  if (FLAG) {\n    go();\n  } else {\n    var x = 1;\n  }\n  return x;\n}\n",
            "function f() {\n  if (FLAG) {\n    go();\n  } else {\n    var x = 1;\n  }\n  return x;\n}\n",
            "function f() {\n  var x = 1;\n  return x;\n}\n",
        ]],
    ),
    (
        "places_js.js",
        &[
            &["switch (FLAG) {\n", "switch (true) {\n", "switch (false) {\n"],
            &["  case true:\n    go();\n}\nFLAG.foo();\nx = typeof FLAG;\n"],
            &["const y = `${FLAG}`;\n", "const y = `${true}`;\n", "const y = `${false}`;\n"],
            &[
                "const z = () => FLAG;\nfor (const x of xs) if (FLAG) go(); else stop();\nlabel: if (FLAG) go();\n",
                "const z = () => true;\nfor (const x of xs) go();\nlabel: go();\n",
                "const z = () => false;\nfor (const x of xs) stop();\nlabel: {}\n",
            ],
            &["function empty() {\n"],
            &["  if (!FLAG) {\n    go();\n  }\n}\n", "}\n", "  go();\n}\n"],
        ],
    ),
    (
        "comments_js.js",
        &[
            &["// before\nif (FLAG /* why */) { // behind\n", "// before\n// behind\n", "// before\n"],
            &["  /* block\n     comment */\n", "/* block\n   comment */\n", ""],
            &["  go(); // same line\n\n", "go(); // same line\n\n", ""],
            &["  // last\n} // end\nelse {\n  // dropped\n  stop();\n}\n\n", "// last\n\n", "// dropped\nstop();\n\n"],
            &["if (!FLAG) {\n  stop();\n}\n\n", "", "stop();\n\n"],
            &["next();\nif (FLAG) { a(); b(); }\n", "next();\na(); b();\n", "next();\n"],
        ],
    ),
    (
        "imports_ts.ts",
        &[
            &["import { isOn } from './flags';\n", "", ""],
            &["import { old } from './old';\n"],
            &["if (!FLAG) old();\ngo();\n", "go();\n", "old();\ngo();\n"],
        ],
    ),
    (
        "imports2_ts.ts",
        &[&[
            "import { a, isOn } from './flags';\na(FLAG);\n",
            "import { a } from './flags';\na(true);\n",
            "import { a } from './flags';\na(false);\n",
        ]],
    ),
    (
        "nested_js.js",
        &[
            &["if (FLAG) {\n  if (x) {\n", "if (x) {\n", ""],
            &["    if (FLAG) {\n      a(`\n      x`);\n    }\n  }\n}\n", "  a(`\n      x`);\n}\n", ""],
        ],
    ),
    (
        "asi_js.js",
        &[
            &["const a = 1\nif (FLAG) {\n  (b || c).d()\n}\n", "const a = 1\n", "const a = 1\n"],
            &["FLAG && [1].forEach(d)\nif (!FLAG) stop()\n", ";(b || c).d()\n;[1].forEach(d)\n", "stop()\n"],
        ],
    ),
    (
        "var_twice_js.js",
        &[
            &["function f(xs) {\n  if (!FLAG) {\n", "function f(xs) {\n", "function f(xs) {\n"],
            &["    for (var i = 0; i < 1; i++) go(i);\n  }\n", "", "  for (var i = 0; i < 1; i++) go(i);\n"],
            &["  for (var i = 0; i < 2; i++) go(i);\n}\n"],
        ],
    ),
    (
        "crlf_js.js",
        &[
            &["if (FLAG) {\r\n  a();\r\n  b();\r\n}\r\n", "a();\r\nb();\r\n", ""],
            &["if (!FLAG) {\r\n  c();\r\n}\r\nd();\r\n", "d();\r\n", "c();\r\nd();\r\n"],
        ],
    ),
];

pub const PYTHON: &[Case] = &[
    (
        "trailing_py.py",
        &[
            &["def f():\n"],
            &["    if not FLAG:\n        go()\n", "    pass\n", "    go()\n"],
            &["    # behind\n\n\ndef g():\n"],
            &["    if not FLAG: go()  # dropped\n", "", "    go()  # dropped\n"],
            &["    x = 1  # kept\n    return x\n"],
        ],
    ),
    (
        "chain_py.py",
        &[
            &["def f(a, b):\n    if FLAG:\n", "def f(a, b):\n", "def f(a, b):\n    if a:\n"],
            &["        one()\n    elif a:\n        two()\n", "    one()\n", "        two()\n"],
            &[
                "    if a:\n        one()\n    elif FLAG:\n        # kept\n        two()\n    elif b:\n",
                "    if a:\n        one()\n    else:\n        # kept\n        two()\n",
                "    if a:\n        one()\n    elif b:\n",
            ],
            &["        three()\n    else:\n        four()\n", "", "        three()\n    else:\n        four()\n"],
            &[
                "    if a:\n        one()\n    elif not FLAG:\n        two()\n",
                "    if a:\n        one()\n",
                "    if a:\n        one()\n    else:\n        two()\n",
            ],
            &["    if not FLAG:\n        one()\n    elif a:\n", "    if a:\n", "    one()\n"],
            &["        two()\n    else:\n        three()\n", "        two()\n    else:\n        three()\n", ""],
            &["    if not FLAG: one()\n    else: two()\n", "    two()\n", "    one()\n"],
        ],
    ),
    (
        "pass_py.py",
        &[
            &["def f():\n"],
            &["    if not FLAG:\n        go()\n\n\n", "    pass\n\n\n", "    go()\n\n\n"],
            &["def g(x):\n"],
            &["    \"\"\"Doc.\"\"\"\n"],
            &["    if x:\n        if not FLAG:\n", "    if x:\n", "    if x:\n"],
            &[
                "            go()\n    else:\n        stop()\n    for y in x:\n        if not FLAG:\n            go()\n",
                "        pass\n    else:\n        stop()\n    for y in x:\n",
                "        go()\n    else:\n        stop()\n    for y in x:\n        go()\n",
            ],
            &["    if FLAG:\n        pass\n    else:\n        go()\n\n\n", "        pass\n\n\n", "    go()\n\n\n"],
            &["class A:\n    if not FLAG:\n        x = 1\n", "class A:\n    pass\n", "class A:\n    x = 1\n"],
        ],
    ),
    (
        "values_py.py",
        &[
            &["a = x if FLAG else y\nb = FLAG and x\n", "a = x\nb = x\n", "a = y\nb = False\n"],
            &["c = x or FLAG\n", "c = x or True\n", "c = x or False\n"],
            &["d = not FLAG\ne = (FLAG and (x or y)) and z\n", "e = (x or y) and z\n", ""],
            &["f = (x if FLAG else y).z\n", "f = x.z\n", "f = y.z\n"],
            &["g = FLAG is True\nh = FLAG == False\n", "g = True\nh = False\n", "g = False\nh = True\n"],
            &["i = [x for x in xs if FLAG]\n", "i = [x for x in xs if True]\n", "i = [x for x in xs if False]\n"],
            &["j = call(FLAG, k=FLAG)\n", "j = call(True, k=True)\n", "j = call(False, k=False)\n"],
            &["k = {\"a\": FLAG}\n", "k = {\"a\": True}\n", "k = {\"a\": False}\n"],
            &["l = f\"{FLAG}\"\n", "l = f\"{True}\"\n", "l = f\"{False}\"\n"],
            &["m = (\n    x\n    if FLAG\n    else y\n)\n", "m = x\n", "m = y\n"],
            &["n = (FLAG and\n     x)\no = lambda: FLAG\n", "n = x\no = lambda: True\n", "o = lambda: False\n"],
            &["p = (lambda: x) if FLAG else None\n", "p = lambda: x\n", "p = None\n"],
        ],
    ),
    (
        "tests_py.py",
        &[
            &["def f(x):\n"],
            &["    while FLAG:\n        go()\n", "    while True:\n        go()\n", "    while True:\n        go()\n"],
            &["    while not FLAG:\n        go()\n", "", ""],
            &["    if FLAG and x:\n        go()\n", "    if x:\n        go()\n", ""],
            &["    if x or FLAG:\n        go()\n", "    go()\n", "    if x:\n        go()\n"],
            &[
                "    if call() or FLAG:\n        go()\n    if not (FLAG and x):\n        go()\n",
                "    if call() or True:\n        go()\n    if not x:\n        go()\n",
                "    if call():\n        go()\n    go()\n",
            ],
            &["    if (FLAG\n            and x\n            and y):\n", "    if (x\n            and y):\n", ""],
            &["        go()\n    assert FLAG\n", "        go()\n    assert True\n", "    assert False\n"],
            &["    if FLAG:\n        text = \"\"\"\n        inside\n", "    text = \"\"\"\n        inside\n", ""],
            &["    \"\"\"\n        return text\n    return 2\n", "    \"\"\"\n    return text\n", "    return 2\n"],
        ],
    ),
    (
        "yield_py.py",
        &[
            &["def f():\n"],
            &["    if not FLAG:\n        yield 1\n", "    if not FLAG:\n        yield 1\n", "    yield 1\n"],
            &["    go()\n\n\ndef g():\n"],
            &["    if not FLAG:\n        yield 1\n", "", "    yield 1\n"],
            &["    yield 2\n\n\ndef h():\n"],
            &["    if FLAG:\n        raise ValueError\n", "    raise ValueError\n", ""],
            &["    yield 1\n"],
        ],
    ),
    (
        "vars_py.py",
        &[
            &["def f():\n"],
            &["    on = FLAG\n    if on:\n        go()\n", "    go()\n", ""],
            &["    return not on\n\n\nTOP = FLAG\n", "    return False\n\n\n", "    return True\n\n\n"],
            &["OTHER = FLAG\n\n\ndef g():\n", "OTHER = True\n\n\ndef g():\n", "OTHER = False\n\n\ndef g():\n"],
            &["    if TOP:\n        go()\n", "    go()\n", ""],
            &["    if OTHER:\n        go()\n"],
        ],
    ),
    ("usestop_py.py", &[&["from vars_py import OTHER\nprint(OTHER)\n"]]),
    (
        "imports_py.py",
        &[
            &["from flags import isOn\n", "", ""],
            &["from old import old, new\n"],
            &["if not FLAG:\n    old()\nnew()\n", "new()\n", "old()\nnew()\n"],
        ],
    ),
];

pub const GO: &[Case] = &[
    (
        "chain_go.go",
        &[
            &["package a\n\nfunc f(a, b bool) int {\n"],
            &["\tif FLAG {\n\t\tone()\n\t} else if a {\n\t\ttwo()\n\t}\n", "\tone()\n", "\tif a {\n\t\ttwo()\n\t}\n"],
            &[
                "\tif a {\n\t\tone()\n\t} else if FLAG {\n\t\ttwo()\n\t} else {\n\t\tthree()\n\t}\n",
                "\tif a {\n\t\tone()\n\t} else {\n\t\ttwo()\n\t}\n",
                "\tif a {\n\t\tone()\n\t} else {\n\t\tthree()\n\t}\n",
            ],
            &["\tif x := g(); FLAG {\n\t\tone(x)\n\t}\n"],
            &["\tif !FLAG {\n\t\tpanic(\"old\")\n\t}\n\tif FLAG {\n", "\t{\n", "\tpanic(\"old\")\n"],
            &["\t\tx, err := g()\n\t\tone(x, err)\n\t}\n", "\t\tx, err := g()\n\t\tone(x, err)\n\t}\n", ""],
            &["\tif FLAG {\n\t\ta := g()\n\t\tone(a)\n\t}\n", "\t{\n\t\ta := g()\n\t\tone(a)\n\t}\n", ""],
            &["\tfor FLAG {\n\t\tone()\n\t}\n", "\tfor true {\n\t\tone()\n\t}\n", ""],
            &["\tfor FLAG && a {\n\t\tone()\n\t}\n", "\tfor a {\n\t\tone()\n\t}\n", ""],
            &["\tswitch {\n\tcase FLAG:\n\t\tone()\n", "\tswitch {\n\tcase true:\n\t\tone()\n", ""],
            &["\tcase a && FLAG:\n\t\ttwo()\n\t}\n", "\tcase a:\n\t\ttwo()\n\t}\n", ""],
            &["\tt := T{On: FLAG, Off: !FLAG}\n", "\tt := T{On: true, Off: false}\n", ""],
            &["\tsend(FLAG, t)\n\tok := FLAG && (a || b)\n", "\tsend(true, t)\n\tok := a || b\n", ""],
            &["\tif FLAG {\n\t\treturn 1\n\t}\n\treturn 2\n}\n\n", "\treturn 1\n}\n\n", "}\n\n"],
            &["func v() (bool, error) {\n"],
            &["\ton := FLAG\n\tif on {\n\t\tone()\n\t}\n", "\tone()\n", ""],
            &["\tif !on && g() {\n\t\ttwo()\n\t}\n", "", "\tif g() {\n\t\ttwo()\n\t}\n"],
            &["\treturn on, nil\n}\n\n", "\treturn true, nil\n}\n\n", "\treturn false, nil\n}\n\n"],
            &["func p(a bool) {\n"],
            &["\tif FLAG {\n\t\tpanic(\"x\")\n\t}\n\tone()\n}\n\n", "\tpanic(\"x\")\n}\n\n", "\tone()\n}\n\n"],
            &["func l() {\n\tif FLAG {\n\t\treturn\n\t}\n", "func l() {\n\treturn\n", "func l() {\n"],
            &["outer:\n\tfor {\n\t\tbreak outer\n\t}\n}\n"],
        ],
    ),
    (
        "imports_go.go",
        &[
            &["package a\n\nimport (\n\t\"fmt\"\n\t\"strings\"\n)\n\nfunc f() {\n"],
            &["\tif FLAG {\n\t\tfmt.Println()\n\t} else {\n", "\tfmt.Println()\n", ""],
            &["\t\tstrings.Split(\"\", \"\")\n\t}\n}\n", "}\n", "\tstrings.Split(\"\", \"\")\n}\n"],
        ],
    ),
];
