<?php
abstract class Request {
    protected $endpoint = 'https://api.stripe.com/v1';
    protected $id;

    protected function verb() {
        return 'POST';
    }

    abstract protected function url();

    public function send() {
        return wp_remote_request($this->url(), ['method' => $this->verb()]); // needs: charge_read, charge_write
    }
}
