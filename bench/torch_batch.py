# Times a model file in PyTorch on the batch that raspc_batch_bench --write leaves beside it.
#
# Of the ways to write the same thing (attention by hand or in one call, the whole batch or pieces
# that fit the cache) the fastest counts, chosen anew for each model.
import json
import time

import torch

import torch_model

# Sequences that go through the model together.
CHUNKS = (256, 64, 16)


class Workload:
    def __init__(self, folder, name, num_threads):
        torch.set_num_threads(num_threads)
        with open(f"{folder}/{name}.json") as file:
            batch = json.load(file)
        self.outputs = batch["outputs"]
        self.ids = torch.tensor(batch["ids"])
        self.model = torch_model.TorchModel(
            torch_model.ModelFile(f"{folder}/{name}.safetensors"), self.ids.shape[1] + 1
        )
        self.ways = [(fused, chunk) for fused in (False, True) for chunk in CHUNKS]

    def num_tokens(self):
        return self.ids.numel()

    def run(self, way):
        fused, chunk = way
        return torch.cat([self.model.readout(part, fused) for part in self.ids.split(chunk)])

    def wrong_outputs(self, way):
        """How many sequences decode to something else than they should."""
        decoded = self.model.decoded(self.run(way))
        same = lambda a, b: type(a) is type(b) and a == b
        return sum(
            not all(map(same, got, want)) or len(got) != len(want)
            for got, want in zip(decoded, self.outputs)
        )

    def seconds(self, way, at_least=0.2):
        """Of one run: the mean over runs that take `at_least` seconds together."""
        runs, start = 0, time.perf_counter()
        while runs == 0 or time.perf_counter() - start < at_least:
            self.run(way)
            runs += 1
        return (time.perf_counter() - start) / runs

    def fastest_way(self):
        """The way whose quickest run is the quickest; runs each a few times, and so warms up."""
        return min(self.ways, key=lambda way: min(self.seconds(way, 0) for _ in range(5)))


def describe(way):
    fused, chunk = way
    attention = "scaled_dot_product_attention" if fused else "softmax(Q K^T) V"
    return f"{attention}, {chunk} sequences at a time"
