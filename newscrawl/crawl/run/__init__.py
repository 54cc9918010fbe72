"""A run of spiders: its process and leases, the services its components share, its record, its archive, its lessons."""
