//! Code that talks to Stripe, as plugins write it.

use std::fmt::Write as _;

use crate::{
    File,
    piece::{Names, Writer, split, studly},
    plan::Use,
};

const WRAPPER: &str = include_str!("../templates/stripe-wrapper-class.txt");
const BY_WRAPPER: &str = include_str!("../templates/stripe-wrapper-method.txt");
const BY_SDK: &str = include_str!("../templates/stripe-sdk-method.txt");
const BY_CLIENT: &str = include_str!("../templates/stripe-client-method.txt");
const SCRIPT: &str = include_str!("../templates/stripe-script.txt");
const OTHER: &str = include_str!("../templates/php-method.txt");

/// Writes the files of a plugin that have to do with Stripe.
pub(crate) fn files(usage: Use, n_files: usize, names: &Names, writer: &mut Writer) -> Vec<File> {
    let (make, folder) = match usage {
        Use::None => return Vec::new(),
        Use::Word => return vec![word(writer)],
        Use::Requests => (BY_WRAPPER, None),
        Use::Sdk => (BY_SDK, Some("vendor/stripe/stripe-php")),
        Use::Client => (BY_CLIENT, Some("includes/libraries/stripe-php")),
    };
    let mut files = Vec::new();
    for part in 0..n_files {
        let gateway = gateway(part, make, names, writer);
        files.extend((0..2).map(|n| user(2 * part + n, &gateway, names, writer)));
        files.push(gateway.file);
    }
    files.push(script(writer));
    match folder {
        Some(folder) => files.extend(crate::bundle::sdk(folder, writer)),
        None => files.push(wrapper(names, writer)),
    }
    files
}

fn wrapper(names: &Names, writer: &mut Writer) -> File {
    let mut text = "<?php\n".to_owned();
    writer.add(&mut text, WRAPPER, names);
    File::new("includes/class-stripe-api.php", text)
}

/// A class that talks to Stripe.
struct Gateway {
    file: File,
    class: String,
    new: String,
    methods: Vec<String>,
}

/// Writes a class with some methods about Stripe, and about twice as many about something else.
fn gateway(part: usize, make: &str, names: &Names, writer: &mut Writer) -> Gateway {
    let prefix = studly(&names.first);
    let mut text = format!(
        "<?php\nclass {prefix}_Gateway_{part} {{\n    private $api;\n    private $client;\n    \
         private $secret_key;\n    private $method;\n\n    public function __construct( $api ) {{\n        \
         $this->api = $api;\n        $this->secret_key = get_option( 'stripe_secret_key' );\n    }}\n\n"
    );
    let pieces: Vec<&str> = split(make).collect();
    let n_methods = 2 + writer.random().below(pieces.len() - 1);
    let first = writer.random().below(pieces.len());
    for n in 0..n_methods {
        // The first piece of a client makes it, and so is always there.
        let at = if n == 0 {
            0
        } else {
            (first + n) % pieces.len()
        };
        if n > 0 && at == 0 {
            continue;
        }
        let of = writer.names();
        writer.add(&mut text, pieces[at], &of);
        writer.add_any(&mut text, OTHER);
        writer.add_any(&mut text, OTHER);
    }
    text.push_str("}\n");
    let class = format!("{prefix}_Gateway_{part}");
    let api = if make == BY_WRAPPER {
        format!("new {prefix}_Api( get_option( 'stripe_secret_key' ) )")
    } else {
        "null".to_owned()
    };
    let new = format!("new {class}( {api} )");
    let methods = methods(&text);
    text.push_str(&started(part, &new, &methods));
    let path = format!("includes/gateways/class-gateway-stripe-{part}.php");
    Gateway {
        file: File::new(path, text),
        class,
        new,
        methods,
    }
}

/// Writes what runs when the file of a gateway is loaded: each of its methods waits for a hook.
fn started(part: usize, new: &str, methods: &[String]) -> String {
    let mut text = format!("add_action( 'plugins_loaded', function () {{\n    $gateway = {new};\n");
    for method in methods {
        let _ = writeln!(
            text,
            "    add_action( 'gateway_{part}_{method}', array( $gateway, '{method}' ), 10, 3 );"
        );
    }
    text.push_str("} );\n");
    text
}

/// Writes a class that does not name Stripe and calls a gateway.
fn user(n: usize, gateway: &Gateway, names: &Names, writer: &mut Writer) -> File {
    let (prefix, class, new) = (studly(&names.first), &gateway.class, &gateway.new);
    let mut text = format!(
        "<?php\nclass {prefix}_Order_{n} {{\n    /** @var {class} */\n    private $gateway;\n\n"
    );
    // The option with the key is named where the gateway is made.
    let new = new.replace("stripe_secret_key", "secret_key");
    let _ = writeln!(
        text,
        "    public function __construct() {{\n        $this->gateway = {new};\n    }}\n"
    );
    for (at, method) in gateway.methods.iter().enumerate() {
        let _ = writeln!(
            text,
            "    public function do_{at}( $order ) {{\n        $amount = $this->total( $order );\n        \
             if ( $amount > 0 && ! empty( $order ) ) {{\n            \
             return $this->gateway->{method}( $order, $amount );\n        }}\n        return null;\n    }}\n"
        );
        writer.add_any(&mut text, OTHER);
    }
    text.push_str("}\n");
    let _ = writeln!(
        text,
        "add_action( 'order_{n}', array( new {prefix}_Order_{n}(), 'do_0' ) );"
    );
    File::new(format!("includes/orders/class-order-{n}.php"), text)
}

/// Lists the public methods of a class.
fn methods(class: &str) -> Vec<String> {
    let starts = class.split("    public function ").skip(1);
    let names = starts.filter_map(|rest| rest.split('(').next());
    let others = names.filter(|name| *name != "__construct");
    others.map(str::to_owned).collect()
}

fn script(writer: &mut Writer) -> File {
    let mut text = "jQuery( function ( $ ) {\n".to_owned();
    let names = writer.names();
    writer.add(&mut text, SCRIPT, &names);
    text.push_str("} );\n");
    File::new("assets/js/checkout-stripe.js", text)
}

/// Writes a list of services in which Stripe is one of many.
fn word(writer: &mut Writer) -> File {
    let mut text = "<?php\nclass Services {\n".to_owned();
    writer.add_any(&mut text, OTHER);
    text.push_str(
        "    public function all() {\n        return array( 'paypal' => 'PayPal', 'stripe' => 'Stripe' );\n    }\n}\n",
    );
    File::new("includes/class-services.php", text)
}
