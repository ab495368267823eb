// The interpreter and generation, over Evaluation.
#include "compiler/interpret/interpret.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/interpret/evaluation.h"
#include "compiler/operations/atom_ops.h"

namespace raspc {

struct Interpreter::State {
  State(const DataflowGraph& the_graph, std::vector<Atom> input, bool causal,
        std::uint64_t max_bytes)
      : graph(the_graph), evaluation(the_graph, std::move(input), causal, max_bytes) {}

  const DataflowGraph& graph;
  Evaluation evaluation;
};

Interpreter::Interpreter(const DataflowGraph& graph, std::vector<Atom> input, bool causal,
                         std::uint64_t max_bytes)
    : state_(std::make_unique<State>(graph, std::move(input), causal, max_bytes)) {}

Interpreter::~Interpreter() = default;

void Interpreter::Restart(std::vector<Atom> input) { state_->evaluation.Restart(std::move(input)); }

const NodeValue* Interpreter::Evaluate(NodeId id, Diagnostics& diag) {
  Evaluation& evaluation = state_->evaluation;
  const bool done =
      state_->graph.IsSelector(id) ? evaluation.EnsureRows(id, diag) : evaluation.Ensure(id, diag);
  return done ? &evaluation.Value(id) : nullptr;
}

bool Interpreter::CanEvaluate(NodeId id, Diagnostics& diag) {
  return state_->evaluation.Ensure(id, diag);
}

std::string_view TypeOfValues(const SOpValues& values) {
  bool strings = false, floats = false, ints = false;
  for (const Atom& value : values) {
    strings |= std::holds_alternative<std::string>(value);
    floats |= std::holds_alternative<Float>(value);
    ints |= std::holds_alternative<std::int64_t>(value);
  }
  if (strings) return "strings";
  if (floats) return "floats";
  return ints ? "ints" : "bools";
}

std::optional<Generated> Generate(const DataflowGraph& graph, NodeId next,
                                  const std::vector<Atom>& framed_input, const GenerationRule& rule,
                                  Diagnostics& diag, bool causal, const AtomSet* vocabulary) {
  if (graph.IsSelector(next)) {
    diag.Error(ErrorKind::kType, PlaceInMessage(graph, next),
               fmt::format("{} is a selector; only an s-op can give the next token",
                           NameInMessage(graph, next)));
    return std::nullopt;
  }
  std::vector<Atom> sequence = framed_input;
  Evaluation evaluation(graph, sequence, causal, kMaxEvaluationBytes);
  Generated generated;
  while (static_cast<std::int64_t>(generated.tokens.size()) < rule.max_steps) {
    if (!evaluation.Ensure(next, diag)) return std::nullopt;
    const Atom token = WithoutFraction(std::get<SOpValues>(evaluation.Value(next)).back());
    generated.tokens.push_back(token);
    generated.stopped = std::any_of(rule.stop.begin(), rule.stop.end(),
                                    [&](const Atom& stop) { return Identical(stop, token); });
    if (generated.stopped) break;
    const auto num_generated = static_cast<std::int64_t>(generated.tokens.size());
    if (vocabulary != nullptr && num_generated < rule.max_steps && !vocabulary->contains(token)) {
      diag.Error(ErrorKind::kInput, PlaceInMessage(graph, next),
                 fmt::format("{} generated {} in step {}, which is not in the vocabulary",
                             NameInMessage(graph, next), ShortText(token), num_generated));
      return std::nullopt;
    }
    if (causal) {
      evaluation.Append(token);
    } else {
      sequence.push_back(token);
      evaluation.Restart(sequence);
    }
  }
  return generated;
}

}  // namespace raspc
