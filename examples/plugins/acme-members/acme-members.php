<?php
/**
 * Plugin Name: Acme Members
 * Version: 0.9.0
 */

function acme_members_get( $path ) {
	$headers = array( 'Authorization' => 'Bearer ' . get_option( 'acme_members_key' ) );
	return wp_remote_get( 'https://api.stripe.com/v1/' . $path, array( 'headers' => $headers ) );
}

add_action( 'init', function () {
	acme_members_get( 'customers/' . get_user_meta( get_current_user_id(), '_acme_customer', true ) );
} );

add_action( 'wp_ajax_acme_members_show', function () {
	acme_members_get( $_GET['what'] );
} );
