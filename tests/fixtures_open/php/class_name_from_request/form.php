<?php
function api_request($object, $method, ...$arguments) {
    return call_user_func_array(['Stripe\\' . $object, $method], $arguments);
}

function handle() {
    return api_request($_REQUEST['intent_type'], 'retrieve', $_REQUEST['id']); // open: dynamic-operation
}
