"""Decisions by hand about addresses: everything about them under one name."""

from __future__ import annotations

from .decision_applying import apply_decisions
from .decision_file import decisions_from_text, decisions_to_text, read_decisions, write_decisions
from .decision_keys import decision_keys, key_of
from .decision_model import ADDRESS, KINDS, NONE, POINT, TEXT, Conflict, Decision, Decisions

NO_DECISIONS = Decisions()

__all__ = [
    "ADDRESS", "KINDS", "NONE", "NO_DECISIONS", "POINT", "TEXT", "Conflict", "Decision", "Decisions",
    "apply_decisions", "decision_keys", "decisions_from_text", "decisions_to_text",
    "key_of", "read_decisions", "write_decisions",
]
