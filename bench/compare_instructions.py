# Instructions per token of fixed runs, today's beside the stored ones.
#
# Unlike seconds, the counts do not depend on what else the machine does, so that a change of a few
# percent shows. bench/instructions.json holds those of the last time that --store was given, with the
# version of the compiler that made them; of another compiler's the comparison says little.
import json
import os
import re
import shutil
import subprocess
import tempfile

from compare_tools import BenchError, Section, program

STORED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "instructions.json")
MOST_GROWTH = 0.02


def count(command):
    """Instructions within raspc::MeasuredRun."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "callgrind.out")
        valgrind = [
            "valgrind",
            "--tool=callgrind",
            "--collect-atstart=no",
            "--toggle-collect=raspc::MeasuredRun*",
            f"--callgrind-out-file={out}",
        ]
        done = subprocess.run(valgrind + command, capture_output=True, text=True)
        if done.returncode != 0:
            raise BenchError(f"{' '.join(command)} failed: {done.stderr.strip()[-500:]}")
        with open(out) as file:
            found = re.search(r"^(?:totals|summary): (\d+)", file.read(), re.M)
    if not found or int(found[1]) == 0:
        raise BenchError(f"callgrind counted nothing for {' '.join(command)}")
    return int(found[1])


def run(arguments):
    if not shutil.which("valgrind"):
        raise BenchError("valgrind is missing (the Debian package valgrind)")
    path = program(arguments, "raspc_fixed_run")
    listed = subprocess.run([path, "--list"], capture_output=True, text=True, check=True)
    compiler, *lines = listed.stdout.splitlines()
    today = {}
    for line in lines:
        name, tokens = line.split("\t")
        today[name] = round(count([path, name]) / int(tokens), 1)
    stored = {"compiler": None, "instructions_per_token": {}}
    if os.path.exists(STORED):
        with open(STORED) as file:
            stored = json.load(file)
    section = compared(today, compiler, stored)
    if arguments.store:
        with open(STORED, "w") as file:
            json.dump({"compiler": compiler, "instructions_per_token": today}, file, indent=1)
            file.write("\n")
        section.failed = False
    return section


def compared(today, compiler, stored):
    section = Section("Instructions per token, one thread, baseline instructions", [])
    section.header = ["run", "today", "stored", "change"]
    same_compiler = compiler == stored["compiler"]
    for name, number in today.items():
        before = stored["instructions_per_token"].get(name)
        change = number / before - 1 if before else None
        section.rows.append(
            [
                name,
                f"{number:.1f}",
                f"{before:.1f}" if before else "-",
                f"{change:+.1%}" if before else "-",
            ]
        )
        if change is not None and change > MOST_GROWTH and same_compiler:
            section.failed = True
            section.notes.append(f"REGRESSION: {name} takes {change:.1%} more instructions")
    section.notes.append(f"compiled by {compiler}; the stored ones by {stored['compiler']}")
    if not same_compiler:
        section.notes.append("another compiler: a change is no regression")
    section.figures = {"compiler": compiler, "instructions_per_token": today}
    return section
