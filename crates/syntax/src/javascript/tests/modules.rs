//! What imports and exports become.

use super::{js, ts};

#[test]
fn imports_bind_names() {
    insta::assert_snapshot!(ts("
        import Stripe, { a as b, type C } from 'stripe';
        import * as ns from './ns';
        import type { T } from 't';
        import { default as d } from 'd';
        import 'side';
        import old = require('old');
        import X = A.B;
    "), @"
    import Stripe <- stripe: default
    import b <- stripe: named a
    import C <- stripe: named C types
    import ns <- ./ns: module
    import T <- t: named T types
    import d <- d: default
    import old <- old: module
    type X = A.B
    Module #0 ()
      let X = A.B
    ");
}

#[test]
fn require_is_a_value() {
    insta::assert_snapshot!(js("
        const stripe = require('stripe')(key);
        const { Stripe, a: { b = 1 } } = require('stripe');
        const lazy = await import('stripe');
        const mod = module.require('m'), tagged = require(`t`), open = require(name);
    "), @r#"
    Module #0 ()
      let stripe = require(stripe)(key)
      let ["Stripe": Stripe, "a": ["b": b = 1]] = require(stripe)
      let lazy = require(stripe)
      let mod = require(m)
      let tagged = require(t)
      let open = require(name)
    "#);
}

#[test]
fn compiled_requires_keep_their_default() {
    insta::assert_snapshot!(js("
        const stripe_1 = __importDefault(require('stripe'));
        const b = tslib_1.__importStar(require('b'));
        var _c = _interop_require_default._(require('c'));
        var _d2 = _interopRequireDefault(_d);
        const client = new stripe_1.default(k);
        (0, b.make)(k);
    "), @r#"
    Module #0 ()
      let stripe_1 = ["default": require(stripe), ...require(stripe)]
      let b = ["default": require(b), ...require(b)]
      let _c = ["default": require(c), ...require(c)]
      let _d2 = ["default": _d, ..._d]
      let client = new stripe_1.default(k)
      b.make(k)
    "#);
}

#[test]
fn exports_are_listed() {
    insta::assert_snapshot!(ts("
        export const a = 1, { b, c: [d] } = o;
        export function f() {}
        @dec export class K {}
        export enum E { A }
        export interface I { x: string }
        export type T = I;
        export { a as z, f as default };
        export { x, y as w } from './m';
        export * from './n';
        export * as ns from './o';
        namespace N { export const hidden = 1; }
    "), @r#"
    export a = a
    export b = b
    export d = d
    export f = f
    export K = K
    export E = E
    export I = I
    export T = T
    export z = a
    export default = f
    export x = x of ./m
    export w = y of ./m
    export * = * of ./n
    export ns = * of ./o
    type I = {x: ?}
    type T = I
    Class #0 K decorated dec
    Enum #1 E
      static A = 0
    Module #0 ()
      function #1
      let a = 1
      let ["b": b, "c": [d]] = o
      class #0
      class #1
      let hidden = 1
    Function #1 f() in #0
    "#);
}

#[test]
fn default_exports_are_values_or_names() {
    let of = |source: &str| {
        let facts = ts(source);
        facts
            .lines()
            .take_while(|line| line.starts_with("export"))
            .collect::<String>()
    };
    assert_eq!(of("const a = 1; export default a;"), "export default = a");
    assert_eq!(
        of("export default new S(k);"),
        "export default = value new S(k)"
    );
    assert_eq!(of("export default function f() {}"), "export default = f");
    assert_eq!(of("export default class C {}"), "export default = C");
    assert_eq!(
        of("export default async () => 1;"),
        "export default = value fn#1"
    );
    assert_eq!(
        of("export default class extends S {}"),
        "export default = value class#0"
    );
    assert_eq!(
        of("export default function () {}"),
        "export default = value fn#1"
    );
    assert_eq!(of("export = f;"), "export = = f");
}

#[test]
fn commonjs_exports_are_listed() {
    insta::assert_snapshot!(js("
        Object.defineProperty(exports, '__esModule', { value: true });
        exports.a = exports.b = void 0;
        exports.a = 1;
        exports['b'] = b;
        module.exports.c = exports.d = f();
        module.exports = { a, b };
        Object.defineProperty(exports, 'e', { enumerable: true, get: function () { return m.e; } });
        __exportStar(require('./star'), exports);
        __export(src_exports, { g: () => g });
    "), @r#"
    export a = value 1
    export b = b
    export d = value f()
    export c = value f()
    export = = value ["a": a, "b": b]
    export e = value m.e
    export * = * of ./star
    export g = g
    Module #0 ()
      Object.defineProperty(exports, "__esModule", ["value": true])
      let exports.a = (exports.b = null)
      let exports.a = 1
      let exports["b"] = b
      let module.exports.c = (exports.d = f())
      let module.exports = ["a": a, "b": b]
      Object.defineProperty(exports, "e", ["enumerable": true, "get": fn#1])
      __exportStar(require(./star), exports)
      __export(src_exports, ["g": fn#2])
    Closure #1 () in #0
      return m.e
    Closure #2 () in #0
      return g
    "#);
}
