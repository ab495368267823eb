// Writes model files; docs/model-file.md describes the layout.
//
// The JSON is written by hand rather than from a document: the order of the keys and the form of
// every number are then ours, so equal models give equal bytes whatever the library version.
#include <fmt/format.h>

#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>

#include "base/files.h"
#include "runtime/model/model_file.h"
#include "runtime/model/tensor_list.h"

namespace raspc {
namespace {

static_assert(std::endian::native == std::endian::little, "the weights are copied as they are");

std::string Number(double value) { return ToJson(Atom(value)); }

std::string_view Bool(bool value) { return value ? "true" : "false"; }

// `[a, b]`, where `item` writes each element.
template <typename Range, typename Item>
std::string Array(const Range& range, Item item) {
  std::string out = "[";
  for (const auto& element : range) {
    if (out.size() > 1) out += ", ";
    out += item(element);
  }
  return out + "]";
}

std::string HeadText(const Head& head) {
  return fmt::format(
      R"({{"label": {}, "line": {}, "mask": "{}", "head_dim": {}, "value_dim": {}{}}})",
      QuoteJson(head.label), head.line, NameOf(head.mask), head.query.cols(), head.value.cols(),
      head.relative_bias.size() > 0 ? R"(, "relative_bias": true)" : "");
}

std::string LayerText(const Layer& layer) {
  const auto group = [](const NeuronGroup& g) {
    return fmt::format(R"({{"label": {}, "line": {}, "count": {}}})", QuoteJson(g.label), g.line,
                       g.count);
  };
  return fmt::format(R"({{"heads": {}, "d_mlp": {}, "neurons": {}}})", Array(layer.heads, HeadText),
                     layer.mlp.in_bias.size(), Array(layer.mlp.groups, group));
}

std::string FrameText(const InputFrame& frame) {
  std::string padding = "null";
  if (frame.padding) {
    padding = fmt::format(R"({{"token": {}, "count": {}}})", ToJson(frame.padding->token),
                          QuoteJson(frame.padding->count.Text()));
  }
  return fmt::format(R"({{"append": {}, "padding": {}}})", ToJson(frame.append), padding);
}

std::string GenerationText(const std::optional<GenerationRule>& rule) {
  if (!rule) return "null";
  return fmt::format(R"({{"stop": {}, "max_steps": {}}})", ToJson(rule->stop), rule->max_steps);
}

std::string_view KindName(OutputDecoding::Kind kind) {
  switch (kind) {
    case OutputDecoding::Kind::kNearest:
      return "nearest";
    case OutputDecoding::Kind::kArgmax:
      return "argmax";
    case OutputDecoding::Kind::kRaw:
      return "raw";
    case OutputDecoding::Kind::kNumber:
      return "number";
  }
  return "?";
}

std::string DecodingText(const OutputDecoding& decoding) {
  return fmt::format(R"({{"kind": "{}", "values": {}, "codes": {}}})", KindName(decoding.kind),
                     ToJson(decoding.values), Array(decoding.codes, Number));
}

std::string CertificateText(const Certificate& certificate) {
  const auto entry = [](const Certificate::Entry& e) {
    // JSON has no infinity; null stands for an infinite margin.
    return fmt::format(R"({{"label": {}, "error_bound": {}, "margin": {}}})", QuoteJson(e.label),
                       Number(e.error_bound), std::isinf(e.margin) ? "null" : Number(e.margin));
  };
  return fmt::format(R"({{"exact_to_length": {}, "entries": {}}})", certificate.exact_to_length,
                     Array(certificate.entries, entry));
}

std::string CodesText(const ValueCodes& list) {
  const auto code = [](double c) { return std::isnan(c) ? std::string("null") : Number(c); };
  const auto direction = [&](const ValueCodes::Direction& d) {
    return fmt::format(R"({{"direction": {}, "codes": {}}})", d.direction, Array(d.codes, code));
  };
  return fmt::format(R"({{"of": {}, "line": {}, "values": {}, "directions": {}}})",
                     QuoteJson(list.of), list.line, ToJson(list.values),
                     Array(list.directions, direction));
}

// Everything about the model that is not a tensor.
std::string DescriptionText(const Model& model) {
  std::string out = "{";
  const auto field = [&](std::string_view key, std::string_view value) {
    if (out.size() > 1) out += ", ";
    out += fmt::format("\"{}\": {}", key, value);
  };
  const auto number = [](std::int64_t value) { return std::to_string(value); };
  field("name", QuoteJson(model.name));
  field("target", QuoteJson(NameOf(model.target)));
  field("dtype", QuoteJson(NameOf(model.dtype)));
  field("causal", Bool(model.causal));
  if (model.arithmetic != ArithmeticKind::kFloat) {
    field("arithmetic", QuoteJson(NameOf(model.arithmetic)));
  }
  field("vocabulary", ToJson(model.vocabulary));
  field("alphabet", ToJson(model.alphabet));
  field("max_length", number(model.max_length));
  field("context_length", number(model.context_length));
  field("frame", FrameText(model.frame));
  field("generation", GenerationText(model.generation));
  field("d_model", number(model.d_model()));
  field("layers", Array(model.layers, LayerText));
  field("decoding", DecodingText(model.decoding));
  field("residual_labels",
        Array(model.residual_labels, [](const std::string& label) { return QuoteJson(label); }));
  field("residual_lines", Array(model.residual_lines, number));
  field("value_codes", Array(model.value_codes, CodesText));
  field("certificate", CertificateText(model.certificate));
  return out + "}";
}

// The safetensors header: the metadata, then each tensor with its place in the buffer. Padded with
// spaces to a multiple of 8, so that the weights are aligned in a memory-mapped file.
std::string HeaderText(const Model& model, const TensorSizes& sizes) {
  const bool narrow = model.dtype == DType::kFloat32;
  std::string out =
      fmt::format(R"({{"__metadata__":{{"format":"raspc","version":"{}","raspc":{}}})",
                  kModelFileVersion, QuoteJson(DescriptionText(model)));
  std::int64_t offset = 0;
  const auto entry = [&](const std::string& name, const std::string& shape, std::int64_t size) {
    const std::int64_t end = offset + size * (narrow ? 4 : 8);
    out += fmt::format(R"(,{}:{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})",
                       QuoteJson(name), narrow ? "F32" : "F64", shape, offset, end);
    offset = end;
  };
  VisitTensors(
      sizes, model,
      [&](const std::string& name, std::int64_t rows, std::int64_t columns, const Matrix&) {
        entry(name, fmt::format("{},{}", rows, columns), rows * columns);
      },
      [&](const std::string& name, std::int64_t size, const Vector&) {
        entry(name, std::to_string(size), size);
      });
  out += "}";
  out.resize((out.size() + 7) / 8 * 8, ' ');
  return out;
}

template <typename T>
void AppendWeights(const double* weights, std::int64_t count, std::string& out) {
  const std::size_t start = out.size();
  out.resize(start + static_cast<std::size_t>(count) * sizeof(T));
  char* to = out.data() + start;
  for (std::int64_t i = 0; i < count; ++i, to += sizeof(T)) {
    const T weight = static_cast<T>(weights[i]);
    std::memcpy(to, &weight, sizeof(T));
  }
}

}  // namespace

TensorSizes TensorSizesOf(const Model& model) {
  TensorSizes sizes;
  sizes.num_tokens = model.token_embedding.rows();
  sizes.num_positions = model.position_embedding.rows();
  sizes.d_model = model.token_embedding.cols();
  sizes.readout_dim = model.readout.cols();
  for (const Layer& layer : model.layers) {
    TensorSizes::LayerSizes& layer_sizes = sizes.layers.emplace_back();
    layer_sizes.d_mlp = layer.mlp.in_bias.size();
    for (const Head& head : layer.heads) {
      layer_sizes.heads.push_back(
          {head.query.cols(), head.value.cols(), head.relative_bias.size()});
    }
  }
  return sizes;
}

std::string SerializeModel(const Model& model) {
  assert(RunsLayersAsListed(model));
  const TensorSizes sizes = TensorSizesOf(model);
  const std::string header = HeaderText(model, sizes);
  const bool narrow = model.dtype == DType::kFloat32;
  std::int64_t num_weights = 0;
  const auto count = [&](const auto& tensor) { num_weights += tensor.size(); };
  VisitTensors(
      sizes, model, [&](auto&&, auto, auto, const Matrix& m) { count(m); },
      [&](auto&&, auto, const Vector& v) { count(v); });

  std::string out;
  out.reserve(8 + header.size() + static_cast<std::size_t>(num_weights) * (narrow ? 4 : 8));
  const std::uint64_t header_bytes = header.size();
  out.append(reinterpret_cast<const char*>(&header_bytes), sizeof header_bytes);
  out += header;
  const auto append = [&](const auto& tensor) {
    if (narrow) {
      AppendWeights<float>(tensor.data(), tensor.size(), out);
    } else {
      AppendWeights<double>(tensor.data(), tensor.size(), out);
    }
  };
  VisitTensors(
      sizes, model, [&](auto&&, auto, auto, const Matrix& m) { append(m); },
      [&](auto&&, auto, const Vector& v) { append(v); });
  return out;
}

bool WriteModelFile(const Model& model, const std::string& path, Diagnostics& diag) {
  if (const std::optional<std::string> problem = CheckModel(model)) {
    diag.Error(ErrorKind::kInternal, {},
               fmt::format("internal error: the model for '{}' is invalid: {}", path, *problem));
    return false;
  }
  if (!RunsLayersAsListed(model)) {
    diag.Error(ErrorKind::kFile, {},
               fmt::format("cannot write the model to '{}': it has its own layer order, which "
                           "files of version {} cannot hold",
                           path, kModelFileVersion));
    return false;
  }
  return WriteFile(path, SerializeModel(model), diag);
}

}  // namespace raspc
