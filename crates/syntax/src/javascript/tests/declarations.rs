//! What functions, classes and enums become.

use super::{js, ts};

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
            static get shared() { return A.b; }
            @Get('x') private hidden() { super.hidden(); this.#priv(); }
            #priv() {}
            abstract later(): Stripe;
            over(a: string): void;
            ['computed']() {}
            static { init(); }
        }
        const K = class extends S {};
    "), @r#"
    Class #0 A extends B.C implements I, J.K decorated Injectable() methods #1, #2, #3, #4, #5, #6, #7, #8, #9, #10, #11
      a: Stripe
      static b = new S()
      #c = 1
      d: D
      e: E
    Class #1  extends S
    Module #0 ()
      class #0
      let K = class#1
    Method #1 handler() in #0 of class #0
      return this.a
    Constructor #2 constructor(this.stripe: Stripe, this.x = 1, plain: P) in #0 of class #0
      super(x)
    Getter #3 client(): Stripe in #0 of class #0
      return this.a
    Setter #4 client(v) in #0 of class #0
    Static #5 make() in #0 of class #0
      return new this()
    Getter #6 shared() in #0 of class #0
      return A.b
    Method #7 hidden() in #0 of class #0 private decorated Get("x")
      super.hidden()
      this.#priv()
    Method #8 #priv() in #0 of class #0 private
    Method #9 later(): Stripe in #0 of class #0
    Method #10 computed() in #0 of class #0
    Static #11 () in #0 of class #0 private
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
