<?php
function run($data, $id) {
    $api = new ShopApi('x');
    $api->setup_intents('create', [$data]); // needs: setup_intent_write
    $api->setup_intents('retrieve', [$id]); // needs: setup_intent_read
    $api->sessions('create', [$data]); // needs: customer_write
}
