<?php
function run($id) {
    $gateway = new Gateway('x');
    $gateway->mode('live')->paymentIntents->retrieve($id); // needs: payment_intent_read
    $gateway->refunds->mode('test')->create([]); // needs: charge_write
    Gateway::load()->customers->all([]); // needs: customer_read
}
