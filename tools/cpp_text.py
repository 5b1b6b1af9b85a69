"""C++ source as text: blanks what is not code, so that the lints can search with plain patterns."""

import re

_TOKEN = re.compile(
    r"""
    (?P<comment> //(?:\\\n|[^\n])* | /\*.*?\*/ )
  | (?P<raw>     R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)" )
  | (?P<text>    "(?:\\.|[^"\\\n])*" )
  | (?P<number>  \b\d[\w.']* )
  | (?P<char>    '(?:\\.|[^'\\\n])*' )
    """,
    re.VERBOSE | re.DOTALL,
)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


def _spaces(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(source):
    """The same text, line for line, with comments replaced by spaces."""
    return _TOKEN.sub(lambda m: _spaces(m.group()) if m.group("comment") else m.group(), source)


def code_only(source):
    """The same text, line for line, with comments and the contents of literals replaced by spaces."""

    def blank(match):
        whole = match.group()
        if match.group("number"):
            return whole.replace("'", "_")
        if match.group("comment"):
            return _spaces(whole)
        return whole[0] + _spaces(whole[1:-1]) + whole[-1]

    return _TOKEN.sub(blank, source)


def includes(source):
    """Yields (line number, path, is_angled) for each #include."""
    text = without_comments(source)
    for match in _INCLUDE.finditer(text):
        yield line_of(text, match.start(2)), match.group(2), match.group(1) == "<"


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1
