<?php
/**
 * Sends the donor to Stripe Checkout, and thanks on the way back.
 */
class Acme_Donations_Checkout {

	public function register() {
		add_action( 'rest_api_init', array( $this, 'routes' ) );
		add_shortcode( 'acme_donations_thanks', array( $this, 'thanks' ) );
	}

	public function routes() {
		register_rest_route(
			'acme-donations/v1',
			'/checkout',
			array(
				'methods'             => 'POST',
				'callback'            => array( $this, 'start' ),
				'permission_callback' => '__return_true',
			)
		);
	}

	public function start( WP_REST_Request $request ) {
		$monthly = (bool) $request->get_param( 'monthly' );
		$price   = array(
			'currency'     => 'eur',
			'unit_amount'  => max( 100, absint( $request->get_param( 'cents' ) ) ),
			'product_data' => array( 'name' => __( 'Donation', 'acme-donations' ) ),
		);
		if ( $monthly ) {
			$price['recurring'] = array( 'interval' => 'month' );
		}

		return Acme_Donations_API::post(
			'checkout/sessions',
			array(
				'mode'        => $monthly ? 'subscription' : 'payment',
				'success_url' => home_url( '/thanks/?session={CHECKOUT_SESSION_ID}' ),
				'line_items'  => array(
					array(
						'quantity'   => 1,
						'price_data' => $price,
					),
				),
			)
		);
	}

	public function thanks() {
		if ( empty( $_GET['session'] ) ) {
			return '';
		}
		$id      = sanitize_text_field( wp_unslash( $_GET['session'] ) );
		$session = Acme_Donations_API::get( 'checkout/sessions/' . rawurlencode( $id ) );
		if ( is_wp_error( $session ) || 'paid' !== $session['payment_status'] ) {
			return '';
		}
		return esc_html__( 'Thank you for your donation!', 'acme-donations' );
	}
}
