<?php
function balance() {
    return Api::get('balance'); // needs: balance_read
}
