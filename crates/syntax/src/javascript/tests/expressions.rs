//! What expressions become.

use model::{facts::Stmt, language::Language};

use super::{facts, js, lower, ts};

#[test]
fn marks_that_keep_the_value_are_dropped() {
    insta::assert_snapshot!(ts("
        (await a?.b!.c(d)).e;
        (x as any).y; x as const; (x as unknown as Stripe).z; x satisfies T; <T>x;
        make<T>(1);
    "), @"
    Module #0 ()
      a.b.c(d).e
      x.y
      x
      (x as Stripe).z
      (x as T)
      (x as T)
      make(1)
    ");
}

#[test]
fn members_and_indexes_differ() {
    insta::assert_snapshot!(js("
        a['b'](); a[0]; a[i - 1]; a[b]?.create(x); this.#p; super.m(); a[`t`]; a[`${t}s`];
    "), @r#"
    Module #0 ()
      a["b"]()
      a[0]
      a[(i Other 1)]
      a[[b]].create(x)
      this.#p
      super.m()
      a["t"]
      a[[cat(t, "s")]]
    "#);
}

#[test]
fn literals_are_read() {
    insta::assert_snapshot!(js(r#"
        f("a\n\x41\u{1F600}", 'it\'s', `b${c}d${e}`, ``, 0x10, 1_000, 1.5, -3, true, null, undefined, /x/g);
        f([1, , ...x], { a, 'b-c': 1, [k]: 2, ...s, m() {}, get g() { return 1; }, set g(v) {}, 3: 4 });
        tag`x${y}`;
    "#), @r#"
    Module #0 ()
      f("a\nA😀", "it's", cat("b", c, "d", e), "", 16, 1000, ?(), -3, true, null, null, ?())
      f([1, null, ...x], ["a": a, "b-c": 1, k: 2, ...s, "m": fn#1, get "g": fn#2, 3: 4])
      tag(cat("x", y))
    Method #1 m() in #0
    Getter #2 g() in #0
      return 1
    Setter #3 g(v) in #0
    "#);
}

#[test]
fn operators_are_kept() {
    insta::assert_snapshot!(js("
        a + 'b' + (c + d) + `e${f}`;
        x = a && b || c; y = a ?? b; a === b; a != b; a instanceof B; 'k' in o; a % b; a | b; a * b;
        z = t ? u : !v;
        typeof a; void f(); delete a.b; i++;
        g(a = b, (h(), j()));
        const k = (p(), q());
        (() => (r(), s()))();
    "), @r#"
    Module #0 ()
      cat(a, "b", c, d, "e", f)
      let x = ((a And b) Or c)
      let y = (a Coalesce b)
      (a Equal b)
      (a NotEqual b)
      (a InstanceOf B)
      ("k" In o)
      (a Modulo b)
      (a BitOr b)
      (a Other b)
      let z = (t ? u : !v)
      ?(a)
      ?(f())
      ?(a.b)
      (i = ?())
      g((a = b), ?(h(), j()))
      p()
      let k = q()
      fn#1()
    Closure #1 () in #0
      r()
      return s()
    "#);
}

#[test]
fn jsx_keeps_the_expressions_inside() {
    let source = "const x = <Card a={f(1)} b=\"t\" {...rest}><div onClick={() => g()}>{list.map(h)} text</div></Card>;";
    insta::assert_snapshot!(facts(Language::Tsx, source), @"
    Module #0 ()
      let x = ?(Card, f(1), ?(rest), fn#1, list.map(h))
    Closure #1 () in #0
      return g()
    ");
    assert_eq!(facts(Language::Tsx, source), js(source));
}

#[test]
fn a_call_stands_where_its_name_is() {
    let source = "a\n  .b?.\n  create!<T>(1);";
    let facts = lower(Language::TypeScript, source);
    let [Stmt::Expr(call)] = facts.functions[0].body.as_slice() else {
        panic!("one call is expected");
    };
    let range = call.span.start as usize..call.span.end as usize;
    assert_eq!(source.get(range), Some("create"));
}
