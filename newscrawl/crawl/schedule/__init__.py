"""When sites are due: schedule expressions, the operator's file, where each site stands, the entry in the crontab."""
