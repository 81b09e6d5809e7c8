<?php
class ShopApi {
    private $base = 'https://api.stripe.com/v1/';

    private function send($verb, $path, $data = null) {
        return wp_remote_request($this->base . $path, ['method' => $verb, 'body' => $data]);
    }

    public function createObject($path, $data) {
        return $this->send('POST', $path, $data);
    }

    public function getObject($path) {
        return $this->send('GET', $path);
    }

    /** Named like a read, and is none. */
    public function get_balance($path) {
        return $this->send('POST', $path);
    }
}
