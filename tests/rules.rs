//! Rule files at the command line: what they find, how that is printed, and how they are tested.

use expect_test::expect;

use crate::support::Sandbox;

fn ts() -> Sandbox {
    Sandbox::new(&[("src/a.ts", "console.log(1);\nf(2);\n"), ("src/b.ts", "console.log(3);\n")])
}

#[test]
fn scan_reports_fixes_and_fails_on_errors() {
    let sandbox = ts();
    let rule = "id: no-log\nlanguage: ts\nseverity: error\nmessage: no logging of $A\nrule: { pattern: console.log($A) }\nfix: log($A)\n";
    sandbox.write(".heck/rules/no-log.yml", rule);
    assert_eq!(sandbox.heck(&["scan"]).code, 3);
    sandbox.trust();
    expect![[r#"
        exit 1
        src/a.ts:1:1: error[no-log] no logging of 1
        src/b.ts:1:1: error[no-log] no logging of 3
        --- stderr
        2 findings of 1 rules
    "#]]
    .assert_eq(&sandbox.heck(&["scan"]).shown());
    assert_eq!(sandbox.heck(&["scan", "--fix", "--yes", "-q"]).code, 0);
    assert_eq!(sandbox.heck(&["scan", "--json"]).json()["payload"]["errors"], 0);
}

#[test]
fn findings_are_printed_for_other_programs_too() {
    let sandbox = ts();
    let rule =
        "id: no-log\nlanguage: ts\nmessage: 'no: $A, %'\nnote: why\nrule: { pattern: console.log($A) }\nfix: log($A)\n";
    sandbox.write("rules/r.yml", rule);
    sandbox.write("rules/other.yml", "id: r\nlanguage: rust\nrule: { pattern: f() }\n");
    sandbox.write("sgconfig.yml", "ruleDirs: [rules]\n");
    expect![[r#"
        exit 1
        ::error file=src/a.ts,line=1,endLine=1,col=1,endColumn=15,title=no-log::no: 1, %25%0Awhy
        ::error file=src/b.ts,line=1,endLine=1,col=1,endColumn=15,title=no-log::no: 3, %25%0Awhy
        --- stderr
        left out: 1 rules for rust, which heck does not parse
    "#]]
    .assert_eq(&sandbox.heck(&["scan", "-c", "sgconfig.yml", "--format", "github", "--error", "all"]).shown());
    let run = sandbox.heck(&["scan", "-r", "rules/r.yml", "--format", "sarif", "src/a.ts"]);
    let sarif: serde_json::Value = serde_json::from_str(&run.stdout).expect("SARIF is JSON");
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "no-log");
    assert_eq!(result["level"], "note");
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "src/a.ts");
    let change = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(change["deletedRegion"], serde_json::json!({ "byteOffset": 0, "byteLength": 8 }));
}

#[test]
fn rules_are_begun_and_tested() {
    let sandbox = ts();
    assert_eq!(sandbox.heck(&["rule", "new", "no-log"]).code, 0);
    assert_eq!(sandbox.heck(&["rule", "new", "no-log"]).code, 4);
    assert_eq!(sandbox.heck(&["rule", "test"]).code, 0);
    sandbox.write(
        ".heck/rules/tests/no-log-test.yml",
        "id: no-log\nvalid: [console.log(1)]\ninvalid:\n  - g()\n  - console.log(2)\n---\nid: other\nvalid: [a]\n",
    );
    sandbox.write(
        ".heck/rules/tests/__snapshots__/no-log-snapshot.yml",
        "id: no-log\nsnapshots:\n  console.log(2):\n    fixed: log(2)\n    labels: []\n",
    );
    assert_eq!(sandbox.heck(&["rule", "test"]).code, 3);
    sandbox.trust();
    expect![[r#"
        exit 1
        failed: no-log finds what it must not
          console.log(1)
        failed: no-log does not find what it must
          g()
        failed: no-log finds or fixes something else than its snapshot says
          console.log(2)
        diff --git a/text b/text
        --- a/text
        +++ b/text
        @@ -1,2 +1,6 @@
        -fixed: log(2)
        -labels: []
        +fixed: log.debug(2)
        +labels:
        +- end: 14
        +  source: console.log(2)
        +  start: 0
        +  style: primary

        --- stderr
        .heck/rules/tests/no-log-test.yml: there is no rule 'other'
        1 rules tested with 3 samples, 3 failed
    "#]]
    .assert_eq(&sandbox.heck(&["rule", "test"]).shown());
    // What the rules say now is kept, as a patch like any other; what was kept and holds no more is gone.
    sandbox.write(".heck/rules/tests/no-log-test.yml", "id: no-log\nvalid: [g()]\ninvalid:\n  - console.log(3)\n");
    sandbox.trust();
    assert_eq!(sandbox.heck(&["rule", "test", "-U", "--yes"]).code, 0);
    let kept = sandbox.read(".heck/rules/tests/__snapshots__/no-log-snapshot.yml");
    assert!(kept.contains("fixed: log.debug(3)") && !kept.contains("console.log(2)"), "{kept}");
    sandbox.trust();
    assert_eq!(sandbox.heck(&["rule", "test"]).code, 0);
}
