"""Running spiders: due sites, leases, run records, verdicts and exit codes."""
