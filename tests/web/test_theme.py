"""Light or dark, as the cookie has it."""

import pytest


@pytest.mark.parametrize("path", ["/", "/name", "/nowhere"])
@pytest.mark.parametrize(
    "cookie, said",
    [
        ("theme=dark", '<html lang="en" data-theme="dark">'),
        ("theme=light", '<html lang="en" data-theme="light">'),
        ("theme=dark%22", '<html lang="en">'),
        ("theme=", '<html lang="en">'),
        ("other=dark", '<html lang="en">'),
    ],
)
def test_a_page_is_made_in_the_chosen_theme_and_no_other(house, path, cookie, said):
    assert said in house.visitor().get(path, Cookie=cookie).text
