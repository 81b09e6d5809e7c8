use super::{check, lower, print};

#[test]
fn imports_and_namespace_are_applied() {
    let facts = lower(
        "namespace App\\Pay; use Stripe\\{Refund, Checkout\\Session as S, function helper}; \
         use Stripe; use function Lib\\run, Lib\\stop as halt; use const Lib\\KEY;\n\
         Refund::create(); S::create(); Stripe\\Charge::all(); \\Stripe\\Token::create(); Own::x(); \
         namespace\\Own::y(); Sub\\C::z(); run(); halt(); helper(); other(); KEY; PLAIN; \\G; \\f();",
    );
    assert_eq!(
        print::facts(&facts).lines().collect::<Vec<_>>(),
        [
            "Stripe\\Refund::create()",
            "Stripe\\Checkout\\Session::create()",
            "Stripe\\Charge::all()",
            "Stripe\\Token::create()",
            "App\\Pay\\Own::x()",
            "App\\Pay\\Own::y()",
            "App\\Pay\\Sub\\C::z()",
            "\\Lib\\run()",
            "\\Lib\\stop()",
            "\\Stripe\\helper()",
            "\\App\\Pay\\other()",
            "\\Lib\\KEY",
            "\\App\\Pay\\PLAIN",
            "\\G",
            "\\f()",
        ]
    );
    assert_eq!(&*facts.namespace, "App\\Pay");
    let imports: Vec<_> = facts
        .imports
        .iter()
        .map(|i| format!("{}={}", i.local, i.module))
        .collect();
    assert_eq!(
        imports.join(" "),
        "Refund=Stripe\\Refund S=Stripe\\Checkout\\Session helper=Stripe\\helper Stripe=Stripe \
         run=Lib\\run halt=Lib\\stop KEY=Lib\\KEY"
    );
}

#[test]
fn each_namespace_has_its_own_imports() {
    check(&[
        (
            "namespace A { use X\\C; C::f(); function g() {} } namespace { C::f(); } namespace B { C::f(); }",
            "X\\C::f()\nfunction A\\g()\nC::f()\nB\\C::f()",
        ),
        (
            "namespace A; use X\\C; C::f(); namespace B; C::f();",
            "X\\C::f()\nB\\C::f()",
        ),
        (
            "use Stripe\\Charge as stripe_CHARGE; Stripe_Charge::all();",
            "Stripe\\Charge::all()",
        ),
    ]);
}

#[test]
fn special_names() {
    check(&[
        (
            "X::class; \\Y\\Z::class; namespace\\Q::CLASS;",
            "X\nY\\Z\nQ",
        ),
        (
            "namespace N; f(__NAMESPACE__, __DIR__, __FILE__);",
            "\\N\\f('N', ?(), ?())",
        ),
        (
            "class C { function f() { return [__CLASS__, self::A, static::class, parent::f(), __FUNCTION__]; } }",
            "Class C\n  method f()\n    return [self, self::A, static, parent::f(), 'f']",
        ),
        ("f(TRUE, False, NULL);", "\\f(true, false, null)"),
    ]);
}

#[test]
fn constants_bind_their_full_name() {
    check(&[
        ("const A = 'x', B = 1;", "\\A = 'x'\n\\B = 1"),
        (
            "namespace N; const A = 'x'; define('B', A);",
            "\\N\\A = 'x'\n\\B = \\N\\A\n\\N\\define('B', \\N\\A)",
        ),
        (
            "defined('A') || define('A', 'v');",
            "(\\defined('A') or (\\A = 'v'))",
        ),
    ]);
}
