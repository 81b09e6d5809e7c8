<?php

class Acme_Connection
{
    protected $base;

    public function __construct($base)
    {
        $this->base = $base;
    }

    public function call($verb, $path)
    {
        return wp_remote_request($this->base . '/v1' . $path, ['method' => $verb]);
    }
}

$connection = new Acme_Connection('https://payments.acme.example/stripe');
$connection->call('POST', '/refunds');
