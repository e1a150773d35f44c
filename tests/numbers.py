"""What `/metrics` says, read as Prometheus reads it."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from tests.live import Server
from tests.programs import operator


def parsed(text: str) -> dict[str, float]:
    """`name`, or `name{label}` with the label's value alone, to its value; the buckets of histograms left out."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if not sample.name.endswith("_bucket"):
                label = "{" + ",".join(sample.labels.values()) + "}" if sample.labels else ""
                found[sample.name + label] = sample.value
    return found


def numbers(server: Server) -> dict[str, float]:
    reply = operator(server).asks("GET", "/metrics", headers=credentials(server))
    assert reply.status == 200, reply.text
    return parsed(reply.text)


def credentials(server: Server) -> dict[str, str]:
    return {"Accept": "*/*", "Authorization": f"Bearer {operator(server).token}"}
