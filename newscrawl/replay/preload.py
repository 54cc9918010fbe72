"""Imported once by the process that workers are forked from: modules and tables are loaded, and shared by all.

An invented page is read, so that everything that is loaded on first use is there.
"""

from __future__ import annotations

import gc

from newscrawl.chain import extract_article
from newscrawl.dedup.fingerprint import fingerprint

_PAGE = (
    "<html><title>云岭县举办农民运动会</title><h1>云岭县举办农民运动会</h1>"
    "<p>2026-02-11 10:30 来源：云岭日报 记者：林知远</p>"
    "<div><p>（本报讯，记者林知远）雲嶺縣舉辦農民運動會，開(kāi)幕式在白石鎮舉行，全縣十二個鄉鎮的三百名運動員參加了比賽。</p>"
    "<p>运动会设拔河、插秧、挑担等项目，比赛为期三天。责任编辑：周慕白</p></div></html>"
)

article = extract_article(_PAGE, "https://yunling.example/2026-02-11/1.html")
if article is not None:
    fingerprint(article.body)

# What is there now stays for good: workers neither look through it for garbage nor copy its pages by doing so.
gc.collect()
gc.freeze()
