// Names, figures and invariants of models.
//
// CheckModel is a list of small checks, each of which returns the first thing it finds wrong; a
// model that passes all of them can be run by every engine and stored without loss.
#include "runtime/model/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <unordered_set>
#include <utility>

#include "runtime/model/targets.h"

namespace raspc {
namespace {

template <typename Enum, std::size_t N>
using NameTable = std::array<std::pair<Enum, std::string_view>, N>;

constexpr NameTable<DType, 2> kDTypes = {
    {{DType::kFloat32, "float32"}, {DType::kFloat64, "float64"}}};
constexpr NameTable<Target, 3> kTargets = {
    {{Target::kEncoder, "encoder"}, {Target::kDecoder, "decoder"}, {Target::kMasked, "masked"}}};
constexpr NameTable<HeadMask, 3> kMasks = {{{HeadMask::kNone, "none"},
                                            {HeadMask::kCausal, "causal"},
                                            {HeadMask::kStrictlyCausal, "strictly_causal"}}};

template <typename Enum, std::size_t N>
std::string_view Lookup(const NameTable<Enum, N>& table, Enum value) {
  for (const auto& [entry, name] : table) {
    if (entry == value) return name;
  }
  return "?";
}

template <typename Enum, std::size_t N>
std::optional<Enum> ReverseLookup(const NameTable<Enum, N>& table, std::string_view name) {
  for (const auto& [entry, entry_name] : table) {
    if (entry_name == name) return entry;
  }
  return std::nullopt;
}

using Problem = std::optional<std::string>;
using AtomSet = std::unordered_set<Atom, IdentityHash, IdentityEqual>;

// Sequence positions and tensor sides are ints in the engines.
constexpr std::int64_t kMaxSide = std::numeric_limits<int>::max() - 1;

std::span<const double> Entries(const Matrix& m) {
  return {m.data(), static_cast<std::size_t>(m.size())};
}
std::span<const double> Entries(const Vector& v) {
  return {v.data(), static_cast<std::size_t>(v.size())};
}

// Whether the weight is a finite number of the type. Converting a double beyond the float range
// is undefined, so the range is checked first.
bool Fits(double weight, DType dtype) {
  if (!std::isfinite(weight)) return false;
  if (dtype == DType::kFloat64) return true;
  if (std::abs(weight) > static_cast<double>(std::numeric_limits<float>::max())) return false;
  return static_cast<double>(static_cast<float>(weight)) == weight;
}

Problem CheckWeights(std::span<const double> weights, DType dtype, std::string_view name) {
  for (const double weight : weights) {
    if (Fits(weight, dtype)) continue;
    return fmt::format("{} has the entry {}, which is not a finite {} number", name, weight,
                       NameOf(dtype));
  }
  return std::nullopt;
}

Problem CheckMatrix(const Matrix& m, std::int64_t rows, std::int64_t columns, DType dtype,
                    std::string_view name) {
  if (m.rows() != rows || m.cols() != columns) {
    return fmt::format("{} is {} by {}, but must be {} by {}", name, m.rows(), m.cols(), rows,
                       columns);
  }
  return CheckWeights(Entries(m), dtype, name);
}

Problem CheckVector(const Vector& v, std::int64_t size, DType dtype, std::string_view name) {
  if (v.size() != size) {
    return fmt::format("{} has {} entries, but must have {}", name, v.size(), size);
  }
  return CheckWeights(Entries(v), dtype, name);
}

Problem CheckAtom(const Atom& atom) {
  if (const auto* number = std::get_if<Float>(&atom)) {
    if (!std::isfinite(number->nearest())) {
      return fmt::format("the float {} is not finite", number->nearest());
    }
    if (!number->IsDouble()) return fmt::format("{} is a fraction", number->exact().ToText());
  }
  if (const auto* text = std::get_if<std::string>(&atom)) {
    if (FindInvalidUtf8(*text) != std::string_view::npos) {
      return fmt::format("the string {} is not valid UTF-8", QuoteJson(*text));
    }
  }
  return std::nullopt;
}

// Puts the atoms into `set`; each must be valid and new.
Problem CheckDistinct(const std::vector<Atom>& atoms, std::string_view name, AtomSet& set) {
  for (const Atom& atom : atoms) {
    if (Problem problem = CheckAtom(atom)) return fmt::format("{}: {}", name, *problem);
    if (!set.insert(atom).second) return fmt::format("{} has {} twice", name, ToJson(atom));
  }
  return std::nullopt;
}

Problem CheckWithin(const std::vector<Atom>& atoms, std::string_view name, const AtomSet& vocab) {
  for (const Atom& atom : atoms) {
    if (vocab.contains(atom)) continue;
    return fmt::format("{} has {}, which is not in the vocabulary", name, ToJson(atom));
  }
  return std::nullopt;
}

Problem CheckTokens(const Model& model) {
  if (model.vocabulary.empty()) return "the vocabulary is empty";
  if (model.alphabet.empty()) return "the alphabet is empty";
  AtomSet vocab, alphabet;
  if (Problem p = CheckDistinct(model.vocabulary, "the vocabulary", vocab)) return p;
  if (Problem p = CheckDistinct(model.alphabet, "the alphabet", alphabet)) return p;
  if (Problem p = CheckWithin(model.alphabet, "the alphabet", vocab)) return p;
  if (Problem p = CheckWithin(model.frame.append, "what is appended", vocab)) return p;
  if (model.frame.padding) {
    if (Problem p = CheckWithin({model.frame.padding->token}, "the padding", vocab)) return p;
  }
  if (!model.generation) return std::nullopt;
  AtomSet stop;
  if (Problem p = CheckDistinct(model.generation->stop, "the stop tokens", stop)) return p;
  return CheckWithin(model.generation->stop, "the stop tokens", vocab);
}

Problem CheckName(const Model& model) {
  if (IsName(model.name)) return std::nullopt;
  return fmt::format("its name {} is not a valid identifier", QuoteJson(model.name));
}

// Every input from the shortest to max_length must fit, with what is appended and what is
// generated, of which the last token is not read back.
Problem CheckRoom(const Model& model) {
  const InputFrame& frame = model.frame;
  const std::int64_t steps =
      model.generation ? std::max<std::int64_t>(model.generation->max_steps - 1, 0) : 0;
  if (steps > model.context_length) {
    return fmt::format("max_steps is {}, and context_length only {}", steps + 1,
                       model.context_length);
  }
  // Without padding, the longest input takes the most space.
  const std::int64_t shortest = frame.padding ? frame.ShortestInput() : model.max_length;
  for (std::int64_t n = shortest; n <= model.max_length; ++n) {
    const std::optional<std::int64_t> length = frame.LengthFor(n);
    if (!length) {
      return fmt::format("max_length is {}, but an input of {} tokens cannot be padded by {}",
                         model.max_length, n, frame.padding->count.Text());
    }
    if (*length + steps <= model.context_length) continue;
    return fmt::format(
        "max_length is {}, but an input of {} tokens takes {} with what is appended, padded and "
        "generated, and context_length is {}",
        model.max_length, n, *length + steps, model.context_length);
  }
  return std::nullopt;
}

Problem CheckLengths(const Model& model) {
  if (model.max_length < 1) return fmt::format("max_length is {}", model.max_length);
  if (model.context_length < model.max_length) {
    return fmt::format("context_length is {}, below the max_length of {}", model.context_length,
                       model.max_length);
  }
  if (model.context_length > kMaxSide) {
    return fmt::format("context_length is {}, above {}", model.context_length, kMaxSide);
  }
  if (model.generation && model.generation->max_steps < 0) {
    return fmt::format("max_steps is {}", model.generation->max_steps);
  }
  return CheckRoom(model);
}

Problem CheckEmbeddings(const Model& model) {
  const std::int64_t d_model = model.token_embedding.cols();
  if (d_model < 1) return "the residual stream has no directions";
  const auto tokens = static_cast<std::int64_t>(model.vocabulary.size()) + 1;
  if (Problem p =
          CheckMatrix(model.token_embedding, tokens, d_model, model.dtype, "the token embedding")) {
    return p;
  }
  if (Problem p = CheckMatrix(model.position_embedding, model.context_length + 1, d_model,
                              model.dtype, "the position embedding")) {
    return p;
  }
  if (static_cast<std::int64_t>(model.residual_labels.size()) != d_model) {
    return fmt::format("there are {} residual labels for {} directions",
                       model.residual_labels.size(), d_model);
  }
  if (!model.residual_lines.empty() &&
      static_cast<std::int64_t>(model.residual_lines.size()) != d_model) {
    return fmt::format("there are {} residual lines for {} directions", model.residual_lines.size(),
                       d_model);
  }
  for (const std::int64_t line : model.residual_lines) {
    if (line < 0) return fmt::format("a residual line is {}", line);
  }
  return std::nullopt;
}

Problem CheckHead(const Head& head, const Model& model, std::string_view name) {
  if (head.line < 0) return fmt::format("{} is in line {}", name, head.line);
  const std::int64_t d_model = model.d_model();
  const std::int64_t head_dim = head.query.cols(), value_dim = head.value.cols();
  const DType dtype = model.dtype;
  const auto part = [&](std::string_view what) { return fmt::format("{}.{}", name, what); };
  if (Problem p = CheckMatrix(head.query, d_model, head_dim, dtype, part("query"))) return p;
  if (Problem p = CheckMatrix(head.key, d_model, head_dim, dtype, part("key"))) return p;
  if (Problem p = CheckMatrix(head.value, d_model, value_dim, dtype, part("value"))) return p;
  if (Problem p = CheckMatrix(head.output, value_dim, d_model, dtype, part("output"))) return p;
  if (head.relative_bias.size() > 0) {
    if (model.target != Target::kMasked) {
      return fmt::format("{} has a relative bias, which the target '{}' does not allow", name,
                         NameOf(model.target));
    }
    const std::int64_t size = RelativeBiasSize(head.mask, model.context_length);
    if (Problem p = CheckVector(head.relative_bias, size, dtype, part("relative_bias"))) return p;
  }
  const bool masked = head.mask != HeadMask::kNone;
  if (model.causal && !masked) {
    return fmt::format("{} has no mask in a model that is causal", name);
  }
  const bool fits_target =
      model.target == Target::kMasked ||
      head.mask == (model.target == Target::kDecoder ? HeadMask::kCausal : HeadMask::kNone);
  if (fits_target) return std::nullopt;
  return fmt::format("{} has the mask '{}', which the target '{}' does not allow", name,
                     NameOf(head.mask), NameOf(model.target));
}

Problem CheckGroups(const Mlp& mlp, std::string_view name) {
  std::int64_t left = mlp.in_bias.size();
  for (const NeuronGroup& group : mlp.groups) {
    if (group.line < 0) return fmt::format("{} has a group in line {}", name, group.line);
    if (group.count < 1 || group.count > left) {
      return fmt::format("{} has a group of {} neurons, where {} are left", name, group.count,
                         left);
    }
    left -= group.count;
  }
  if (mlp.groups.empty() || left == 0) return std::nullopt;
  return fmt::format("{} has {} neurons in no group", name, left);
}

Problem CheckMlp(const Mlp& mlp, const Model& model, std::string_view name) {
  if (Problem p = CheckGroups(mlp, name)) return p;
  const std::int64_t d_model = model.d_model(), d_mlp = mlp.in_bias.size();
  const auto part = [&](std::string_view what) { return fmt::format("{}.{}", name, what); };
  if (d_mlp == 0) {
    if (mlp.in.size() != 0 || mlp.out.size() != 0) {
      return fmt::format("{} has weights but no biases", name);
    }
    if ((mlp.out_bias.array() != 0).any()) {
      return fmt::format("{} has no neurons but an out_bias that is not zero", name);
    }
    return std::nullopt;
  }
  if (Problem p = CheckMatrix(mlp.in, d_model, d_mlp, model.dtype, part("in"))) return p;
  if (Problem p = CheckVector(mlp.in_bias, d_mlp, model.dtype, part("in_bias"))) return p;
  if (Problem p = CheckMatrix(mlp.out, d_mlp, d_model, model.dtype, part("out"))) return p;
  return CheckVector(mlp.out_bias, d_model, model.dtype, part("out_bias"));
}

Problem CheckLayers(const Model& model) {
  if (model.target == Target::kDecoder && !model.causal) return "a decoder must be causal";
  for (std::size_t l = 0; l < model.layers.size(); ++l) {
    const Layer& layer = model.layers[l];
    for (std::size_t h = 0; h < layer.heads.size(); ++h) {
      const std::string name = fmt::format("layers.{}.heads.{}", l, h);
      if (Problem p = CheckHead(layer.heads[h], model, name)) return p;
    }
    if (Problem p = CheckMlp(layer.mlp, model, fmt::format("layers.{}.mlp", l))) return p;
  }
  return std::nullopt;
}

Problem CheckLayerOrder(const Model& model) {
  const int num_layers = static_cast<int>(model.layers.size());
  std::vector<bool> runs(model.layers.size(), false);
  for (const int layer : LayerOrder(model)) {
    if (layer < 0 || layer >= num_layers) {
      return fmt::format("its layer order has layer {}, but there are {}", layer, num_layers);
    }
    runs[static_cast<std::size_t>(layer)] = true;
  }
  const auto idle = std::find(runs.begin(), runs.end(), false);
  if (idle == runs.end()) return std::nullopt;
  return fmt::format("layer {} never runs", idle - runs.begin());
}

Problem CheckCodes(const OutputDecoding& decoding) {
  const std::size_t num_codes = decoding.codes.size();
  const bool wanted = decoding.kind == OutputDecoding::Kind::kNearest;
  if (num_codes != (wanted ? decoding.values.size() : 0)) {
    return fmt::format("the decoding has {} codes for {} values", num_codes,
                       decoding.values.size());
  }
  for (std::size_t i = 0; i < num_codes; ++i) {
    if (!std::isfinite(decoding.codes[i])) return "a code of the decoding is not finite";
    if (i > 0 && !(decoding.codes[i - 1] < decoding.codes[i])) {
      return fmt::format("the codes of the decoding do not rise: {} comes before {}",
                         decoding.codes[i - 1], decoding.codes[i]);
    }
  }
  return std::nullopt;
}

Problem CheckCodesOf(const ValueCodes& list, const Model& model, std::vector<bool>& is_listed) {
  const std::string of = QuoteJson(list.of);
  if (list.line < 0) return fmt::format("the codes of {} are in line {}", of, list.line);
  AtomSet values;
  for (const Atom& value : list.values) {
    if (Problem p = CheckAtom(value)) return fmt::format("the codes of {}: {}", of, *p);
    if (!values.insert(value).second) {
      return fmt::format("the codes of {} name {} twice", of, ToJson(value));
    }
  }
  for (const auto& [direction, codes] : list.directions) {
    if (direction < 0 || direction >= model.d_model()) {
      return fmt::format("the codes of {} are of direction {}, where there are {}", of, direction,
                         model.d_model());
    }
    if (is_listed[static_cast<std::size_t>(direction)]) {
      return fmt::format("direction {} has codes twice", direction);
    }
    is_listed[static_cast<std::size_t>(direction)] = true;
    if (codes.size() != list.values.size()) {
      return fmt::format("direction {} has {} codes for {} values of {}", direction, codes.size(),
                         list.values.size(), of);
    }
    for (const double code : codes) {
      if (std::isinf(code)) return fmt::format("direction {} has an infinite code", direction);
    }
  }
  return std::nullopt;
}

Problem CheckValueCodes(const Model& model) {
  std::vector<bool> is_listed(static_cast<std::size_t>(model.d_model()));
  for (const ValueCodes& list : model.value_codes) {
    if (Problem p = CheckCodesOf(list, model, is_listed)) return p;
  }
  return std::nullopt;
}

Problem CheckReadout(const Model& model) {
  const OutputDecoding& decoding = model.decoding;
  const auto num_values = static_cast<std::int64_t>(decoding.values.size());
  const bool raw = decoding.kind == OutputDecoding::Kind::kRaw;
  const bool number = decoding.kind == OutputDecoding::Kind::kNumber;
  if (raw && num_values != 0) return "a raw decoding lists values";
  if (!raw && !number && num_values == 0) return "the decoding lists no values";
  for (const Atom& value : decoding.values) {
    if (Problem p = CheckAtom(value)) return fmt::format("the decoding: {}", *p);
  }
  if (Problem p = CheckCodes(decoding)) return p;
  const std::int64_t dim = ReadoutDim(decoding);
  if (Problem p = CheckMatrix(model.readout, model.d_model(), dim, model.dtype, "the readout")) {
    return p;
  }
  return CheckVector(model.readout_bias, dim, model.dtype, "the readout's bias");
}

Problem CheckCertificate(const Model& model) {
  const Certificate& certificate = model.certificate;
  if (certificate.exact_to_length < 0 || certificate.exact_to_length > model.max_length) {
    return fmt::format("exact_to_length is {}, where max_length is {}", certificate.exact_to_length,
                       model.max_length);
  }
  for (const Certificate::Entry& entry : certificate.entries) {
    // Written so that NaN fails. A margin may be infinite: then nothing depends on the value.
    const bool fine =
        entry.error_bound >= 0 && std::isfinite(entry.error_bound) && entry.margin >= 0;
    if (fine && (entry.error_bound <= entry.margin || certificate.exact_to_length == 0)) continue;
    return fmt::format("the certificate of {} has the bound {} and the margin {}",
                       QuoteJson(entry.label), entry.error_bound, entry.margin);
  }
  return std::nullopt;
}

std::int64_t NumNonzeros(std::span<const double> weights) {
  return std::count_if(weights.begin(), weights.end(), [](double w) { return w != 0; });
}

}  // namespace

std::string_view NameOf(DType dtype) { return Lookup(kDTypes, dtype); }
std::string_view NameOf(Target target) { return Lookup(kTargets, target); }
std::vector<Target> AllTargets() {
  std::vector<Target> all;
  for (const auto& [target, name] : kTargets) all.push_back(target);
  return all;
}
std::string_view NameOf(HeadMask mask) { return Lookup(kMasks, mask); }
std::optional<DType> DTypeNamed(std::string_view name) { return ReverseLookup(kDTypes, name); }
std::optional<Target> TargetNamed(std::string_view name) { return ReverseLookup(kTargets, name); }
std::optional<HeadMask> HeadMaskNamed(std::string_view name) { return ReverseLookup(kMasks, name); }

bool IsName(std::string_view text) {
  const auto is_letter = [](char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  return !text.empty() && is_letter(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9');
  });
}

std::int64_t ReadoutDim(const OutputDecoding& decoding) {
  switch (decoding.kind) {
    case OutputDecoding::Kind::kArgmax:
      return static_cast<std::int64_t>(decoding.values.size());
    case OutputDecoding::Kind::kNumber:
      return 2;
    case OutputDecoding::Kind::kNearest:
    case OutputDecoding::Kind::kRaw:
      return 1;
  }
  return 1;
}

std::int64_t RelativeBiasSize(HeadMask mask, std::int64_t context_length) {
  return mask == HeadMask::kNone ? 2 * context_length + 1 : context_length + 1;
}

Decisions DecisionsOf(const Certificate& certificate) {
  Decisions decisions;
  for (const Certificate::Entry& entry : certificate.entries) {
    if (std::isinf(entry.margin)) continue;
    ++decisions.count;
    const Certificate::Entry*& closest = decisions.closest;
    // Compares the fractions of the margins that are used up, without dividing by a margin of 0.
    if (closest == nullptr ||
        entry.error_bound * closest->margin > closest->error_bound * entry.margin) {
      closest = &entry;
    }
  }
  return decisions;
}

std::vector<std::string> NeuronNames(const Mlp& mlp) {
  std::vector<std::string> names;
  for (const NeuronGroup& group : mlp.groups) {
    for (std::int64_t i = 0; i < group.count; ++i) {
      names.push_back(fmt::format("{} {}", group.label, i));
    }
  }
  return names;
}

ModelSizes SizesOf(const Model& model) {
  ModelSizes sizes;
  const auto count = [&](const auto& tensor) {
    sizes.parameters += tensor.size();
    sizes.nonzeros += NumNonzeros(Entries(tensor));
  };
  const auto largest = [](int& figure, std::int64_t value) {
    figure = std::max(figure, static_cast<int>(value));
  };
  sizes.layers = static_cast<int>(model.layers.size());
  sizes.d_model = model.d_model();
  count(model.token_embedding);
  count(model.position_embedding);
  for (const Layer& layer : model.layers) {
    largest(sizes.heads, static_cast<std::int64_t>(layer.heads.size()));
    for (const Head& head : layer.heads) {
      largest(sizes.head_dim, std::max(head.query.cols(), head.value.cols()));
      for (const Matrix* m : {&head.query, &head.key, &head.value, &head.output}) count(*m);
      count(head.relative_bias);
    }
    const std::int64_t d_mlp = layer.mlp.in_bias.size();
    largest(sizes.d_mlp, d_mlp);
    if (d_mlp == 0) continue;  // such an MLP is not stored
    for (const Matrix* m : {&layer.mlp.in, &layer.mlp.out}) count(*m);
    for (const Vector* v : {&layer.mlp.in_bias, &layer.mlp.out_bias}) count(*v);
  }
  count(model.readout);
  count(model.readout_bias);
  return sizes;
}

std::vector<int> LayerOrder(const Model& model) {
  if (!model.layer_order.empty()) return model.layer_order;
  std::vector<int> plain(model.layers.size());
  std::iota(plain.begin(), plain.end(), 0);
  return plain;
}

bool RunsLayersAsListed(const Model& model) {
  std::vector<int> order = LayerOrder(model);
  return order.size() == model.layers.size() && std::is_sorted(order.begin(), order.end());
}

std::optional<std::string> CheckModel(const Model& model) {
  for (const auto check : {CheckName, CheckTokens, CheckLengths, CheckEmbeddings, CheckLayers,
                           CheckLayerOrder, CheckReadout, CheckValueCodes, CheckCertificate}) {
    if (Problem problem = check(model)) return problem;
  }
  return std::nullopt;
}

}  // namespace raspc
