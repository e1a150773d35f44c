"""The house keeps its own rules: who may import whom, one wire, no markup in code, and documents that are true."""

import ast
import json
import re
import subprocess
import sys
import unicodedata
from itertools import takewhile
from pathlib import Path

import msgspec
import pytest

from app import config, protocol
from app.chat import rooms
from app.chat.refusals import RoomInvalid
from tests.live import ROOT
from tests.needs import need_node

DOCS = ROOT / "docs" / "protocol.md"

# who → whom, as the map of the house says; a module may always import from its own room.
ARROWS = {
    "wsgi": {"create_app", "factory", "__main__"},
    "__main__": {"serving", "config", "chat", "store", "console"},
    "serving": {
        "factory",
        "config",
        "vendor",
        "welcome",
        "store",
        "supervisor",
        "transport",
        "console",
        "metrics",
        "web",
    },
    "supervisor": set(),
    "__init__": {"factory", "config"},
    "factory": {"config", "protocol", "chat", "store", "presence", "bus", "redis", "transport", "web", "metrics"},
    "metrics": {"bus", "chat", "store", "transport", "web"},
    "web": {"protocol", "chat", "transport", "config"},
    "protocol": {"chat"},
    "store": {"chat"},
    "presence": {"chat", "redis"},
    "bus": {"chat", "redis"},
    "redis": {"chat"},
    "transport": {"protocol"},
    "chat": set(),
    "config": set(),
    "vendor": {"bootstrap"},
    "bootstrap": set(),
    "welcome": set(),
    "console": {"chat"},
    "clients": {"protocol"},
}
OUTSIDE = {
    "chat": {"confusable_homoglyphs"},
    "presence": {"msgspec", "redis"},
    "protocol": {"msgspec"},
    "config": {"msgspec", "dotenv"},
    "vendor": set(),
    "console": set(),
}
EVENTLET_ROOMS = {"wsgi", "__main__", "transport"}


def tracked(*patterns):
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def modules():
    """(path, room) of every module of the program."""
    for path in sorted([*(ROOT / "app").rglob("*.py"), *(ROOT / "clients").rglob("*.py"), ROOT / "wsgi.py"]):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield path, parts[0] if parts[0] != "app" else parts[1]


def imports(path):
    """Every module a file imports, at its head or later, under its full name."""
    package = list(path.relative_to(ROOT).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            if module == "app":
                yield from (f"app.{alias.name}" for alias in node.names)
            else:
                yield module


def room_of(module):
    """The room of ours a module belongs to; None for a foreign one."""
    first, _, rest = module.partition(".")
    if first == "app":
        return rest.partition(".")[0] or "app"
    return first if first in ("clients", "wsgi") else None


@pytest.mark.parametrize("path, room", [pytest.param(*each, id=str(each[0].relative_to(ROOT))) for each in modules()])
def test_a_module_imports_only_along_the_arrows(path, room):
    ours = {room_of(module) for module in imports(path)} - {None, room}
    foreign = {
        module.partition(".")[0] for module in imports(path) if room_of(module) is None
    } - sys.stdlib_module_names

    assert ours <= ARROWS[room]
    if room in OUTSIDE:
        assert foreign <= OUTSIDE[room]
    if room not in EVENTLET_ROOMS:
        assert not foreign & {"eventlet", "engineio", "greenlet"}


def test_the_core_can_be_imported_alone():
    """One that loads Flask or eventlet could not be used by a client, a test or another server."""
    program = "import sys, app.chat.service; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    heavy = {"flask", "flask_socketio", "socketio", "engineio", "eventlet", "sqlalchemy", "msgspec", "werkzeug"}
    assert not heavy & set(loaded.stdout.split())


# the wire


def shape(struct):
    """A payload as the documents write it: field names, optional ones with a question mark; without `ok`."""
    fields = msgspec.structs.fields(struct)
    absent = (None, msgspec.UNSET)
    return [field.name + ("?" if field.default in absent else "") for field in fields if field.name != "ok"]


def table(heading, title):
    """The rows below `heading` in docs/protocol.md of the table whose first column is called `title`."""
    section = DOCS.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = section.partition(f"\n| {title} |")[2].splitlines()[2:]
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in takewhile(lambda line: line[:1] == "|", lines)
    ]


def code(cell):
    return re.findall(r"`([^`]+)`", cell)


def described(heading, title, column=1):
    return {code(row[0])[0]: code(row[column]) for row in table(heading, title)}


def test_the_page_describes_every_event_as_it_is():
    assert described("What you send", "event") == {e: shape(s) for e, s in protocol.CLIENT_EVENTS.items()}
    assert described("What you send", "event", 2) == {e: shape(s) for e, s in protocol.ACKS.items()}
    assert described("What you hear", "event") == {e: shape(s) for e, s in protocol.SERVER_EVENTS.items()}


def test_the_page_describes_every_shape_and_field():
    shapes = {row[0]: code(row[1]) for row in table("Shapes", "shape")}
    fields = {name for row in table("Shapes", "field") for name in code(row[0])}
    structs = {
        "Message": protocol.WireMessage,
        "Member": protocol.WireMember,
        "Rename": protocol.WireRename,
        "Room": protocol.WireRoom,
        "Alike": protocol.WireAlike,
        "Cursor": protocol.Cursor,
    }
    everything = [*protocol.CLIENT_EVENTS.values(), *protocol.ACKS.values(), *protocol.SERVER_EVENTS.values()]

    assert shapes == {name: shape(struct) for name, struct in structs.items()}
    spoken = {name.rstrip("?") for struct in [*everything, *structs.values()] for name in shape(struct)}
    assert spoken - fields <= {"v", "messages", "message", "token", "slug", "old_name"}
    assert fields - spoken <= {"retry_after_ms"}


def test_the_page_describes_every_refusal():
    rows = table("Refusals", "code")

    assert tuple(code(row[0])[0] for row in rows) == protocol.CODES
    assert all(row[1] and row[2] for row in rows)


def test_the_page_tells_the_limits_as_they_are_set():
    usual = {code(row[0])[0]: int(row[1]) for row in table("Limits", "limit")}

    assert usual == {name: getattr(config.Settings(), name) for name in usual}
    assert set(usual) == {"name_chars", "body_chars", "room_chars", "history_page", "resume_changes"}


def test_the_session_on_the_page_is_one_the_server_could_speak():
    frames = DOCS.read_text(encoding="utf-8").partition("## A session")[2].partition("```\n")[2].partition("```")[0]
    asked, spoken = {}, set()
    for line in frames.splitlines():
        found = re.fullmatch(r"([<>]) (42|43|40|0)(\d*)([\[{].*)", line)
        if not found:
            assert re.fullmatch(r"GET .*|< 2|> 3", line), line
            continue
        way, kind, number, value = found[1], found[2], found[3], json.loads(found[4])
        if kind == "42":
            name, payload = value
            struct = (protocol.CLIENT_EVENTS if way == ">" else protocol.SERVER_EVENTS)[name]
            msgspec.convert(payload, struct)
            asked[number] = name
            spoken.add(name)
        elif kind == "43" and value[0]["ok"]:
            msgspec.convert(value[0], protocol.ACKS[asked[number]])
        elif kind == "43":
            assert value[0]["error"]["code"] in protocol.CODES
    assert {"session:ready", "room:join", "message:send", "message:posted", "members:changed", "room:leave"} <= spoken


def test_the_browser_speaks_the_same_wire():
    program = (
        "const w = await import('./static/js/protocol.js');"
        "const { VERSION, PATH, CLIENT_EVENTS, SERVER_EVENTS, CODES } = w;"
        "console.log(JSON.stringify({ VERSION, PATH, CLIENT_EVENTS, SERVER_EVENTS, CODES }))"
    )
    command = [need_node(), "--input-type=module", "-e", program]
    browser = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)

    assert browser == {
        "VERSION": protocol.VERSION,
        "PATH": protocol.PATH,
        "CLIENT_EVENTS": {event: shape(struct) for event, struct in protocol.CLIENT_EVENTS.items()},
        "SERVER_EVENTS": list(protocol.SERVER_EVENTS),
        "CODES": list(protocol.CODES),
    }


def test_the_browser_gives_a_room_the_same_address():
    """For every letter and sign of the first two planes that this Python knows."""
    known = [chr(n) for n in range(0x20, 0x20000) if unicodedata.category(chr(n)) not in ("Cn", "Cs", "Co")]
    names = [*(f"a{char}b" for char in known), "Tea Party!", "  --  ", "ΟΔΟΣ ΣΑΣ", "a" * 80, "İstanbul", "👩‍🍳"]
    program = (
        "const { roomAddress } = await import('./static/js/room-address.js');"
        "const { readFileSync } = await import('node:fs');"
        "const names = JSON.parse(readFileSync(0, 'utf8'));"
        "console.log(JSON.stringify(names.map(roomAddress)))"
    )
    command = [need_node(), "--input-type=module", "-e", program]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, input=json.dumps(names))

    def address(name):
        try:
            return rooms.slug(name)
        except RoomInvalid:
            return ""

    assert [(n, js) for n, js in zip(names, json.loads(run.stdout), strict=True) if js != address(n)] == []


# pages

PARSES_TEXT = re.compile(
    r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|setHTML|createContextualFragment|DOMParser|srcdoc)\b"
    r"|\bdocument\.write|\beval\(|\bnew Function\b|javascript:"
)
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:|\|\s*safe\b|autoescape false", re.I
)


def ours(folder, pattern):
    return [path for path in (ROOT / folder).rglob(pattern) if "vendor" not in path.parts]


def found_in(paths, pattern):
    return [
        f"{path.relative_to(ROOT)}: {hit[0]}" for path in paths for hit in pattern.finditer(path.read_text("utf-8"))
    ]


def test_browser_code_never_parses_markup():
    assert ours("static/js", "*.js")
    assert found_in(ours("static/js", "*.js"), PARSES_TEXT) == []


def test_templates_hold_no_script_no_style_and_no_handler():
    assert ours("templates", "*.html")
    assert found_in(ours("templates", "*.html"), INLINE) == []


def test_the_rules_for_pages_would_notice():
    assert PARSES_TEXT.search("node.innerHTML = text")
    for markup in ("<script>x", "<style>", '<p style="x">', '<a onclick="x">', "{{ body | safe }}"):
        assert INLINE.search(markup), markup
    assert not INLINE.search('<script type="module" src="x.js"></script><button data-on="x">')


# documents


def documents():
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_path_a_document_names_exists():
    missing = []
    for document in documents():
        text = document.read_text(encoding="utf-8")
        links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
        missing += [f"{document.name}: {link}" for link in links if not (document.parent / link).exists()]
        for path in re.findall(r"`((?:app|static|templates|tests|docs|bench|tools|deploy|clients)/[\w./*-]*)`", text):
            if not list(ROOT.glob(path.rstrip("/"))):
                missing.append(f"{document.name}: {path}")
    assert missing == []


def test_the_map_in_the_readme_is_the_house():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rooms = {path.name for path in (ROOT / "app").iterdir() if path.is_dir() and any(path.glob("*.py"))}
    files = {path.name for path in (ROOT / "app").glob("*.py")} - {"__init__.py"}

    assert [name for name in sorted(rooms) if f"{name}/" not in readme] == []
    assert [name for name in sorted(files) if name not in readme] == []


def test_every_setting_is_documented_as_it_is():
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = [
        tuple(cell.strip() for cell in line.strip("|").split("|")) for line in page.splitlines() if "`CHAT_" in line
    ]

    assert rows == [
        (f"`{name}`", f"`{default}`" if default else "", unit, meaning)
        for name, _, default, unit, meaning in config.described(config.Settings())
    ]


def test_every_setting_is_turned_by_a_test():
    """One that does nothing would be found out. Raised limits of the fault runs prove nothing."""
    tests = [path for path in (ROOT / "tests").rglob("*.py") if "faults" not in path.parts and path != Path(__file__)]
    turned = set(re.findall(r"\bCHAT_[A-Z0-9_]+\b", "".join(path.read_text("utf-8") for path in tests)))

    assert {name for name, *_ in config.described(config.Settings())} - turned == set()


def test_the_changelog_has_the_coming_version():
    assert re.search(r"^## \[(Unreleased|0\.1\.0)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)


def test_nothing_of_one_machine_is_in_the_repository():
    """No registry's host, no absolute path of a person's machine: what is cloned works anywhere."""
    private = re.compile(r"(?:/home/|/Users/|/root/|/work/)[\w.-]+|\b(?:registry\.|pypi\.|files\.pythonhosted)[\w.-]+")
    texts = [path for path in tracked() if path.suffix not in (".png", ".ico", ".woff2") and path != Path(__file__)]

    assert len(texts) > 20
    assert found_in(texts, private) == []
