"""Five hundred names for a room."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile import names, scripts


def room_names() -> Iterator[str]:
    """Of every kind: paths, queries, controls, lengths, scripts, twins, markup, other people's names."""
    yield from (
        "../../etc",
        "..",
        ".",
        "/",
        "//",
        "\\",
        "?x#y",
        "#",
        "%2e%2e%2f",
        "a/b",
        "a\\b",
        "a%00b",
        "a\x00b",
        "a\nb",
        "",
    )
    yield from ("x" * size for size in (63, 64, 65, 255, 256, 257, 4000, 15_000))
    yield from (
        "\U0001f355",
        "\U0001f469\u200d\U0001f680",
        "\U0001f1eb\U0001f1f7",
        "\u2603\ufe0f",
        "!!!",
        "   ",
        "-",
        "--a--",
        "a--b",
    )
    yield from (
        "Team",
        "team",
        "TEAM",
        "te\u0430m",
        "\uff54eam",
        "t\u200deam",
        "Team!",
        " team ",
        "team\u0301",
        "te am",
        "te-am",
        "te_am",
    )
    yield from (
        "messages",
        "r",
        "static",
        "name",
        "rooms",
        "socket.io",
        "healthz",
        "favicon.ico",
        "null",
        "undefined",
        "NaN",
        "0",
        "-1",
    )
    yield from (
        "stra\u00dfe",
        "STRASSE",
        "\u0130stanbul",
        "istanbul",
        "\u03a3\u03c3\u03c2",
        "\ufb01sh",
        "fish",
        "\u2460",
        "1",
        "\u00bd",
        "\u2126",
    )
    yield from names.ALL
    yield from scripts.ALL
