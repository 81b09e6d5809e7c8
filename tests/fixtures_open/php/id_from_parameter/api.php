<?php
class ShopApi {
    public static function get($path) {
        return wp_remote_get('https://api.stripe.com/v1/' . $path);
    }
}

class Intents {
    public static function find($id) {
        return ShopApi::get('setup_intents/' . $id); // needs: setup_intent_read
    }

    public static function charge($id) {
        return ShopApi::get("charges/$id"); // needs: charge_read
    }
}

function run($order) {
    return Intents::find($order->intent);
}

ShopApi::get('balance'); // needs: balance_read
