use super::{becomes, facts, show};

#[test]
fn assignments() {
    becomes("a = b = f()", "a = (b := f())");
    becomes("a, (b, *c) = f()", "[a, [b, *c]] = f()");
    becomes("[a, b] = x, y", "[a, b] = [x, y]");
    becomes("a.b['c'] = v", r#"a.b["c"] = v"#);
    becomes("x: stripe.Customer = f()", "x: stripe.Customer = f()");
    becomes("x: 'List[A]'", "x: List<A>");
    becomes("x = []  # type: List[A]", "x: List<A> = []");
    becomes("x = f()  # type: ignore", "x = f()");
}

#[test]
fn augmented_assignments_hold_the_joined_value() {
    becomes("a += 'x' + b", r#"a := (a ~ "x" ~ b)"#);
    becomes("a |= b", "a := (a BitOr b)");
    becomes("a %= b", "a := (a Modulo b)");
    becomes("a -= f()", "a := (a Other f())");
}

#[test]
fn branches_nest() {
    becomes(
        "if a: f()\nelif b:\n  g()\nelse: h()",
        "if a {f()} else {if b {g()} else {h()}}",
    );
}

#[test]
fn loops() {
    becomes(
        "for a, b in f():\n  g(a)\nelse:\n  h()",
        "loop for [a, b] in f() {g(a)}; h()",
    );
    becomes("for x in a, b: pass", "loop for x in [a, b] {}");
    becomes(
        "while (x := f()):\n  break\nelse: g()",
        "loop {(x := f()); exit}; g()",
    );
    becomes("async def f():\n  async for x in y: continue", "fn1");
}

#[test]
fn with_binds_the_value_itself() {
    becomes(
        "with a() as x, b(), c() as (d, e):\n  f(x)",
        "x = a(); b(); [d, e] = c(); f(x)",
    );
    becomes("with (a() as x, b()): pass", "x = a(); b()");
    becomes("with lock: f()", "lock; f()");
}

#[test]
fn tries() {
    becomes(
        "try:\n  a()\nexcept stripe.error.CardError as e:\n  b(e)\nexcept (A, B): pass\nexcept: c()\nelse: d()\nfinally: f()",
        "try {a()} catch {e: stripe.error.CardError; b(e)} catch {} catch {c()} finally {d(); f()}",
    );
    becomes(
        "try: a()\nexcept (A, m.B) as e: pass",
        "try {a()} catch {e: A | m.B} finally {}",
    );
}

#[test]
fn matches() {
    becomes(
        "match x:\n  case 'a' | 'b': f()\n  case Kind.C: g()\n  case -1 | None: h()\n  case _: i()",
        r#"switch x {"a", "b" => {f()}, Kind.C => {g()}, -1, null => {h()},  => {i()}}"#,
    );
    becomes(
        "match f(), y:\n  case [a, *b]: p\n  case Foo(k=v) as w if v > 1: q\n  case {'k': z}: r\n  case other: s",
        "switch [f(), y] {? => {a = ?; b = ?; p}, \
         isinstance(?, Foo) => {v = ?; w = ?; if (v Other 1) {q} else {}}, \
         ? => {z = ?; r},  => {other = ?; s}}",
    );
    becomes(
        "match x:\n  case y if y: f(y)",
        "switch x {? => {y = x; if y {f(y)} else {}}}",
    );
}

#[test]
fn flow_ends() {
    becomes("raise X(1) from e", "exit X(1)");
    becomes("raise X from f()", "f(); exit X");
    becomes("raise", "exit");
    becomes("sys.exit(f())", "exit sys.exit(f())");
}

#[test]
fn other_simple_statements() {
    becomes("del a[f()], b", "?([a[f()], b])");
    becomes("assert f(), g()", "if f() {} else {exit g()}");
    becomes("global a, b", "outer a, b");
    becomes("'documentation'\npass", "");
    becomes("print 'a', f()", r#""a"; f()"#);
    becomes("a; b", "a; b");
    becomes("a, f()", "a; f()");
    becomes("# nothing\n", "");
}

#[test]
fn imports() {
    let facts = facts(concat!(
        "import a.b, c\nimport a.b as d\nfrom m import x as y, z\nfrom ..p.q import (r,)\n",
        "from . import s\nfrom t import *\nfrom __future__ import annotations\n",
        "def f():\n  import stripe\n",
        "if TYPE_CHECKING:\n  import u\nelse:\n  import v\n",
        "if typing.TYPE_CHECKING:\n  from w import W\n",
        "try:\n  import j\nexcept ImportError:\n  import k as j\n",
    ));
    let expected = "a: module of a in fn0
: module of a.b in fn0
c: module of c in fn0
d: module of a.b in fn0
y: `x` of m in fn0
z: `z` of m in fn0
r: `r` of ..p.q in fn0
s: `s` of . in fn0
: all of t in fn0
stripe: module of stripe in fn1
u: module of u in fn0 for types
v: module of v in fn0
W: `W` of w in fn0 for types
j: module of j in fn0
j: module of k in fn0";
    assert_eq!(show::imports(&facts), expected);
}

#[test]
fn comments_to_rakscan() {
    let facts = facts("x = 'rakscan: no'\nf(  # rakscan: ignore this \n)\n# other\n");
    let said: Vec<_> = facts.directives.iter().map(|said| &*said.text).collect();
    assert_eq!(said, ["ignore this"]);
}
