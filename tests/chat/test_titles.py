from app.chat import titles
from app.chat.titles import Titles


class Shared(dict):
    note = dict.setdefault
    find = dict.get


def test_the_first_name_of_a_room_is_found_wherever_it_was_typed():
    shared = Shared()
    here, there, alone = Titles(shared), Titles(shared), Titles(None)
    here.note("tea", "Tea")
    there.note("tea", "TEA")
    alone.note("milk", "Milk")

    assert (here.find("tea"), there.known("tea"), there.find("milk")) == ("Tea", "Tea", None)
    assert Titles(shared).known("tea") is None
    assert Titles(shared).find("tea") == "Tea"
    here.forget("tea")
    assert here.known("tea") is None


def test_of_too_many_names_the_oldest_is_forgotten(monkeypatch):
    monkeypatch.setattr(titles, "KEPT", 2)
    known = Titles(None)
    for slug in ("a", "b", "c"):
        known.note(slug, slug)

    assert [known.find(slug) for slug in ("a", "b", "c")] == [None, "b", "c"]
