use model::facts::{ExprKind, Stmt};

use super::{check, lower};

#[test]
fn members_and_calls() {
    check(&[
        (
            "$c->customers->create(['a' => 1], $o);",
            "$c->customers->create(['a' => 1], $o)",
        ),
        ("$a?->b?->c();", "$a->b->c()"),
        (
            "$o->{$x}; $o->$x; $o->{'a' . $b}; $o->{'fixed'}; $o->{NAME};",
            "$o->{$x}\n$o->{$x}\n$o->{'a' . $b}\n$o->fixed\n$o->{\\NAME}",
        ),
        (
            "$this->c->{$api}->{$method}(...$args);",
            "$this->c->{$api}->{$method}(...$args)",
        ),
        ("$o->$m(1);", "$o->{$m}(1)"),
        (
            "A::b(); A::$p; A::C; A::$m(); A::{$m}(); $o::m(); $o::K; static::$p['x'];",
            "A::b()\nA::p\nA::C\nA::{$m}()\nA::{$m}()\n$o::m()\n$o::K\nstatic::p['x']",
        ),
        (
            "A::{$k}; A::{'K'}; $o::class; A::$$v;",
            "A::{$k}\nA::K\n$o::class\nA::{?($v)}",
        ),
        (
            "f(a: 1, ...$r); $f(1); ($this->f)(2); (function () { g(); })(); ['A', 'b']('c'); 'f'();",
            "\\f(a: 1, ...$r)\n$f(1)\n$this->f(2)\n{closure () \\g()}()\n['A', 'b']('c')\n'f'()",
        ),
        ("f(...); $o->m(...); A::b(...);", "\\f\n$o->m\nA::b"),
        ("$x |> f(...);", "\\f($x)"),
        ("f(/* c */ $a, /** @var T */ $b);", "\\f($a, ($b as T))"),
    ]);
}

#[test]
fn objects_are_made() {
    check(&[
        (
            "new X(1); new \\Y\\X; new $cls($a); new static; new self(); new (f())(1); new $this->cls(2); new $m['k'];",
            "new X(1)\nnew Y\\X()\nnew $cls($a)\nnew static()\nnew self()\nnew \\f()(1)\nnew $this->cls(2)\nnew $m['k']()",
        ),
        ("(new X)->go();", "new X()->go()"),
        (
            "new class($a) extends B implements I { use T; private $x = 1; function f() { return 2; } };",
            "new <Class  < B + I, T; ->x = 1; method f(); return 2>($a)",
        ),
    ]);
}

#[test]
fn literals() {
    check(&[
        (
            "f(1, 0x1F, 017, 0o17, 0b11, 1_000, -5, +5, 1.5, 99999999999999999999);",
            "\\f(1, 31, 15, 15, 3, 1000, -5, 5, ?(), ?())",
        ),
        (
            "f('a\\'b\\\\c\\n', \"x\\ty\\$z\\x41\\u{e9}\\101\\d\", b'q');",
            "\\f('a'b\\c\\n', 'x\ty$zAéA\\d', 'q')",
        ),
        (
            "[1, 'k' => 2, ...$r, &$x]; array('a' => array());",
            "[1, 'k' => 2, ...$r, $x]\n['a' => []]",
        ),
        (
            "f($a['k'], $a[], $a[0][1]);",
            "\\f($a['k'], $a[], $a[0][1])",
        ),
    ]);
}

#[test]
fn text_with_holes() {
    check(&[
        (
            "f(\"\", \"a\", \"/v1/$id/x\", \"{$o->a->b()}!\", \"$o->a->b\", \"$a[key] $a[0] $a[$i]\", \"${x}s\", \"\\{$x}\");",
            "\\f('', 'a', '/v1/' . $id . '/x', $o->a->b() . '!', $o->a . '->b', $a['key'] . ' ' . $a[0] . ' ' . $a[$i], $x . 's', '\\{' . $x . '}')",
        ),
        (
            "$u = 'a' . 'b' . $c . ('d' . E) . \"f$g\";",
            "$u = 'ab' . $c . 'd' . \\E . 'f' . $g",
        ),
        (
            "f(<<<T\n  a $b\n    c\n  T . 'x', <<<'N'\nraw $x\nN, <<<E\nE);",
            "\\f('a ' . $b . '\n  cx', 'raw $x', '')",
        ),
        (
            "f(\"\u{e9}{$x}\u{2014}\", \"$x $y\", \"$x\\n$y\");",
            "\\f('é' . $x . '\u{2014}', $x . ' ' . $y, $x . '\n' . $y)",
        ),
        ("`ls $x`;", "?($x)"),
    ]);
}

#[test]
fn operators() {
    check(&[
        (
            "f($a == 1, $a !== 2, $a <> 3, $a && $b, $a or $b, $a ?? $b, $a xor $b, $a < 1, !$a);",
            "\\f(($a == 1), ($a != 2), ($a != 3), ($a and $b), ($a or $b), ($a ?? $b), ($a ~ $b), ($a ~ 1), !$a)",
        ),
        (
            "f($a ? 1 : 2, $a ?: $b, $x instanceof Y, $x instanceof self, $x instanceof $c);",
            "\\f(($a ? 1 : 2), ($a or $b), ($x instanceof Y), ($x instanceof self), ($x instanceof $c))",
        ),
        (
            "f((string) $a, (array) g(), @h(), clone $o, (int) ($b), clone($p));",
            "\\f($a, \\g(), \\h(), $o, $b, $p)",
        ),
        (
            "f(isset($a['k'], $b), empty($c));",
            "\\f((($a['k'] != null) and ($b != null)), !$c)",
        ),
        (
            "f($a = g(), $b .= 'x', $c ??= new D, $i++);",
            "\\f(($a = \\g()), ($b = $b . 'x'), ($c = ($c ?? new D())), ($i = ?($i)))",
        ),
        (
            "$a = $b + ['k' => 1]; $a += [2];",
            "$a = ['k' => 1, ...$b]\n$a := [2, ...$a]",
        ),
        (
            "f($x ?? throw new E, print g(), include 'a.php', ~$x, compact('a', 'b'));",
            "\\f(($x ?? ?(new E())), ?(\\g()), ?('a.php'), ?($x), ['a' => $a, 'b' => $b])",
        ),
        (
            "f($$v, ${'w'}, $x or die('m'), $y or exit);",
            "\\f(?($v), $w, ($x or ?('m')), ($y or ?()))",
        ),
        (
            "function g() { $a = yield; yield 1; yield $k => $v; yield from h(); }",
            "function g()\n  $a = yield\n  yield 1\n  yield $v\n  yield \\h()[]",
        ),
    ]);
}

#[test]
fn a_match_becomes_nested_choices() {
    check(&[
        (
            "$x = match ($a) { 1, 2 => 'b', 3 => c(), default => 'd' };",
            "$x = ((($a == 1) or ($a == 2)) ? 'b' : (($a == 3) ? \\c() : 'd'))",
        ),
        (
            "$x = match (true) { $a > 1 => 'b', g() => 'c' };",
            "$x = (($a ~ 1) ? 'b' : (\\g() ? 'c' : ?()))",
        ),
        ("match (f()) { default => g() };", "?(\\f(), \\g())"),
    ]);
}

#[test]
fn a_long_match_becomes_a_look_up() {
    let arms: Vec<_> = (0..60).map(|n| format!("{n} => 'v{n}', ")).collect();
    let arms = arms.concat();
    let facts = lower(&format!("match ($x) {{ {arms} default => 'd' }};"));
    let Some(Stmt::Expr(value)) = facts.functions[0].body.first() else {
        panic!("an expression");
    };
    assert!(matches!(value.kind, ExprKind::Binary { .. }));
}

#[test]
fn closures_and_arrow_functions() {
    check(&[
        (
            "$f = function (int $a, &$b, ...$c) use ($d): X { return $a; };",
            "$f = {closure ($a, $b, ...$c): X shared $b; return $a}",
        ),
        (
            "$f = function () use ($d, &$e) { $e = 1; };",
            "$f = {closure () shared $e; $e = 1}",
        ),
        (
            "$f = static fn (Y $y = null) => $y->z;",
            "$f = {closure ($y: Y = null) return $y->z}",
        ),
    ]);
}

#[test]
fn a_call_stands_where_its_name_is() {
    let code = "<?php $c->customers\n  ->create(1);";
    let facts = super::lower_file(code);
    let Some(Stmt::Expr(call)) = facts.functions[0].body.first() else {
        panic!("an expression");
    };
    assert_eq!(
        code.get(call.span.start as usize..call.span.end as usize),
        Some("create(1)")
    );
}
