"""A page travels packed, as its files do."""

import gzip


def test_a_page_is_packed_for_those_who_can_unpack(house):
    packed = house.visitor().get("/", **{"Accept-Encoding": "gzip, br"})
    plain = house.visitor().get("/", **{"Accept-Encoding": "gzip;q=0"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_data_and_small_answers_are_sent_as_they_are(house):
    answer = house.visitor().get("/healthz", **{"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in answer.headers
