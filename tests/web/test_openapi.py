"""The document for programs says what there is, and nothing else."""

import re

import pytest
from flask import Flask

from app.chat import refusals
from app.web import api, errors, openapi, operator
from tests.live import ROOT
from tools import openapi as written


@pytest.fixture(scope="module")
def routes():
    """(method, path) of everything below /api/v1, as the application has them."""
    app = Flask("api", static_folder=None)
    app.register_blueprint(api.blueprint(*[None] * 6))
    app.register_blueprint(operator.blueprint(*[None] * 6, lambda: None, None))
    return {
        (method.lower(), re.sub("<(?:slug|(\\w+))>", lambda part: f"{{{part[1] or 'room'}}}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def operations():
    for path, methods in openapi.document()["paths"].items():
        for method, operation in methods.items():
            if method != "parameters":
                yield (
                    method,
                    f"/api/v1{path}",
                    operation,
                    methods.get("parameters", []) + operation.get("parameters", []),
                )


def test_every_route_is_described_and_nothing_else(routes):
    assert len(routes) > 8
    assert {(method, path) for method, path, *_ in operations()} == routes


def test_the_copy_in_the_docs_is_the_document():
    assert written.PATH.read_text("utf-8") == written.text(), "python -m tools.openapi"


def test_every_reference_leads_somewhere_and_every_path_names_its_parts():
    document = openapi.document()
    schemas = document["components"]["schemas"]

    for reference in re.findall(r"#/components/schemas/(\w+)", str(document)):
        assert reference in schemas
    for _, path, operation, parameters in operations():
        assert {each["name"] for each in parameters if each["in"] == "path"} == set(re.findall(r"{(\w+)}", path))
        assert operation["summary"]
        for scheme in operation["security"]:
            assert set(scheme) <= set(document["components"]["securitySchemes"])


def test_the_page_names_every_code_with_its_status():
    page = (ROOT / "docs" / "api.md").read_text("utf-8").partition("## Refusals")[2]
    told = {
        code: {int(status) for status in re.findall(r"\d+", row[0])}
        for row in re.findall(r"^\| ([\d ]+) \| ([^|]+) \|", page, re.M)
        for code in re.findall(r"`(\w+)`", row[1])
    }

    for code, statuses in told.items():
        known = {errors.STATUS_OF.get(code, 400)} | {s for s, name in errors.CODE_OF.items() if name == code}
        assert statuses & known, code
    for refusal in (
        refusals.TokenInvalid(),
        refusals.Forbidden("token", "x"),
        refusals.RoomLocked(),
        refusals.ClientIdConflict(),
    ):
        assert refusal.code in told
