//! A plugin whose every file talks to Stripe, to measure how the time of a scan grows with the code.
//!
//! Each file has a class that calls the wrapper around Stripe, its neighbours and itself, and code that has
//! nothing to do with Stripe: the proportions of real plugins.

use crate::File;

/// Paths of the API that the classes call in turn.
const PATHS: [&str; 5] = ["customers", "charges", "refunds", "prices", "coupons"];

/// Makes a plugin of `n_files` files.
#[must_use]
pub fn chain(n_files: usize) -> Vec<File> {
    let mut files = vec![
        File::new("acme.php", MAIN),
        File::new("includes/class-acme-stripe-api.php", WRAPPER),
    ];
    files.extend((0..n_files.saturating_sub(2)).map(|index| {
        let group = index / 50;
        let path = format!("includes/group-{group}/class-acme-part-{index}.php");
        File::new(path, part(index))
    }));
    files
}

const MAIN: &str = "<?php
/**
 * Plugin Name: Acme
 */
add_action( 'init', function () {
    $part = new Acme_Part_0( new Acme_Stripe_Api( get_option( 'acme_key' ) ) );
    $part->charge( $_POST['id'], [ 'amount' => 1 ] );
} );
";

const WRAPPER: &str = "<?php
class Acme_Stripe_Api {
    const BASE = 'https://api.stripe.com/v1/';
    private $key;
    public function __construct( $key ) {
        $this->key = $key;
    }
    public function request( $method, $path, $body = [] ) {
        return wp_remote_request( self::BASE . $path, [
            'method'  => $method,
            'headers' => [ 'Authorization' => 'Bearer ' . $this->key ],
            'body'    => $body,
        ] );
    }
}
";

fn part(index: usize) -> String {
    let path = PATHS
        .iter()
        .cycle()
        .nth(index % PATHS.len())
        .copied()
        .unwrap_or_default();
    let next = index + 1;
    format!(
        "<?php
class Acme_Part_{index} {{
    private $api;
    private $labels = [ 'a' => 'First label', 'b' => 'Second label' ];
    public function __construct( Acme_Stripe_Api $api ) {{
        $this->api = $api;
    }}
    public function charge( $id, $args ) {{
        $args['description'] = $this->label( 'a', $id );
        if ( ! empty( $args['again'] ) && class_exists( 'Acme_Part_{next}' ) ) {{
            $next = new Acme_Part_{next}( $this->api );
            return $next->charge( $id, $args );
        }}
        return $this->api->request( 'POST', '{path}/' . $id, $args );
    }}
    public function all( $limit = 10 ) {{
        $found = $this->api->request( 'GET', '{path}', [ 'limit' => $limit ] );
        return array_map( function ( $one ) {{
            return $this->label( 'b', $one['id'] );
        }}, $found['data'] );
    }}
    private function label( $key, $id ) {{
        $text = isset( $this->labels[ $key ] ) ? $this->labels[ $key ] : '';
        foreach ( [ 'x', 'y', 'z' ] as $mark ) {{
            if ( strpos( $id, $mark ) === 0 ) {{
                $text .= ' ' . strtoupper( $mark );
            }}
        }}
        return sprintf( '%s (%s)', $text, $id );
    }}
}}
add_action( 'acme_{index}', [ new Acme_Part_{index}( new Acme_Stripe_Api( 'k' ) ), 'all' ] );
"
    )
}
