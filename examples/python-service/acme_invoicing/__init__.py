"""An example service of rakscan: sends invoices, answers disputes, reconciles payouts."""
