"""The doors: pages and live events. A handler parses, calls the chat, tells, answers."""
