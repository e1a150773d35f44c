"""The image and the compose file, as far as they can be held to without Docker."""

import re
import shutil
import sys

import pytest
import yaml

from app import config, supervisor, vendor
from tests.live import ROOT, Server, Visitor

FOLDER = ROOT / "deploy" / "docker"
DOCKERFILE = (FOLDER / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
COMPOSE = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))
# `python -m app` from a folder of our choice, whatever the working folder is.
MAIN = "import runpy, sys; sys.path.insert(0, {!r}); sys.argv = ['app']; runpy.run_module('app', run_name='__main__')"
CHATS = {name: each for name, each in COMPOSE["services"].items() if "build" in each}


def copies(stage):
    """(sources, target) of every COPY from the repository in a stage of the Dockerfile."""
    for words in re.findall(r"^COPY (?!--)(.+)$", stage, re.MULTILINE):
        *sources, target = words.split()
        yield sources, target


def last_stage():
    return DOCKERFILE.rpartition("\nFROM ")[2]


def test_what_the_image_is_made_of_is_in_the_repository_and_not_kept_out():
    let_in = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    named = {source for sources, _ in copies(DOCKERFILE) for source in sources}

    assert len(named) > 8
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert named == set(let_in)


@pytest.fixture
def made(tmp_path):
    server = Server(tmp_path)
    yield server
    server.stop()


@pytest.mark.slow
def test_what_the_image_holds_is_enough_to_serve(tmp_path, made):
    """The files of its last stage, and the browser's libraries as the first makes them; no Node and no npm."""
    vendor.ensure()
    image = tmp_path / "chat"
    for sources, target in [*copies(last_stage()), (["static"], "./static")]:
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, image / target, dirs_exist_ok=True)
            else:
                (image / target).mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, image / target)
    made.words = (sys.executable, "-P", "-c", MAIN.format(str(image)))

    made.start(PATH="/nowhere")

    visitor = Visitor(made.port)
    for path in ("/", "/name", "/static/vendor/bootstrap.min.css", "/static/js/room-view.js"):
        assert visitor.get(path).status == 200, path
    assert made.stop() == 0


def test_it_runs_as_nobody_special_and_says_how_it_is():
    stage = last_stage()

    assert re.search(r"^USER chat$", stage, re.MULTILINE)
    assert "/readyz" in re.search(r"^HEALTHCHECK .+$", stage, re.MULTILINE)[0]
    assert re.search(r'^ENTRYPOINT \["python", "-m", "app"\]$', stage, re.MULTILINE)
    assert set(re.findall(r"CHAT_\w+", stage)) == {"CHAT_HOST", "CHAT_PORT", "CHAT_DATA"}


# the compose file


def filled(text):
    """As compose fills in what .env says: a default, or something long enough."""
    return re.sub(r"\$\{\w+(?::-([^}]*)|:\?[^}]*)?\}", lambda found: found[1] or "x" * 40, str(text))


def address(service):
    return service["networks"]["inside"]["ipv4_address"]


@pytest.mark.parametrize("name", CHATS)
def test_a_process_takes_what_the_compose_file_sets(name):
    given = {key: filled(value) for key, value in CHATS[name]["environment"].items()}

    settings = config.read(given)

    assert settings.secret
    assert settings.database_url.startswith("postgresql://")
    assert settings.redis_url.startswith("valkey://")
    assert settings.trusted_proxies == address(COMPOSE["services"]["nginx"])
    assert int(CHATS[name]["stop_grace_period"].rstrip("s")) > supervisor.STOP_S
    assert CHATS[name]["ulimits"]["nofile"] > settings.connections


def test_nginx_finds_every_process():
    servers = re.findall(r"^\s*server (\S+):8000 ", (FOLDER / "chat-processes.conf").read_text("utf-8"), re.MULTILINE)

    assert len(CHATS) == 2
    assert servers == [address(each) for each in CHATS.values()]


def test_every_file_and_volume_the_compose_file_names_is_there():
    for service in COMPOSE["services"].values():
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source in COMPOSE["volumes"] or (FOLDER / source).resolve().is_file(), source
        if "build" in service:
            root = (FOLDER / service["build"]["context"]).resolve()
            assert root == ROOT
            assert (root / service["build"]["dockerfile"]).is_file()


def test_what_must_be_set_is_in_the_example():
    asked = set(re.findall(r"\$\{(\w+)", (FOLDER / "compose.yaml").read_text("utf-8")))

    assert asked == {"CHAT_SECRET", "CHAT_IS_HTTPS", "POSTGRES_PASSWORD", "WEB_PORT"}
    assert asked <= set(re.findall(r"^#(\w+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))
