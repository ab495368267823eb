// Trying out, on interpreters that cache values: a statement costs only its new nodes.
#include "compiler/trace/try_out.h"

#include <fmt/format.h>

#include <utility>

#include "compiler/interpret/evaluation.h"

namespace raspc {
namespace {

std::optional<Diagnostic> FailureOn(Interpreter& interpreter, NodeId id) {
  Diagnostics diag;
  if (interpreter.CanEvaluate(id, diag)) return std::nullopt;
  return diag.all().front();
}

}  // namespace

TryOut::TryOut(const DataflowGraph& graph, const TraceOptions& options)
    : graph_(graph),
      enabled_(options.try_out),
      causal_(options.causal),
      example_(options.example.empty() ? CodePoints("hello") : options.example),
      has_first_input_(!options.first_input.empty()) {
  if (has_first_input_) {
    on_first_input_ = std::make_unique<Interpreter>(graph_, options.first_input, causal_);
  }
  SetExample(example_);
}

void TryOut::SetExample(std::vector<Atom> example) {
  example_ = std::move(example);
  on_example_ = std::make_unique<Interpreter>(graph_, example_, causal_);
  known_good_.clear();
}

TryOut::Outside TryOut::BeginStatement() {
  return {std::exchange(tried_, {}), std::exchange(failed_on_example_, std::nullopt),
          waiting_.size(), std::exchange(waiting_begin_, waiting_.size())};
}

void TryOut::EndStatement(Outside outside) {
  tried_ = std::move(outside.tried);
  failed_on_example_ = std::move(outside.failed_on_example);
  waiting_.resize(outside.num_waiting);
  waiting_begin_ = outside.waiting_begin;
}

std::optional<Diagnostic> TryOut::Try(NodeId id) {
  if (!enabled_) return std::nullopt;
  const auto index = static_cast<std::size_t>(id.value);
  if (index >= known_good_.size()) known_good_.resize(static_cast<std::size_t>(graph_.size()));
  if (has_first_input_) tried_.push_back(id);

  if (!failed_on_example_) {
    if (known_good_[index]) return std::nullopt;
    std::optional<Diagnostic> failure = FailureOn(*on_example_, id);
    if (!failure) {
      known_good_[index] = 1;
      return std::nullopt;
    }
    failure->Note({}, fmt::format("every statement is tried out on the running example, {}; "
                                  "`set example` chooses another",
                                  InputText(example_)));
    if (waiting_.size() > waiting_begin_) {
      waiting_.back().emplace_back(id, *std::move(failure));
      return std::nullopt;
    }
    failed_on_example_ = std::move(failure);
    // From here on the whole statement must succeed on the first input.
    for (const NodeId tried : tried_) {
      if (auto failure_on_input = FailureOnFirstInput(tried)) return failure_on_input;
    }
  }
  return FailureOnFirstInput(id);
}

std::optional<Diagnostic> TryOut::FailureOnFirstInput(NodeId id) {
  return has_first_input_ ? FailureOn(*on_first_input_, id) : failed_on_example_;
}

void TryOut::BeginWaiting() { waiting_.emplace_back(); }

TryOut::Waiting TryOut::EndWaiting() {
  Waiting ended = std::move(waiting_.back());
  waiting_.pop_back();
  return ended;
}

std::optional<Diagnostic> TryOut::Judge(const Waiting& waiting,
                                        const std::vector<Atom>* input) const {
  if (waiting.empty()) return std::nullopt;
  if (input == nullptr) return waiting.front().second;
  Interpreter interpreter(graph_, *input, causal_);
  for (const auto& [id, failure_on_example] : waiting) {
    if (auto failure = FailureOn(interpreter, id)) return failure;
  }
  return std::nullopt;
}

std::size_t TryOut::EnterBody() { return std::exchange(waiting_begin_, waiting_.size()); }

void TryOut::LeaveBody(std::size_t outer) { waiting_begin_ = outer; }

}  // namespace raspc
