// Node by node, position by position, following the language's definition.
#include "compiler/interpret/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "base/stop.h"
#include "compiler/operations/atom_ops.h"
#include "compiler/operations/host_function.h"

namespace raspc {
namespace {

bool IsString(const Atom& atom) { return std::holds_alternative<std::string>(atom); }

// Memory of a string or fraction in addition to the atom that holds it.
std::uint64_t ExtraBytes(const Atom& atom) {
  if (const auto* number = std::get_if<Float>(&atom)) return number->ExtraBytes();
  const auto* text = std::get_if<std::string>(&atom);
  return text != nullptr && text->size() > 15 ? text->size() : 0;
}

// A formula with more steps is materialised.
constexpr int kMaxSteps = 64;

}  // namespace

std::string InputText(const std::vector<Atom>& input) {
  constexpr std::size_t kShown = 40;
  const auto is_character = [](const Atom& atom) {
    const auto* text = std::get_if<std::string>(&atom);
    return text != nullptr && !text->empty() && CodePoints(*text).size() == 1;
  };
  const std::size_t shown = std::min(input.size(), kShown);
  const std::vector<Atom> head(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(shown));
  const std::string_view more = shown < input.size() ? "…" : "";
  if (std::all_of(head.begin(), head.end(), is_character)) {
    std::string joined;
    for (const Atom& atom : head) joined += *std::get_if<std::string>(&atom);
    return QuoteJson(joined + std::string(more));
  }
  std::vector<std::string> texts;
  for (const Atom& atom : head) texts.push_back(ShortText(atom));
  return fmt::format("[{}{}]", fmt::join(texts, ", "), more.empty() ? "" : ", …");
}

std::string InputJson(const std::vector<Atom>& tokens) {
  std::string joined;
  for (const Atom& token : tokens) {
    const std::string* text = std::get_if<std::string>(&token);
    if (text == nullptr || CodePoints(*text).size() != 1) return ToJson(tokens);
    joined += *text;
  }
  return QuoteJson(joined);
}

Evaluation::Evaluation(const DataflowGraph& graph, std::vector<Atom> input, bool causal,
                       std::uint64_t max_bytes)
    : graph_(graph), input_(std::move(input)), causal_(causal), max_bytes_(max_bytes) {}

void Evaluation::Append(Atom token) {
  input_.push_back(std::move(token));
  is_again_ = true;
}

void Evaluation::Restart(std::vector<Atom> input) {
  for (auto i = static_cast<int>(is_positional_.size()); i < graph_.size(); ++i) {
    bool is_positional = !std::holds_alternative<TokensNode>(graph_[NodeId{i}].kind);
    for (const NodeId operand : graph_.OperandsOf(NodeId{i})) {
      is_positional = is_positional && is_positional_[Index(operand)];
    }
    is_positional_.push_back(is_positional);
  }
  const bool same_length = input.size() == input_.size();
  for (std::size_t i = 0; i < state_.size(); ++i) {
    NodeState& state = *state_[i];
    const bool keep = same_length && is_positional_[i] && !state.failure;
    if (!keep && (state.num_done > 0 || state.failure)) Clear(state);
  }
  has_failures_ = false;
  is_again_ = true;
  input_ = std::move(input);
}

// Formulas are kept, since they depend only on the graph, and so is memory for values.
void Evaluation::Clear(NodeState& state) {
  if (auto* values = std::get_if<SOpValues>(&state.value)) {
    values->clear();
  } else {
    state.value = SOpValues();
  }
  state.num_done = 0;
  state.has_number = state.has_rows = false;
  state.failure.reset();
  bytes_ -= state.bytes;
  state.bytes = 0;
  if (state.compared) state.compared->Clear();
  if (state.maker) state.maker->ClearClasses();
  if (state.stored) *state.stored = BitRows();
  state.tallies.clear();
  state.column.Clear();
}

bool Evaluation::Ensure(NodeId id, Diagnostics& diag) {
  ThrowIfStopped();
  if (input_.empty()) {
    diag.Error(ErrorKind::kInput, {}, "the input is empty: a program needs at least one token");
    return false;
  }
  while (state_.size() < static_cast<std::size_t>(graph_.size())) {
    state_.push_back(std::make_unique<NodeState>());
  }
  if (is_again_) {
    EnsureAgain(id);
  } else {
    EnsureFirst(id);
  }
  if (!StateOf(id).failure) return true;
  diag.Add(*StateOf(id).failure);
  return false;
}

// Depth first, with a stack of our own: graphs may be deep.
void Evaluation::EnsureFirst(NodeId id) {
  std::vector<NodeId> stack{id};
  while (!stack.empty()) {
    const NodeId top = stack.back();
    bool ready = true;
    if (!IsDone(top) && !StateOf(top).failure) {
      // Of operands that fail, the first counts.
      for (const NodeId operand : graph_.OperandsOf(top)) {
        if (IsDone(operand)) continue;
        if (StateOf(operand).failure) {
          StateOf(top).failure = StateOf(operand).failure;
        } else {
          stack.push_back(operand);
          ready = false;
        }
        break;
      }
      if (ready && !StateOf(top).failure) Compute(top);
    }
    if (ready) stack.pop_back();
  }
}

void Evaluation::EnsureAgain(NodeId id) {
  std::vector<NodeId>& order = orders_[id.value];
  if (order.empty()) order = Reachable(graph_, std::array{id});
  for (const NodeId node : order) {
    if (IsDone(node) || StateOf(node).failure) continue;
    if (has_failures_ && TakeFailure(node)) continue;
    Compute(node);
  }
}

bool Evaluation::TakeFailure(NodeId id) {
  for (const NodeId operand : graph_.OperandsOf(id)) {
    if (!StateOf(operand).failure) continue;
    StateOf(id).failure = StateOf(operand).failure;
    return true;
  }
  return false;
}

void Evaluation::Compute(NodeId id) {
  if (graph_.IsSelector(id)) {
    ComputeSelector(id);
  } else {
    ComputeSOp(id);
  }
}

// Prepares to compute a selector's rows.
void Evaluation::ComputeSelector(NodeId id) {
  NodeState& state = StateOf(id);
  const int from = state.num_done, n = seq_len();
  // Two codes and their sorted copies with checkpoints, per position.
  constexpr std::uint64_t kComparedBytes = 64;
  if (const auto* node = std::get_if<SelectNode>(&graph_[id].kind)) {
    if (!Reserve(id, static_cast<std::uint64_t>(n - from) * kComparedBytes)) return;
    if (!state.compared) state.compared = std::make_unique<ComparedColumns>(node->op);
    if (const auto error = state.compared->Extend(SOp(node->keys), SOp(node->queries))) {
      FailAt(id, error->kind, "select: " + error->message, from);
      return;
    }
  }
  if (const auto* node = std::get_if<HostSelectNode>(&graph_[id].kind)) {
    if (!StorePredicate(id, *node)) return;
  }
  if (!state.maker) state.maker = MakeRowMaker(id);
  if (!Reserve(id, state.maker->BytesFor(n) - (from > 0 ? state.maker->BytesFor(from) : 0))) {
    return;
  }
  if (state.maker->num_steps() > kMaxSteps && !Store(id)) return;
  state.num_done = n;
}

// The steps of a selector, its operands' before its own. Materialised operands are one
// step each.
std::unique_ptr<RowMaker> Evaluation::MakeRowMaker(NodeId id) {
  auto maker = std::make_unique<RowMaker>();
  std::unordered_map<std::int32_t, int> step_of;
  std::vector<NodeId> stack{id};
  while (!stack.empty()) {
    const NodeId top = stack.back();
    NodeState& state = StateOf(top);
    const auto* logic = std::get_if<SelectorLogicNode>(&graph_[top].kind);
    std::vector<int> operands;
    if (step_of.contains(top.value)) {
      stack.pop_back();
    } else if (logic == nullptr || (top != id && state.stored)) {
      step_of[top.value] =
          state.compared ? maker->Add(state.compared.get()) : maker->Add(state.stored.get());
    } else {
      for (const NodeId operand : logic->operands) {
        if (const auto step = step_of.find(operand.value); step != step_of.end()) {
          operands.push_back(step->second);
        } else {
          stack.push_back(operand);
        }
      }
      if (operands.size() == logic->operands.size()) {
        step_of[top.value] = maker->Add(logic->op, std::move(operands));
      }
    }
  }
  return maker;
}

bool Evaluation::Store(NodeId id) {
  NodeState& state = StateOf(id);
  const int from = state.num_done, n = seq_len();
  if (!state.stored) state.stored = std::make_unique<BitRows>();
  bytes_ -= state.stored->size_bytes();
  state.bytes -= state.stored->size_bytes();
  *state.stored = BitRows();
  if (!Reserve(id, BitRows::BytesFor(n - from, n))) return false;
  *state.stored = BitRows(from, n, n);
  for (int q = from; q < n; ++q) {
    const ConstBitWords row = state.maker->Row(q, 0, causal_ ? q + 1 : n);
    std::copy(row.begin(), row.end(), state.stored->Row(q).begin());
  }
  return true;
}

// Calls the predicate for each pair of a query and a key that it may see, and keeps all rows.
bool Evaluation::StorePredicate(NodeId id, const HostSelectNode& node) {
  NodeState& state = StateOf(id);
  const int n = seq_len();
  if (!Reserve(id, BitRows::BytesFor(n, n))) return false;
  const SOpValues& keys = SOp(node.keys);
  const SOpValues& queries = SOp(node.queries);
  if (!state.stored) state.stored = std::make_unique<BitRows>();
  *state.stored = BitRows(0, n, n);
  for (int q = 0; q < n; ++q) {
    const BitWords row = state.stored->Row(q);
    for (int k = 0; k < (causal_ ? q + 1 : n); ++k) {
      const OpResult holds = HoldsForSelect(*node.predicate, keys[static_cast<std::size_t>(k)],
                                            queries[static_cast<std::size_t>(q)]);
      if (const auto* error = std::get_if<OpError>(&holds)) {
        return FailAt(id, error->kind, "select: " + error->message, q);
      }
      if (std::get<bool>(std::get<Atom>(holds))) {
        row[static_cast<std::size_t>(k) / 64] |= std::uint64_t{1} << (k % 64);
      }
    }
  }
  return true;
}

void Evaluation::ComputeSOp(NodeId id) {
  NodeState& state = StateOf(id);
  const int from = state.num_done, n = seq_len();
  if (!Reserve(id, static_cast<std::uint64_t>(n - from) * sizeof(Atom))) return;
  auto& values = std::get<SOpValues>(state.value);
  if (from == 0) values.reserve(static_cast<std::size_t>(n));

  const bool filled = std::visit(
      [&](const auto& node) {
        using Kind = std::decay_t<decltype(node)>;
        if constexpr (std::is_same_v<Kind, SelectNode> || std::is_same_v<Kind, HostSelectNode> ||
                      std::is_same_v<Kind, SelectorLogicNode>) {
          return false;  // not an s-op
        } else {
          return Fill(id, node, values);
        }
      },
      graph_[id].kind);
  if (!filled || !CheckTypes(id, from)) return;
  state.num_done = n;
}

bool Evaluation::Fill(NodeId id, const TokensNode& node, SOpValues& values) {
  for (int q = StateOf(id).num_done; q < seq_len(); ++q) {
    OpResult read =
        ReadToken(graph_.arithmetic(), node.view, input_[static_cast<std::size_t>(q)]);
    if (const auto* error = std::get_if<OpError>(&read)) {
      return FailAt(id, error->kind, fmt::format("{}: {}", NameOf(node.view), error->message), q);
    }
    values.push_back(std::get<Atom>(std::move(read)));
  }
  return true;
}

bool Evaluation::Fill(NodeId id, const IndicesNode&, SOpValues& values) {
  for (int q = StateOf(id).num_done; q < seq_len(); ++q) values.push_back(std::int64_t{q});
  return true;
}

bool Evaluation::Fill(NodeId id, const ConstantNode& node, SOpValues& values) {
  const auto missing = static_cast<std::uint64_t>(seq_len() - StateOf(id).num_done);
  if (!Reserve(id, missing * ExtraBytes(node.value))) return false;
  values.resize(static_cast<std::size_t>(seq_len()), node.value);
  return true;
}

bool Evaluation::Fill(NodeId id, const MapNode& node, SOpValues& values) {
  std::array<const Atom*, kMaxOperands> columns = {}, atoms = {};
  const std::size_t num_operands = node.operands.size();
  for (std::size_t i = 0; i < num_operands; ++i) columns[i] = SOp(node.operands[i]).data();
  OpError error;
  for (int q = StateOf(id).num_done; q < seq_len(); ++q) {
    for (std::size_t i = 0; i < num_operands; ++i) atoms[i] = columns[i] + q;
    Atom result;
    if (!ApplyTo(graph_.arithmetic(), node.op, {atoms.data(), num_operands}, node.table.get(),
                 result, error)) {
      return FailAt(id, error.kind, error.message, q);
    }
    if (const std::uint64_t extra = ExtraBytes(result); extra > 0 && !Reserve(id, extra)) {
      return false;
    }
    values.push_back(std::move(result));
  }
  return true;
}

void Evaluation::Continue(RowMaker& maker, int q, NodeId addends, Tally& tally) {
  const int from = tally.num_seen, end = causal_ ? q + 1 : seq_len();
  const ConstBitWords row = maker.Row(q, from, end);
  const auto first_word = static_cast<std::size_t>(from) / 64;
  tally.num_seen = end;
  const int count = CountBits(row);
  if (count == 0) return;
  if (tally.count == 0) {
    std::size_t w = 0;
    while (row[w] == 0) ++w;
    tally.first = static_cast<int>((first_word + w) * 64) + std::countr_zero(row[w]);
  }
  tally.count += count;
  if (!addends.IsValid()) return;
  StateOf(addends).column.AddSelected(SOp(addends), row, first_word, count, tally.sum);
}

template <class Make>
bool Evaluation::FillByRow(NodeId id, NodeId selector, NodeId addends, SOpValues& values,
                           Make make) {
  NodeState& state = StateOf(id);
  RowMaker& maker = Maker(selector);
  maker.FindClasses(seq_len());
  const auto num_classes = static_cast<std::size_t>(maker.num_classes());
  // The values added up are unpacked, too.
  const std::uint64_t more = (num_classes - state.tallies.size()) * sizeof(Tally) +
                             static_cast<std::uint64_t>(seq_len() - state.num_done) * 16;
  if (!Reserve(id, more)) return false;
  state.tallies.resize(num_classes, Tally(graph_.arithmetic()));
  for (int q = state.num_done; q < seq_len(); ++q) {
    ThrowIfStopped();
    const int c = maker.ClassOf(q), first = maker.FirstOf(c);
    if (!causal_ && first < q) {
      values.push_back(Atom(values[static_cast<std::size_t>(first)]));
    } else {
      Tally& tally = state.tallies[static_cast<std::size_t>(c)];
      Continue(maker, q, addends, tally);
      OpResult result = make(tally);
      if (const auto* error = std::get_if<OpError>(&result)) {
        return FailAt(id, error->kind, error->message, q);
      }
      values.push_back(std::get<Atom>(std::move(result)));
    }
    if (const std::uint64_t extra = ExtraBytes(values.back()); extra > 0 && !Reserve(id, extra)) {
      return false;
    }
  }
  return true;
}

bool Evaluation::Fill(NodeId id, const AggregateNode& node, SOpValues& values) {
  const SOpValues& from = SOp(node.values);
  if (graph_.rules() == ValueRules::kPython && !std::ranges::all_of(from, IsNumber)) {
    return FillFromMixed(id, node, values);
  }
  const bool are_numbers = IsNumber(from[0]);
  bool is_averaged = true;
  const bool filled = FillByRow(id, node.selector, are_numbers ? node.values : NodeId(), values,
                                [&](const Tally& tally) {
                                  is_averaged = tally.count <= 1 || StateOf(node.values).has_number;
                                  return AggregateOf(node, tally);
                                });
  if (!is_averaged) {
    StateOf(id).failure->Note(
        PlaceInMessage(graph_, node.selector),
        fmt::format("{} selects more than one position; only numbers can be averaged",
                    NameInMessage(graph_, node.selector)));
  }
  return filled;
}

// Where some values are not numbers, each row's are looked at.
bool Evaluation::FillFromMixed(NodeId id, const AggregateNode& node, SOpValues& values) {
  const SOpValues& from = SOp(node.values);
  RowMaker& maker = Maker(node.selector);
  for (int q = StateOf(id).num_done; q < seq_len(); ++q) {
    std::vector<const Atom*> selected;
    ForEachBit(maker.Row(q, 0, causal_ ? q + 1 : seq_len()), 0,
               [&](int k) { selected.push_back(&from[static_cast<std::size_t>(k)]); });
    if (selected.size() <= 1) {
      values.push_back(selected.empty() ? DefaultOf(node) : *selected[0]);
      continue;
    }
    RunningSum sum(graph_.arithmetic());
    for (const Atom* value : selected) {
      if (!IsNumber(*value)) {
        return FailAt(id, ErrorKind::kValue,
                      fmt::format("aggregate averages {} values, which include {}", selected.size(),
                                  ShortText(*value)),
                      q);
      }
      sum.Add(*value);
    }
    OpResult mean = sum.Mean(static_cast<std::int64_t>(selected.size()));
    if (const auto* error = std::get_if<OpError>(&mean)) {
      return FailAt(id, error->kind, error->message, q);
    }
    values.push_back(std::get<Atom>(std::move(mean)));
  }
  return true;
}

OpResult Evaluation::AggregateOf(const AggregateNode& node, const Tally& tally) const {
  if (tally.count == 0) return DefaultOf(node);
  const SOpValues& values = SOp(node.values);
  if (tally.count == 1) return values[static_cast<std::size_t>(tally.first)];
  if (StateOf(node.values).has_number) return tally.sum.Mean(tally.count);
  // Averaging needs numbers. Bools count as numbers only together with an int or float.
  return OpError{ErrorKind::kValue,
                 fmt::format("aggregate averages {} values of {}, which holds {}", tally.count,
                             NameInMessage(graph_, node.values), TypeOfValues(values))};
}

bool Evaluation::Fill(NodeId id, const WidthNode& node, SOpValues& values) {
  return FillByRow(id, node.selector, NodeId(), values,
                   [](const Tally& tally) -> OpResult { return Atom(std::int64_t{tally.count}); });
}

// As in the operations it replaces, including the rounding of large sums.
bool Evaluation::Fill(NodeId id, const SumNode& node, SOpValues& values) {
  const ArithmeticKind arithmetic = graph_.arithmetic();
  return FillByRow(id, node.selector, node.values, values, [&](const Tally& tally) -> OpResult {
    if (tally.count == 0) return Atom(std::int64_t{0});
    OpResult result = tally.sum.Mean(tally.count);
    if (const Atom* mean = std::get_if<Atom>(&result)) {
      result =
          Apply(arithmetic, MapOp::kMultiply, std::array{Atom(std::int64_t{tally.count}), *mean});
    }
    if (const Atom* product = std::get_if<Atom>(&result)) {
      result = Apply(arithmetic, MapOp::kRound, std::array{*product});
    }
    return result;
  });
}

// The values of an s-op are all strings, all bools, or numbers and bools.
bool Evaluation::CheckTypes(NodeId id, int from) {
  NodeState& state = StateOf(id);
  const SOpValues& values = SOp(id);
  if (graph_.rules() == ValueRules::kPython) {
    state.has_number = std::ranges::any_of(values, IsNumber);
    return true;
  }
  const bool strings = IsString(values[0]);
  for (auto q = static_cast<std::size_t>(from); q < values.size(); ++q) {
    if (IsString(values[q]) != strings) {
      return Fail(id, ErrorKind::kType,
                  fmt::format("{} would hold strings and other values at once: {} at position 0 "
                              "and {} at position {} of the input {}",
                              NameInMessage(graph_, id), ShortText(values[0]), ShortText(values[q]),
                              q, InputText(input_)));
    }
    state.has_number |= std::holds_alternative<std::int64_t>(values[q]) ||
                        std::holds_alternative<Float>(values[q]);
  }
  return true;
}

bool Evaluation::EnsureRows(NodeId id, Diagnostics& diag) {
  if (!Ensure(id, diag)) return false;
  NodeState& state = StateOf(id);
  if (state.has_rows) return true;
  const auto n = static_cast<std::size_t>(seq_len());
  if (!Reserve(id, n * n)) {
    diag.Add(*state.failure);
    return false;
  }
  SelectorRows rows{seq_len(), std::vector<std::uint8_t>(n * n)};
  for (int q = 0; q < seq_len(); ++q) {
    std::uint8_t* entries = rows.entries.data() + static_cast<std::size_t>(q) * n;
    ForEachBit(state.maker->Row(q, 0, causal_ ? q + 1 : seq_len()), 0,
               [&](int k) { entries[k] = 1; });
  }
  state.value = std::move(rows);
  state.has_rows = true;
  return true;
}

bool Evaluation::Reserve(NodeId id, std::uint64_t bytes) {
  if (bytes <= max_bytes_ && bytes_ + bytes <= max_bytes_) {
    bytes_ += bytes;
    StateOf(id).bytes += bytes;
    return true;
  }
  return Fail(id, ErrorKind::kLimit,
              fmt::format("evaluating the program on {} tokens needs more than {} MiB", seq_len(),
                          max_bytes_ >> 20));
}

bool Evaluation::Fail(NodeId id, ErrorKind kind, std::string message) {
  Diagnostic failure;
  failure.kind = kind;
  failure.location = PlaceInMessage(graph_, id);
  failure.message = std::move(message);
  StateOf(id).failure = std::move(failure);
  has_failures_ = true;
  return false;
}

bool Evaluation::FailAt(NodeId id, ErrorKind kind, const std::string& message, int position) {
  return Fail(
      id, kind,
      fmt::format("{}, at position {} of the input {}", message, position, InputText(input_)));
}

}  // namespace raspc
