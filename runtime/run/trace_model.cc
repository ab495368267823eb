// Runs twice: as a user would, for the output and the generated tokens, and then the whole sequence
// at once with an observer.
#include "runtime/run/trace_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace raspc {
namespace {

std::vector<int> IdsOf(const Model& model, const std::vector<Atom>& tokens) {
  std::vector<int> ids;
  for (const Atom& token : tokens) {
    const auto found = std::find_if(model.vocabulary.begin(), model.vocabulary.end(),
                                    [&](const Atom& other) { return Identical(other, token); });
    ids.push_back(static_cast<int>(found - model.vocabulary.begin()));
  }
  return ids;
}

std::int64_t BytesOfTrace(const Model& model, std::int64_t seq_len) {
  std::int64_t numbers = seq_len * model.d_model();
  for (const int l : LayerOrder(model)) {
    const auto num_heads =
        static_cast<std::int64_t>(model.layers[static_cast<std::size_t>(l)].heads.size());
    numbers += seq_len * (model.d_model() + num_heads * seq_len);
  }
  return numbers * static_cast<std::int64_t>(sizeof(double));
}

// False after reporting that a trace of this length would be too large.
bool CheckSize(const Model& model, std::int64_t seq_len, Diagnostics& diag) {
  if (BytesOfTrace(model, seq_len) <= kMaxTraceBytes) return true;
  diag.Error(ErrorKind::kLimit, {},
             fmt::format("the attention and the residual stream at {} positions take more than {} "
                         "bytes; trace a shorter input",
                         seq_len, kMaxTraceBytes));
  return false;
}

// Collects what the engine observes in the run of one sequence.
Observer Collect(ModelTrace& trace) {
  Observer observer;
  observer.pattern = [&trace](int, int layer, int head, int query,
                              std::span<const double> weights) {
    Matrix& pattern =
        trace.patterns[static_cast<std::size_t>(layer)][static_cast<std::size_t>(head)];
    pattern.row(query) =
        Eigen::Map<const Vector>(weights.data(), static_cast<Eigen::Index>(weights.size()))
            .transpose();
  };
  observer.residual = [&trace](int, int layer, const Matrix& residual) {
    (layer < 0 ? trace.embeddings : trace.residuals[static_cast<std::size_t>(layer)]) = residual;
  };
  return observer;
}

}  // namespace

std::vector<Atom> TokensRead(const Model& model, const std::vector<Atom>& input,
                             const ModelOutput& output) {
  std::vector<Atom> tokens = model.frame.Apply(input).value_or(input);
  if (output.generated && !output.generated->tokens.empty()) {
    const std::vector<Atom>& generated = output.generated->tokens;
    tokens.insert(tokens.end(), generated.begin(), std::prev(generated.end()));
  }
  return tokens;
}

std::optional<ModelTrace> TraceModel(const Model& model, const Engine& engine,
                                     const std::vector<Atom>& input, Diagnostics& diag) {
  ModelTrace trace;
  // An input that is too long for the model has no output; the run says so.
  const auto length = static_cast<std::int64_t>(input.size());
  if (length <= model.max_length &&
      !CheckSize(model, model.frame.LengthFor(length).value_or(0) + 1, diag)) {
    return std::nullopt;
  }
  trace.output = std::move(RunModel(model, engine, std::span(&input, 1)).front());
  if (trace.output.error) {
    diag.Add(*trace.output.error);
    return std::nullopt;
  }
  trace.tokens = TokensRead(model, input, trace.output);
  const auto seq_len = static_cast<std::int64_t>(trace.tokens.size()) + 1;
  if (!CheckSize(model, seq_len, diag)) return std::nullopt;
  for (const int l : LayerOrder(model)) {
    const std::size_t num_heads = model.layers[static_cast<std::size_t>(l)].heads.size();
    trace.patterns.emplace_back(num_heads, Matrix(seq_len, seq_len));
  }
  trace.residuals.resize(trace.patterns.size());
  const Observer observer = Collect(trace);
  const std::vector<std::vector<int>> batch = {IdsOf(model, trace.tokens)};
  engine.Run(batch, &observer);
  return trace;
}

}  // namespace raspc
