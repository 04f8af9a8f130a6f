"""Texts made to be slow, at the greatest length that is accepted."""

from itertools import accumulate

from forum.markdown import MAX_GRAPHEMES as N


def filled(piece: str, length: int = N) -> str:
    """A piece again and again, up to a length."""
    return piece * (length // len(piece))


def nested(opening: str, closing: str, inside: str = "x") -> str:
    times = (N - len(inside)) // (len(opening) + len(closing))
    return opening * times + inside + closing * times


def numbered(piece: str, times: int) -> str:
    return "".join(piece.format(number) for number in range(times))


BOMBS = {
    "addresses without end": filled("http://a."),
    "addresses": filled("http://a.fr "),
    "www": filled("www."),
    "mail addresses": filled("a@"),
    "mail domains": "a@" + filled("a."),
    "closing brackets after an address": "https://a" + filled(")"),
    "at signs": filled("@"),
    "mentions": filled("@bob "),
    "brackets": filled("["),
    "brackets, then punctuation": "[" * (N // 2) + "%" * (N // 2),
    "brackets closed": "[" * (N // 2) + "]" * (N // 2),
    "brackets and backslashes": filled("[\\"),
    "closing brackets": filled("]("),
    "images": filled("!["),
    "links opened": filled("[a]("),
    "links in links": nested("[", "](x)"),
    "images in images": nested("![", "](x)"),
    "images around punctuation": "![" * 20 + "%" * 31_000 + "](x)" * 20,
    "emphasis mixed": filled("*_"),
    "emphasis opened": filled("**a "),
    "emphasis in emphasis": nested("*a **a ", "** a*"),
    "emphasis with one end": filled("a**b") + "c* ",
    "strikes": filled("~~a "),
    "backticks": filled("`"),
    "backticks of all lengths": "".join("`" * n + "a" for n in range(1, 250)),
    "backslashes": filled("\\"),
    "entities": filled("&"),
    "long entity": "&" + filled("a"),
    "numeric entities": filled("&#1"),
    "opened tags": filled("<"),
    "tags": filled("<a "),
    "comments": filled("<!--"),
    "citations": filled(">"),
    "citations spaced": filled("> "),
    "citations, line by line": filled("> > > > > > > > a\n"),
    "lists in one line": filled("- "),
    "numbers in one line": filled("1. "),
    "lists growing": "\n".join("  " * n + "- a" for n in range(240)),
    "list items": filled("- a\n"),
    "tasks": filled("- [ ] a\n"),
    "loose items": filled("- a\n\n"),
    "lazy citation": "> a\n" + filled("b\n"),
    "lines": filled("a\n"),
    "blank lines": "a" + filled("\n", N - 2) + "a",
    "spaces": "a" + filled(" ", N - 2) + "a",
    "spaces before line ends": filled("a" + " " * 50 + "\n"),
    "tabs": filled("\t-"),
    "rules": filled("---\n"),
    "titles": filled("# a\n"),
    "underlined titles": filled("a\n=\n"),
    "hashes": filled("#"),
    "wide and long table": "|a" * 200 + "\n" + "|-" * 200 + "\n" + ("|a" * 200 + "\n") * 75,
    "wide table": "|a" * 5_000 + "\n" + "|-" * 5_000,
    "table that fills itself": "|a" * 100 + "\n" + "|-" * 100 + "\n" + filled("|\n", 30_000),
    "long table": "|a|\n|-|\n" + filled("|a\n", 31_000),
    "tables": filled("|a|\n|-|\n|b|\n\n"),
    "rows of dashes": filled("|-|\n"),
    "pipes escaped": "|a|\n|-|\n" + filled("\\|"),
    "quotes opened": filled("[quote]\n"),
    "quotes closed": filled("[quote]\n", N // 2) + filled("[/quote]\n", N // 2),
    "quotes short": filled("[quote]a[/quote]\n"),
    "quotes with one end": filled("[quote]\n", N - 10) + "[/quote]",
    "footnotes called": "[^1]: x\n\n" + filled("[^1]", N - 9),
    "footnotes opened": "[^1]: x\n\n" + filled("[^", N - 9),
    "footnotes": numbered("[^{}] ", 1_500) + "\n\n" + numbered("[^{}]: x\n", 1_500),
    "footnotes in footnotes": filled("[^1]: "),
    "references": numbered("[{}]: /x\n", 2_800),
    "references to a long title": f"[a]: /x '{'c' * 16_000}'\n\n" + filled("[a]", 15_900),
    "titles without end": filled("[a]: /x '\n"),
    "references without end": filled("[a\n"),
    "fences": filled("```\n"),
    "fences of all lengths": "\n".join("`" * n for n in range(3, 250)),
    "languages": "\n".join(f"```{name}\nx\n```" for name in ["python", "sql", "js", "css", "c"] * 400),
    "languages unknown": "\n".join(f"```x{n}\nx\n```" for n in range(2_500)),
    "code to colour": "```python\n" + filled('"\\', 7_900) + "\n```",
    "code to colour, line by line": "```perl\n" + filled("s{{\n", 7_900) + "```",
    "code that takes minutes": "```make\n" + filled("(", 7_900) + "\n```",
    "code that takes seconds": "```gherkin\n" + filled("\n ", 7_900) + "\n```",
    "marks": filled("e" + "\u0301" * 30),
    "flags": filled("🇫🇷"),
    "invisible": "a" + filled("\u200d"),
    "growing words": " ".join(accumulate("a" for _ in range(250))),
}  # fmt: skip
HONEST = """## Notre marché de restauration

Bonjour @bob, voici ce que nous avons fait à **Trélazé** ([délibération](https://ville.fr/d.pdf)) :

| Année | Repas | Coût |
|---|--:|--:|
| 2025 | 120 000 | 3,20 € |

- [x] consulter les parents
- [ ] publier le marché[^1]

[^1]: Avant l'été.

```sql
SELECT commune, sum(repas) FROM cantines GROUP BY commune;
```

"""
