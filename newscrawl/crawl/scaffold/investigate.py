"""The investigation of a portal: from its homepage to rules, sections, feeds and layouts, in a few dozen pages."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from newscrawl.clock import CHINA
from newscrawl.crawl.scaffold.families import WORDS, choose_class, family_classes, json_family, recognise, region_of
from newscrawl.crawl.scaffold.finding import Finding, Link, NothingFoundError, Sample
from newscrawl.crawl.scaffold.inquiry import Inquiry
from newscrawl.crawl.scaffold.machine import find_apis, find_feeds_and_sitemaps
from newscrawl.crawl.scaffold.titles import portal_title
from newscrawl.crawl.scaffold.urlrules import clusters, form_of, path_of, rule_for
from newscrawl.page.charset import decode, meta_charset, normalise_label
from newscrawl.page.learn import LEAST_PAGES, SamplePage, learn_layout
from newscrawl.text.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newscrawl.crawl.frontier.addresses import Addresses
    from newscrawl.crawl.scout import Scout

#: List pages and articles that are looked at, at most.
MOST_LISTS = 14
MOST_ARTICLES = 8
#: Shortest link text (in characters) that is a headline; longest that is the name of a section.
HEADLINE = 8
SECTION_NAME = 8
#: So many links to articles make a list page.
LEAST_LINKS = 4
_ARTICLES = ("article", "gallery", "video")
_IDEOGRAPH = re.compile("[\u3400-\u9fff]")


class Investigation(Inquiry):
    """The steps of an investigation, and what follows from what they found."""

    # -- the steps ----------------------------------------------------------------------------------------------

    async def run(self) -> Finding:
        """Go through all steps. Raises NothingFoundError where the portal gives nothing to go by."""
        finding = self.finding
        home = await self._home()
        names = self._section_candidates(home)
        lists = await self._lists(names)
        articles = await self._articles()
        if not articles:
            await find_apis(self, [home, *lists])
            articles = await self._articles()
        if not articles and not self.browser:
            lists = await self._by_browser(names)
            articles = await self._articles()
        if not articles:
            raise NothingFoundError(
                f"{finding.homepage}: {finding.pages} pages read, none of their {len(self.links)} links leads to what "
                f"reads like an article; `scrapy shell {finding.homepage}` shows what comes"
            )
        await self._more_lists(names)
        self._rules(articles, names)
        await find_feeds_and_sitemaps(self, home)
        self._facts(home)
        self._layout()
        return finding

    async def _home(self) -> Sample:
        home = await self.look_at(self.finding.homepage)
        if home is None:
            fetched = await self.fetch(self.finding.homepage)
            raise NothingFoundError(
                f"{self.finding.homepage} cannot be read: {fetched.problem or fetched.content_type or 'no HTML'}"
            )
        if home.page.kind in ("challenge", "js-shell") and not home.page.links:
            home = await self._home_by_browser(home)
        return home

    async def _home_by_browser(self, plain: Sample) -> Sample:
        self.browser = True
        self.seen.clear()
        home = await self.look_at(self.finding.homepage)
        self.finding.needs_js = self.finding.lists_need_js = home is not None
        if home is None:
            raise NothingFoundError(
                f"{self.finding.homepage} is {plain.page.reason or 'filled by a script'}, and no browser shows it: "
                "apt-get install chromium"
            )
        return home

    def _section_candidates(self, home: Sample) -> dict[str, str]:
        """Return links of the homepage that may be sections: their address and their names."""
        found: dict[str, str] = {}
        headlines = clusters(path_of(url) for url, link in self.links.items() if _is_headline(link))
        of_articles = {cluster.forms[0].signature for cluster in headlines if len(cluster.paths) >= LEAST_LINKS}
        for link in home.page.links:
            text = link.text.strip()
            url = self.addresses.canonical(link.url)
            if not 2 <= len(text) <= SECTION_NAME or not _IDEOGRAPH.search(text) or url not in self.links:
                continue
            if any(word in text for word in WORDS["no_sections"]) or path_of(url) in ("", "/"):
                continue
            if form_of(path_of(url)).signature in of_articles:  # an article with a short title
                continue
            found.setdefault(link.url, text)
        return found

    async def _lists(self, names: dict[str, str]) -> list[Sample]:
        """Look at the first of them: enough to see what articles look like."""
        found = [await self.look_at(url) for url in list(names)[:4]]
        return [sample for sample in found if sample is not None]

    async def _more_lists(self, names: dict[str, str]) -> None:
        for url in list(names)[:MOST_LISTS]:
            await self.look_at(url)

    async def _by_browser(self, names: dict[str, str]) -> list[Sample]:
        """Look at list pages again as a browser shows them."""
        self.browser = True
        for url in list(names)[:4]:
            self.seen.pop(self.addresses.canonical(url), None)
        lists = await self._lists(names)
        self.browser = False
        if lists:
            self.finding.lists_need_js = self.finding.needs_js = True
        return lists

    async def _articles(self) -> list[str]:
        """Find the forms of addresses that lead to articles; returns all paths that have them."""
        headlines = {path_of(url): link for url, link in self.links.items() if _is_headline(link)}
        verified: list[str] = []
        for group in [cluster.paths for cluster in clusters(headlines)][:5]:
            if len(group) < 2 and len(headlines) > 10:
                continue
            samples = [await self.look_at(headlines[path].address, listed_date=headlines[path].listed_date)
                       for path in _spread(group, 3)]  # fmt: skip
            read = [sample for sample in samples if sample is not None]
            good = [sample for sample in read if sample.page.kind in _ARTICLES and sample.page.article is not None]
            if read and len(good) * 2 > len(read):
                verified.extend(group)
                self.finding.articles.extend(good)
        for path in _spread(verified, 2 * MOST_ARTICLES):  # some may be forbidden, or gone
            if len(self.finding.articles) >= MOST_ARTICLES:
                break
            sample = await self.look_at(headlines[path].address, listed_date=headlines[path].listed_date)
            if sample is not None and sample.page.article is not None and sample not in self.finding.articles:
                self.finding.articles.append(sample)
        return verified

    # -- what follows from it -----------------------------------------------------------------------------------

    def _rules(self, articles: list[str], names: dict[str, str]) -> None:
        """Derive the article rule, then sections and their rule, each held against what is known to be other pages."""
        finding = self.finding
        no_articles = [
            path_of(url)
            for url, sample in self.seen.items()
            if sample.page.article is None and path_of(url) not in articles and sample.page.kind in ("list", "js-shell")
        ]
        no_articles += [path_of(self.addresses.canonical(url)) for url in names]
        nexts = [sample.page.next_list for sample in self.seen.values() if sample.page.next_list]
        no_articles += [path_of(self.addresses.canonical(url)) for url in nexts]
        finding.article_url = rule_for(articles, no_articles)
        self._sections(names)
        sections = [path_of(self.addresses.canonical(url)) for url in finding.sections]
        others = [path_of(url) for url in self.links if path_of(url) not in sections and url not in finding.sections]
        finding.section_url = rule_for(sections, [path for path in others if not re.search(finding.article_url, path)])
        finding.links = sum(bool(re.search(finding.article_url, path_of(url))) for url in self.links)
        met = [path for path in no_articles if re.search(finding.article_url, path)]
        if met:
            finding.unsure.append(f"the article rule also meets {met[0]}, which is no article")
        if finding.links < 10:
            finding.unsure.append(f"the article rule rests on {finding.links} links only")

    def _sections(self, names: dict[str, str]) -> None:
        finding = self.finding
        passed: Counter[tuple[object, ...]] = Counter()
        failed: Counter[tuple[object, ...]] = Counter()
        for url, text in names.items():
            key = self.addresses.canonical(url)
            signature = form_of(path_of(key)).signature
            sample = self.seen.get(key)
            if sample is None:
                continue
            is_list = self._is_list(sample)
            (passed if is_list else failed)[signature] += 1
            if is_list:
                finding.sections[url] = text
                finding.lists.append(sample)
        for url, text in names.items():  # those that were too many to look at, by the form of the others
            signature = form_of(path_of(self.addresses.canonical(url))).signature
            if self.addresses.canonical(url) not in self.seen and passed[signature] >= 3 and not failed[signature]:
                finding.sections.setdefault(url, text)
        finding.next_list = next((s.page.next_list for s in finding.lists if s.page.next_list), "")
        if not finding.sections:
            finding.unsure.append("no section pages were found: articles are taken from the homepage and feeds")
        elif not finding.next_list and not finding.apis:
            finding.unsure.append("no list page names a next one: only the newest articles are reached")

    def _is_list(self, sample: Sample) -> bool:
        rule = self.finding.article_url
        links = {self.addresses.canonical(link.url): link for link in sample.page.links}
        found = [link for url, link in links.items() if re.search(rule, path_of(url))]
        dated = sum(bool(link.listed_date) for link in found)
        if self.finding.lists_need_js and sample.page.kind == "js-shell":
            return True
        return sample.page.article is None and (len(found) >= LEAST_LINKS or dated >= 1)

    def _facts(self, home: Sample) -> None:
        """Title, region, charset, system, and how many of the sampled articles have which field."""
        finding = self.finding
        samples = [home, *finding.lists[:4], *finding.articles]
        finding.title = portal_title(home, finding.articles)
        head = decode(home.fetched.body, None).text[:4000]
        finding.region = region_of(finding.title) or region_of(head)
        decoded = Counter(decode(s.fetched.body, s.fetched.charset).encoding for s in samples)
        finding.encoding = decoded.most_common(1)[0][0]
        finding.charsets = sorted(decoded)
        finding.declared = normalise_label(meta_charset(home.fetched.body) or home.fetched.charset or "")
        if len(decoded) > 1:
            finding.unsure.append(f"pages come in several charsets: {', '.join(sorted(decoded))}")
        finding.family = recognise([*finding.articles, *finding.lists[:4]])
        self._family()
        for name in ("title", "body", "published_raw", "byline_raw"):
            finding.coverage[name] = sum(bool(getattr(s.page.article, name)) for s in finding.articles)
        foreign = Counter(
            host_of(link.url) for s in samples[:5] for link in s.page.links if not self.addresses.is_own(link.url)
        )
        hosts = [host for host, count in foreign.most_common(3) if count >= LEAST_LINKS]
        if hosts:
            finding.unsure.append(f"many links lead to {', '.join(hosts)}: add to domains what belongs to the portal")
        if home.page.kind == "epaper":
            finding.unsure.append("this looks like an e-paper: its spider should derive from EpaperSpider")
        if not finding.title:
            finding.unsure.append("the portal's name was not found")
        if not finding.region:
            finding.unsure.append("the region is not named on the homepage")
        if finding.coverage["published_raw"] < len(finding.articles):
            missing = len(finding.articles) - finding.coverage["published_raw"]
            finding.unsure.append(f"{missing} of {len(finding.articles)} articles show no date")

    def _family(self) -> None:
        finding = self.finding
        articles = [path_of(url) for url in self.links if re.search(finding.article_url, path_of(url))]
        others = [path_of(self.addresses.canonical(url)) for url in finding.sections]
        families = family_classes(self.modules)
        chosen = json_family(families) if finding.apis else None
        if chosen is not None:
            finding.base_class, finding.base_module = chosen.spider.__name__, chosen.module
            return
        chosen = choose_class(families, finding.family, articles, others)
        if chosen is None:
            return
        finding.base_class, finding.base_module = chosen.spider.__name__, chosen.module
        finding.family = chosen.cms
        finding.own_rules = False
        rule = chosen.spider.section_url
        sections = [path_of(self.addresses.canonical(url)) for url in finding.sections]
        if rule and all(re.search(rule, path) for path in sections):
            finding.section_url = ""

    def _layout(self) -> None:
        finding = self.finding
        pages = [SamplePage(s.fetched.body, s.fetched.url, s.fetched.charset) for s in finding.articles]
        if not pages:
            return
        day = finding.articles[0].fetched.moment.astimezone(CHINA).date()
        finding.layout = learn_layout(pages, name=f"{day:%Y-%m}", since=day)
        if finding.layout is None and len(pages) >= LEAST_PAGES:
            finding.unsure.append("articles share no selector for their body: they are read the generic way")


async def investigate(scout: Scout, addresses: Addresses, homepage: str, modules: Sequence[str]) -> Finding:
    """Find out how a portal is built. modules: where family spiders are looked for. Raises NothingFoundError."""
    return await Investigation(scout, addresses, homepage, modules).run()


def _is_headline(link: Link) -> bool:
    return len(link.text.strip()) >= HEADLINE and form_of(path_of(link.url)).is_telling


def _spread(paths: Iterable[str], count: int) -> list[str]:
    """Return some of the paths, taken evenly over all of them."""
    every = list(paths)
    if count <= 0 or not every:
        return []
    step = max(1, len(every) // count)
    return every[::step][:count]
