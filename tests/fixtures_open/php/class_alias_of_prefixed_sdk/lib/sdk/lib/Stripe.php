<?php
namespace Acme\Vendor\Stripe;

class Stripe {}
