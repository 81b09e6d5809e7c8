<?php
/**
 * Records what Stripe reports. The signature is checked with a shared secret, so this asks
 * nothing of Stripe and needs no permission.
 */
class Acme_Donations_Webhook {

	const TOLERANCE = 300;

	public function register() {
		add_action( 'rest_api_init', array( $this, 'routes' ) );
	}

	public function routes() {
		register_rest_route(
			'acme-donations/v1',
			'/webhook',
			array(
				'methods'             => 'POST',
				'callback'            => array( $this, 'receive' ),
				'permission_callback' => '__return_true',
			)
		);
	}

	public function receive( WP_REST_Request $request ) {
		$payload = $request->get_body();
		if ( ! $this->is_signed( $payload, (string) $request->get_header( 'stripe-signature' ) ) ) {
			return new WP_REST_Response( null, 400 );
		}

		$event = json_decode( $payload, true );
		if ( 'charge.succeeded' === $event['type'] ) {
			$charge = $event['data']['object'];
			wp_insert_post(
				array(
					'post_type'   => 'acme_donation',
					'post_status' => 'publish',
					'post_title'  => $charge['id'],
					'meta_input'  => array(
						'_charge'         => $charge['id'],
						'_payment_intent' => $charge['payment_intent'],
					),
				)
			);
		}
		return new WP_REST_Response( null, 200 );
	}

	private function is_signed( $payload, $header ) {
		parse_str( str_replace( ',', '&', $header ), $parts );
		if ( ! isset( $parts['t'], $parts['v1'] ) || abs( time() - (int) $parts['t'] ) > self::TOLERANCE ) {
			return false;
		}
		$secret = (string) get_option( 'acme_donations_webhook_secret' );
		return hash_equals( hash_hmac( 'sha256', "{$parts['t']}.{$payload}", $secret ), $parts['v1'] );
	}
}
