//! What each construct becomes.

use model::{facts::FileFacts, language::Language, source::SourceFile};

use super::print;

fn lower(language: Language, source: &str) -> FileFacts {
    let extension = language.info().extensions[0];
    crate::lower(SourceFile::new(format!("a.{extension}"), language, source))
}

fn facts(language: Language, source: &str) -> String {
    let facts = lower(language, source);
    assert_eq!(facts.errors, [], "{source}");
    print::facts(&facts)
}

fn ts(source: &str) -> String {
    facts(Language::TypeScript, source)
}

fn js(source: &str) -> String {
    facts(Language::JavaScript, source)
}

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

#[test]
fn functions_have_params_and_bodies() {
    insta::assert_snapshot!(ts("
        async function f(a: Stripe, { b, c: d = 1, ...e }: { b: Stripe }, [g, , h] = [], ...rest: X[]): Promise<Y> {
            return await use(a);
        }
        const arrow = x => x.y;
        const named = function* inner(this: Z, a?: A) { yield a; };
        function over(a: string): void;
        declare function gone(): void;
    "), @r#"
    Module #0 ()
      function #1
      let arrow = fn#2
      let named = fn#3
    Function #1 f(a: Stripe, ["b": b, "c": d = 1, ...e]: {b: Stripe}, [g, ?(), h] = [], ...rest: list<X>): Y in #0
      return use(a)
    Closure #2 (x) in #0
      return x.y
    Closure #3 inner(a: A) in #0
      yield(a)
    "#);
}

#[test]
fn function_declarations_come_first() {
    insta::assert_snapshot!(js("a(); function f() { g(); function g() {} } b();"), @"
    Module #0 ()
      function #1
      a()
      b()
    Function #1 f() in #0
      function #2
      g()
    Function #2 g() in #1
    ");
}

#[test]
fn outer_names_that_are_assigned_are_listed() {
    insta::assert_snapshot!(js("
        let client, b;
        function get(p) {
            client ??= make();
            let own; own = 1; p = 2;
            for (b of list) try { ({ global } = own); } catch (e) { e = 1; }
            return () => { own = 2; var own2 = (client = 3); };
        }
    "), @r#"
    Module #0 ()
      function #1
      let client
      let b
    Function #1 get(p) in #0
      outer client, b, global
      let client <- (client Coalesce make())
      let own
      let own = 1
      let p = 2
      loop b of list
        try
          let ["global": global] = own
        catch
          let e
          let e = 1
      return fn#2
    Closure #2 () in #1
      outer own, client
      let own = 2
      let own2 = (client = 3)
    "#);
}

#[test]
fn classes_have_fields_and_methods() {
    insta::assert_snapshot!(ts("
        @Injectable()
        abstract class A<T> extends B.C<T> implements I, J.K {
            private readonly a: Stripe;
            static b = new S();
            #c = 1;
            declare d: D;
            e!: E;
            handler = async () => this.a;
            constructor(private stripe: Stripe, readonly x = 1, plain: P) { super(x); }
            get client(): Stripe { return this.a; }
            set client(v) {}
            static async make() { return new this(); }
            @Get('x') private hidden() { super.hidden(); this.#priv(); }
            #priv() {}
            abstract later(): Stripe;
            over(a: string): void;
            ['computed']() {}
            static { init(); }
        }
        const K = class extends S {};
    "), @r#"
    Class #0 A extends B.C implements I, J.K decorated Injectable() methods #2, #3, #4, #5, #6, #7, #8, #9, #10
      a: Stripe
      static b = new S()
      #c = 1
      d: D
      e: E
      handler = fn#1
    Class #1  extends S
    Module #0 ()
      class #0
      let K = class#1
    Closure #1 () in #0 of class #0
      return this.a
    Constructor #2 constructor(this.stripe: Stripe, this.x = 1, plain: P) in #0 of class #0
      super(x)
    Getter #3 client(): Stripe in #0 of class #0
      return this.a
    Setter #4 client(v) in #0 of class #0
    Static #5 make() in #0 of class #0
      return new this()
    Method #6 hidden() in #0 of class #0 private decorated Get("x")
      super.hidden()
      this.#priv()
    Method #7 #priv() in #0 of class #0 private
    Method #8 later(): Stripe in #0 of class #0
    Method #9 computed() in #0 of class #0
    Static #10 () in #0 of class #0 private
      init()
    "#);
}

#[test]
fn javascript_classes_read_alike() {
    insta::assert_snapshot!(js("
        class A extends make(B) {
            static s = 1;
            #c = 2;
            /** @type {Stripe} */
            d = null;
            /** @type {import('stripe').Stripe} */
            e;
            async m() { return this.#c; }
        }
    "), @"
    Class #0 A extends make(B) methods #1
      static s = 1
      #c = 2
      d: Stripe = null
      e: import:stripe#Stripe
    Module #0 ()
      class #0
    Method #1 m() in #0 of class #0
      return this.#c
    ");
}

#[test]
fn enums_have_constant_fields() {
    insta::assert_snapshot!(ts("
        const enum E { A, B = 5, C, D = 'd', 'E-F' = A | B }
    "), @r#"
    Enum #0 E
      static A = 0
      static B = 5
      static C = 6
      static D = "d"
      static E-F = (A BitOr B)
    Module #0 ()
      class #0
    "#);
}

#[test]
fn types_keep_what_leads_to_values() {
    insta::assert_snapshot!(ts("
        type A = Stripe | null | undefined;
        type B = Promise<Array<Stripe.Customer>>;
        type C = 'customers' | 'products';
        type D = ReadonlyArray<X> | readonly Y[];
        type E = { a: A; b?: Partial<B>; m(): C; readonly 'd-e': typeof x.y };
        type F = ReturnType<typeof make> | InstanceType<typeof Klass>;
        type G = keyof A;
        type H = import('stripe').Stripe;
        type I = import('stripe').default | typeof import('m');
        type J = A & { stripe: Stripe };
        type K<T> = T extends A ? B : C;
        type L = [A, B?];
        type M = string;
        interface N extends Base { client: Stripe; list(): void }
        type O = Map<string, Stripe>;
    "), @r#"
    type A = Stripe
    type B = list<Stripe.Customer>
    type C = "customers" | "products"
    type D = list<X> | list<Y>
    type E = {a: A, b: B, m: ?, d-e: typeof x.y}
    type F = ReturnType<typeof make> | Klass
    type G = ?
    type H = import:stripe#Stripe
    type I = import:stripe#default | typeof import:m#=
    type J = A | {stripe: Stripe}
    type K = ?
    type L = list<A | B>
    type M = ?
    type N = {client: Stripe, list: ?} | Base
    type O = Map<?, Stripe>
    Module #0 ()
    "#);
}

#[test]
fn comments_declare_types() {
    insta::assert_snapshot!(js("
        /** @typedef {import('stripe').Stripe.Customer} Customer */
        /**
         * @typedef {Object} Options
         * @property {Stripe} client
         */
        /**
         * Does.
         * @param {Stripe} a
         * @param {object} options - more
         * @param {Stripe} options.stripe
         * @param {Array.<Item>} [list=[]]
         * @returns {Promise<Stripe|null>} the client
         */
        function f(a, { stripe }, list) {}
        /** @param {import('stripe')} x */
        exports.g = async (x) => x;
        /** @type {?Stripe} */
        let client = null;
        const cast = /** @type {Stripe} */ (thing);
        /** @type {Stripe} */
        this.later = null;
        const o = {
            /** @param {Stripe} s */
            m(s) {},
            /** @param {Stripe} s */
            n: (s) => s,
        };
    "), @r#"
    export g = value fn#2
    type Customer = import:stripe#Stripe.Customer
    type Options = {client: Stripe}
    Module #0 ()
      function #1
      let exports.g = fn#2
      let client: Stripe = null
      let cast = (thing as Stripe)
      let this.later: Stripe = null
      let o = ["m": fn#3, "n": fn#4]
    Function #1 f(a: Stripe, ["stripe": stripe]: {stripe: Stripe}, list: list<Item>): Stripe in #0
    Closure #2 (x: import:stripe#=) in #0
      return x
    Method #3 m(s: Stripe) in #0
    Closure #4 (s: Stripe) in #0
      return s
    "#);
}

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
        ?(i)
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
      ?(i)
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

#[test]
fn deep_nesting_is_bounded() {
    let n = 20_000;
    let sources = [
        format!("x = {}1{};", "(".repeat(n), ")".repeat(n)),
        format!("x = {}1{};", "[".repeat(n), "]".repeat(n)),
        format!("x = {}1{};", "{a:".repeat(n), "}".repeat(n)),
        format!("x = {}1;", "!".repeat(n)),
        format!("x = {}1;", "a => ".repeat(n)),
        format!("x = {}1;", "a ? b : ".repeat(n)),
        format!("x = {}1;", "a = ".repeat(n)),
        format!("x = a{};", ".b()".repeat(n)),
        format!("x = a{};", "[0]".repeat(n)),
        format!("x = a{};", " && b(c)".repeat(n)),
        format!("{}x", "if (a) {} else ".repeat(n)),
        format!("{}x{}", "{".repeat(n), "}".repeat(n)),
        format!("{}x{}", "f(function () {".repeat(n), "})".repeat(n)),
        format!("{}x{}", "class A { m() {".repeat(n), "}}".repeat(n)),
        format!("x = {}{};", "<a>".repeat(n), "</a>".repeat(n)),
        format!("let {}x{} = y;", "[".repeat(n), "]".repeat(n)),
        "((((".repeat(n),
        "`${".repeat(n),
    ];
    for source in &sources {
        for language in [Language::JavaScript, Language::TypeScript, Language::Tsx] {
            let facts = lower(language, source);
            assert_ne!(facts.errors, [], "{}", &source[..20]);
        }
    }
}

#[test]
fn deep_types_become_unknown() {
    let n = 20_000;
    for (open, close) in [("A<", ">"), ("(", ")"), ("{a:", "}"), ("", "[]")] {
        let source = format!("let x: {}T{};", open.repeat(n), close.repeat(n));
        lower(Language::TypeScript, &source);
        let comment = format!("/** @type {{{source}}} */ let x;");
        lower(Language::JavaScript, &comment);
    }
}

#[test]
fn long_chains_are_read() {
    let n = 5_000;
    let sum = js(&format!("x = a{};", " + b()".repeat(n)));
    assert_eq!(sum.matches("b()").count(), n);
    let links = js(&format!("x = a{};", ".then(f)".repeat(100)));
    assert_eq!(links.matches(".then(f)").count(), 100);
    let union = ts(&format!("type T = 'a'{};", " | 'b'".repeat(n)));
    assert_eq!(union.lines().next(), Some("type T = \"a\" | \"b\""));
}

#[test]
fn calls_in_a_chain_that_is_too_long_are_kept() {
    let source = format!("a{}.b(last());", ".b(f())".repeat(1_000));
    let facts = lower(Language::JavaScript, &source);
    assert_eq!(print::facts(&facts).matches("f()").count(), 1_000);
    assert!(print::facts(&facts).contains("last()"));
    assert_eq!(facts.errors.len(), 1);
}

#[test]
fn broken_code_is_read_around_the_break() {
    let facts = lower(
        Language::TypeScript,
        "const a = f(;\nstripe.customers.create({});\nclass A { m() { g( } n() { h(); } }",
    );
    assert_ne!(facts.errors, []);
    let printed = print::facts(&facts);
    assert!(printed.contains("stripe.customers.create("), "{printed}");
    assert!(printed.contains("h()"), "{printed}");
}
