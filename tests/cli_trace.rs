//! `scan --trace`: why the calls on one line were or were not counted.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;

use assert_cmd::Command;
use tempfile::TempDir;

const PHP: &str = r"<?php
class Acme_Api {
    public function request( $verb, $path ) {
        return $this->send( $verb, 'https://api.stripe.com/v1/' . $path );
    }
    private function send( $verb, $url ) {
        return wp_remote_request( $url, array( 'method' => $verb ) );
    }
    public function refund() {
        return $this->request( 'POST', 'refunds' );
    }
    public function elsewhere( $id ) {
        return wp_remote_get( 'https://example.com/' . $id );
    }
}
function acme_hook( $client ) {
    $event = \Stripe\Webhook::constructEvent( $body, $header, 'whsec_abcdefghijklmnop' );
    $client->charges->create( array() );
    ( new Acme_Api() )->refund();
}
function acme_other() {
    return acme_length( 'x' );
}
";

const TYPESCRIPT: &str = r"import Stripe from 'stripe';
const stripe = new Stripe(process.env.KEY!);
const call = (resource: string, id: string) =>
  fetch(`https://api.stripe.com/v1/${resource}/${id}`, { method: 'POST' });
const inner = (id: string, what: string) => call(what, id);
export const refund = (id: string) => inner(id, 'refunds');
export async function pay(client) {
  await stripe.paymentIntents.create({ amount: 1 });
  stripe.webhooks.constructEvent('x', 'y', 'z');
  await client.charges.capture('ch_1');
  return stripe.customers
    .list({ limit: 3 });
}
export const any = (what: string) => stripe[what].list();
";

const PYTHON: &str = r#"import stripe
import requests

class Api:
    def __init__(self, key):
        self.client = stripe.StripeClient(key)

    def send(self, verb, path):
        return requests.request(verb, "https://api.stripe.com" + path)

    def post(self, path):
        return self.send("POST", path)

    def refund(self):
        return self.post("/v1/refunds")

    def customer(self, id):
        return self.client.customers.retrieve(id)

    def verify(self, body, signature):
        return stripe.Webhook.construct_event(body, signature, "whsec_1")

def later(client):
    return client.charges.list()
"#;

fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let direct = "<?php ( new \\Stripe\\StripeClient( $key ) )->charges->create( [] );\n";
    for (path, text) in [
        ("api.php", PHP),
        ("pay.ts", TYPESCRIPT),
        ("api.py", PYTHON),
        ("tests/a.php", direct),
        (
            "node_modules/a.js",
            "require('stripe')(key).charges.list();\n",
        ),
        ("vendor/composer/a.php", direct),
        ("plain.php", "<?php echo acme();\n"),
        ("dist/a.min.js", "require('stripe')(key).charges.list();\n"),
        ("ignored.php", direct),
        (".gitignore", "ignored.php\n"),
        ("notes.txt", "Stripe\n"),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::create_dir(folder.path().join(".git")).unwrap();
    folder
}

fn run(folder: &TempDir, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::cargo_bin("rakscan").unwrap();
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "FORCE_COLOR"] {
        command.env_remove(name);
    }
    let assert = command
        .args(["scan", "."])
        .args(arguments)
        .current_dir(folder)
        .assert();
    let output = assert.get_output();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// Returns the trace of a place without its first lines, which repeat the source.
fn traced(place: &str) -> String {
    let folder = project();
    let (code, out, talk) = run(&folder, &["--trace", place]);
    assert_eq!((code, talk.as_str()), (Some(0), ""), "{place}");
    let (_, told) = out.split_once("\n\n").unwrap();
    told.to_owned()
}

#[track_caller]
fn says(place: &str, expected: &str) {
    let told = traced(place);
    assert!(told.contains(expected), "{place}: {expected}\n{told}");
}

#[test]
fn a_direct_call_names_the_client_and_the_permission() {
    assert_eq!(
        traced("pay.ts:8"),
        "  stripe.paymentIntents.create()
    called on   service `paymentIntents` of a Stripe client (client made at pay.ts:2)
    given       argument 1 = [amount: 1]
    requests    POST /v1/payment_intents
    needs       payment_intent_write, Payment Intents (official)
    counted at  pay.ts:8
"
    );
    says("api.py:18", "(client made at api.py:6)\n");
    says("api.py:18", "requests    GET /v1/customers/{customer}\n");
}

#[test]
fn wrappers_are_followed_down_with_their_values() {
    assert_eq!(
        traced("api.php:10"),
        "  $this->request()
    called on   instance of Acme_Api
    runs        Acme_Api::request at api.php:3
    given       $verb = \"POST\"
                $path = \"refunds\"
    through     api.php:4  $this->send(\"POST\", \"https://api.stripe.com/v1/refunds\")
                api.php:7  wp_remote_request(\"https://api.stripe.com/v1/refunds\", [method: \"POST\"])
    requests    POST /v1/refunds
    needs       charge_write, Charges and Refunds (official)
    counted at  api.php:10
"
    );
    says("pay.ts:6", "through     pay.ts:5  call(\"refunds\", ");
    says(
        "pay.ts:6",
        "pay.ts:4  fetch(\"https://api.stripe.com/v1/refunds/{}\", [method: \"POST\"])\n",
    );
    says(
        "api.py:15",
        "through     api.py:12  self.send(\"POST\", \"/v1/refunds\")\n",
    );
    says(
        "api.py:15",
        "api.py:9  requests.request(\"POST\", \"https://api.stripe.com/v1/refunds\")\n",
    );
}

#[test]
fn a_line_of_a_wrapper_names_the_lines_that_count() {
    says("api.php:7", "counted at  api.php:10\n");
    says("pay.ts:4", "counted at  pay.ts:6\n");
    says("api.py:9", "counted at  api.py:15\n");
}

#[test]
fn a_call_above_the_counted_line_says_where_that_is() {
    let below =
        "what `Acme_Api::refund` requests is named below it: POST /v1/refunds at api.php:10\n";
    says("api.php:19", below);
}

#[test]
fn an_unknown_receiver_is_named() {
    for (place, name) in [
        ("api.php:18", "$client"),
        ("pay.ts:10", "client"),
        ("api.py:24", "client"),
    ] {
        let said = "to which no caller passes anything known\n";
        says(
            place,
            &format!("called on   unknown: parameter `{name}`, {said}"),
        );
        says(place, "not counted what it is called on is not known");
    }
}

#[test]
fn a_webhook_check_is_not_counted_and_its_secret_not_shown() {
    for place in ["api.php:17", "pay.ts:9", "api.py:21"] {
        says(place, "works on data at hand and makes no request\n");
        assert!(!traced(place).contains("whsec_abcdefghijklmnop"));
    }
}

#[test]
fn another_host_is_not_counted() {
    says(
        "api.php:13",
        "\"https://example.com/{}\", which is not known to be the Stripe API\n",
    );
}

#[test]
fn what_is_open_is_named_with_its_code() {
    says(
        "pay.ts:14",
        "[dynamic-operation]\n    listed at   pay.ts:14\n",
    );
}

#[test]
fn a_function_that_leads_nowhere_is_not_followed() {
    says("api.php:22", "not counted `acme_other` was not followed");
}

#[test]
fn a_line_inside_a_longer_call_leads_to_that_call() {
    says(
        "pay.ts:11",
        "  stripe.customers.list(), which begins at line 12\n",
    );
    says(
        "api.php:1",
        "  Nothing to count: no call stands on this line or reaches over it.\n",
    );
}

#[test]
fn a_file_that_was_not_read_says_why() {
    for (place, why) in [
        ("tests/a.php:1", "it is a test"),
        ("node_modules/a.js:1", "it lies in a folder of dependencies"),
        (
            "vendor/composer/a.php:1",
            "it lies in a folder of dependencies",
        ),
        ("plain.php:1", "it does not mention Stripe"),
        ("dist/a.min.js:1", "it is minified"),
        ("ignored.php:1", "an ignore file names it"),
        ("notes.txt:1", "it is in no language that is read"),
    ] {
        says(place, &format!("  The file was not read: {why}"));
    }
}

#[test]
fn a_place_that_is_not_there_is_an_error() {
    let folder = project();
    for (arguments, said) in [
        (&["none.php:1"][..], "error: no such file: `none.php`\n"),
        (
            &["api.php:99"],
            "error: `api.php` has no line 99: it has 23\n",
        ),
        (&["api.php"], "expected a file and a line"),
        (&["api.php:7", "--write"], "cannot be used with"),
        (
            &["api.php:7", "-f", "yaml"],
            "error: --trace prints text or json, not yaml\n",
        ),
    ] {
        let arguments = [&["--trace"][..], arguments].concat();
        let (code, out, talk) = run(&folder, &arguments);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(talk.contains(said), "{talk}");
    }
}

#[test]
fn json_says_the_same() {
    let folder = project();
    let (_, json, _) = run(&folder, &["--trace", "api.php:10", "-f", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let call = &json["lines"][0]["calls"][0];
    assert_eq!(call["function"], "Acme_Api::refund");
    let outcome = &call["ways"][0]["outcomes"][0];
    assert_eq!(outcome["endpoint"], "POST /v1/refunds");
    assert_eq!(outcome["permission"], "charge_write");
    assert_eq!(outcome["through"].as_array().unwrap().len(), 2);
    assert_eq!(outcome["counted_at"][0]["at"]["line"], 10);
}
