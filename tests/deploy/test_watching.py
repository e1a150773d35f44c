"""The dashboard and the alerts ask for numbers that there are."""

import json
import re
from collections import Counter
from types import SimpleNamespace

import pytest
import yaml

from app.bus.redis import RedisBus
from app.metrics import chatroom
from app.metrics.prometheus import Metrics
from tests.live import ROOT

DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "chatroom.json").read_text("utf-8"))
PROMETHEUS = ROOT / "deploy" / "prometheus"
RULES = yaml.safe_load((PROMETHEUS / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
# Prometheus's own.
FOREIGN = {"up"}


class Anything:
    def __getattr__(self, _name):
        return Anything()

    def __call__(self):
        return ()


@pytest.fixture(scope="module")
def told():
    """The name of every sample that one of several processes could give."""
    metrics, bus = Metrics(), object.__new__(RedisBus)
    chatroom.register(metrics, *[Anything()] * 4, bus, SimpleNamespace(has_begun=False), Counter())
    return set(metrics._own._names_to_collectors)


def asked(expression):
    """Every name in an expression that is no function, label or word of the language."""
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|by \([^)]*\)", "", expression)
    return set(re.findall(r"[a-z_]{2,}(?![a-z_]*\s*\()", bare))


def expressions():
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]
    for rule in RULES:
        yield rule["alert"], rule["expr"]


def test_the_reader_of_expressions_finds_names():
    found = asked('histogram_quantile(0.99, sum by (le) (rate(chat_commit_seconds_bucket{job="x"}[5m]))) > min(up)')

    assert found == {"chat_commit_seconds_bucket", "up"}


@pytest.mark.parametrize("title, expression", list(expressions()))
def test_every_number_that_is_asked_for_is_told(told, title, expression):
    names = asked(expression)

    assert names
    assert names - told - FOREIGN == set()


def test_every_number_that_is_told_is_on_the_dashboard(told):
    shown = set().union(*(asked(target["expr"]) for panel in DASHBOARD["panels"] for target in panel["targets"]))
    families = {re.sub(r"_(bucket|count|sum|created)$", "", name) for name in told}
    counters = {name for name in families if f"{name}_total" in families}

    assert families - counters - {re.sub(r"_(bucket|count|sum)$", "", name) for name in shown} == set()


def test_no_two_panels_lie_on_each_other():
    taken = Counter(
        (x, y)
        for place in (panel["gridPos"] for panel in DASHBOARD["panels"])
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    )

    assert max(taken.values()) == 1
    assert max(x for x, _ in taken) == 23
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_prometheus_is_told_where_the_token_is_and_which_rules_there_are():
    found = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text("utf-8"))

    assert all((PROMETHEUS / name).is_file() for name in found["rule_files"])
    (job,) = found["scrape_configs"]
    assert job["authorization"]["credentials_file"]
    assert all(f'job="{job["job_name"]}"' in rule["expr"] for rule in RULES if asked(rule["expr"]) == FOREIGN)


def test_every_alert_is_explained_where_one_looks_for_help():
    page = (ROOT / "docs" / "operating.md").read_text("utf-8")

    assert [rule["alert"] for rule in RULES if f"`{rule['alert']}`" not in page] == []
    assert all(rule["annotations"]["summary"] for rule in RULES)


def test_every_number_is_explained_there(told):
    page = (ROOT / "docs" / "operating.md").read_text("utf-8")
    names = {re.sub(r"_(bucket|count|sum|created)$", "", name) for name in told}

    assert sorted(name for name in names if f"{name}_total" not in names and f"`{name}" not in page) == []
