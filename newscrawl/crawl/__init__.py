"""Running spiders.

From the ground up: `fetch` gets pages, `frontier` knows the URLs, `ingest` brings articles into the store, `schedule`
says when, `monitoring` judges and tells, `run` holds one run together, `cluster` and `due` run many; `scout` looks
without crawling, for `fixtures`, `scaffold` and `checks` of spiders; `commands` are Scrapy's.
"""
