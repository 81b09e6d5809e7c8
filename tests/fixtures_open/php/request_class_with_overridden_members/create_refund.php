<?php
class CreateRefund extends Request {
    protected function url() {
        return $this->endpoint . '/refunds';
    }
}
