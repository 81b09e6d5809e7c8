<?php
class FetchCharge extends Request {
    protected function verb() {
        return 'GET';
    }

    protected function url() {
        return $this->endpoint . '/charges/' . $this->id;
    }
}
