<?php
/**
 * The only place that talks to Stripe.
 */
class Acme_Donations_API {

	const BASE_URL    = 'https://api.stripe.com/v1/';
	const API_VERSION = '2024-06-20';

	/**
	 * @param string $path  Path below /v1/.
	 * @param array  $query Query parameters.
	 * @return array|WP_Error
	 */
	public static function get( $path, array $query = array() ) {
		return self::request( $path, 'GET', $query );
	}

	/**
	 * @param string $path   Path below /v1/.
	 * @param array  $fields Form fields.
	 * @return array|WP_Error
	 */
	public static function post( $path, array $fields = array() ) {
		return self::request( $path, 'POST', $fields );
	}

	/**
	 * Sends one request and decodes the answer.
	 *
	 * @param string $path   Path below /v1/.
	 * @param string $method HTTP verb.
	 * @param array  $fields Query parameters of a GET, form fields of everything else.
	 * @return array|WP_Error
	 */
	public static function request( $path, $method = 'POST', array $fields = array() ) {
		$url  = self::BASE_URL . $path;
		$args = array(
			'method'  => $method,
			'timeout' => 30,
			'headers' => array(
				'Authorization'  => 'Bearer ' . get_option( 'acme_donations_restricted_key' ),
				'Stripe-Version' => self::API_VERSION,
			),
		);

		if ( 'GET' === $method ) {
			$url = add_query_arg( $fields, $url );
		} else {
			$args['body']                       = $fields;
			$args['headers']['Idempotency-Key'] = wp_generate_uuid4();
		}

		$response = wp_remote_request( $url, $args );
		if ( is_wp_error( $response ) ) {
			return $response;
		}

		$body = json_decode( wp_remote_retrieve_body( $response ), true );
		if ( wp_remote_retrieve_response_code( $response ) >= 400 ) {
			return new WP_Error( 'acme_donations_stripe', $body['error']['message'] ?? 'Stripe said no.' );
		}
		return $body;
	}
}
