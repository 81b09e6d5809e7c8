<?php
namespace Acme\Vendor\Stripe;

class ApiRequestor {}
