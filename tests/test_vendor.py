"""The browser libraries: made once, in one piece, or not at all; and with no Node on the machine."""

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

from app import bootstrap, vendor
from tests.needs import need_node_modules

FAKE_NODE = "#!/bin/sh\necho v22.0.0\n"
FAKE_NPM = """#!/bin/sh
mkdir -p node_modules/socket.io-client/dist node_modules/bootstrap/dist/css node_modules/bootstrap-icons/icons \\
  node_modules/markdown-it/dist/browser node_modules/emojibase-data/en/shortcodes \\
  node_modules/emojibase-data/de
printf '%s' "$FAKE_EMOJI" >node_modules/emojibase-data/en/data.json
printf '%s' "$FAKE_GERMAN" >node_modules/emojibase-data/de/data.json
printf '{"1F44D":["+1","thumbsup"]}' >node_modules/emojibase-data/en/shortcodes/github.json
printf 'io()\\n//# sourceMappingURL=io.map' >node_modules/socket.io-client/dist/socket.io.esm.min.js
printf 'md()\\n//#region decode-data-html.js\\nvar u = /* #__PURE__ */ l("&a", 1);\\n//# sourceMappingURL=md.map' \\
  >node_modules/markdown-it/dist/browser/markdown-it.esm.min.mjs
printf '/*! MIT */a{b:c}.btn,.nav{}.nav{}\\n/*# sourceMappingURL=a.map */' \\
  >node_modules/bootstrap/dist/css/bootstrap.min.css
for icon in $FAKE_ICONS; do
  echo '<svg width="16" viewBox="0 0 16 16"><path d="M1 1"/></svg>' >"node_modules/bootstrap-icons/icons/$icon.svg"
done
"""
THUMB = {
    "emoji": "\U0001f44d\ufe0f",
    "hexcode": "1F44D",
    "label": "thumbs up",
    "tags": ["yes", "up"],
    "type": 1,
    "group": 1,
}
HEART = {"emoji": "\u2764\ufe0f", "hexcode": "2764", "label": "red heart", "type": 0, "group": 0}
EMOJI = [
    {**THUMB, "order": 2, "version": 0.6},
    {**HEART, "order": 1, "version": 0.6},
    {**HEART, "order": 3, "version": 99},
    {**HEART, "version": 0, "group": 2, "order": 4},
]
GERMAN = [{**THUMB, "label": "Daumen hoch", "tags": ["up", "ja"]}]
BROKEN_NPM = """#!/bin/sh
mkdir node_modules
echo 'npm error code ECONNREFUSED' >&2
exit 1
"""


@pytest.fixture
def project(tmp_path):
    """A project with nothing but what the step reads."""
    root = tmp_path / "project"
    root.mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(vendor.ROOT / name, root / name)
    return root


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Puts programs of ours on PATH, and hides the machine's."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "mkdir").symlink_to(shutil.which("mkdir"))
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("FAKE_EMOJI", json.dumps(EMOJI))
    monkeypatch.setenv("FAKE_GERMAN", json.dumps(GERMAN))
    monkeypatch.setenv("FAKE_ICONS", " ".join(vendor.ICONS))
    monkeypatch.setattr(vendor, "WHEEL_NODE", tmp_path / "no-node")
    monkeypatch.setattr(vendor, "WHEEL_NPM", tmp_path / "no-npm")

    def put(**scripts):
        for name, script in scripts.items():
            (folder / name).write_text(script)
            (folder / name).chmod(0o755)

    return put


def content(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_the_folder_is_made_without_maps_and_nothing_else_stays(project, programs):
    programs(node=FAKE_NODE, npm=FAKE_NPM)

    vendor.ensure(project)

    made = content(project / "static" / "vendor")
    assert sorted(made) == [
        "bootstrap.min.css",
        "emoji.de.json",
        "emoji.en.json",
        "icons.svg",
        "markdown-it.esm.min.js",
        "socket.io.esm.min.js",
        "stamp",
    ]
    people, *others = json.loads(made["emoji.en.json"])
    assert people == [
        ["\u2764\ufe0f", "red_heart", "red heart", ""],
        ["\U0001f44d", "+1 thumbsup", "thumbs up", "yes"],
    ]
    assert not any(others)
    assert json.loads(made["emoji.de.json"])[0] == [
        ["\u2764\ufe0f", "red_heart", "red heart", ""],
        ["\U0001f44d", "+1 thumbsup", "Daumen hoch", "up ja thumbs yes"],
    ]
    assert made["bootstrap.min.css"] == "/*! MIT */a{b:c}.btn{}"
    assert made["socket.io.esm.min.js"] == "io()\n"
    assert made["markdown-it.esm.min.js"] == "md()\n//#region decode-data-html.js\nvar u = new Uint16Array(1);\n"
    assert sorted(path.name for path in project.iterdir()) == [".npmrc", "package-lock.json", "package.json", "static"]


def test_a_complete_folder_is_left_alone_without_running_anything(project, programs):
    programs(node=FAKE_NODE, npm=FAKE_NPM)
    vendor.ensure(project)
    programs(node="#!/bin/sh\nexit 9\n", npm=BROKEN_NPM)
    before = (project / "static" / "vendor").stat().st_mtime_ns

    vendor.ensure(project)

    assert (project / "static" / "vendor").stat().st_mtime_ns == before


@pytest.mark.parametrize("lost", ["icons.svg", "stamp", "bootstrap.min.css"])
def test_a_folder_that_lost_a_file_is_made_again(project, programs, lost):
    programs(node=FAKE_NODE, npm=FAKE_NPM)
    vendor.ensure(project)
    whole = content(project / "static" / "vendor")
    (project / "static" / "vendor" / lost).unlink()

    vendor.ensure(project)

    assert content(project / "static" / "vendor") == whole


def test_a_changed_lock_makes_the_folder_again(project, programs):
    programs(node=FAKE_NODE, npm=FAKE_NPM)
    vendor.ensure(project)
    programs(npm=FAKE_NPM.replace("io()", "io2()"))
    with (project / "package-lock.json").open("a") as lock:
        lock.write("\n")

    vendor.ensure(project)

    assert (project / "static" / "vendor" / "socket.io.esm.min.js").read_text() == "io2()\n"


def test_a_failing_npm_leaves_the_old_folder_and_says_what_to_do(project, programs):
    old = project / "static" / "vendor"
    old.mkdir(parents=True)
    (old / "socket.io.esm.min.js").write_text("the old one")
    programs(node=FAKE_NODE, npm=BROKEN_NPM)

    with pytest.raises(vendor.VendorError) as refused:
        vendor.ensure(project)

    assert str(refused.value) == (
        "npm could not fetch the browser libraries (ECONNREFUSED): check the network and start again."
    )
    assert content(old) == {"socket.io.esm.min.js": "the old one"}
    assert sorted(path.name for path in project.iterdir()) == [".npmrc", "package-lock.json", "package.json", "static"]


def test_a_reader_of_markdown_that_looks_otherwise_is_one_sentence(project, programs):
    programs(node=FAKE_NODE, npm=FAKE_NPM.replace("decode-data-html", "names"))

    with pytest.raises(vendor.VendorError, match="markdown-it is not as expected"):
        vendor.ensure(project)


def test_a_missing_lock_is_one_sentence(project, programs):
    (project / "package-lock.json").unlink()

    with pytest.raises(vendor.VendorError, match=r"could not be made \(No such file .*package-lock\.json\): mend that"):
        vendor.ensure(project)


def test_outside_a_virtual_environment_a_missing_npm_is_one_sentence(project, programs, monkeypatch):
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)

    with pytest.raises(vendor.VendorError) as refused:
        vendor.ensure(project)

    need, *ways = str(refused.value).split(": ")
    assert need == "The browser libraries need npm"
    assert ways == ["install Node.js 18 or newer with npm, or use a virtual environment, and start again."]
    assert not (project / "static").exists()


@pytest.mark.parametrize("says", ["v16.20.2", "", "not node"])
def test_an_old_or_broken_node_counts_as_none(programs, says):
    programs(node=f"#!/bin/sh\necho '{says}'\n")

    assert vendor.find_node() is None


def test_every_icon_of_a_template_is_in_the_sprite():
    templates = "".join(path.read_text() for path in (vendor.ROOT / "templates").rglob("*.html"))
    used = set(re.findall(r"\bicon\('([^']+)'", templates))

    assert used, "the templates name their icons in another way now"
    assert used <= set(vendor.ICONS)


def test_of_bootstrap_the_classes_of_the_templates_are_kept_and_no_others():
    templates = "".join(path.read_text() for path in (vendor.ROOT / "templates").rglob("*.html"))
    classes = " ".join(re.findall(r'class="([^"]*)"', re.sub(r"\{%.*?%\}|\{\{ '(.*?)' .*?\}\}", r"\1", templates)))
    whole = (need_node_modules() / "bootstrap" / "dist" / "css" / "bootstrap.min.css").read_text("utf-8")

    assert set(re.findall(r"[a-z][\w-]+", classes)) & set(re.findall(r"\.([a-z][\w-]*)", whole)) == bootstrap.CLASSES


@pytest.mark.parametrize(
    "style, left",
    [
        ("a,b{c:d}", "a,b{c:d}"),
        (".btn,.nav .btn,.nav{c:d}.card{}", ".btn{c:d}"),
        (".btn:not(.nav,.card)>i,.btn:is(.nav,.btn){}", ".btn:not(.nav,.card)>i{}"),
        ("@media (x){.nav{}}@media (y){.btn{}.nav{}}", "@media (y){.btn{}}"),
        ("@keyframes spin{0%{a:b}to{c:d}}.btn{}", ".btn{}"),
        ("[data-bs-theme=dark] .btn{}:root,[data-bs-theme=light]{}", ":root,[data-bs-theme=light]{}"),
    ],
)
def test_of_a_style_sheet_what_no_page_can_meet_is_left_out(style, left):
    assert bootstrap.used_of(style) == left


@pytest.mark.slow
def test_with_no_node_at_all_it_is_fetched_and_the_real_folder_is_made(project, tmp_path):
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True, timeout=120)
    (project / "app").mkdir()
    (project / "app" / "__init__.py").touch()
    for module in (vendor, bootstrap):
        shutil.copy(module.__file__, project / "app")
    shutil.copy(vendor.ROOT / "requirements-node.lock", project)
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    command = [environment / "bin" / "python", "-m", "app.vendor"]
    settings = {**os.environ, "PATH": str(nothing)}

    done = subprocess.run(command, cwd=project, env=settings, capture_output=True, text=True, timeout=300)

    assert done.returncode == 0, done.stderr
    assert done.stderr == "There is no npm here: fetching Node.js into the virtual environment, once.\n"
    made = project / "static" / "vendor"
    assert "export{" in (made / "socket.io.esm.min.js").read_text()
    assert "as default }" in (made / "markdown-it.esm.min.js").read_text()
    style = (made / "bootstrap.min.css").read_text()
    assert "--bs-blue" in style
    assert all(f".{each}" in style for each in bootstrap.CLASSES)
    symbols = list(ElementTree.parse(made / "icons.svg").getroot())
    assert [symbol.get("id") for symbol in symbols] == list(vendor.ICONS)
    assert all(symbol.get("viewBox") and len(symbol) for symbol in symbols)
