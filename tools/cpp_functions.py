"""Finds C++ function bodies by counting braces; no compiler, so that the lint takes a second for the whole tree."""

import dataclasses
import re

import cpp_text

_TRANSPARENT = re.compile(r"\b(?:namespace|class|struct|union|enum|extern)\b")
_EXCUSE = "NOLINT(shape)"


@dataclasses.dataclass
class Function:
    line: int  # where its signature starts
    lines: int  # from there to the closing brace
    excused: bool  # its first line says NOLINT(shape)


def _without_directives(code):
    """Blanks preprocessor lines with their continuations: a macro's braces are not the file's."""
    return re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", lambda m: re.sub(r"[^\n]", " ", m.group()), code, flags=re.MULTILINE)


def _closing(code, start):
    """The offset of the brace that closes the one at `start`."""
    depth = 0
    for at in range(start, len(code)):
        if code[at] == "{":
            depth += 1
        elif code[at] == "}":
            depth -= 1
            if depth == 0:
                return at
    return len(code) - 1


def _opens_a_scope(head):
    """True for namespaces and types, whose contents are looked into; false for functions and initialisers."""
    plain = re.sub(r"\btemplate\s*<[^{;]*?>\s*(?=\b(?:class|struct|union|using|requires|\w))", " ", head)
    match = _TRANSPARENT.search(plain)
    if not match:
        return False
    # `struct Point f(int) {` and `enum class Lane lane() {` are functions that return a named type.
    return "(" not in re.sub(r"\[\[.*?\]\]|\balignas\s*\([^)]*\)|\b(?:noexcept|decltype)\s*\([^)]*\)", "", plain)


def _is_signature(head):
    """True when `head` has a parameter list and is not the left side of an initialiser."""
    plain = re.sub(r"\boperator\s*\W+?(?=\()|[<>=!]=", "", head)
    while plain != (shorter := re.sub(r"\([^()]*\)", "", plain)):
        plain = shorter
    return "(" in head and "=" not in plain


def functions(source):
    """Yields each function of a C++ source: free functions, members and tests; lambdas count within their function."""
    code = _without_directives(cpp_text.code_only(source))
    lines = source.splitlines()
    at, head_start = 0, 0
    while at < len(code):
        char = code[at]
        if char in ";}" or (char == ":" and re.search(r"\b(?:public|private|protected)\s*$", code[head_start:at])):
            head_start = at + 1
        elif char == "{":
            head = code[head_start:at]
            if _opens_a_scope(head):
                head_start = at + 1
            else:
                end = _closing(code, at)
                after = code[end + 1 :].lstrip()[:1]
                is_member_initialiser = "(" in head and after in (",", "{")
                if _is_signature(head) and not is_member_initialiser:
                    yield _function(code, lines, head_start, end)
                at = end
                if not is_member_initialiser and after not in (";", ",", ")"):
                    head_start = end + 1
        at += 1


def _function(code, lines, head_start, end):
    start = head_start + len(code[head_start:end]) - len(code[head_start:end].lstrip())
    first, last = cpp_text.line_of(code, start), cpp_text.line_of(code, end)
    return Function(first, last - first + 1, _EXCUSE in lines[first - 1])
