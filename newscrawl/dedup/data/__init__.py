"""Data tables of deduplication and the scripts that make them."""
