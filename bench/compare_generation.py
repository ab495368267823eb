# Generation through sessions on one core.
import statistics

from compare_tools import Section, google_benchmark, tidy

BENCH = "raspc_generation_bench"
PUBLISHED = 77_000  # tokens per second of a hull-indexed cache on such a synthetic model


def run(arguments):
    rounds = [google_benchmark(arguments, BENCH, "", min_time=0.1) for _ in range(arguments.rounds)]
    section = Section("Tokens generated per second, one core", ["what", "median", "lowest", "highest"])
    steps = {}
    for name in rounds[0]:
        entries = [found[name] for found in rounds]
        if name.startswith("step/"):
            steps[int(name.split("/")[2])] = [entry["real_time"] for entry in entries]
            continue
        rates = [entry["items_per_second"] for entry in entries]
        section.figures[name] = rates
        section.rows.append([name, *(tidy(f(rates)) for f in (statistics.median, min, max))])
    for context, times in sorted(steps.items()):
        section.figures[f"step_ns/{context}"] = times
        texts = (f"{f(times):.0f} ns" for f in (statistics.median, min, max))
        section.rows.append([f"a step at context {context}", *texts])
    ratios = [b / a for a, b in zip(*(steps[context] for context in sorted(steps)))]
    section.notes.append(f"a step at the longer context costs {statistics.median(ratios):.2f} times as much")
    section.notes.append(f"synthetic: a published engine does {tidy(PUBLISHED)} on one core of such a machine")
    return section
