"""Numbers for Prometheus, which sends the operator's token."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response


def blueprint(text: Callable[[], bytes], content_type: str, check_operator: Callable[[], None]) -> Blueprint:
    """`text()` is all of them as they are now. `check_operator` is the operator's."""
    metrics = Blueprint("metrics", __name__)
    metrics.before_request(check_operator)

    @metrics.get("/metrics")
    def numbers() -> Response:
        return Response(text(), content_type=content_type)

    return metrics
