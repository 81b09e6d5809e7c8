use super::{check, lower_file, print};

#[test]
fn assignments() {
    check(&[
        (
            "$a = $b = 1; $a->b = 2; $a['k'][] = 3; A::$p = 4; $r = &$x;",
            "$a = ($b = 1)\n$a->b = 2\n$a['k'][] = 3\nA::p = 4\nshared $r, $x\n$r = $x",
        ),
        (
            "[$a, , [$b, $c]] = f(); list('k' => $d, 'l' => list($e)) = g(); [$x, $y->z] = [1, 2];",
            "[$a, ?(), [$b, $c]] = \\f()\n['k' => $d, 'l' => [$e]] = \\g()\n[$x, $y->z] = [1, 2]",
        ),
        (
            "$s .= '/x'; $c ??= f(); $n -= 1; $i++; --$j;",
            "$s := $s . '/x'\n$c := ($c ?? \\f())\n$n := ($n ~ 1)\n$i := ?($i)\n$j := ?($j)",
        ),
        (
            "function f() { static $x = 1, $y; global $wpdb, $z; }",
            "function f()\n  shared $x\n  $x = 1\n  shared $y\n  $y\n  outer $wpdb, $z",
        ),
        ("(@$a = f());", "$a = \\f()"),
        ("unset($a['k']);", "?($a['k'])"),
    ]);
}

#[test]
fn branches() {
    let expected = "if $a\n  \\f()\nelse\n  if $b\n    \\g()\n  else\n    \\h()";
    check(&[
        ("if ($a) f(); elseif ($b) { g(); } else h();", expected),
        (
            "if ($a): f(); elseif ($b): g(); else: h(); endif;",
            expected,
        ),
        ("if ($a) { f(); } else if ($b) g(); else { h(); }", expected),
        ("if ($x = f()) { exit; }", "if ($x = \\f())\n  exit"),
    ]);
}

#[test]
fn switches() {
    check(&[
        (
            "switch ($a) { case 'x': f(); break; case 'y': case 'z': g(); case 1: return 2; case 2: default: h(); }",
            "switch $a\ncase 'x'\n  \\f()\ncase 'y', 'z' (falls through)\n  \\g()\ncase 1\n  return 2\ndefault (falls through)\n  \\h()",
        ),
        (
            "switch ($a): case 1: { f(); break; } case 2: continue 2; endswitch;",
            "switch $a\ncase 1\n  \\f()\ncase 2\n  exit",
        ),
    ]);
}

#[test]
fn loops() {
    check(&[
        ("foreach ($xs as $x) f($x);", "loop $x in $xs\n  \\f($x)"),
        (
            "foreach (g() as $k => &$v): f(); endforeach;",
            "shared $v\nloop $k => $v in \\g()\n  \\f()",
        ),
        (
            "foreach ($xs as ['id' => $id, 'n' => [$n]]) { break; }",
            "loop ['id' => $id, 'n' => [$n]] in $xs\n  exit",
        ),
        (
            "foreach ($xs as $k => list($a, $b)) {}",
            "loop $k => [$a, $b] in $xs",
        ),
        (
            "for ($i = 0, $j = 1; $i < f(); $i++) { g(); }",
            "$i = 0\n$j = 1\nloop\n  ($i ~ \\f())\n  \\g()\n  $i := ?($i)",
        ),
        (
            "for (;;): f(); endfor; while ($x = f()) g(); do { h(); } while (i());",
            "loop\n  \\f()\nloop\n  $x = \\f()\n  \\g()\nloop\n  \\h()\n  \\i()",
        ),
    ]);
}

#[test]
fn errors_and_exits() {
    check(&[
        (
            "try { f(); } catch (A | B $e) { g(); } catch (\\C) { } finally { h(); }",
            "try\n  \\f()\ncatch\n  $e: A|B\n  \\g()\ncatch\nfinally\n  \\h()",
        ),
        (
            "throw new E('x'); exit(1); die('no'); die; exit;",
            "exit new E('x')\nexit 1\nexit 'no'\nexit\nexit",
        ),
        ("function f() { return; }", "function f()\n  return"),
    ]);
}

#[test]
fn output_and_others() {
    check(&[
        ("echo f(), 'x', g(); print h();", "\\f()\n'x'\n\\g()\n\\h()"),
        ("require_once __DIR__ . '/a.php';", "?(?() . '/a.php')"),
        (
            "declare(strict_types=1); f(); declare(ticks=1) { g(); }",
            "\\f()\n\\g()",
        ),
        ("a: f(); goto a;", "\\f()\nexit"),
        ("{ f(); } ;", "\\f()"),
        (
            "if (!function_exists('f')) { function f() {} class C {} }",
            "if !\\function_exists('f')\n  function f()\n  Class C",
        ),
    ]);
}

#[test]
fn code_between_html_is_read() {
    let facts =
        lower_file("<p><?= f($x) ?></p>\n<?php if ($a): ?> <b><?= g() ?></b> <?php endif ?> end");
    assert_eq!(print::facts(&facts), "\\f($x)\nif $a\n  \\g()\n");
    assert_eq!(facts.errors, []);
}
