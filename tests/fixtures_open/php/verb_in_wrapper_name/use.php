<?php
function run($data, $id) {
    $api = new ShopApi();
    $api->createObject('refunds', $data); // needs: charge_write
    $api->getObject('charges/' . $id); // needs: charge_read
    $api->get_balance('payouts'); // needs: payout_write
}
