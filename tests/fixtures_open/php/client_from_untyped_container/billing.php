<?php
function run($container) {
    $container->get(\Stripe\StripeClient::class)->balance->retrieve(); // needs: balance_read
}
