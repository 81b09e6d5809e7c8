<?php
function run($body, $id) {
    ShopApi::call($body, 'payment_intents/' . $id . '/capture'); // needs: payment_intent_write
    ShopApi::call([], "customers/$id", 'DELETE'); // needs: customer_write
    ShopApi::get('balance'); // needs: balance_read
}
