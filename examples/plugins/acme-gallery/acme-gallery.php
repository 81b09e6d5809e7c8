<?php
/**
 * Plugin Name: Acme Gallery
 * Version: 2.0.0
 */

add_shortcode( 'acme_gallery', function ( $attributes ) {
	return wp_get_attachment_image( (int) $attributes['id'], 'large' );
} );
