import gzip
import json
import re
import struct
from urllib.parse import urljoin

import pytest
from flask import Flask

from app.web import assets
from tests.live import ROOT


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "static" / "js").mkdir(parents=True)
    (tmp_path / "static" / "js" / "room.js").write_text("export const room = 1\n" * 100)
    (tmp_path / "static" / "dot.png").write_bytes(b"\x89PNG" + bytes(400))
    (tmp_path / "secret.key").write_text("secret")
    return (tmp_path / "static").resolve()


@pytest.fixture
def client(folder):
    app = Flask(__name__, static_folder=None)
    assets.register(app, folder)

    @app.get("/address")
    def address():
        from flask import url_for

        return url_for("static", filename="js/room.js")

    return app.test_client()


def test_an_address_names_the_version_and_is_kept_for_good(client):
    address = client.get("/address").text

    assert re.fullmatch(r"/static/[0-9a-f]{12}/js/room\.js", address)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype in ("text/javascript", "application/javascript")
    assert "immutable" in answer.headers["Cache-Control"]
    assert "ETag" not in answer.headers


def test_another_content_is_another_version(folder):
    before = assets.version_of(folder)
    assert assets.version_of(folder) == before

    (folder / "js" / "room.js").write_text("export const room = 2\n")

    assert assets.version_of(folder) != before


@pytest.mark.parametrize(
    "name, content, travels",
    [
        ("js/a.js", "// Why.\n  // More.\n  say('// a text') // beside\n", "say('// a text') // beside\n"),
        ("css/a.css", '/* Why,\n   in two lines. */\na { content: "/* b */"; }\n', 'a { content: "/* b */"; }\n'),
        ("vendor/a.js", "// A licence.\nsay()\n", "// A licence.\nsay()\n"),
    ],
)
def test_our_code_travels_lean_and_that_of_others_as_it_came(client, folder, name, content, travels):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(content)

    assert client.get(f"/static/{name}").text == travels


def test_a_style_sheet_takes_along_those_it_imports(client, folder):
    (folder / "css").mkdir()
    (folder / "css" / "page.css").write_text('/* Both. */\n@import "a.css";\n@import "../vendor/b.css";\nmain {}\n')
    (folder / "css" / "a.css").write_text("/* One. */\na {\n  color: red;\n}\n")
    (folder / "vendor").mkdir()
    (folder / "vendor" / "b.css").write_text("/*! MIT */b{}\n")

    assert client.get("/static/css/page.css").text == "a {\ncolor: red;\n}\n/*! MIT */b{}\nmain {}\n"


def test_no_text_of_our_code_goes_over_the_end_of_a_line():
    """Such a text would lose its indentation on its way."""
    lines = [line for path in (ROOT / "static" / "js").glob("*.js") for line in path.read_text("utf-8").splitlines()]
    code = [line for line in lines if not re.match(r"\s*//|const \w+ = /", line)]

    assert [line for line in code if line.count("`") % 2] == []


def test_text_is_packed_for_those_who_can_unpack(client):
    address = client.get("/address").text

    packed = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    plain = client.get(address, headers={"Accept-Encoding": "gzip;q=0"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 10
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"


def test_a_picture_is_sent_as_it_is(client):
    answer = client.get("/static/dot.png", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in answer.headers
    assert answer.mimetype == "image/png"


def test_without_a_version_a_file_is_found_but_asked_for_anew(client):
    answer = client.get("/static/js/room.js")

    assert answer.headers["Cache-Control"] == "no-cache"
    again = client.get("/static/js/room.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    packed = client.get("/static/js/room.js", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["ETag"] != answer.headers["ETag"]


def test_a_page_from_before_an_update_finds_what_it_fetches_later_and_nobody_keeps_it(client, folder):
    before = client.get("/address").text
    (folder / "js" / "room.js").write_text("export const room = 2\n")
    app = Flask(__name__, static_folder=None)
    assets.register(app, folder)

    answer = app.test_client().get(before)

    assert (answer.status_code, answer.text) == (200, "export const room = 2\n")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "ETag" in answer.headers
    assert app.test_client().get(before.replace("room.js", "gone.js")).status_code == 404
    assert app.test_client().get(before.replace("/js/", "/abc/js/")).status_code == 404


@pytest.mark.parametrize(
    "path", ["../secret.key", "js/../../secret.key", "%2e%2e/secret.key", "js", "", "nothing.js", "%00", "a" * 300]
)
def test_nothing_outside_the_folder_is_served(client, path):
    assert client.get(f"/static/{path}").status_code == 404


def test_the_manifest_names_icons_of_the_sizes_they_have(house):
    visitor = house.visitor()
    way = re.search(r'rel="manifest" href="([^"]+)"', visitor.get("/").text)[1]

    reply = visitor.get(way)

    assert reply.headers["Content-Type"].startswith("application/manifest+json")
    icons = json.loads(reply.text)["icons"]
    assert {"any", "192x192", "512x512"} <= {icon["sizes"] for icon in icons}
    for icon in icons:
        picture = ROOT / "static" / icon["src"]
        assert visitor.get(urljoin(way, icon["src"])).status == 200
        if icon["sizes"] != "any":
            width, height = struct.unpack(">II", picture.read_bytes()[16:24])
            assert f"{width}x{height}" == icon["sizes"]
