"""Cooking: what is typed becomes HTML that is safe to show, whatever the input, in bounded time."""

from forum.markdown.cooker import COOK_VERSION, Cooker, TooSlow, cook, cook_many
from forum.markdown.excerpts import excerpt
from forum.markdown.mentions import mentions
from forum.markdown.quotes import QuoteRef, all_quotes, quotes, with_topic, without_words_of
from forum.markdown.text import MAX_GRAPHEMES, BadText, clean_line, clean_text

__all__ = [
    "COOK_VERSION",
    "MAX_GRAPHEMES",
    "BadText",
    "Cooker",
    "QuoteRef",
    "TooSlow",
    "all_quotes",
    "clean_line",
    "clean_text",
    "cook",
    "cook_many",
    "excerpt",
    "mentions",
    "quotes",
    "with_topic",
    "without_words_of",
]
