<?php
function run($id) {
    request('balance'); // needs: balance_read
    request('payment_methods/' . $id, [], 'GET'); // needs: payment_method_read
    request('refunds', ['charge' => $id]); // needs: charge_write
}
