# All inputs up to a length, in batches beside one at a time.
import statistics

from compare_tools import Section, google_benchmark, tidy

BENCH = "raspc_short_bench"
PROGRAMS = ("parity", "dyck1")


def measure(arguments, name):
    """Tokens per second, by kind, of one round."""
    options = ["--threads", str(arguments.threads)]
    wanted = f"^((batch|single|decoded|decoded_single)/{name}/dense|interpreter/{name})/"
    found = google_benchmark(arguments, BENCH, wanted, options, min_time=0.1)
    return {key.split("/")[0]: entry["items_per_second"] for key, entry in found.items()}


def run(arguments):
    section = Section(
        f"All inputs up to length 16 through dense, {arguments.threads} threads, tokens per second", []
    )
    section.header = ["program", "batches", "one by one", "ratio", "decoded: batches", "one by one", "ratio"]
    section.header.append("interpreter")
    for name in PROGRAMS:
        rounds = [measure(arguments, name) for _ in range(arguments.rounds)]
        rates = {key: [r[key] for r in rounds] for key in rounds[0]}
        section.figures[name] = rates
        row = [name]
        for batch, single in (("batch", "single"), ("decoded", "decoded_single")):
            ratios = [a / b for a, b in zip(rates[batch], rates[single])]
            row += [tidy(statistics.median(rates[key])) for key in (batch, single)]
            row.append(f"{statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})")
        row.append(tidy(statistics.median(rates["interpreter"])))
        section.rows.append(row)
    return section
