<?php
class Gateway {
    private $client;
    private $mode;

    public function __construct($key) {
        $this->client = new \Stripe\StripeClient($key);
    }

    public static function load() {
        return new self('x');
    }

    public function mode($mode) {
        $this->mode = $mode;
        return $this;
    }

    public function __get($name) {
        return new Operation($this->client->{$name});
    }
}
