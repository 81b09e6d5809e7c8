<?php
class ShopApi {
    public static function get($path) {
        return wp_remote_get('https://api.stripe.com/v1/' . $path);
    }

    public static function call($params, $path, $verb) {
        return wp_remote_post('https://api.stripe.com/v1/' . $path, ['method' => $verb, 'body' => $params]);
    }
}

function request($path, $params = null, $verb = 'POST') {
    return is_null($params) ? ShopApi::get($path) : ShopApi::call($params, $path, $verb);
}
