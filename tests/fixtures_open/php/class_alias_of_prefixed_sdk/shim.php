<?php
class_alias('\\Acme\\Vendor\\Stripe\\Charge', 'Stripe\\Charge');
class_alias('\\Acme\\Vendor\\Stripe\\Refund', 'Acme\\MoneyBack');
