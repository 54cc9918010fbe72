"""Crawling on a Dask cluster: the submitter, the task that a worker does, and the process of one site's crawl."""
