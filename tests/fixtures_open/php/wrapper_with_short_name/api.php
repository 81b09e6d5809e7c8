<?php
class Api {
    public static function get($path) {
        return wp_remote_get('https://api.stripe.com/v1/' . $path);
    }
}
