"""The browser's pure modules, under Node's own test runner."""

import subprocess

from tests.live import ROOT
from tests.needs import need_node


def test_the_pure_modules_of_the_page_keep_their_promises() -> None:
    tests = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests/js").glob("*.test.js"))
    assert tests

    run = subprocess.run([need_node(), "--test", *tests], cwd=ROOT, capture_output=True, text=True, timeout=120)

    assert run.returncode == 0, run.stdout + run.stderr
