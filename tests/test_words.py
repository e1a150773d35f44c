"""Every word of the pages stands in one place, in every language, and nowhere else."""

import json
import re
import string
from html.parser import HTMLParser

import pytest

from app.chat import refusals
from app.web.errors import CODE_OF
from tests.live import ROOT

LANGUAGES = {path.stem: json.loads(path.read_text("utf-8")) for path in (ROOT / "static" / "words").glob("*.json")}
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MODULES = sorted((ROOT / "static" / "js").rglob("*.js"))
# Those that are put together from a code, a status or a script's name.
BY_NAME = re.compile(r"error\.\d{3}(\.do)?|refusal\.\w+(\.\w+)?|script\.\w+")
KEY = re.compile(r"['\"]([a-z]+\.(?!html|js|css|svg)[a-z_]+)['\"]")


def places(text):
    """The names of its {places}; of a text with plural forms, those of every form."""
    forms = text.values() if isinstance(text, dict) else [text]
    return {frozenset(name for _, name, _, _ in string.Formatter().parse(form) if name is not None) for form in forms}


def uses(paths):
    return {key for path in paths for key in KEY.findall(path.read_text("utf-8"))}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_language_says_everything_and_puts_the_same_into_it(language):
    english, other = LANGUAGES["en"], LANGUAGES[language]

    assert list(other) == list(english)
    assert {key: places(text) for key, text in other.items()} == {key: places(text) for key, text in english.items()}
    assert all(
        text.strip() for entry in other.values() for text in (entry.values() if isinstance(entry, dict) else [entry])
    )


def test_there_is_german_to_prove_it():
    same = {key for key, text in LANGUAGES["en"].items() if LANGUAGES["de"][key] == text}

    assert same <= {"app.name", "app.code", "key.enter", "key.tab"}


def test_every_text_is_used_and_every_used_text_is_there():
    used = uses(TEMPLATES) | uses(MODULES) | uses((ROOT / "app" / "web").glob("*.py"))
    known = set(LANGUAGES["en"])

    assert {key for key in used if key.partition(".")[0] in {each.partition(".")[0] for each in known}} - known == set()
    assert {key for key in known - used if not BY_NAME.fullmatch(key)} == set()
    assert {key for key in known if key.startswith("error.") and key[6:].isdigit()} == {f"error.{s}" for s in CODE_OF}


def test_every_rule_that_refuses_has_its_sentence():
    """A code that stands for several rules is no sentence; the rule is the first word where it is raised."""
    raised = re.compile(r"\b(NameInvalid|RoomInvalid|Forbidden)\(\s*\"(\w+)\"")
    sources = [path.read_text("utf-8") for path in (ROOT / "app").rglob("*.py")]
    rules = {
        f"refusal.{getattr(refusals, kind).code}.{rule}" for text in sources for kind, rule in raised.findall(text)
    }

    assert len(rules) > 10
    assert {key for key in LANGUAGES["en"] if key.count(".") == 2 and key.startswith("refusal.")} == rules


def test_a_template_counts_nothing():
    """Only the browser knows the plurals of every language."""
    for key in uses(TEMPLATES):
        assert isinstance(LANGUAGES["en"].get(key, ""), str), key


# no words anywhere else


class Spoken(HTMLParser):
    """What a person would read or hear of a template: its text and the attributes that are told."""

    TOLD = ("alt", "aria-label", "aria-description", "content", "placeholder", "title", "value")
    # What is typed as it stands: an option, a key, a sign.
    TYPED = ("code", "kbd")

    def __init__(self, template):
        super().__init__()
        self.found = []
        self._typed = 0
        self.feed(re.sub(r"\{% block body_class %\}\w+|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", template, flags=re.S))

    def handle_starttag(self, tag, attributes):
        self._typed += tag in self.TYPED
        if tag != "meta":
            self.found += [value for name, value in attributes if name in self.TOLD and value and value != "yes"]

    def handle_endtag(self, tag):
        self._typed -= tag in self.TYPED

    def handle_data(self, text):
        if not self._typed:
            self.found.append(text)

    def words(self):
        return [text.strip() for text in self.found if re.search(r"[^\W\d_]", text)]


# A literal with two words in a row, or one that begins like a sentence. Names that the browser gives to keys
# and methods are no words.
SENTENCE = re.compile(r"[^\W\d_]{2,},? +[^\W\d_]{2,}|^[A-Z][a-z]+(?=$|[ .!?…])|[^\W\d_]…")
NO_WORD = re.compile(
    r"Enter|POST|Escape|Tab|Arrow\w+|Home|End|Page\w+|Delete|Backspace|noopener noreferrer|input, [\w, \[\]]+"
)
LITERAL = re.compile(r"'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\\n]|\\.)*)`")
COMMENT = re.compile(r"^\s*//.*$|\s// .*$", re.M)
PATTERN = re.compile(r"(?<=[ (])/(?![/*\s])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+/[a-z]*")
# Said to whoever mends the program.
THROWN = re.compile(r"Error\('[^']*'")


def sentences(module):
    for other in (COMMENT, PATTERN, THROWN):
        module = other.sub("", module)
    literals = (single or pattern for single, pattern in LITERAL.findall(module))
    texts = (re.sub(r"\$\{[^}]*\}", "", literal) for literal in literals)
    return [text for text in texts if SENTENCE.search(text) and not NO_WORD.fullmatch(text)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_word_of_its_own(path):
    assert Spoken(path.read_text("utf-8")).words() == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_has_no_word_of_its_own(path):
    assert sentences(path.read_text("utf-8")) == []


def test_the_rules_would_notice():
    assert Spoken('<p title="Close">Open</p>').words() == ["Close", "Open"]
    assert Spoken("{{ phrase('a.b') }} <code>--lan</code><input name='with_cookie' value='yes'>").words() == []
    for code in ("x.textContent = 'Copied'", "f('no answer came')", "f(`Forget ${room}`)", "f('more…')"):
        assert sentences(code), code
    assert not sentences("on('click', f); phrase('room.new'); import './words.js'; x = '.message--first [data-act]'")
