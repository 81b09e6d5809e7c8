<?php
/**
 * Refunds a donation from its admin screen.
 */
class Acme_Donations_Refunds {

	public function register() {
		add_action( 'admin_post_acme_donations_refund', array( $this, 'refund' ) );
	}

	public function refund() {
		check_admin_referer( 'acme_donations_refund' );
		if ( ! current_user_can( 'manage_options' ) ) {
			wp_die( esc_html__( 'You may not refund donations.', 'acme-donations' ) );
		}

		$donation = absint( $_POST['donation'] ?? 0 );
		$charge   = Acme_Donations_API::request(
			sprintf( 'charges/%s', get_post_meta( $donation, '_charge', true ) ),
			'GET'
		);
		if ( is_wp_error( $charge ) || $charge['refunded'] ) {
			return;
		}

		$refund = Acme_Donations_API::request( 'refunds', 'POST', array( 'charge' => $charge['id'] ) );
		if ( ! is_wp_error( $refund ) ) {
			update_post_meta( $donation, '_refund', $refund['id'] );
		}
	}
}
