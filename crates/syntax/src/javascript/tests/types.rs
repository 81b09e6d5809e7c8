//! What types become, in annotations and in comments.

use super::{js, ts};

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
