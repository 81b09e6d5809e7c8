use super::{check, lower, php};

#[test]
fn functions() {
    check(&[
        (
            "namespace N; function f(?A $a, B|null $b, int $c = 1, array &$d = [], \\X\\Y ...$e): ?static {}",
            "function N\\f($a: N\\A, $b: N\\B, $c = 1, $d = [], ...$e: X\\Y)\n  shared $d",
        ),
        (
            "function f(A&B $x, (A&B)|null $y, self|string $z): never {}",
            "function f($x: A|B, $y: A|B, $z)",
        ),
        (
            "#[Hook('x')] function f() { function g() {} }",
            "@new Hook('x') function f()\n  function g()",
        ),
    ]);
}

#[test]
fn classes() {
    assert_eq!(
        php(
            "namespace N; use Lib\\T; #[A(1)] abstract class C extends \\B implements I, J {\n\
             use T, U { T::a insteadof U; U::a as protected b; }\n\
             const X = 'x', Y = self::X; final public const string Z = 'z';\n\
             public static ?D $d = null; private readonly E $e; var $f, $g = [1];\n\
             public function __construct(private Client $client, protected readonly ?string $k = null, $z = 1) { $this->e = $z; }\n\
             private static function s(): static { return new static; }\n\
             abstract protected function m(); function &n(): self { return $this; } }"
        ),
        "@new N\\A(1) Class N\\C < B + N\\I, N\\J, Lib\\T, N\\U\n  ::X = 'x'\n  ::Y = self::X\n  ::Z = 'z'\n  \
         ::d: N\\D = null\n  ->e: N\\E\n  ->f\n  ->g = [1]\n  ->client: N\\Client\n  ->k\n  \
         constructor __construct(+$client: N\\Client, +$k = null, $z = 1)\n    $this->e = $z\n  \
         private static s(): N\\C\n    return new static()\n  method m()\n  method n(): N\\C\n    return $this\n"
    );
}

#[test]
fn interfaces_traits_and_enums() {
    check(&[
        (
            "interface I extends A, B { const P = 'p'; function f(): X; }",
            "Interface I < A, B\n  ::P = 'p'\n  method f(): X",
        ),
        (
            "trait T { protected $c; public static function f() {} }",
            "Trait T\n  ->c\n  static f()",
        ),
        (
            "enum E: string implements I { use T; case A = 'a'; case B; const C = self::A; public function f() { return $this->value; } }",
            "Enum E + I, T\n  ::A = 'a'\n  ::B = 'B'\n  ::C = self::A\n  method f()\n    return $this->value",
        ),
    ]);
}

#[test]
fn property_hooks() {
    check(&[(
        "class C { public A $x { get => $this->y; set { $this->y = $value; } } public $z { get { return 1; } set(B $v) => f($v); } }",
        "Class C\n  ->x: A\n  ->z\n  getter x()\n    return $this->y\n  setter x($value)\n    $this->y = $value\n  \
         getter z()\n    return 1\n  setter z($v: B)\n    $this->z = \\f($v)",
    )]);
}

#[test]
fn functions_know_where_they_are_written() {
    let facts = lower("class C { private function f() { return fn () => 1; } } function g() {}");
    let told: Vec<_> = facts
        .functions
        .iter()
        .map(|f| {
            (
                &*f.name,
                f.class.map(|c| c.0),
                f.parent.map(|p| p.0),
                f.is_public,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("", None, None, true),
            ("f", Some(0), Some(0), false),
            ("", None, Some(1), true),
            ("g", None, Some(0), true),
        ]
    );
}
