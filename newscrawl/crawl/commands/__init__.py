"""Scrapy's commands with the verdicts and exit codes of newscrawl (COMMANDS_MODULE)."""
