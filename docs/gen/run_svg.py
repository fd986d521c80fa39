"""Runs a command in a terminal and draws what the terminal shows at the end, as an SVG.

    python3 docs/gen/run_svg.py docs/run.svg go run ./cmd/kerasgo fit examples/mnist_cnn.yaml

Only Python's standard library is needed (Linux, macOS).
"""

import fcntl
import html
import os
import pty
import re
import struct
import sys
import termios

COLUMNS = 130
ROW, CHAR, MARGIN = 18, 8.1, 14  # pixels
BACKGROUND, FOREGROUND = "#10141c", "#d5d9e0"
COLOURS = {30: "#4b5263", 31: "#e06c75", 32: "#98c379", 33: "#e5c07b", 34: "#61afef", 35: "#c678dd", 36: "#56b6c2", 37: "#6f7787"}


def capture(command):
    """Returns everything the command writes to its terminal, and its exit status."""
    pid, fd = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        os.environ["COLUMNS"] = str(COLUMNS)
        os.execvp(command[0], command)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    data = b""
    while True:
        try:
            chunk = os.read(fd, 65536)
        except OSError:  # Linux's way to say that the other end is closed
            break
        if not chunk:
            break
        data += chunk
    return data.decode("utf-8"), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def screen(text):
    """Plays the text on an endless screen: a list of rows of (character, style)."""
    rows, column, style = [[]], 0, (False, None)
    for m in re.finditer(r"\x1b\[([0-9;?]*)([A-Za-z])|(.)", text, re.S):
        codes, final, char = m.groups()
        if final == "m":
            bold, colour = style
            for code in [int(c or 0) for c in codes.split(";")]:
                if code == 0:
                    bold, colour = False, None
                elif code == 1:
                    bold = True
                elif code in COLOURS:
                    colour = code
                elif code == 39:
                    colour = None
            style = (bold, colour)
        elif final:
            continue
        elif char == "\n":
            rows.append([])
            column = 0
        elif char == "\r":
            column = 0
        elif char == "\b":
            column = max(0, column - 1)
        else:
            row = rows[-1]
            row.extend([(" ", (False, None))] * (column + 1 - len(row)))
            row[column] = (char, style)
            column += 1
    return rows


def spans(row):
    """Joins neighbours of one style."""
    out = []
    for char, style in row:
        if out and out[-1][1] == style:
            out[-1][0] += char
        else:
            out.append([char, style])
    return out


def svg(rows):
    while rows and not "".join(c for c, _ in rows[-1]).strip():
        rows.pop()
    width, height = MARGIN * 2 + max(map(len, rows)) * CHAR, MARGIN * 2 + len(rows) * ROW
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}">',
        f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>',
        f'<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="13.4" fill="{FOREGROUND}" xml:space="preserve">',
    ]
    for i, row in enumerate(rows):
        y, x = MARGIN + i * ROW + 13, 0
        for text, (bold, colour) in spans(row):
            if text.strip():
                attributes = ' font-weight="bold"' if bold else ""
                attributes += f' fill="{COLOURS[colour]}"' if colour else ""
                lines.append(
                    f'<text x="{MARGIN + x * CHAR:.1f}" y="{y}" textLength="{len(text) * CHAR:.1f}" lengthAdjust="spacingAndGlyphs"{attributes}>{html.escape(text)}</text>'
                )
            x += len(text)
    return "\n".join(lines + ["</g>", "</svg>", ""])


def main():
    target, command = sys.argv[1], sys.argv[2:]
    text, status = capture(command)
    if status:
        sys.exit(f"{text}\nstatus {status}")
    with open(target, "w", encoding="utf-8") as f:
        f.write(svg(screen("$ " + " ".join(command) + "\n" + text)))


main()
