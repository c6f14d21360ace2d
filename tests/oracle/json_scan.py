"""The readable twin of `inspector.kernels.json_scan`: blank the strings, then count the brackets."""

from __future__ import annotations

import re

STRING = re.compile(rb'"(?:[^"\\]|\\.)*(?:"|\\?\Z)', re.DOTALL)


def scan_value(data: bytes, start: int, spacing: int) -> tuple[int | None, list[int]]:
    """One past the end of the value at `start` (None if it does not end), and the commas to cut it at."""
    string = STRING.match(data, start)
    if string:
        text = string.group()
        ends = re.fullmatch(rb'"(?:[^"\\]|\\.)*"', text, re.DOTALL)
        return (string.end() if ends else None), []
    blanked = data[:start] + STRING.sub(lambda match: b"s" * len(match.group()), data[start:])
    if data[start : start + 1] not in (b"[", b"{"):
        scalar = re.compile(rb"[\x00- ,\]}]").search(blanked, start)
        return (scalar.start() if scalar else None), []
    depth, last_cut = 0, start
    cuts: list[int] = []
    for position in range(start, len(blanked)):
        byte = blanked[position : position + 1]
        if byte in b"[{":
            depth += 1
        elif byte in b"]}":
            depth -= 1
            if depth == 0:
                return position + 1, cuts
        elif byte == b"," and depth == 1 and position - last_cut >= spacing:
            cuts.append(position)
            last_cut = position
    return None, cuts
