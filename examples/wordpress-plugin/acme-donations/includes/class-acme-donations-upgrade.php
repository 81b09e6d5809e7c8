<?php
/**
 * Brings the data of older versions up to date, once.
 */
class Acme_Donations_Upgrade {

	public function register() {
		add_action( 'admin_init', array( $this, 'maybe_upgrade' ) );
	}

	public function maybe_upgrade() {
		if ( version_compare( get_option( 'acme_donations_version', '0' ), '1.3.0', '<' ) ) {
			$this->upgrade_to_1_3_0();
			update_option( 'acme_donations_version', ACME_DONATIONS_VERSION );
		}
	}

	/**
	 * Up to 1.2 a donation knew its payment intent only; refunds need the charge.
	 */
	private function upgrade_to_1_3_0() {
		$donations = get_posts(
			array(
				'post_type'   => 'acme_donation',
				'numberposts' => -1,
				'fields'      => 'ids',
			)
		);
		foreach ( $donations as $donation ) {
			$intent = get_post_meta( $donation, '_payment_intent', true );
			$intent = Acme_Donations_API::get( sprintf( 'payment_intents/%s', $intent ) );
			if ( ! is_wp_error( $intent ) ) {
				update_post_meta( $donation, '_charge', $intent['latest_charge'] );
			}
		}
	}
}
