// One function per kind of node, as defined in docs/language.md.
#include "tests/compiler/interpret/plain_evaluation.h"

#include <fmt/format.h>

#include <array>

#include "compiler/interpret/evaluation.h"
#include "compiler/operations/atom_ops.h"
#include "compiler/operations/host_function.h"

namespace raspc {
namespace {

class PlainEvaluation {
 public:
  PlainEvaluation(const DataflowGraph& graph, const std::vector<Atom>& input, bool causal)
      : graph_(graph), input_(input), causal_(causal), n_(static_cast<int>(input.size())) {}

  std::optional<NodeValue> Evaluate(NodeId id, Diagnostics& diag) {
    done_.resize(static_cast<std::size_t>(graph_.size()));
    for (const NodeId node : Reachable(graph_, std::array{id})) EvaluateOne(node);
    Done& done = done_[static_cast<std::size_t>(id.value)];
    if (!done.failure) return std::move(done.value);
    diag.Add(*done.failure);
    return std::nullopt;
  }

 private:
  struct Done {
    NodeValue value;
    std::optional<Diagnostic> failure;
  };

  const SOpValues& SOp(NodeId id) const {
    return std::get<SOpValues>(done_[static_cast<std::size_t>(id.value)].value);
  }
  const SelectorRows& Rows(NodeId id) const {
    return std::get<SelectorRows>(done_[static_cast<std::size_t>(id.value)].value);
  }
  static const Atom& At(const SOpValues& values, int i) {
    return values[static_cast<std::size_t>(i)];
  }

  void EvaluateOne(NodeId id) {
    Done& done = done_[static_cast<std::size_t>(id.value)];
    for (const NodeId operand : graph_.OperandsOf(id)) {
      const Done& other = done_[static_cast<std::size_t>(operand.value)];
      if (other.failure) {
        done.failure = other.failure;
        return;
      }
    }
    std::visit([&](const auto& kind) { Make(id, kind, done); }, graph_[id].kind);
    if (!done.failure && !graph_.IsSelector(id)) CheckTypes(id, done);
  }

  void Fail(NodeId id, Done& done, ErrorKind kind, const std::string& message) {
    done.failure.emplace();
    done.failure->kind = kind;
    done.failure->location = graph_[id].location;
    done.failure->message = message;
  }
  void FailAt(NodeId id, Done& done, ErrorKind kind, const std::string& message, int position) {
    Fail(id, done, kind,
         fmt::format("{}, at position {} of the input {}", message, position, InputText(input_)));
  }

  void CheckTypes(NodeId id, Done& done) {
    const auto& values = std::get<SOpValues>(done.value);
    for (int q = 0; q < n_; ++q) {
      if (IsNumber(At(values, q)) == IsNumber(values[0])) continue;
      Fail(id, done, ErrorKind::kType,
           fmt::format("{} would hold strings and other values at once: {} at position 0 and {} "
                       "at position {} of the input {}",
                       NameInMessage(graph_, id), ShortText(values[0]), ShortText(At(values, q)), q,
                       InputText(input_)));
      return;
    }
  }

  // Calls make(q) for an OpResult at each position.
  template <class MakeOne>
  void MakeEach(NodeId id, Done& done, MakeOne make) {
    SOpValues values;
    for (int q = 0; q < n_; ++q) {
      OpResult result = make(q);
      if (const auto* error = std::get_if<OpError>(&result)) {
        return FailAt(id, done, error->kind, error->message, q);
      }
      values.push_back(std::get<Atom>(result));
    }
    done.value = std::move(values);
  }

  // Calls is_set(q, k) for each entry that the mask allows.
  template <class IsSet>
  void MakeRows(Done& done, IsSet is_set) {
    const auto n = static_cast<std::size_t>(n_);
    SelectorRows rows{n_, std::vector<std::uint8_t>(n * n)};
    for (int q = 0; q < n_; ++q) {
      for (int k = 0; k < (causal_ ? q + 1 : n_); ++k) {
        rows.entries[static_cast<std::size_t>(q) * n + static_cast<std::size_t>(k)] = is_set(q, k);
      }
    }
    done.value = std::move(rows);
  }

  void Make(NodeId id, const TokensNode& node, Done& done) {
    MakeEach(id, done, [&](int q) -> OpResult {
      const Atom& token = input_[static_cast<std::size_t>(q)];
      OpResult read = ReadToken(graph_.arithmetic(), node.view, token);
      if (auto* error = std::get_if<OpError>(&read)) {
        error->message = fmt::format("{}: {}", NameOf(node.view), error->message);
      }
      return read;
    });
  }
  void Make(NodeId id, const IndicesNode&, Done& done) {
    MakeEach(id, done, [&](int q) -> OpResult { return Atom(std::int64_t{q}); });
  }
  void Make(NodeId id, const ConstantNode& node, Done& done) {
    MakeEach(id, done, [&](int) -> OpResult { return node.value; });
  }
  void Make(NodeId id, const MapNode& node, Done& done) {
    MakeEach(id, done, [&](int q) -> OpResult {
      std::vector<Atom> operands;
      for (const NodeId operand : node.operands) operands.push_back(At(SOp(operand), q));
      return Apply(graph_.arithmetic(), node.op, operands, node.table.get());
    });
  }

  void Make(NodeId id, const SelectNode& node, Done& done) {
    const SOpValues &keys = SOp(node.keys), &queries = SOp(node.queries);
    const OpResult first = CompareForSelect(node.op, keys[0], queries[0]);
    if (const auto* error = std::get_if<OpError>(&first)) {
      return FailAt(id, done, error->kind, "select: " + error->message, 0);
    }
    MakeRows(done, [&](int q, int k) {
      return IsTrue(std::get<Atom>(CompareForSelect(node.op, At(keys, k), At(queries, q))));
    });
  }
  void Make(NodeId id, const HostSelectNode& node, Done& done) {
    const SOpValues &keys = SOp(node.keys), &queries = SOp(node.queries);
    for (int q = 0; q < n_; ++q) {
      for (int k = 0; k < (causal_ ? q + 1 : n_); ++k) {
        const OpResult holds = HoldsForSelect(*node.predicate, At(keys, k), At(queries, q));
        if (const auto* error = std::get_if<OpError>(&holds)) {
          return FailAt(id, done, error->kind, "select: " + error->message, q);
        }
      }
    }
    MakeRows(done, [&](int q, int k) {
      return IsTrue(std::get<Atom>(HoldsForSelect(*node.predicate, At(keys, k), At(queries, q))));
    });
  }
  void Make(NodeId, const SelectorLogicNode& node, Done& done) {
    MakeRows(done, [&](int q, int k) {
      if (node.op == SelectorOp::kNot) return !Rows(node.operands[0]).At(q, k);
      bool all = true, any = false;
      for (const NodeId operand : node.operands) {
        all = all && Rows(operand).At(q, k);
        any = any || Rows(operand).At(q, k);
      }
      return node.op == SelectorOp::kAnd ? all : any;
    });
  }

  std::vector<int> Selected(NodeId selector, int q) const {
    std::vector<int> keys;
    for (int k = 0; k < n_; ++k) {
      if (Rows(selector).At(q, k)) keys.push_back(k);
    }
    return keys;
  }
  OpResult Mean(const SOpValues& values, const std::vector<int>& keys) const {
    const auto count = static_cast<std::int64_t>(keys.size());
    if (graph_.arithmetic() == ArithmeticKind::kRational) {
      Fraction total(0);
      for (const int k : keys) total = total + ExactNumberOf(At(values, k));
      return Atom(Float::Of(total / Fraction(count)));
    }
    RunningSum sum(graph_.arithmetic());
    for (const int k : keys) sum.Add(At(values, k));
    return sum.Mean(count);
  }

  void Make(NodeId id, const AggregateNode& node, Done& done) {
    const SOpValues& values = SOp(node.values);
    MakeEach(id, done, [&](int q) -> OpResult {
      const std::vector<int> keys = Selected(node.selector, q);
      if (keys.empty()) return DefaultOf(node);
      if (keys.size() == 1) return At(values, keys[0]);
      const std::string_view type = TypeOfValues(values);
      if (type == "strings" || type == "bools") {
        return OpError{ErrorKind::kValue,
                       fmt::format("aggregate averages {} values of {}, which holds {}",
                                   keys.size(), NameInMessage(graph_, node.values), type)};
      }
      return Mean(values, keys);
    });
  }
  void Make(NodeId id, const WidthNode& node, Done& done) {
    MakeEach(id, done, [&](int q) -> OpResult {
      return Atom(static_cast<std::int64_t>(Selected(node.selector, q).size()));
    });
  }
  void Make(NodeId id, const SumNode& node, Done& done) {
    MakeEach(id, done, [&](int q) -> OpResult {
      const std::vector<int> keys = Selected(node.selector, q);
      if (keys.empty()) return Atom(std::int64_t{0});
      const OpResult mean = Mean(SOp(node.values), keys);
      const auto count = static_cast<std::int64_t>(keys.size());
      if (std::holds_alternative<OpError>(mean)) return mean;
      const OpResult product = Apply(graph_.arithmetic(), MapOp::kMultiply,
                                     std::array{Atom(count), std::get<Atom>(mean)});
      if (std::holds_alternative<OpError>(product)) return product;
      return Apply(graph_.arithmetic(), MapOp::kRound, std::array{std::get<Atom>(product)});
    });
  }

  const DataflowGraph& graph_;
  const std::vector<Atom>& input_;
  bool causal_;
  int n_;
  std::vector<Done> done_;  // by node id
};

}  // namespace

std::optional<NodeValue> EvaluatePlainly(const DataflowGraph& graph, NodeId id,
                                         const std::vector<Atom>& input, bool causal,
                                         Diagnostics& diag) {
  return PlainEvaluation(graph, input, causal).Evaluate(id, diag);
}

// Values as JSON, and the fractions that it does not show.
std::string ToText(const SOpValues& values) {
  std::string text = ToJson(values);
  for (const Atom& value : values) {
    const auto* number = std::get_if<Float>(&value);
    if (number != nullptr && !number->IsDouble()) text += " " + number->exact().ToText();
  }
  return text;
}

std::string ToText(const NodeValue& value) {
  if (const auto* values = std::get_if<SOpValues>(&value)) return ToText(*values);
  const auto& rows = std::get<SelectorRows>(value);
  std::string text;
  for (int q = 0; q < rows.seq_len; ++q) {
    if (q > 0) text += ' ';
    for (int k = 0; k < rows.seq_len; ++k) text += rows.At(q, k) ? '1' : '0';
  }
  return text;
}

std::string DifferenceFromPlain(const DataflowGraph& graph, NodeId id,
                                const std::vector<Atom>& input, bool causal) {
  Interpreter interpreter(graph, input, causal);
  return DifferenceFromPlain(interpreter, graph, id, input, causal);
}

std::string DifferenceFromPlain(Interpreter& interpreter, const DataflowGraph& graph, NodeId id,
                                const std::vector<Atom>& input, bool causal) {
  Diagnostics plain_diag, diag;
  const auto wanted = EvaluatePlainly(graph, id, input, causal, plain_diag);
  const NodeValue* got = interpreter.Evaluate(id, diag);
  const std::string wanted_text = wanted ? ToText(*wanted) : plain_diag.all()[0].message;
  const std::string got_text = got != nullptr ? ToText(*got) : diag.all()[0].message;
  if (wanted_text == got_text) return "";
  return fmt::format("'{}' on {}: wanted {}, got {}", graph.Describe(id), InputText(input),
                     wanted_text, got_text);
}

}  // namespace raspc
