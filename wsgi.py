"""What a process manager starts: `python wsgi.py`, or an eventlet server that is given `wsgi:app`."""

import eventlet

eventlet.monkey_patch()

from app import create_app  # noqa: E402

if __name__ == "__main__":
    import sys

    from app.__main__ import main

    sys.exit(main())

app = create_app()
