<?php
/**
 * Plugin Name: Acme Donations
 * Description: Takes one-time and monthly donations through Stripe Checkout.
 * Version:     1.3.0
 * Requires PHP: 7.4
 * License:     MIT
 * Text Domain: acme-donations
 */

defined( 'ABSPATH' ) || exit;

define( 'ACME_DONATIONS_VERSION', '1.3.0' );

require_once __DIR__ . '/includes/class-acme-donations-api.php';
require_once __DIR__ . '/includes/class-acme-donations-checkout.php';
require_once __DIR__ . '/includes/class-acme-donations-donors.php';
require_once __DIR__ . '/includes/class-acme-donations-refunds.php';
require_once __DIR__ . '/includes/class-acme-donations-upgrade.php';
require_once __DIR__ . '/includes/class-acme-donations-webhook.php';

add_action(
	'plugins_loaded',
	static function () {
		( new Acme_Donations_Checkout() )->register();
		( new Acme_Donations_Donors() )->register();
		( new Acme_Donations_Refunds() )->register();
		( new Acme_Donations_Upgrade() )->register();
		( new Acme_Donations_Webhook() )->register();
	}
);

add_action(
	'wp_enqueue_scripts',
	static function () {
		wp_enqueue_script( 'stripe-js', 'https://js.stripe.com/v3/', array(), null, true );
		wp_enqueue_script(
			'acme-donations',
			plugins_url( 'assets/donate.js', __FILE__ ),
			array( 'stripe-js' ),
			ACME_DONATIONS_VERSION,
			true
		);
		wp_localize_script(
			'acme-donations',
			'acmeDonations',
			array(
				'publishableKey' => get_option( 'acme_donations_publishable_key' ),
				'endpoint'       => rest_url( 'acme-donations/v1/checkout' ),
			)
		);
	}
);
