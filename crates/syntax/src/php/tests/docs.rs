use super::{check, php, print};
use model::facts::Stmt;

/// Returns what a documented type becomes in the class `N\C`.
fn ty(written: &str) -> String {
    let facts = super::lower(&format!(
        "namespace N; use Lib\\Imported; class C extends P {{ function f() {{ /** @var {written} $x */\n$x = 1; }} }}"
    ));
    match facts.functions[1].body.as_slice() {
        [
            Stmt::Assign {
                ty: Some(found), ..
            },
        ] => print::ty(found),
        [Stmt::Assign { ty: None, .. }] => String::new(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn documented_types() {
    for (written, expected) in [
        ("\\Stripe\\Customer", "Stripe\\Customer"),
        ("Imported|null", "Lib\\Imported"),
        ("?Own", "N\\Own"),
        ("string|false", ""),
        ("mixed", ""),
        ("A | B", "N\\A|N\\B"),
        ("A[]", "N\\A[]"),
        ("(A|B)[]|null", "N\\A|N\\B[]"),
        ("array<A>", "N\\A[]"),
        ("array<string, list<A>>", "N\\A[][]"),
        ("non-empty-array<int, A>", "N\\A[]"),
        ("iterable<A>", "N\\A[]"),
        (
            "\\Illuminate\\Support\\Collection<int, A>",
            "Illuminate\\Support\\Collection<?, N\\A>",
        ),
        ("class-string<A>", "class<N\\A>"),
        (
            "array{id: string, c?: A, 'd': array{e: B}}",
            "{id: ?, c: N\\A, d: {e: N\\B}}",
        ),
        ("'customers'|\"charges\"", "'customers'|'charges'"),
        ("callable(int, A): B", ""),
        ("self|static|$this", "N\\C"),
        ("parent", "N\\P"),
        ("non-empty-string|A", "N\\A"),
        ("Imported\\Sub", "Lib\\Imported\\Sub"),
        ("A::X_*", ""),
        ("array<", "?[]"),
        ("array{a:", "{a: ?}"),
        ("((((", ""),
    ] {
        assert_eq!(ty(written), expected, "{written}");
    }
}

#[test]
fn functions_take_types_from_comments() {
    check(&[
        (
            "/**\n * Text.\n *\n * @param \\S\\Client $c the client\n * @param A[] &$l\n * @param string|B ...$r\n * @return C|null if any\n */\nfunction f($c, array $l, ...$r) {}",
            "function f($c: S\\Client, $l: A[], ...$r: B): C",
        ),
        (
            "/** @param A $x @return B */ function f(X $x, $y): Y {}",
            "function f($x: X, $y): Y",
        ),
        (
            "/** @return Col<A> */ function f(): Col {}",
            "function f(): Col<A>",
        ),
        (
            "/** @template T of X\n * @param class-string<T> $c\n * @return T */ function f($c) {}",
            "function f($c: class<?>)",
        ),
        (
            "class C { /** @return $this */ #[X] public function f() {} }",
            "Class C\n  @new X() method f(): C",
        ),
        (
            "class C { #[X]\n/** @return A */ public function f() {} }",
            "Class C\n  @new X() method f(): A",
        ),
        (
            "/** @param array{\n *   a: A,\n *   b: B\n * } $x */ function f($x) {}",
            "function f($x: {a: A, b: B})",
        ),
    ]);
}

#[test]
fn classes_take_types_from_comments() {
    assert_eq!(
        php(
            "/**\n * @property \\S\\Client $client Text\n * @property-read A[] $list\n * @method B b()\n * @mixin M\n */\n\
             class C {\n /** @var D|null */ private $d; /** @var E */ public ?object $e = null; /** @var F $f */ var $f, $g;\n\
             public function __construct(/** @var G */ private $g2, private H $h) {} }"
        ),
        "Class C + M\n  ->client: S\\Client\n  ->list: A[]\n  ->d: D\n  ->e: E = null\n  ->f: F\n  ->g\n  \
         ->g2: G\n  ->h: H\n  constructor __construct(+$g2: G, +$h: H)\n"
    );
}

#[test]
fn variables_take_types_from_comments() {
    check(&[
        ("/** @var A $x */ $x = f();", "$x: A = \\f()"),
        ("/** @var A */ $x = f();", "$x: A = \\f()"),
        ("/** @var A */ $this->x = f();", "$this->x: A = \\f()"),
        ("/* @var $x A */ g($x);", "$x: A\n\\g($x)"),
        (
            "/** @var A $x\n * @var B $y */ ?> <?php f($x);",
            "$x: A\n$y: B\n\\f($x)",
        ),
        (
            "/** @var A $x */ foreach ($xs as $x) { f(); }",
            "loop $x in $xs\n  $x: A\n  \\f()",
        ),
        (
            "/** @var A[] $xs */ foreach ($xs as $x) { f(); }",
            "$xs: A[]\nloop $x in $xs\n  \\f()",
        ),
        ("/** @var A $w */ global $w;", "outer $w\n$w: A"),
        ("$x = /** @var A */ f();", "$x = (\\f() as A)"),
        (
            "function f() { /** @var A */ return g(); }",
            "function f()\n  return (\\g() as A)",
        ),
        (
            "/** @var A $x */ // phpcs:ignore\n$x = f();",
            "$x: A = \\f()",
        ),
        ("f(); /** @var A $x */", "\\f()\n$x: A"),
    ]);
}
