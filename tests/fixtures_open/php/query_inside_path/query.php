<?php
class ShopApi {
    public static function get($path) {
        return wp_remote_get('https://api.stripe.com/v1/' . $path);
    }
}

function run($id, $query) {
    ShopApi::get('setup_intents/' . $id . '?limit=3'); // needs: setup_intent_read
    ShopApi::get('payouts?' . http_build_query($query)); // needs: payout_read
}
