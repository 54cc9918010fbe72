"""How runs went: their verdicts, a site's health beside its own history, and alerts to who wants to hear of it."""
