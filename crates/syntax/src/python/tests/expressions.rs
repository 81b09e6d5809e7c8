use super::{becomes, facts, show};

#[test]
fn attributes_and_subscripts() {
    becomes("a.b.c", "a.b.c");
    becomes("a['k'][0][k]", r#"a["k"][0][k]"#);
    becomes("a[1:n]", "a[]");
    becomes("a[f():]", "?(a[], f())");
    becomes("a[1, *b]", "a[[1, *b]]");
    becomes("(await (a)).b", "a.b");
}

#[test]
fn arguments_keep_names_and_stars() {
    becomes("f(a, k=1, *b, **c)", "f(a, k=1, *b, *c)");
    becomes("f(x for x in y)", "f({x for x in y})");
}

#[test]
fn a_call_stands_where_its_name_is() {
    let facts = facts("(client\n  .customers\n  .create(x))");
    let model::facts::Stmt::Expr(call) = &facts.functions[0].body[0] else {
        panic!("no expression")
    };
    assert_eq!(show::expr(call), "client.customers.create(x)");
    assert_eq!(facts.source.line(call.span.start), 3);
    assert_eq!(call.span.end - call.span.start, 6);
}

#[test]
fn strings_are_decoded() {
    becomes(r#"x = 'a' "b" 'c\n'"#, r#"x = "abc\n""#);
    becomes(r"x = r'a\nb'", r#"x = "a\\nb""#);
    becomes("x = b'x'", r#"x = "x""#);
    becomes("x = ''", r#"x = """#);
    becomes("x = '''a\\\nb'''", r#"x = "ab""#);
}

#[test]
fn interpolations_become_parts() {
    becomes(
        "f'/v1/{name!r:>{w}}/x{{y}}'",
        r#"("/v1/" ~ name ~ "/x{y}")"#,
    );
    becomes("f'{x}'", "(x)");
    becomes("'a' f'{x}b' 'c'", r#"("a" ~ x ~ "bc")"#);
    becomes("rf'\\d{x}'", r#"("\\d" ~ x)"#);
}

#[test]
fn sums_are_flat() {
    becomes(
        "a + '/' + f'x{b}' + (c + 'd')",
        r#"(a ~ "/x" ~ b ~ c ~ "d")"#,
    );
    becomes("x = 'a' + 'b'", r#"x = "ab""#);
    becomes("'%s/x' % y", r#"("%s/x" Modulo y)"#);
    becomes("'{}'.format(x)", r#""{}".format(x)"#);
    becomes("a | b", "(a BitOr b)");
    becomes("a * b", "(a Other b)");
}

#[test]
fn comparisons_and_logic() {
    becomes(
        "a == 1 and b is not None",
        "((a Equal 1) And (b NotEqual null))",
    );
    becomes("not a or b != c", "(!a Or (b NotEqual c))");
    becomes("a in b", "(a In b)");
    becomes("a not in b", "!(a In b)");
    becomes("1 < a <= b", "((1 Other a) And (a Other b))");
    becomes("a < f() < b", "((a Other f()) And (? Other b))");
    becomes("a if t else b", "(t ? a : b)");
}

#[test]
fn literals() {
    becomes(
        "[1, 0x1F, -2, 1_000, 1.5, True, None, ...]",
        "[1, 31, -2, 1000, ?, true, null, null]",
    );
    becomes("(a, *b)", "[a, *b]");
    becomes("{'k': v, **d}", r#"["k": v, *d]"#);
    becomes("{a, b}", "[a, b]");
    becomes("dict(a=1, **b)", r#"["a": 1, *b]"#);
    becomes("dict(x)", "dict(x)");
    becomes("99999999999999999999", "?");
}

#[test]
fn comprehensions() {
    becomes("[f(x) for x in xs]", "{f(x) for x in xs}");
    becomes(
        "[y for a, b in xs if g(a) for y in a]",
        "{y for [a, b] in xs for [] in g(a) for y in a}",
    );
    becomes("[x for x in xs if x in ys]", "{x for x in xs}");
    becomes(
        "{k: v for k, v in d.items()}",
        "{v for [k, v] in d.items()}",
    );
    becomes(
        "{k(x): v(x) for x in xs}",
        "{v(x) for x in xs for [] in k(x)}",
    );
}

#[test]
fn lambdas_are_functions() {
    let facts = facts("f = lambda a, *b, c=1, **d: a.b(c)");
    assert_eq!(show::module(&facts), "f = fn1");
    assert_eq!(
        show::functions(&facts),
        "Closure (a, *b, c = 1, **d) {return a.b(c)}"
    );
}

#[test]
fn attributes_by_name() {
    becomes("getattr(o, 'x')", "o.x");
    becomes("getattr(stripe, name).list()", "stripe.{name}.list()");
    becomes("getattr(o, f'a{b}', None)", r#"(o.{("a" ~ b)} Or null)"#);
    becomes("getattr(o, 'x', None) or y", "((o.x Or null) Or y)");
    becomes("getattr(*o)", "getattr(*o)");
    becomes("setattr(o, 'x', v)", "(o.x := v)");
}

#[test]
fn modules_by_name() {
    becomes(
        "m = importlib.import_module('stripe')",
        "m = require(stripe)",
    );
    becomes(
        "__import__('stripe').Customer.list()",
        "require(stripe).Customer.list()",
    );
    becomes("import_module(name)", "import_module(name)");
    becomes("import_module('.x', p)", r#"import_module(".x", p)"#);
}

#[test]
fn casts_of_the_type_library_alone() {
    becomes(
        "from typing import cast\ncast('stripe.Customer', x)",
        "(x as stripe.Customer)",
    );
    becomes(
        "import typing as t\nt.cast(List[A], f())",
        "(f() as List<A>)",
    );
    becomes("from sqlalchemy import cast\ncast(f(), T)", "cast(f(), T)");
}

#[test]
fn assignments_as_values() {
    becomes(
        "if (x := f()) is None: pass",
        "if ((x := f()) Equal null) {} else {}",
    );
    becomes("(yield x)", "yield x");
    becomes("x = yield", "x = yield");
    becomes("yield from f()", "yield f()[?]");
}

#[test]
fn what_has_no_word_keeps_what_is_inside() {
    becomes("~f(x)", "?(f(x))");
    becomes("-f(x)", "?(f(x))");
}
