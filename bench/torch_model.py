# Runs a model file in PyTorch, for comparison: the same weights, the way one writes it there.
#
# The heads of a layer are one batch: their projections are concatenated to one matrix (padded with
# zeros where heads differ in size), so that a layer is one product for all queries, keys and values,
# one batched product for the scores, one softmax, and one product each for values and outputs. Masks
# and biases by relative position are one tensor that is added to the scores. Nothing is computed for
# the gradient, ReLU works in place, and the type is the model's own.
#
# Reads the file by itself (docs/model-file.md describes it); needs nothing of raspc.
import json

import torch


class ModelFile:
    """A model file: `about`, its description, and `tensors`, by name."""

    def __init__(self, path):
        with open(path, "rb") as file:
            data = bytearray(file.read())
        size = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + size])
        self.about = json.loads(header.pop("__metadata__")["raspc"])
        types = {"F32": torch.float32, "F64": torch.float64}
        self.tensors = {}
        for name, entry in header.items():
            begin, end = entry["data_offsets"]
            shape = entry["shape"]
            if begin == end:
                self.tensors[name] = torch.zeros(shape, dtype=types[entry["dtype"]])
                continue
            flat = torch.frombuffer(data, dtype=torch.uint8, offset=8 + size + begin, count=end - begin)
            self.tensors[name] = flat.clone().view(types[entry["dtype"]]).reshape(shape)


def _padded(matrix, rows, columns):
    result = matrix.new_zeros(rows, columns)
    result[: matrix.shape[0], : matrix.shape[1]] = matrix
    return result


class _Attention:
    """All heads of a layer for sequences of one length."""

    def __init__(self, file, layer, seq_len):
        heads = file.about["layers"][layer]["heads"]
        part = lambda head, name: file.tensors[f"layers.{layer}.heads.{head}.{name}"]
        d_model = file.about["d_model"]
        count = range(len(heads))
        self.num_heads = len(heads)
        self.head_dim = max(head["head_dim"] for head in heads)
        self.value_dim = max(head["value_dim"] for head in heads)
        queries = [_padded(part(h, "query"), d_model, self.head_dim) for h in count]
        keys = [_padded(part(h, "key"), d_model, self.head_dim) for h in count]
        values = [_padded(part(h, "value"), d_model, self.value_dim) for h in count]
        outputs = [_padded(part(h, "output"), self.value_dim, d_model) for h in count]
        self.project = torch.cat(queries + keys + values, dim=1).contiguous()
        self.output = torch.cat(outputs, dim=0).contiguous()
        self.bias = self._bias(file, heads, part, seq_len)

    def _bias(self, file, heads, part, seq_len):
        """What is added to the scores, [heads, seq_len, seq_len], or None."""
        if all(head["mask"] == "none" and not head.get("relative_bias") for head in heads):
            return None
        dtype = file.tensors["embed.tokens"].dtype
        bias = torch.zeros(len(heads), seq_len, seq_len, dtype=dtype)
        query = torch.arange(seq_len)[:, None]
        key = torch.arange(seq_len)[None, :]
        for h, head in enumerate(heads):
            if head.get("relative_bias"):
                offsets = key - query + file.about["context_length"]
                entries = part(h, "relative_bias")
                bias[h, :, 1:] = entries[offsets.clamp(max=len(entries) - 1)][:, 1:]
            last = {
                "none": query * 0 + seq_len - 1,
                "causal": query,
                "strictly_causal": (query - 1).clamp(min=0),
            }[head["mask"]]
            bias[h][key > last] = -torch.inf
        return bias

    def _split(self, features):
        batch, seq_len, _ = features.shape
        sizes = [self.num_heads * self.head_dim] * 2 + [self.num_heads * self.value_dim]
        for part, size in zip(features.split(sizes, dim=-1), (self.head_dim, self.head_dim, self.value_dim)):
            yield part.view(batch, seq_len, self.num_heads, size).transpose(1, 2)

    def added(self, x, fused):
        batch, seq_len, d_model = x.shape
        features = (x.view(-1, d_model) @ self.project).view(batch, seq_len, -1)
        query, key, value = self._split(features)
        if fused:
            mixed = torch.nn.functional.scaled_dot_product_attention(
                query, key, value, attn_mask=self.bias, scale=1.0
            )
        else:
            scores = query @ key.transpose(-1, -2)
            if self.bias is not None:
                scores += self.bias
            mixed = torch.softmax(scores, dim=-1) @ value
        return mixed.transpose(1, 2).reshape(batch * seq_len, -1) @ self.output


class TorchModel:
    """A model for batches of sequences of one length, BOS included in `seq_len`."""

    def __init__(self, file, seq_len):
        self.about = file.about
        self.tensors = file.tensors
        self.embed = file.tensors["embed.tokens"]
        self.positions = file.tensors["embed.positions"][:seq_len].contiguous()
        self.attentions = [
            _Attention(file, number, seq_len) if layer["heads"] else None
            for number, layer in enumerate(file.about["layers"])
        ]
        self.mlps = [
            [file.tensors[f"layers.{number}.mlp.{part}"] for part in ("in", "in_bias", "out", "out_bias")]
            if layer["d_mlp"]
            else None
            for number, layer in enumerate(file.about["layers"])
        ]

    @torch.inference_mode()
    def readout(self, ids, fused=False):
        """[batch, seq_len - 1] token ids to [batch, seq_len - 1, readout_dim]."""
        bos = ids.new_full((ids.shape[0], 1), len(self.about["vocabulary"]))
        x = self.embed[torch.cat([bos, ids], dim=1)]
        x += self.positions
        flat = x.view(-1, x.shape[-1])
        for attention, mlp in zip(self.attentions, self.mlps):
            if attention is not None:
                flat += attention.added(x, fused)
            if mlp is not None:
                weights_in, bias_in, weights_out, bias_out = mlp
                hidden = torch.addmm(bias_in, flat, weights_in).relu_()
                flat += torch.addmm(bias_out, hidden, weights_out)
        result = torch.addmm(self.tensors["readout.bias"], flat, self.tensors["readout.weight"])
        return result.view(x.shape[0], x.shape[1], -1)[:, 1:]

    def decoded(self, readout):
        """[batch, length, readout_dim] to lists of values as JSON has them, [batch][length]."""
        decoding = self.about["decoding"]
        values = decoding["values"]
        if decoding["kind"] == "raw":
            return readout[..., 0].tolist()
        if decoding["kind"] == "number":
            typed = {0: round, 1: float, 2: lambda number: number >= 0.5}
            return [
                [typed[t](n) if t in typed else values[t - 3] for n, t in zip(row[0], row[1])]
                for row in zip(readout[..., 0].tolist(), readout[..., 1].round().int().tolist())
            ]
        if decoding["kind"] == "argmax":
            indices = readout.argmax(dim=-1)
        else:
            codes = torch.tensor(decoding["codes"], dtype=torch.float64)
            middles = (codes[1:] + codes[:-1]) / 2  # a tie goes to the lower code
            indices = torch.bucketize(readout[..., 0].double().contiguous(), middles)
        return [[values[i] for i in row] for row in indices.tolist()]
