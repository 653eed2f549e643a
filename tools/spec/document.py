"""docs/protocol.md: its sentences, and the appendices that are written from the rest."""

import dataclasses
import re

from . import ROOT

PATH = ROOT / "docs/protocol.md"
# RFC 2119 and RFC 8174: only in capitals. The longer ones first, so that MUST NOT is not read as MUST.
KEYWORDS = ("MUST NOT", "SHOULD NOT", "MUST", "SHOULD", "MAY")
KEYWORD = re.compile(r"\b(" + "|".join(KEYWORDS) + r")\b")
# Words of RFC 2119 that this document does without, so that nobody has to know that they mean the same.
FOREIGN_KEYWORD = re.compile(r"\b(SHALL|SHALL NOT|REQUIRED|RECOMMENDED|OPTIONAL)\b")
ID = re.compile(r"\b(?:HUB|AST)-[A-Z]{3}-[0-9]{3}\b")
# Appendix D, of sentences that have been and never come back: "HUB-X-001 and HUB-X-002 are gone: …".
GONE = re.compile(r"\| ([^|:]*) (?:is|are) gone:")
SENTENCE = re.compile(
    r"^- (?:<a id=\"(?P<anchor>[^\"]*)\"></a>)?\*\*(?P<id>[^*]+)\*\* (?P<text>.*(?:\n  \S.*)*)$", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Sentence:
    id: str
    text: str
    anchor: str | None

    @property
    def keywords(self):
        return KEYWORD.findall(self.text)

    @property
    def keyword(self):
        return self.keywords[0] if self.keywords else None


def sentences(document):
    """Every sentence that has an id, in the document's order; line breaks within it are spaces."""
    return [
        Sentence(match["id"], re.sub(r"\s+", " ", match["text"]).strip(), match["anchor"])
        for match in SENTENCE.finditer(document)]


def with_anchors(document):
    """The document with an anchor at every sentence, so that a report can link to it."""
    return SENTENCE.sub(lambda match: f'- <a id="{match["id"]}"></a>**{match["id"]}** {match["text"]}', document)


def with_appendix(document, letter, table):
    """The document with what stands between the marks of an appendix replaced."""
    pattern = re.compile(
        rf"(<!-- Appendix {letter} is written by [^\n]* -->\n).*?(<!-- end of appendix {letter} -->\n)", re.DOTALL)
    replaced, count = pattern.subn(lambda match: f"{match[1]}\n{table}\n{match[2]}", document)
    assert count == 1, f"the marks of appendix {letter}"
    return replaced


def check(document):
    """What is wrong with the document by itself."""
    seen = set()
    for sentence in sentences(document):
        if not ID.fullmatch(sentence.id):
            yield f"protocol.md: {sentence.id} is no id"
        if sentence.id in seen:
            yield f"protocol.md: {sentence.id} is there twice"
        seen.add(sentence.id)
        if sentence.anchor != sentence.id:
            yield f"protocol.md: {sentence.id} has no anchor of its name (tools/check_spec.py --write adds it)"
        if len(sentence.keywords) != 1:
            yield f"protocol.md: {sentence.id} has the keywords {sentence.keywords}; it must be one"
        if not sentence.text.endswith("."):
            yield f"protocol.md: {sentence.id} does not end as a sentence"
    rest = SENTENCE.sub("", document)
    rest = re.sub(r"<!-- Appendix ([A-C]) .*?<!-- end of appendix \1 -->", "", rest, flags=re.DOTALL)
    introduction, _, rest = rest.partition("\n## ")
    for match in KEYWORD.finditer(rest):
        yield f"protocol.md: a {match[0]} without an id: …{rest[max(0, match.start() - 40):match.end() + 20]!r}"
    for match in FOREIGN_KEYWORD.finditer(document):
        yield f"protocol.md: {match[0]} is none of the five words of this document"
    rest, _, changes = rest.partition("\n## Appendix D")
    gone = set().union(*(ID.findall(names) for names in GONE.findall(changes)))
    yield from (f"protocol.md: {id} is there, though appendix D says that it is gone" for id in sorted(gone & seen))
    for reference in ID.findall(rest) + [id for id in ID.findall(changes) if id not in gone]:
        if reference not in seen:
            yield f"protocol.md: {reference} is spoken of, and not there"
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document):
        if "://" not in target and not (PATH.parent / target).exists():
            yield f"protocol.md: the link to {target} leads nowhere"
