"""Which URLs of a portal are known, what became of them, which of them a run takes, and when it looks again."""
