<?php
require __DIR__ . '/lib/ApiRequestor.php';
