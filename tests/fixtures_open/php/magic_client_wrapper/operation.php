<?php
class Operation {
    private $service;
    private $mode;

    public function __construct($service) {
        $this->service = $service;
    }

    public function mode($mode) {
        $this->mode = $mode;
        return $this;
    }

    public function __call($method, $arguments) {
        return $this->service->{$method}(...$arguments);
    }
}
