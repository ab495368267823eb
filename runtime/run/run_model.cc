// From tokens to values through an engine: look up ids, frame, run in batches or generate, decode.
//
// Inputs are checked one by one: an invalid input gets its own error, and the others run as if it
// were not there.
#include "runtime/run/run_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <memory>
#include <new>
#include <unordered_map>

#include "base/parallel.h"
#include "base/stop.h"

namespace raspc {
namespace {

// A batch ends when it has this many tokens, or its readouts have this many numbers.
constexpr std::int64_t kBatchTokens = 1 << 16;
constexpr std::int64_t kBatchReadouts = 1 << 22;

constexpr std::size_t kTokensInMessage = 20;
constexpr std::size_t kTokenBytesInMessage = 60;
constexpr std::size_t kGenerationsWorthThreads = 8;

Diagnostic Failure(ErrorKind kind, std::string message) {
  return Diagnostic{.severity = Severity::kError, .kind = kind, .message = std::move(message)};
}

// A token for a message; truncated when it is very long.
std::string Shown(const Atom& token) {
  std::string text = ToJson(token);
  if (text.size() <= kTokenBytesInMessage) return text;
  text.resize(kTokenBytesInMessage);
  // Never in the middle of a character.
  if (const std::size_t bad = FindInvalidUtf8(text); bad != std::string::npos) text.resize(bad);
  return text + "…";
}

std::string ListOf(const std::vector<Atom>& tokens) {
  std::string out;
  for (std::size_t i = 0; i < std::min(tokens.size(), kTokensInMessage); ++i) {
    out += (i == 0 ? "" : ", ") + Shown(tokens[i]);
  }
  if (tokens.size() > kTokensInMessage) {
    out += fmt::format(", … ({} in total)", tokens.size());
  }
  return out;
}

// Token ids by atom, and whether inputs may use them.
class TokenTable {
 public:
  explicit TokenTable(const Model& model) : model_(model) {
    by_byte_.fill(-1);
    may_be_input_.resize(model.vocabulary.size(), false);
    for (std::size_t id = 0; id < model.vocabulary.size(); ++id) {
      const Atom& token = model.vocabulary[id];
      if (const int byte = ByteOf(token); byte >= 0) {
        by_byte_[static_cast<std::size_t>(byte)] = static_cast<int>(id);
      } else {
        ids_.emplace(token, static_cast<int>(id));
      }
    }
    for (const Atom& token : model.alphabet) {
      if (const auto id = IdOf(token)) may_be_input_[static_cast<std::size_t>(*id)] = true;
    }
  }

  std::optional<int> IdOf(const Atom& token) const {
    if (const int byte = ByteOf(token); byte >= 0) {
      const int id = by_byte_[static_cast<std::size_t>(byte)];
      return id < 0 ? std::nullopt : std::optional(id);
    }
    const auto found = ids_.find(token);
    if (found == ids_.end()) return std::nullopt;
    return found->second;
  }

  // The id of a token that inputs may use; nothing for others.
  std::optional<int> InputIdOf(const Atom& token) const {
    const std::optional<int> id = IdOf(token);
    return id && may_be_input_[static_cast<std::size_t>(*id)] ? id : std::nullopt;
  }

  // The error for a token that inputs may not use, at this index of an input.
  Diagnostic WhyNoInput(const Atom& token, std::size_t index) const {
    const std::string_view place = IdOf(token)
                                       ? "in the vocabulary but not in the alphabet of inputs"
                                       : "not in the vocabulary";
    Diagnostic problem = Failure(ErrorKind::kInput, fmt::format("the token {} at index {} is {}",
                                                                Shown(token), index, place));
    NoteSameText(token, problem);
    problem.Note({}, fmt::format("inputs may use {}", ListOf(model_.alphabet)));
    return problem;
  }

  // Says so if a token of inputs looks like this one but is of another type.
  void NoteSameText(const Atom& token, Diagnostic& problem) const {
    const Atom* other = SameText(token);
    if (other == nullptr) return;
    problem.Note({}, fmt::format("inputs may use {}, the {}; this is the {}", Shown(*other),
                                 TypeName(TypeOf(*other)), TypeName(TypeOf(token))));
  }

 private:
  // The byte of a token of one byte, -1 for other tokens: most tokens are letters, and need no
  // hash.
  static int ByteOf(const Atom& token) {
    const auto* text = std::get_if<std::string>(&token);
    return text != nullptr && text->size() == 1 ? static_cast<unsigned char>((*text)[0]) : -1;
  }

  // A token of the alphabet that looks the same but is of another type, such as "1" for 1.
  const Atom* SameText(const Atom& token) const {
    const std::string text = PythonStr(token);
    for (const Atom& other : model_.alphabet) {
      if (PythonStr(other) == text) return &other;
      if (IsNumber(token) && IsNumber(other) && NumberOf(token) == NumberOf(other)) return &other;
    }
    return nullptr;
  }

  const Model& model_;
  std::array<int, 256> by_byte_;  // the ids of tokens of one byte, or -1
  std::unordered_map<Atom, int, IdentityHash, IdentityEqual> ids_;  // of the others
  std::vector<bool> may_be_input_;                                  // [vocabulary]
};

std::optional<Diagnostic> CheckLength(const Model& model, std::size_t size) {
  const auto length = static_cast<std::int64_t>(size);
  if (length < model.frame.ShortestInput()) {
    return Failure(ErrorKind::kInput, "the input is empty; the model requires at least one token");
  }
  if (length > model.max_length) {
    return Failure(ErrorKind::kInput,
                   fmt::format("the input has {} tokens, but the model was compiled for at most {}",
                               length, model.max_length));
  }
  return std::nullopt;  // CheckModel ensures that its frame fits
}

// The ids of the framed input, or why there are none (in `error`).
std::vector<int> FramedIds(const Model& model, const TokenTable& table,
                           const std::vector<Atom>& input, std::optional<Diagnostic>& error) {
  error = CheckLength(model, input.size());
  if (error) return {};
  std::vector<int> ids;
  const std::int64_t length = *model.frame.LengthFor(static_cast<std::int64_t>(input.size()));
  ids.reserve(static_cast<std::size_t>(length));
  for (std::size_t i = 0; i < input.size(); ++i) {
    const std::optional<int> id = table.InputIdOf(input[i]);
    if (!id) {
      error = table.WhyNoInput(input[i], i);
      return {};
    }
    ids.push_back(*id);
  }
  // CheckModel ensures that the frame is in the vocabulary.
  for (const Atom& token : model.frame.append) ids.push_back(*table.IdOf(token));
  if (model.frame.padding) {
    ids.resize(static_cast<std::size_t>(length), *table.IdOf(model.frame.padding->token));
  }
  return ids;
}

Diagnostic NotANumber(std::int64_t position) {
  return Failure(ErrorKind::kInternal,
                 fmt::format("internal error: the model's readout at index {} is not a finite "
                             "number; its weights are out of order",
                             position));
}

ModelOutput DecodeAll(const Model& model, Eigen::Map<const Matrix> readouts) {
  ModelOutput output;
  output.values.reserve(static_cast<std::size_t>(readouts.rows()));
  for (Eigen::Index i = 0; i < readouts.rows(); ++i) {
    const std::span<const double> row(readouts.data() + i * readouts.cols(),
                                      static_cast<std::size_t>(readouts.cols()));
    std::optional<Atom> value = Decode(model.decoding, row);
    if (!value) return {.error = NotANumber(i)};
    output.values.push_back(*std::move(value));
  }
  return output;
}

// The index in decoding.values of what the readout decodes to, for a decoding that lists its
// values. Requires that all its numbers are finite.
std::size_t NearestOf(const std::vector<double>& codes, double readout) {
  const auto above = std::lower_bound(codes.begin(), codes.end(), readout);
  const auto i = static_cast<std::size_t>(above - codes.begin());
  if (i == codes.size()) return i - 1;
  // A tie goes to the lower value.
  return i > 0 && readout - codes[i - 1] <= codes[i] - readout ? i - 1 : i;
}

// The index of the largest number, the first of equals.
std::size_t LargestOf(std::span<const double> readout) {
  return static_cast<std::size_t>(std::max_element(readout.begin(), readout.end()) -
                                  readout.begin());
}

bool ListsValues(const OutputDecoding& decoding) {
  return decoding.kind == OutputDecoding::Kind::kNearest ||
         decoding.kind == OutputDecoding::Kind::kArgmax;
}

// The index in decoding.values of what the readout decodes to. Requires a decoding that lists its
// values, and finite numbers.
std::size_t ValueIndex(const OutputDecoding& decoding, std::span<const double> readout) {
  return decoding.kind == OutputDecoding::Kind::kNearest ? NearestOf(decoding.codes, readout[0])
                                                         : LargestOf(readout);
}

bool IsReadable(std::span<const double> readout) {
  for (const double number : readout) {
    if (!std::isfinite(number)) return false;
  }
  return !readout.empty();
}

// A sequence of a model that is not causal: every token changes what all positions see, so the
// whole sequence runs anew at each.
class RerunSession : public Session {
 public:
  // Begins with these tokens in place.
  RerunSession(const Engine& engine, std::vector<int> sequence)
      : engine_(engine), sequence_(std::move(sequence)) {}

  const Vector& Append(int token_id) override {
    sequence_.push_back(token_id);
    const Readouts readouts = engine_.Run(std::span(&sequence_, 1));
    last_ = readouts[0].row(readouts[0].rows() - 1).transpose();
    return last_;
  }

 private:
  const Engine& engine_;
  std::vector<int> sequence_;
  Vector last_;
};

// One input that generates: token by token through a session, first the framed input, then each
// output at the last position.
//
// What follows from an output, the id as which it is read back and whether generation stops, is
// found once for every value that the decoding lists, so that a step neither hashes nor compares
// atoms.
class Generator {
 public:
  Generator(const Model& model, const Engine& engine, const TokenTable& table)
      : model_(model), engine_(engine), table_(table) {
    if (!ListsValues(model.decoding)) return;
    for (const Atom& value : model.decoding.values) listed_.push_back(StepFor(value));
  }

  ModelOutput Run(const std::vector<int>& framed) const {
    std::unique_ptr<Session> session = engine_.StartSession();
    ModelOutput output;
    Step computed;
    const Step* step = nullptr;
    if (session == nullptr) {
      output = DecodeAll(model_, engine_.Run(std::span(&framed, 1))[0]);
      if (output.error) return output;
      session = std::make_unique<RerunSession>(
          engine_, std::vector<int>(framed.begin(), std::prev(framed.end())));
      step = Next(*session, framed.back(), computed);
    } else {
      output = ReadInto(*session, framed, step, computed);
      if (output.error) return output;
    }
    output.generated.emplace();
    std::vector<Atom>& tokens = output.generated->tokens;
    const std::int64_t max_steps = model_.generation->max_steps;
    while (static_cast<std::int64_t>(tokens.size()) < max_steps) {
      tokens.push_back(step->value);
      output.generated->stopped = step->stops;
      if (step->stops) break;
      // The last token that the limit allows is not read back, so it needs no position and no id.
      const auto num_generated = static_cast<std::int64_t>(tokens.size());
      if (num_generated == max_steps) break;
      if (!step->id) return {.error = CannotRead(step->value, num_generated)};
      step = Next(*session, *step->id, computed);
      if (step == nullptr) {
        return {.error = NotANumber(static_cast<std::int64_t>(framed.size()) + num_generated - 1)};
      }
    }
    return output;
  }

 private:
  // An output, and what follows from it.
  struct Step {
    Atom value;
    std::optional<int> id;  // as which it is read back; nothing if it is not in the vocabulary
    bool stops = false;
  };

  Step StepFor(const Atom& value) const {
    const std::vector<Atom>& stop = model_.generation->stop;
    return {.value = value,
            .id = table_.IdOf(value),
            .stops = std::any_of(stop.begin(), stop.end(),
                                 [&](const Atom& s) { return Identical(s, value); })};
  }

  // Reads the framed input; `step` is what follows from its last output.
  ModelOutput ReadInto(Session& session, const std::vector<int>& framed, const Step*& step,
                       Step& computed) const {
    ModelOutput output;
    output.values.reserve(framed.size());
    for (const int id : framed) {
      step = Next(session, id, computed);
      if (step == nullptr) {
        return {.error = NotANumber(static_cast<std::int64_t>(output.values.size()))};
      }
      output.values.push_back(step->value);
    }
    return output;
  }

  // Reads the token: what its output decodes to, in `computed` if the decoding does not list it.
  // Null if the readout is not finite.
  const Step* Next(Session& session, int id, Step& computed) const {
    ThrowIfStopped();
    const Vector& readout = session.Append(id);
    const std::span<const double> row(readout.data(), static_cast<std::size_t>(readout.size()));
    if (ListsValues(model_.decoding)) {
      return IsReadable(row) ? &listed_[ValueIndex(model_.decoding, row)] : nullptr;
    }
    const std::optional<Atom> value = Decode(model_.decoding, row);
    if (!value) return nullptr;
    computed = StepFor(*value);
    return &computed;
  }

  // The error for a token that cannot be read back.
  Diagnostic CannotRead(const Atom& token, std::int64_t num_generated) const {
    Diagnostic problem =
        Failure(ErrorKind::kInput,
                fmt::format("the model generated {} in step {}, which is not in its vocabulary and "
                            "so cannot be read back",
                            Shown(token), num_generated));
    table_.NoteSameText(token, problem);
    return problem;
  }

  const Model& model_;
  const Engine& engine_;
  const TokenTable& table_;
  std::vector<Step> listed_;  // [decoding.values], if the decoding lists them
};

// Calls body(i) for each i below `count`, on all cores if there are many. A body throws only
// bad_alloc.
template <typename Body>
void ForEachInput(std::size_t count, const Body& body) {
  constexpr std::size_t kInputsInTask = 256;
  const auto num_tasks = static_cast<std::int64_t>((count + kInputsInTask - 1) / kInputsInTask);
  ParallelFor(num_tasks, num_tasks < 4 ? 1 : ThreadCount(0), [&](std::int64_t task, int) {
    const std::size_t first = static_cast<std::size_t>(task) * kInputsInTask;
    for (std::size_t i = first; i < std::min(count, first + kInputsInTask); ++i) body(i);
  });
}

// Runs the inputs [first, last) that have no error yet as one batch.
void RunBatch(const Model& model, const Engine& engine, std::vector<std::vector<int>>& ids,
              std::size_t first, std::size_t last, std::vector<ModelOutput>& outputs) {
  std::vector<std::vector<int>> batch;
  std::vector<std::size_t> places;
  for (std::size_t i = first; i < last; ++i) {
    if (outputs[i].error) continue;
    batch.push_back(std::move(ids[i]));
    places.push_back(i);
  }
  const Readouts readouts = engine.Run(batch);
  ForEachInput(places.size(),
               [&](std::size_t b) { outputs[places[b]] = DecodeAll(model, readouts[b]); });
}

void RunBatches(const Model& model, const Engine& engine, std::vector<std::vector<int>>& ids,
                std::vector<ModelOutput>& outputs) {
  const std::int64_t most =
      std::min(kBatchTokens, std::max<std::int64_t>(1, kBatchReadouts / model.readout.cols()));
  for (std::size_t first = 0; first < ids.size();) {
    std::size_t last = first;
    std::int64_t num_tokens = 0;
    while (last < ids.size() && (last == first || num_tokens < most)) {
      num_tokens += static_cast<std::int64_t>(ids[last++].size());
    }
    try {
      RunBatch(model, engine, ids, first, last, outputs);
    } catch (const std::bad_alloc&) {
      for (std::size_t i = first; i < last; ++i) {
        if (outputs[i].error || !outputs[i].values.empty()) continue;
        outputs[i] = {.error = Failure(ErrorKind::kLimit, "not enough memory to run it")};
      }
    }
    first = last;
  }
}

void GenerateAll(const Model& model, const Engine& engine, const TokenTable& table,
                 const std::vector<std::vector<int>>& ids, std::vector<ModelOutput>& outputs) {
  const Generator generator(model, engine, table);
  const int threads = ids.size() < kGenerationsWorthThreads ? 1 : ThreadCount(0);
  ParallelFor(static_cast<std::int64_t>(ids.size()), threads, [&](std::int64_t task, int) {
    const auto i = static_cast<std::size_t>(task);
    if (outputs[i].error) return;
    try {
      outputs[i] = generator.Run(ids[i]);
    } catch (const std::bad_alloc&) {
      outputs[i] = {.error = Failure(ErrorKind::kLimit, "not enough memory to run it")};
    }
  });
}

constexpr double kEndOfInts = 9223372036854775808.0;  // 2^63

// A number of the given type, or one of the decoding's values; nothing if the type is invalid.
std::optional<Atom> TypedNumber(const OutputDecoding& decoding, double number, double type) {
  if (type == 1) return Atom(number);
  if (type == 2) return Atom(number >= 0.5);
  if (type == 0) {
    if (!(std::abs(number) < kEndOfInts)) return std::nullopt;
    return Atom(static_cast<std::int64_t>(std::nearbyint(number)));
  }
  const double at = type - 3;
  if (!(at >= 0 && at < static_cast<double>(decoding.values.size()))) return std::nullopt;
  return decoding.values[static_cast<std::size_t>(at)];
}

}  // namespace

std::optional<Atom> Decode(const OutputDecoding& decoding, std::span<const double> readout) {
  if (!IsReadable(readout)) return std::nullopt;
  switch (decoding.kind) {
    case OutputDecoding::Kind::kNearest:
    case OutputDecoding::Kind::kArgmax:
      return decoding.values[ValueIndex(decoding, readout)];
    case OutputDecoding::Kind::kRaw:
      return Atom(readout[0]);
    case OutputDecoding::Kind::kNumber:
      return TypedNumber(decoding, readout[0], std::nearbyint(readout[1]));
  }
  return std::nullopt;
}

std::vector<ModelOutput> RunModel(const Model& model, const Engine& engine,
                                  std::span<const std::vector<Atom>> inputs) {
  const TokenTable table(model);
  std::vector<ModelOutput> outputs(inputs.size());
  std::vector<std::vector<int>> ids(inputs.size());
  ForEachInput(inputs.size(), [&](std::size_t i) {
    ids[i] = FramedIds(model, table, inputs[i], outputs[i].error);
  });
  if (model.generation) {
    GenerateAll(model, engine, table, ids, outputs);
  } else {
    RunBatches(model, engine, ids, outputs);
  }
  return outputs;
}

void ThrowIfOutOfMemory(std::span<const ModelOutput> outputs) {
  for (const ModelOutput& output : outputs) {
    if (output.error && output.error->kind == ErrorKind::kLimit) throw std::bad_alloc();
  }
}

}  // namespace raspc
