//! What statements and directives become.

use super::js;

#[test]
fn statements_become_few_shapes() {
    insta::assert_snapshot!(js("
        let a, b = 1;
        a ??= make(); a ||= b; a += 'x';
        ({ a, b: c.d } = o);
        if (a) b(); else if (c) { d(); } else e();
        for (let i = 0; i < n; i++) f(i);
        for (const k in o) g(k);
        for await (const [k, { v }] of list()) h(v);
        while (more()) { break; }
        do x(); while (y());
        try { t(); } catch ({ message }) { c(message); } finally { z(); }
        outer: for (;;) continue outer;
        { nested(); }
        throw new Error('e');
    "), @r#"
    Module #0 ()
      let a
      let b = 1
      let a <- (a Coalesce make())
      let a <- (a Or b)
      let a <- cat(a, "x")
      let ["a": a, "b": c.d] = o
      if a
        b()
      else
        if c
          d()
        else
          e()
      let i = 0
      loop
        (i Other n)
        f(i)
        (i = ?())
      loop k of keys o
        g(k)
      loop [k, ["v": v]] of list()
        h(v)
      loop
        more()
        exit 
      loop
        x()
        y()
      try
        t()
      catch
        let ["message": message]
        c(message)
      finally
        z()
      loop
        exit 
      nested()
      exit new Error("e")
    "#);
}

#[test]
fn switches_say_where_cases_lead() {
    insta::assert_snapshot!(js("
        function f(x) {
            switch (x) {
                case 'a': case 'b': { one(); break; }
                case 'c': two();
                case 'd': return 1;
                default: three();
            }
        }
    "), @r#"
    Module #0 ()
      function #1
    Function #1 f(x) in #0
      switch x
      case "a", "b"
        one()
      case "c" ->
        two()
      case "d"
        return 1
      case 
        three()
    "#);
}

#[test]
fn directives_are_collected() {
    insta::assert_snapshot!(js("
        // rakscan: ignore this
        f(/* rakscan:allow customers:read */);
    "), @"
    Module #0 ()
      f()
    directive ignore this
    directive allow customers:read
    ");
}
