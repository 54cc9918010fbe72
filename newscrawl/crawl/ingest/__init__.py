"""The way of articles into the store: in batches, each admitted to its story, with a spool while the store is away."""
