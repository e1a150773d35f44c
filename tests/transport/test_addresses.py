"""Whom an address counts for, and which addresses are ours."""

import pytest

from app.transport.addresses import Networks, key_of


@pytest.mark.parametrize(
    "one, other, same",
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("192.0.2.1:1234", "192.0.2.1:5678", True),
        ("192.0.2.1:1234", "192.0.2.2:1234", False),
        ("[2001:db8:1:2::1]:1234", "2001:db8:1:2::9", True),
        (" 192.0.2.1", "192.0.2.1", True),
        ("unknown", "unknown", True),
        ("unknown", "hidden", False),
    ],
)
def test_an_ipv6_household_counts_as_one_address(one, other, same):
    assert (key_of(one) == key_of(other)) is same


@pytest.mark.parametrize("text", ["", "x" * 10_000, "1.2.3", "::1::", "[", "]:", "1.2.3.4.5", "\x00", "é"])
def test_what_is_no_address_is_a_short_key_and_no_proxy(text):
    assert len(key_of(text)) <= 64
    assert text not in Networks("0.0.0.0/0, ::/0")


@pytest.mark.parametrize("address", ["10.0.0.5", "10.1.2.3", "::ffff:10.0.0.5", "fd00::1", "fd00::1%eth0"])
def test_a_network_holds_its_addresses(address):
    assert address in Networks("10.0.0.5, 10.1.0.0/16,fd00::/8")


@pytest.mark.parametrize("address", ["10.0.0.6", "10.2.0.1", "fe80::1", "127.0.0.1"])
def test_and_no_others(address):
    assert address not in Networks("10.0.0.5, 10.1.0.0/16,fd00::/8")
    assert address not in Networks("")


def test_what_is_no_network_is_named():
    with pytest.raises(ValueError, match=r"'proxy.example' is not"):
        Networks("10.0.0.5, proxy.example")
