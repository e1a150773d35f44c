"""Where messages rest: `open_store(url)` gives a `MessageStore` over SQLite or PostgreSQL."""

from app.store.sql import SqlStore, open_store, sqlite_url

__all__ = ["SqlStore", "open_store", "sqlite_url"]
