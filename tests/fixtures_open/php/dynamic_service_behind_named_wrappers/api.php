<?php
class ShopApi {
    private $stripe;

    public function __construct($key) {
        $this->stripe = new \Stripe\StripeClient($key);
    }

    private function execute($service, $method, $arguments) {
        return $this->stripe->{$service}->{$method}(...$arguments);
    }

    public function setup_intents($method, $arguments) {
        return $this->execute('setupIntents', $method, $arguments);
    }

    public function sessions($method, $arguments) {
        return $this->execute('customers', $method, $arguments);
    }
}
