# What the comparisons of bench/compare share: running benchmarks, tables, pages.
import json
import os
import re
import subprocess
import tempfile


class BenchError(Exception):
    """Something cannot be run; the message is for the user."""


class Section:
    """The table of a comparison, and its figures for JSON."""

    def __init__(self, title, header):
        self.title = title
        self.header = header
        self.rows = []  # lists of text, as long as the header
        self.notes = []
        self.figures = {}
        self.failed = False

    def as_text(self):
        rows = [self.header] + self.rows
        widths = [max(len(row[i]) for row in rows) for i in range(len(self.header))]
        lines = [self.title]
        for row in rows:
            cells = [row[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(row[1:], widths[1:])]
            lines.append("  " + "  ".join(cells).rstrip())
        return "\n".join(lines + ["  " + note for note in self.notes]) + "\n"

    def as_markdown(self):
        lines = [f"**{self.title}**", "", self._line(self.header)]
        lines.append("|---|" + "--:|" * (len(self.header) - 1))
        lines += [self._line(row) for row in self.rows]
        if self.notes:
            lines += [""] + [f"- {note}" for note in self.notes]
        return "\n".join(lines) + "\n"

    @staticmethod
    def _line(cells):
        return "| " + " | ".join(cells) + " |"


def replace_section(path, name, text):
    """Puts `text` between the lines `<!-- NAME: …` and `<!-- end of NAME -->` of a file."""
    with open(path, encoding="utf-8") as file:
        content = file.read()
    pattern = re.compile(rf"(<!-- {re.escape(name)}: [^\n]*\n).*?(<!-- end of {re.escape(name)} -->)", re.S)
    if not pattern.search(content):
        raise BenchError(f"{path} has no section '{name}'")
    content = pattern.sub(lambda match: f"{match[1]}\n{text}\n{match[2]}", content)
    with open(path, "w", encoding="utf-8") as file:
        file.write(content)


def program(arguments, name):
    """The path of a benchmark in the build folder."""
    path = os.path.join(arguments.build, "bench", name)
    if not os.path.exists(path):
        raise BenchError(f"{path} is missing; build it, with -DRASPC_BUILD_BENCH=ON")
    return path


def google_benchmark(arguments, name, filter, options=(), min_time=0.2):
    """Runs the benchmarks whose names match: a dict from name to the benchmark's JSON."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command = [
            program(arguments, name),
            f"--benchmark_filter={filter}",
            f"--benchmark_min_time={min_time}",
            f"--benchmark_out={out.name}",
            *options,
        ]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise BenchError(f"{name} ended with status {done.returncode}: {done.stderr.strip()}")
        with open(out.name) as file:
            entries = json.load(file)["benchmarks"]
    for entry in entries:
        if entry.get("error_occurred"):
            raise BenchError(f"{name}: {entry['name']}: {entry['error_message']}")
    return {entry["name"].removesuffix("/real_time"): entry for entry in entries}


def tidy(number, digits=3):
    """With three significant digits and a unit of thousands, such as 12.3M."""
    for unit in ("", "k", "M", "G"):
        if abs(number) < 999.5 or unit == "G":
            break
        number /= 1000
    text = f"{number:.{digits}g}"
    return text + unit
