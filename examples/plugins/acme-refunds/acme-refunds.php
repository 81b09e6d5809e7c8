<?php
/**
 * Plugin Name: Acme Refunds
 * Version: 1.0.0
 */

function acme_refunds_request( $path, $body ) {
	$answer = wp_remote_post(
		'https://api.stripe.com/v1/' . $path,
		array(
			'headers' => array( 'Authorization' => 'Bearer ' . get_option( 'acme_refunds_key' ) ),
			'body'    => $body,
		)
	);
	return json_decode( wp_remote_retrieve_body( $answer ) );
}

add_action( 'woocommerce_order_refunded', function ( $order_id ) {
	$charge = get_post_meta( $order_id, '_acme_charge', true );
	acme_refunds_request( 'refunds', array( 'charge' => $charge ) );
} );
