"""The settings of the Scrapy project, with what a command line says otherwise."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from scrapy.utils.project import get_project_settings

if TYPE_CHECKING:
    from scrapy.settings import Settings


def project_settings(**overrides: Any) -> Settings:
    """Return the project's Scrapy settings with overrides from a command line."""
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")
    settings = get_project_settings()
    settings.setmodule("newscrawl.settings", priority="project")
    for name, value in overrides.items():
        settings.set(name, value, priority="cmdline")
    return settings
