#!/usr/bin/env python3
"""Checks that modules every feature stands on name no feature: not in code, not in a comment, not in a literal.

A feature is a module that may include `feature`, so that it can hand the host one, without sign-in standing on it: what
authn may include, also through others, is no feature, and nor is app. That is read from src/modules.txt. A feature is
known by the words of its name and by its brand words below, in the singular and the plural: `NoteId`, `own_notes` and
"a note" all name note. Tests may name what they like.
"""

import pathlib
import re
import sys

import cpp_text
import lint_layers

# Not authn: what is signed up and signed in with it is what it is about.
NEUTRAL = ("base", "http", "page", "token", "principal", "feature", "jobs", "db", "edge")
SIGN_IN = ("authn", "entry")
ROOT = "app"
BRANDS = {  # what a feature is called besides its name
    "classic": ("legacy", "coin"),
    "legacy_api": ("classic", "legacy", "coin"),
}
# Terms of the field, and ordinary English, in which a feature's name is another word. Whole phrases only.
TERMS = {
    ("login", "csrf"),  # the name of the attack
    ("postgres", "login"),  # who signs in at the database server
    ("sentence", "for", "people"),  # in the published OpenAPI document
}
# Names of features that are the field's words too: for whom a principal speaks for, and for what somebody has shown.
COMMON = {"account", "totp", "recovery_code", "email_code", "sms", "passkey"}
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def features_of(allowed):
    sign_in = [module for module in SIGN_IN if module in allowed]
    below = set(sign_in).union(*(lint_layers.reached(module, allowed) for module in sign_in))
    return [module for module, uses in allowed.items() if "feature" in uses and module != ROOT and module not in below]


def words_of(text):
    """Yields (offset, word in lower case) of the words that names and sentences are made of."""
    for match in WORD.finditer(text):
        yield match.start(), match.group().lower()


def names_of(feature):
    """The sequences of words that name a feature: {("legacy", "api"), ("classic",), …}."""
    return {tuple(feature.split("_"))} | {(brand,) for brand in BRANDS.get(feature, ())}


def forms_of(word):
    return {word, word + "s", word[:-1] + "ies" if word.endswith("y") else word}


def in_terms(words):
    """The places of the words that belong to one of TERMS."""
    places = set()
    for term in TERMS:
        for at in range(len(words) - len(term) + 1):
            if tuple(words[at : at + len(term)]) == term:
                places.update(range(at, at + len(term)))
    return places


def mentions(text, names):
    """Yields (offset, words) for each place of `text` where one of `names` stands."""
    words, names = list(words_of(text)), sorted(names, key=len, reverse=True)  # "legacy api" before "legacy"
    other = in_terms([word for _, word in words])
    for at, (offset, _) in enumerate(words):
        if at in other:
            continue
        for name in names:
            here = words[at : at + len(name)]
            if len(here) == len(name) and all(word in forms_of(part) for (_, word), part in zip(here, name)):
                yield offset, " ".join(word for _, word in here)
                break


def check(root):
    src = pathlib.Path(root) / "src"
    allowed, complaints = lint_layers.read_modules(src / "modules.txt")
    names = set().union(*(names_of(feature) for feature in features_of(allowed) if feature not in COMMON))
    for source in lint_layers.sources_of(src):
        if source.module not in NEUTRAL or source.is_test:
            continue
        for offset, words in mentions(source.text, names):
            line = cpp_text.line_of(source.text, offset)
            complaints.append(f"{source}:{line}: {source.module} names a feature: {words}")
    return complaints


if __name__ == "__main__":
    found = check(pathlib.Path(__file__).resolve().parent.parent)
    print("\n".join(found) if found else "words: clean")
    sys.exit(1 if found else 0)
