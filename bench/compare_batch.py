# The engines beside PyTorch on batches: the models of Tracr's library programs.
import glob
import os
import statistics
import subprocess
import tempfile

from compare_tools import BenchError, Section, google_benchmark, program, tidy

try:
    import torch_batch
    import torch
except ImportError:
    torch_batch = None

BENCH = "raspc_batch_bench"
LENGTH, BATCH = 128, 256


def write_models(arguments, folder):
    command = [program(arguments, BENCH), "--write", folder, "--length", str(LENGTH), "--batch", str(BATCH)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise BenchError(f"the models cannot be made: {done.stderr.strip()}")
    return sorted(os.path.basename(path)[:-len(".json")] for path in glob.glob(f"{folder}/*.json"))


class TorchSide:
    """PyTorch's runs of one model, the outputs checked first."""

    def __init__(self, folder, name, arguments, section):
        self.workload = torch_batch.Workload(folder, name, arguments.threads)
        self.way = self.workload.fastest_way()
        wrong = self.workload.wrong_outputs(self.way)
        if wrong:
            section.failed = True
            section.notes.append(f"{name}: PyTorch decodes {wrong} of {BATCH} inputs differently")
        section.figures.setdefault("torch_way", {})[name] = torch_batch.describe(self.way)

    def tokens_per_second(self):
        return self.workload.num_tokens() / self.workload.seconds(self.way)


def engine_rates(arguments, name):
    """Tokens per second of each engine but the reference, by name."""
    options = ["--length", str(LENGTH), "--batch", str(BATCH), "--threads", str(arguments.threads)]
    found = google_benchmark(arguments, BENCH, f"^batch/{name}/(dense|structured)/", options)
    return {key.split("/")[2]: entry["items_per_second"] for key, entry in found.items()}


def run(arguments):
    section = Section("", [])
    if torch_batch is None:
        section.notes.append("PyTorch is not installed (pip install torch==2.13.0): its side is left out")
    with tempfile.TemporaryDirectory() as folder:
        for name in write_models(arguments, folder):
            measure(arguments, folder, name, section)
    version = f"PyTorch {torch.__version__}" if torch_batch else "PyTorch (not installed)"
    section.figures["torch_version"] = torch.__version__ if torch_batch else None
    section.title = (
        f"Millions of tokens per second, {BATCH} inputs of {LENGTH} tokens, {arguments.threads} "
        f"threads each, beside {version}"
    )
    return section


def measure(arguments, folder, name, section):
    torch_side = TorchSide(folder, name, arguments, section) if torch_batch else None
    rounds = []
    for _ in range(arguments.rounds):
        rates = engine_rates(arguments, name)
        if torch_side:
            rates["torch"] = torch_side.tokens_per_second()
        rounds.append(rates)
    figures = {key: [rates[key] for rates in rounds] for key in rounds[0]}
    section.figures.setdefault("tokens_per_second", {})[name] = figures
    engines = [key for key in figures if key != "torch"]
    if not section.rows:
        section.header += ["program", *engines] + (["PyTorch"] if torch_side else [])
        section.header += [f"{engine} / PyTorch" for engine in engines] if torch_side else []
    row = [name] + [f"{statistics.median(figures[key]) / 1e6:.2f}" for key in figures]
    for engine in engines if torch_side else []:
        ratios = sorted(a / b for a, b in zip(figures[engine], figures["torch"]))
        row.append(f"{statistics.median(ratios):.1f} ({ratios[0]:.1f} to {ratios[-1]:.1f})")
    section.rows.append(row)
