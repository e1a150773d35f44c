"""Can this Python make the virtual environment? If not, one sentence says why. Even Python 2 can read this file."""

import importlib
import sys

TOO_OLD = "Python %d.%d is too old: install Python 3.11 or newer, and name it with `make PYTHON=...`."
NO_VENV = "This Python cannot make a virtual environment: on Debian and Ubuntu, `apt-get install python3-venv`."


def main():  # type: () -> str | None
    if sys.version_info < (3, 11):
        return TOO_OLD % sys.version_info[:2]
    try:
        importlib.import_module("venv")
        importlib.import_module("ensurepip")
    except ImportError:
        return NO_VENV
    return None


if __name__ == "__main__":
    sys.exit(main())
