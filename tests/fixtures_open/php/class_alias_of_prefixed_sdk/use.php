<?php
function look($id) {
    \Stripe\Charge::retrieve($id); // needs: charge_read
    \Acme\MoneyBack::create(['charge' => $id]); // needs: charge_write
}
