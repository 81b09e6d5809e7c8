<?php
/**
 * Lets donors change or end a monthly donation in the billing portal.
 */
class Acme_Donations_Donors {

	public function register() {
		add_action( 'admin_post_acme_donations_portal', array( $this, 'portal' ) );
		add_action( 'profile_update', array( $this, 'update' ) );
	}

	public function portal() {
		$session = Acme_Donations_API::post(
			'billing_portal/sessions',
			array(
				'customer'   => $this->customer( wp_get_current_user() ),
				'return_url' => home_url( '/' ),
			)
		);
		if ( ! is_wp_error( $session ) ) {
			wp_redirect( $session['url'] );
			exit;
		}
	}

	public function update( $user_id ) {
		$customer = get_user_meta( $user_id, 'acme_donations_customer', true );
		if ( $customer ) {
			$user = get_userdata( $user_id );
			Acme_Donations_API::post( "customers/{$customer}", array( 'email' => $user->user_email ) );
		}
	}

	private function customer( WP_User $user ) {
		$found = Acme_Donations_API::get( 'customers', array( 'email' => $user->user_email ) );
		if ( ! is_wp_error( $found ) && $found['data'] ) {
			return $found['data'][0]['id'];
		}
		$created = Acme_Donations_API::post( 'customers', array( 'email' => $user->user_email ) );
		return is_wp_error( $created ) ? '' : $created['id'];
	}
}
