// Reads model files; docs/model-file.md describes the layout.
//
// Nothing in the file is trusted before it has been checked against the rest: the header's length
// against the file's, the tensors' offsets against the buffer and one another, their shapes against
// the sizes in the description, and the finished model by CheckModel. Memory is allocated only for
// data that exists: a tensor after its shape has been found to match its bytes, and a header is
// scanned for depth and number of values before it becomes a JSON document.
//
// Inside this file a problem is thrown as Malformed; the two entry points turn it into a
// diagnostic.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <new>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/json_text.h"
#include "runtime/model/model_file.h"
#include "runtime/model/tensor_list.h"

namespace raspc {
namespace {

using Json = nlohmann::json;

static_assert(std::endian::native == std::endian::little, "the weights are copied as they are");

constexpr std::uint64_t kLengthBytes = 8;
constexpr int kMaxDepth = 12;  // a head of a layer of the description is at depth 5
constexpr std::size_t kMaxJsonValues = 4u << 20;

struct Malformed {
  std::string problem;
};

template <typename... Args>
[[noreturn]] void Fail(fmt::format_string<Args...> format, Args&&... args) {
  throw Malformed{fmt::format(format, std::forward<Args>(args)...)};
}

// A name from the file, ready for a message: quoted, and truncated if long.
std::string Shown(std::string_view text) {
  constexpr std::size_t kMax = 60;
  if (text.size() <= kMax) return QuoteJson(text);
  return QuoteJson(text.substr(0, kMax)) + "…";
}

// Rejects JSON that is cheap to write but expensive to hold.
void CheckJsonSize(std::string_view text, std::string_view what) {
  int depth = 0;
  std::size_t num_values = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (c == '[' || c == '{' || c == ',') ++num_values;
    if (depth > kMaxDepth) Fail("{} is nested more than {} deep", what, kMaxDepth);
    if (num_values > kMaxJsonValues) Fail("{} has more than {} values", what, kMaxJsonValues);
  }
}

// The text as a JSON object.
Json ParseObject(std::string_view text, std::string_view what) {
  CheckJsonSize(text, what);
  std::string problem;
  std::optional<Json> document = ParseJson(text, problem);
  if (!document) Fail("{}: {}", what, problem);
  if (!document->is_object()) Fail("{} is not a JSON object", what);
  return *std::move(document);
}

// Typed access to JSON values, with their place in the document for messages.
std::int64_t IntegerOf(const Json& value, std::string_view where, std::int64_t lowest = 0) {
  const bool fits = value.is_number_unsigned()
                        ? value.get<std::uint64_t>() <=
                              static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
                        : value.is_number_integer();
  if (!fits) Fail("{} is not a 64-bit integer", where);
  const auto number = value.get<std::int64_t>();
  if (number < lowest) Fail("{} is {}, below {}", where, number, lowest);
  return number;
}

std::string StringOf(const Json& value, std::string_view where) {
  if (!value.is_string()) Fail("{} is not a string", where);
  return value.get<std::string>();
}

double NumberIn(const Json& value, std::string_view where) {
  if (!value.is_number()) Fail("{} is not a number", where);
  return value.get<double>();
}

bool BoolOf(const Json& value, std::string_view where) {
  if (!value.is_boolean()) Fail("{} is not true or false", where);
  return value.get<bool>();
}

const Json& ArrayOf(const Json& value, std::string_view where) {
  if (!value.is_array()) Fail("{} is not an array", where);
  return value;
}

Atom AtomOf(const Json& value, std::string_view where) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_float()) return value.get<double>();
  if (value.is_number_integer()) {
    return IntegerOf(value, where, std::numeric_limits<std::int64_t>::min());
  }
  Fail("{} has a value that is not an int, float, bool or string", where);
}

std::vector<Atom> AtomsOf(const Json& value, std::string_view where) {
  std::vector<Atom> atoms;
  for (const Json& element : ArrayOf(value, where)) atoms.push_back(AtomOf(element, where));
  return atoms;
}

template <typename Enum>
Enum EnumOf(const Json& value, std::string_view where,
            std::optional<Enum> (*named)(std::string_view)) {
  const std::string name = StringOf(value, where);
  const std::optional<Enum> found = named(name);
  if (!found) Fail("{} is {}, which is unknown", where, Shown(name));
  return *found;
}

// An object that must have exactly the given keys.
class Fields {
 public:
  Fields(const Json& object, std::string where, const std::vector<std::string_view>& keys,
         std::string_view optional_key = "")
      : object_(object), where_(std::move(where)) {
    if (!object.is_object()) Fail("{} is not an object", where_);
    for (const std::string_view key : keys) {
      if (!object.contains(std::string(key))) Fail("{} lacks the key \"{}\"", where_, key);
    }
    for (const auto& [key, value] : object.items()) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end() && key != optional_key) {
        Fail("{} has the unknown key {}", where_, Shown(key));
      }
    }
  }

  const Json& operator[](std::string_view key) const { return object_.at(std::string(key)); }
  std::string Where(std::string_view key) const { return fmt::format("{}.{}", where_, key); }

  std::int64_t Integer(std::string_view key, std::int64_t lowest = 0) const {
    return IntegerOf((*this)[key], Where(key), lowest);
  }
  std::string String(std::string_view key) const { return StringOf((*this)[key], Where(key)); }
  bool Has(std::string_view key) const { return object_.contains(std::string(key)); }
  bool Bool(std::string_view key) const { return BoolOf((*this)[key], Where(key)); }
  double Number(std::string_view key) const { return NumberIn((*this)[key], Where(key)); }
  std::vector<Atom> Atoms(std::string_view key) const { return AtomsOf((*this)[key], Where(key)); }
  const Json& Array(std::string_view key) const { return ArrayOf((*this)[key], Where(key)); }
  template <typename Enum>
  Enum Named(std::string_view key, std::optional<Enum> (*named)(std::string_view)) const {
    return EnumOf((*this)[key], Where(key), named);
  }

 private:
  const Json& object_;  // outlives the Fields that refer to it
  std::string where_;
};

// A tensor as the header describes it.
struct TensorEntry {
  DType dtype = DType::kFloat32;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;  // in the buffer after the header
  std::uint64_t end = 0;
};

struct FileHeader {
  std::map<std::string, TensorEntry> tensors;
  std::uint64_t data_bytes = 0;  // total size of the tensors
  Model model;                   // complete except for its weights
  TensorSizes sizes;
};

std::optional<OutputDecoding::Kind> KindNamed(std::string_view name) {
  using enum OutputDecoding::Kind;
  if (name == "nearest") return kNearest;
  if (name == "argmax") return kArgmax;
  if (name == "raw") return kRaw;
  if (name == "number") return kNumber;
  return std::nullopt;
}

std::optional<DType> TensorTypeNamed(std::string_view name) {
  if (name == "F32") return DType::kFloat32;
  if (name == "F64") return DType::kFloat64;
  return std::nullopt;
}

std::uint64_t BytesPerWeight(DType dtype) { return dtype == DType::kFloat32 ? 4 : 8; }

TensorEntry ReadTensorEntry(const Json& object, const std::string& name) {
  const Fields fields(object, "tensor " + Shown(name), {"dtype", "shape", "data_offsets"});
  TensorEntry entry;
  entry.dtype = fields.Named("dtype", TensorTypeNamed);
  std::uint64_t bytes = BytesPerWeight(entry.dtype);
  for (const Json& side : fields.Array("shape")) {
    entry.shape.push_back(IntegerOf(side, fields.Where("shape")));
    if (__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(entry.shape.back()), &bytes)) {
      Fail("{} is too large", fields.Where("shape"));
    }
  }
  const Json& offsets = fields.Array("data_offsets");
  if (offsets.size() != 2) Fail("{} does not have 2 entries", fields.Where("data_offsets"));
  entry.begin = static_cast<std::uint64_t>(IntegerOf(offsets[0], fields.Where("data_offsets")));
  entry.end = static_cast<std::uint64_t>(IntegerOf(offsets[1], fields.Where("data_offsets")));
  if (entry.end < entry.begin || entry.end - entry.begin != bytes) {
    Fail("tensor {} takes {} bytes by its shape but lies from {} to {}", Shown(name), bytes,
         entry.begin, entry.end);
  }
  return entry;
}

// The tensors must cover the buffer from its start without gaps or overlaps. Returns its size.
std::uint64_t CheckCoverage(const std::map<std::string, TensorEntry>& tensors) {
  std::vector<const std::pair<const std::string, TensorEntry>*> order;
  for (const auto& tensor : tensors) order.push_back(&tensor);
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return std::pair(a->second.begin, a->second.end) < std::pair(b->second.begin, b->second.end);
  });
  std::uint64_t covered = 0;
  for (const auto* tensor : order) {
    if (tensor->second.begin != covered) {
      Fail("tensor {} begins at {} where {} bytes come before it", Shown(tensor->first),
           tensor->second.begin, covered);
    }
    covered = tensor->second.end;
  }
  return covered;
}

InputFrame ReadFrame(const Json& object) {
  const Fields fields(object, "frame", {"append", "padding"});
  InputFrame frame;
  frame.append = fields.Atoms("append");
  if (fields["padding"].is_null()) return frame;
  const Fields padding(fields["padding"], "frame.padding", {"token", "count"});
  Diagnostics problems;
  std::optional<Polynomial> count = Polynomial::Parse(padding.String("count"), {}, problems);
  if (!count) Fail("frame.padding.count: {}", problems.all().front().message);
  frame.padding = Padding{AtomOf(padding["token"], padding.Where("token")), *std::move(count)};
  return frame;
}

std::optional<GenerationRule> ReadGeneration(const Json& object) {
  if (object.is_null()) return std::nullopt;
  const Fields fields(object, "generation", {"stop", "max_steps"});
  return GenerationRule{fields.Atoms("stop"), fields.Integer("max_steps")};
}

OutputDecoding ReadDecoding(const Json& object) {
  const Fields fields(object, "decoding", {"kind", "values", "codes"});
  OutputDecoding decoding;
  decoding.kind = fields.Named("kind", KindNamed);
  decoding.values = fields.Atoms("values");
  for (const Json& code : fields.Array("codes")) {
    decoding.codes.push_back(NumberIn(code, fields.Where("codes")));
  }
  return decoding;
}

Certificate ReadCertificate(const Json& object) {
  const Fields fields(object, "certificate", {"exact_to_length", "entries"});
  Certificate certificate;
  certificate.exact_to_length = fields.Integer("exact_to_length");
  for (const Json& element : fields.Array("entries")) {
    const Fields entry(element, "certificate.entries", {"label", "error_bound", "margin"});
    const double margin = entry["margin"].is_null() ? std::numeric_limits<double>::infinity()
                                                    : entry.Number("margin");
    certificate.entries.push_back({entry.String("label"), entry.Number("error_bound"), margin});
  }
  return certificate;
}

// The keys of an object, of which `since_2` came with version 2.
std::vector<std::string_view> KeysOf(int version, std::vector<std::string_view> keys,
                                     std::initializer_list<std::string_view> since_2) {
  if (version >= 2) keys.insert(keys.end(), since_2.begin(), since_2.end());
  return keys;
}

std::vector<NeuronGroup> ReadGroups(const Fields& layer) {
  std::vector<NeuronGroup> groups;
  for (const Json& element : layer.Array("neurons")) {
    const Fields fields(element, layer.Where("neurons"), {"label", "line", "count"});
    groups.push_back({fields.String("label"), fields.Integer("line"), fields.Integer("count", 1)});
  }
  return groups;
}

ValueCodes ReadCodes(const Json& object) {
  const Fields fields(object, "value_codes", {"of", "line", "values", "directions"});
  ValueCodes list{fields.String("of"), fields.Integer("line"), fields.Atoms("values"), {}};
  for (const Json& element : fields.Array("directions")) {
    const Fields of_direction(element, fields.Where("directions"), {"direction", "codes"});
    auto& direction = list.directions.emplace_back();
    direction.direction = of_direction.Integer("direction");
    for (const Json& code : of_direction.Array("codes")) {
      direction.codes.push_back(code.is_null() ? std::nan("")
                                               : NumberIn(code, of_direction.Where("codes")));
    }
  }
  return list;
}

// One layer's labels and masks to `layer`, its sizes to `sizes`.
void ReadLayer(const Json& object, const std::string& where, int version,
               std::int64_t context_length, Layer& layer, TensorSizes::LayerSizes& sizes) {
  const Fields fields(object, where, KeysOf(version, {"heads", "d_mlp"}, {"neurons"}));
  if (version >= 2) layer.mlp.groups = ReadGroups(fields);
  sizes.d_mlp = fields.Integer("d_mlp");
  for (const Json& element : fields.Array("heads")) {
    const Fields head_fields(element, fields.Where("heads"),
                             KeysOf(version, {"label", "mask", "head_dim", "value_dim"}, {"line"}),
                             "relative_bias");
    Head& head = layer.heads.emplace_back();
    head.label = head_fields.String("label");
    if (version >= 2) head.line = head_fields.Integer("line");
    head.mask = head_fields.Named("mask", HeadMaskNamed);
    const bool is_biased = head_fields.Has("relative_bias") && head_fields.Bool("relative_bias");
    sizes.heads.push_back({head_fields.Integer("head_dim"), head_fields.Integer("value_dim"),
                           is_biased ? RelativeBiasSize(head.mask, context_length) : 0});
  }
}

void ReadSizes(const Fields& fields, int version, FileHeader& header) {
  Model& model = header.model;
  TensorSizes& sizes = header.sizes;
  sizes.d_model = fields.Integer("d_model", 1);
  sizes.num_tokens = static_cast<std::int64_t>(model.vocabulary.size()) + 1;
  if (model.context_length >= std::numeric_limits<int>::max()) Fail("context_length is too large");
  sizes.num_positions = model.context_length + 1;
  sizes.readout_dim = ReadoutDim(model.decoding);
  for (const Json& element : fields.Array("layers")) {
    const std::string where = fmt::format("layers[{}]", model.layers.size());
    ReadLayer(element, where, version, model.context_length, model.layers.emplace_back(),
              sizes.layers.emplace_back());
  }
}

void ReadDescription(std::string_view text, int version, FileHeader& header) {
  const Json document = ParseObject(text, "the description");
  const Fields fields(document, "description",
                      KeysOf(version,
                             {"name", "target", "dtype", "causal", "vocabulary", "alphabet",
                              "max_length", "context_length", "frame", "generation", "d_model",
                              "layers", "decoding", "residual_labels", "certificate"},
                             {"residual_lines", "value_codes"}),
                      "arithmetic");
  Model& model = header.model;
  model.name = fields.String("name");
  model.target = fields.Named("target", TargetNamed);
  model.dtype = fields.Named("dtype", DTypeNamed);
  model.causal = fields.Bool("causal");
  if (fields.Has("arithmetic")) model.arithmetic = fields.Named("arithmetic", ArithmeticNamed);
  model.vocabulary = fields.Atoms("vocabulary");
  model.alphabet = fields.Atoms("alphabet");
  model.max_length = fields.Integer("max_length");
  model.context_length = fields.Integer("context_length");
  model.frame = ReadFrame(fields["frame"]);
  model.generation = ReadGeneration(fields["generation"]);
  model.decoding = ReadDecoding(fields["decoding"]);
  for (const Json& label : fields.Array("residual_labels")) {
    model.residual_labels.push_back(StringOf(label, fields.Where("residual_labels")));
  }
  if (version >= 2) {
    for (const Json& line : fields.Array("residual_lines")) {
      model.residual_lines.push_back(IntegerOf(line, fields.Where("residual_lines")));
    }
    for (const Json& list : fields.Array("value_codes")) {
      model.value_codes.push_back(ReadCodes(list));
    }
  }
  model.certificate = ReadCertificate(fields["certificate"]);
  ReadSizes(fields, version, header);
}

struct Metadata {
  int version = 0;
  std::string description;
};

// The version is checked first, because another version may differ in everything else.
Metadata ReadMetadata(const Json& metadata) {
  if (!metadata.is_object()) Fail("its metadata is not an object");
  const auto text = [&](const char* key) {
    const auto found = metadata.find(key);
    if (found == metadata.end() || !found->is_string()) {
      Fail("it is a safetensors file, but not a raspc model: its metadata lacks \"{}\"", key);
    }
    return found->get<std::string>();
  };
  const std::string format = text("format");
  if (format != "raspc") {
    Fail("it is a safetensors file, but not a raspc model: its format is {}", Shown(format));
  }
  const std::string version = text("version");
  Metadata result;
  for (int known = 1; known <= kModelFileVersion; ++known) {
    if (version == std::to_string(known)) result.version = known;
  }
  if (result.version == 0) {
    Fail("it has version {}, but this raspc reads versions 1 to {}", Shown(version),
         kModelFileVersion);
  }
  Fields(metadata, "__metadata__", {"format", "version", "raspc"});
  result.description = text("raspc");
  return result;
}

// Compares the tensors that the description requires with those in the file.
void CheckTensors(FileHeader& header) {
  std::size_t num_expected = 0;
  const auto expect = [&](const std::string& name, const std::vector<std::int64_t>& shape) {
    ++num_expected;
    const auto found = header.tensors.find(name);
    if (found == header.tensors.end()) Fail("the tensor \"{}\" is missing", name);
    if (found->second.dtype != header.model.dtype) {
      Fail("the tensor \"{}\" is not of the model's type {}", name, NameOf(header.model.dtype));
    }
    if (found->second.shape == shape) return;
    Fail("the tensor \"{}\" has the shape [{}], but the description makes it [{}]", name,
         fmt::join(found->second.shape, ", "), fmt::join(shape, ", "));
  };
  VisitTensors(
      header.sizes, header.model,
      [&](const std::string& name, std::int64_t rows, std::int64_t columns, const Matrix&) {
        expect(name, {rows, columns});
      },
      [&](const std::string& name, std::int64_t size, const Vector&) { expect(name, {size}); });
  if (num_expected != header.tensors.size()) {
    Fail("it has {} tensors, but the description calls for {}", header.tensors.size(),
         num_expected);
  }
}

FileHeader ReadHeader(std::string_view text) {
  if (!text.starts_with('{')) Fail("it is not a safetensors file: its header is not a JSON object");
  const Json document = ParseObject(text, "its header");
  const auto metadata = document.find("__metadata__");
  if (metadata == document.end()) {
    Fail("it is a safetensors file, but not a raspc model: it has no metadata");
  }
  FileHeader header;
  const Metadata about = ReadMetadata(*metadata);
  ReadDescription(about.description, about.version, header);
  for (const auto& [name, entry] : document.items()) {
    if (name != "__metadata__") header.tensors.emplace(name, ReadTensorEntry(entry, name));
  }
  header.data_bytes = CheckCoverage(header.tensors);
  CheckTensors(header);
  return header;
}

template <typename T>
void CopyWeights(const char* from, double* to, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i, from += sizeof(T)) {
    T weight;
    std::memcpy(&weight, from, sizeof(T));
    to[i] = weight;
  }
}

// The weights into the model. Every tensor's place and shape have been checked.
Model FillWeights(FileHeader header, std::string_view data) {
  const auto copy = [&](const std::string& name, auto& tensor) {
    const char* from = data.data() + header.tensors.at(name).begin;
    if (header.model.dtype == DType::kFloat32) {
      CopyWeights<float>(from, tensor.data(), tensor.size());
    } else {
      CopyWeights<double>(from, tensor.data(), tensor.size());
    }
  };
  VisitTensors(
      header.sizes, header.model,
      [&](const std::string& name, std::int64_t rows, std::int64_t columns, Matrix& matrix) {
        matrix.resize(rows, columns);
        copy(name, matrix);
      },
      [&](const std::string& name, std::int64_t size, Vector& vector) {
        vector.resize(size);
        copy(name, vector);
      });
  if (const std::optional<std::string> problem = CheckModel(header.model)) Fail("{}", *problem);
  return std::move(header.model);
}

// The header's length, from the first 8 bytes of the file.
std::uint64_t ReadHeaderLength(std::string_view start, const ModelFileLimits& limits) {
  if (start.size() < kLengthBytes) Fail("it has {} bytes, too few for a model", start.size());
  std::uint64_t length;
  std::memcpy(&length, start.data(), kLengthBytes);
  if (length > limits.max_header_bytes) {
    Fail("it is not a safetensors file, or its header is too large: {} bytes, where {} are allowed",
         length, limits.max_header_bytes);
  }
  return length;
}

void CheckFileSize(std::uint64_t size, const ModelFileLimits& limits) {
  if (size <= limits.max_bytes) return;
  Fail("it is too large: {} bytes, where {} are allowed", size, limits.max_bytes);
}

// `data_size`: of what follows the header.
void CheckDataSize(const FileHeader& header, std::uint64_t data_size) {
  if (data_size == header.data_bytes) return;
  Fail("its weights take {} bytes, but {} bytes follow the header", header.data_bytes, data_size);
}

// Runs `read` and turns exceptions into diagnostics.
template <typename Read>
std::optional<Model> Guarded(const std::string& name, Diagnostics& diag, Read read) {
  const auto report = [&](std::string_view problem) {
    diag.Error(ErrorKind::kFile, {},
               fmt::format("'{}' is not a usable model file: {}", name, problem));
  };
  try {
    return read();
  } catch (const Malformed& malformed) {
    report(malformed.problem);
  } catch (const std::bad_alloc&) {
    report("there is not enough memory for it");
  } catch (const std::exception& e) {
    // The JSON library's own; every access above is checked, so this should not be reached.
    report(e.what());
  }
  return std::nullopt;
}

}  // namespace

std::optional<Model> DeserializeModel(std::string_view bytes, const std::string& name,
                                      const ModelFileLimits& limits, Diagnostics& diag) {
  return Guarded(name, diag, [&]() -> std::optional<Model> {
    CheckFileSize(bytes.size(), limits);
    const std::uint64_t length = ReadHeaderLength(bytes, limits);
    bytes.remove_prefix(kLengthBytes);
    if (length > bytes.size()) {
      Fail("its header takes {} bytes, but {} follow", length, bytes.size());
    }
    FileHeader header = ReadHeader(bytes.substr(0, length));
    bytes.remove_prefix(length);
    CheckDataSize(header, bytes.size());
    return FillWeights(std::move(header), bytes);
  });
}

std::optional<Model> ReadModelFile(const std::string& path, const ModelFileLimits& limits,
                                   Diagnostics& diag) {
  std::optional<FileReader> file = FileReader::Open(path, diag);
  return file ? ReadModelFile(*file, limits, diag) : std::nullopt;
}

std::optional<Model> ReadModelFile(FileReader& file, const ModelFileLimits& limits,
                                   Diagnostics& diag) {
  return Guarded(NameOfInput(file.path()), diag, [&]() -> std::optional<Model> {
    if (file.size()) CheckFileSize(*file.size(), limits);
    std::string start, text, data;
    if (!file.Read(kLengthBytes, start, diag)) return std::nullopt;
    const std::uint64_t length = ReadHeaderLength(start, limits);
    if (!file.Read(length, text, diag)) return std::nullopt;
    if (text.size() < length) {
      Fail("its header takes {} bytes, but {} follow", length, text.size());
    }
    FileHeader header = ReadHeader(text);
    CheckFileSize(kLengthBytes + length + std::min(header.data_bytes, limits.max_bytes), limits);
    // Checked before anything is read: a sparse file may be far larger than its header says.
    if (file.size()) CheckDataSize(header, *file.size() - kLengthBytes - length);
    if (!file.Read(header.data_bytes, data, diag)) return std::nullopt;
    std::string excess;
    if (!file.Read(1, excess, diag)) return std::nullopt;
    if (!excess.empty()) Fail("more bytes follow its weights");
    CheckDataSize(header, data.size());
    return FillWeights(std::move(header), data);
  });
}

}  // namespace raspc
