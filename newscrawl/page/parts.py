"""Joining the parts of an article that is spread over several pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.items import Article


def join_parts(first: Article, *others: Article) -> Article:
    """Return `first` with the bodies, images and candidates of the following parts added, in order.

    A paragraph at a part's start that the text so far ends with is taken once.
    """
    for part in others:
        lines = part.body_raw.split("\n")
        if lines and first.body_raw.endswith(lines[0]):
            lines = lines[1:]
        first.body_raw = "\n".join([first.body_raw, *lines])
        known = {image.url for image in first.images}
        first.images.extend(image for image in part.images if image.url not in known)
        first.attachments.extend(entry for entry in part.attachments if entry not in first.attachments)
        first.removed.extend(part.removed)
        first.url_aliases.append(part.url)
        first.candidates.extend(entry for entry in part.candidates if entry.origin == "tail")
    first.body = first.body_raw
    return first
