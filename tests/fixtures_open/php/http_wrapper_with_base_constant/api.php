<?php
class ShopApi {
    const BASE = 'https://api.stripe.com/v1/';
    private static $root = 'https://api.stripe.com';

    public static function call($body, $path, $verb = 'POST') {
        return wp_remote_post(self::BASE . $path, ['method' => $verb, 'body' => $body]);
    }

    public static function get($path) {
        return wp_safe_remote_get(self::$root . '/v1/' . $path);
    }
}
