"""The same rooms from a terminal and from a desktop window. No Flask, no eventlet, nothing patched.

connection.py  the client library: Client, its rooms and what it tells
news.py        what a screen is told
link.py        one connection, from the handshake to its end
room.py        being in one room over links that come and go
timeline.py    what was said; roster.py, who is here; outbox.py, what I wrote and the room does not have yet
address.py     what a person types to be let in; tokens.py, who I am on a server; folders.py, where that rests
safe.py        text of strangers, fit for a screen
terminal/  desktop/  what a person sees
"""
