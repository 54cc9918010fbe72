"""Scrapy settings of the project. Anything here can be overridden with `scrapy crawl SITE -s NAME=VALUE`."""

from __future__ import annotations

import os
from importlib.util import find_spec

from newscrawl import __version__
from newscrawl.places import data_dir

BOT_NAME = "newscrawl"
SPIDER_MODULES = ["newscrawl.spiders"]
NEWSPIDER_MODULE = "newscrawl.spiders"
COMMANDS_MODULE = "newscrawl.crawl.commands"
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
ASYNCIO_EVENT_LOOP = "uvloop.Loop" if find_spec("uvloop") else None  # quicker, where it is installed

# --- who we are: the project, and a person to write to (an address or a page; set it before crawling in earnest)
NEWSCRAWL_CONTACT = os.environ.get("NEWSCRAWL_CONTACT", "")
USER_AGENT = f"newscrawl/{__version__} (+{NEWSCRAWL_CONTACT or 'news corpus crawler; no contact set'})"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
}

# --- pages that need a browser (scrapy-playwright; Chromium is found by itself or named in NEWSCRAWL_CHROMIUM)
NEWSCRAWL_BROWSER = True  # False: pages that only scripts fill are refused

# --- where things go
NEWSCRAWL_STORE = ""  # "" = environment: NEWSCRAWL_STORE, MONGO_URI + MONGO_DATABASE, sqlite:///data/newscrawl.db
NEWSCRAWL_SPOOL = str(data_dir() / "spool")  # articles wait here while the store cannot be reached
NEWSCRAWL_SPOOL_MAX_BYTES = 256 * 1024 * 1024
NEWSCRAWL_STORE_PATIENCE = 600.0  # seconds a run waits for a lost store before it closes early
NEWSCRAWL_WARC = True  # archive every response
NEWSCRAWL_ARCHIVE = os.environ.get("NEWSCRAWL_ARCHIVE") or str(data_dir() / "archive")  # or s3://bucket/folder
NEWSCRAWL_WARC_MAX_BYTES = 1024**3  # then the next file begins
NEWSCRAWL_WARC_DAYS = 0  # days that archived responses are kept; 0 = for ever
NEWSCRAWL_BATCH = 50  # articles a transaction
NEWSCRAWL_STORIES_CACHE = str(data_dir() / "stories.cache")  # spares a run to read the whole story log; "" = none
# "link" keeps copies and links them, "drop" keeps only the first, "off" looks for none (`newscrawl dedup update` does)
NEWSCRAWL_DEDUP = os.environ.get("NEWSCRAWL_DEDUP") or "link"

NEWSCRAWL_PROFILES = True  # learn from a site's pages what they repeat and how they are built

# --- what a run takes; `newscrawl crawl` has an option for each
NEWSCRAWL_SINCE = ""  # YYYY-MM-DD: older articles are not fetched
NEWSCRAWL_UNTIL = ""  # YYYY-MM-DD: younger articles are not fetched
NEWSCRAWL_MAX_ARTICLES = 0  # 0 = no bound
NEWSCRAWL_MAX_REQUESTS = 0  # pages to ask for, list pages too; 0 = no bound; what is left waits for the next run
NEWSCRAWL_FULL = False  # True: walk list pages to their end, also those that bring nothing new
NEWSCRAWL_MAX_LIST_PAGES = 200  # of one section, in one run
NEWSCRAWL_SITE_BASE: dict[str, str] = {}  # spider name -> address to crawl instead (the demo portal)
NEWSCRAWL_SHARED_HOSTS: list[str] | None = None  # hosts that the one site shares with others; None: look at all spiders
NEWSCRAWL_TRIGGER = "scrapy"
NEWSCRAWL_LEASE_SECONDS = 180.0  # a run that gave no sign for so long may be taken over

# --- politeness, a site (all its hosts together); a spider's `custom_settings` may be slower
ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0  # the delay is a promise, not an average
CONCURRENT_REQUESTS = 32
CONCURRENT_ITEMS = 4  # of one response; Scrapy starts so many tasks for every response, needed or not (stock: 100)
CONCURRENT_REQUESTS_PER_DOMAIN = 1
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
DOWNLOAD_TIMEOUT = 60
RETRY_TIMES = 2

# --- safety: nothing from a page is trusted
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True
NEWSCRAWL_UNVERIFIED_HOSTS: list[str] = []  # but not of these hosts; a site's own stand in its spider
REDIRECT_MAX_TIMES = 10
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
DOWNLOAD_HANDLERS = {
    "http": "newscrawl.crawl.fetch.browser.BrowserOnDemand",
    "https": "newscrawl.crawl.fetch.browser.BrowserOnDemand",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
TWISTED_DNS_RESOLVER = "newscrawl.crawl.fetch.guard.GuardedResolver"
NEWSCRAWL_OPEN_LOOPBACK: list[str] = []  # "127.0.0.1:PORT" of the demo portal; closed in every normal crawl

DOWNLOADER_MIDDLEWARES = {
    "newscrawl.middlewares.NetworkGuard": 20,
    "newscrawl.middlewares.SiteSlot": 30,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "newscrawl.middlewares.RobotsTxt": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "newscrawl.middlewares.Retry": 550,
    "newscrawl.middlewares.Archive": 840,
}
ITEM_PIPELINES = {
    "newscrawl.pipelines.Restore": 100,
    "newscrawl.pipelines.Dates": 200,
    "newscrawl.pipelines.Bylines": 300,
    "newscrawl.pipelines.Boilerplate": 400,
    "newscrawl.pipelines.Validate": 500,
    "newscrawl.pipelines.Dedup": 600,
    "newscrawl.pipelines.Store": 900,
}
EXTENSIONS = {
    "scrapy.extensions.throttle.AutoThrottle": None,
    "newscrawl.extensions.Throttle": 0,
    "newscrawl.extensions.RunReport": 10,
}

LOG_LEVEL = "INFO"
LOG_FORMATTER = "newscrawl.crawl.run.logs.BriefLogFormatter"
DEFAULT_DROPITEM_LOG_LEVEL = "INFO"
FEED_EXPORT_ENCODING = "utf-8"
