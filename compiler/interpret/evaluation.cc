// Node by node, position by position, as the language's definition has it.
#include "compiler/interpret/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "compiler/interpret/atom_ops.h"
#include "compiler/interpret/compare_all.h"

namespace raspc {
namespace {

bool IsString(const Atom& atom) { return std::holds_alternative<std::string>(atom); }

// What a string needs beside the atom that holds it.
std::uint64_t ExtraBytes(const Atom& atom) {
  const auto* text = std::get_if<std::string>(&atom);
  return text != nullptr && text->size() > 15 ? text->size() : 0;
}

// Means over the rows of a selector. The values are unpacked once, so that the sums run over plain
// numbers where all are of one type.
class RowMeans {
 public:
  explicit RowMeans(const SOpValues& values) : values_(values) {
    const auto all = [&](auto predicate) {
      return std::all_of(values.begin(), values.end(), predicate);
    };
    if (all([](const Atom& atom) { return std::holds_alternative<double>(atom); })) {
      floats_.reserve(values.size());
      for (const Atom& atom : values) floats_.push_back(*std::get_if<double>(&atom));
    } else if (all([](const Atom& atom) { return std::holds_alternative<std::int64_t>(atom); })) {
      ints_.reserve(values.size());
      for (const Atom& atom : values) ints_.push_back(*std::get_if<std::int64_t>(&atom));
    }
  }

  OpResult Mean(const BitRows& rows, int q, int count) const {
    RunningSum sum;
    if (!floats_.empty()) {
      rows.ForEach(q, [&](int k) { sum.AddFloat(floats_[static_cast<std::size_t>(k)]); });
    } else if (!ints_.empty()) {
      rows.ForEach(q, [&](int k) { sum.AddInt(ints_[static_cast<std::size_t>(k)]); });
    } else {
      rows.ForEach(q, [&](int k) { sum.Add(values_[static_cast<std::size_t>(k)]); });
    }
    return sum.Mean(count);
  }

 private:
  const SOpValues& values_;
  std::vector<double> floats_;      // all values, if all are floats
  std::vector<std::int64_t> ints_;  // all values, if all are ints
};

int FirstIn(const BitRows& rows, int q) {
  const std::span<const std::uint64_t> row = rows.Row(q);
  std::size_t w = 0;
  while (row[w] == 0) ++w;
  return static_cast<int>(w * 64) + std::countr_zero(row[w]);
}

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

Evaluation::Evaluation(const DataflowGraph& graph, std::vector<Atom> input, bool causal,
                       std::uint64_t max_bytes)
    : graph_(graph), input_(std::move(input)), causal_(causal), max_bytes_(max_bytes) {}

void Evaluation::Append(Atom token) { input_.push_back(std::move(token)); }

bool Evaluation::Ensure(NodeId id, Diagnostics& diag) {
  if (input_.empty()) {
    diag.Error(ErrorKind::kInput, {}, "the input is empty: a program needs at least one token");
    return false;
  }
  state_.resize(std::max(state_.size(), static_cast<std::size_t>(graph_.size())));
  // Depth first, with a stack of our own: graphs may be deep. Of operands that fail the first
  // counts.
  std::vector<NodeId> stack{id};
  while (!stack.empty()) {
    const NodeId top = stack.back();
    bool ready = true;
    if (!IsDone(top) && !state_[Index(top)].failure) {
      for (const NodeId operand : graph_.OperandsOf(top)) {
        if (IsDone(operand)) continue;
        if (state_[Index(operand)].failure) {
          state_[Index(top)].failure = state_[Index(operand)].failure;
          break;
        }
        stack.push_back(operand);
        ready = false;
        break;
      }
      if (ready && !state_[Index(top)].failure) Compute(top);
    }
    if (ready) stack.pop_back();
  }
  if (!state_[Index(id)].failure) return true;
  diag.Add(*state_[Index(id)].failure);
  return false;
}

void Evaluation::Compute(NodeId id) {
  if (graph_.IsSelector(id)) {
    ComputeSelector(id);
  } else {
    ComputeSOp(id);
  }
}

void Evaluation::ComputeSelector(NodeId id) {
  NodeState& state = state_[Index(id)];
  const int from = state.num_done, n = seq_len();
  bytes_ -= state.rows.words().size_bytes();
  state.rows = BitRows();
  if (!Reserve(id, BitRows::BytesFor(n - from, n))) return;

  const NodeKind& kind = graph_[id].kind;
  const auto* select = std::get_if<SelectNode>(&kind);
  std::optional<BitRows> rows =
      select ? RowsOf(id, *select, from) : RowsOf(id, *std::get_if<SelectorLogicNode>(&kind), from);
  if (!rows) return;
  if (causal_) {
    for (int q = from; q < n; ++q) rows->KeepColumns(q, q + 1);
  }
  state.rows = std::move(*rows);
  state.num_done = n;
}

void Evaluation::ComputeSOp(NodeId id) {
  NodeState& state = state_[Index(id)];
  const int from = state.num_done, n = seq_len();
  if (!Reserve(id, static_cast<std::uint64_t>(n - from) * sizeof(Atom))) return;
  auto& values = std::get<SOpValues>(state.value);
  if (from == 0) values.reserve(static_cast<std::size_t>(n));

  const bool filled = std::visit(
      [&](const auto& node) {
        using Kind = std::decay_t<decltype(node)>;
        if constexpr (std::is_same_v<Kind, SelectNode> || std::is_same_v<Kind, SelectorLogicNode>) {
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
  for (int q = state_[Index(id)].num_done; q < seq_len(); ++q) {
    OpResult read = ReadToken(node.view, input_[static_cast<std::size_t>(q)]);
    if (const auto* error = std::get_if<OpError>(&read)) {
      return FailAt(id, error->kind, fmt::format("{}: {}", NameOf(node.view), error->message), q);
    }
    values.push_back(std::get<Atom>(std::move(read)));
  }
  return true;
}

bool Evaluation::Fill(NodeId id, const IndicesNode&, SOpValues& values) {
  for (int q = state_[Index(id)].num_done; q < seq_len(); ++q) values.push_back(std::int64_t{q});
  return true;
}

bool Evaluation::Fill(NodeId id, const ConstantNode& node, SOpValues& values) {
  const auto missing = static_cast<std::uint64_t>(seq_len() - state_[Index(id)].num_done);
  if (!Reserve(id, missing * ExtraBytes(node.value))) return false;
  values.resize(static_cast<std::size_t>(seq_len()), node.value);
  return true;
}

bool Evaluation::Fill(NodeId id, const MapNode& node, SOpValues& values) {
  std::vector<const SOpValues*> operands;
  for (const NodeId operand : node.operands) operands.push_back(&SOp(operand));
  std::vector<const Atom*> atoms(operands.size());
  OpError error;
  for (int q = state_[Index(id)].num_done; q < seq_len(); ++q) {
    for (std::size_t i = 0; i < operands.size(); ++i) {
      atoms[i] = &(*operands[i])[static_cast<std::size_t>(q)];
    }
    Atom result;
    if (!ApplyTo(node.op, atoms, node.table.get(), result, error)) {
      return FailAt(id, error.kind, error.message, q);
    }
    if (const std::uint64_t extra = ExtraBytes(result); extra > 0 && !Reserve(id, extra)) {
      return false;
    }
    values.push_back(std::move(result));
  }
  return true;
}

bool Evaluation::Fill(NodeId id, const AggregateNode& node, SOpValues& values) {
  const SOpValues& from = SOp(node.values);
  const BitRows& rows = Rows(node.selector);
  const Atom default_value = DefaultOf(node);
  const RowMeans means(from);
  for (int q = state_[Index(id)].num_done; q < seq_len(); ++q) {
    const int count = rows.CountIn(q);
    if (count <= 1) {
      values.push_back(count == 0 ? default_value
                                  : from[static_cast<std::size_t>(FirstIn(rows, q))]);
      if (const std::uint64_t extra = ExtraBytes(values.back()); extra > 0 && !Reserve(id, extra)) {
        return false;
      }
      continue;
    }
    if (!CanAverage(id, node, q, count)) return false;
    OpResult mean = means.Mean(rows, q, count);
    if (const auto* error = std::get_if<OpError>(&mean)) {
      return FailAt(id, error->kind, error->message, q);
    }
    values.push_back(std::get<Atom>(std::move(mean)));
  }
  return true;
}

bool Evaluation::Fill(NodeId id, const WidthNode& node, SOpValues& values) {
  const BitRows& rows = Rows(node.selector);
  for (int q = state_[Index(id)].num_done; q < seq_len(); ++q) {
    values.push_back(std::int64_t{rows.CountIn(q)});
  }
  return true;
}

// As the operations it stands for: rounding of large sums included.
bool Evaluation::Fill(NodeId id, const SumNode& node, SOpValues& values) {
  const BitRows& rows = Rows(node.selector);
  const RowMeans means(SOp(node.values));
  for (int q = state_[Index(id)].num_done; q < seq_len(); ++q) {
    const int count = rows.CountIn(q);
    if (count == 0) {
      values.emplace_back(std::int64_t{0});
      continue;
    }
    OpResult result = means.Mean(rows, q, count);
    if (const Atom* mean = std::get_if<Atom>(&result)) {
      result = Apply(MapOp::kMultiply, std::array{Atom(std::int64_t{count}), *mean});
    }
    if (const Atom* product = std::get_if<Atom>(&result)) {
      result = Apply(MapOp::kRound, std::array{*product});
    }
    if (const auto* error = std::get_if<OpError>(&result)) {
      return FailAt(id, error->kind, error->message, q);
    }
    values.push_back(std::get<Atom>(std::move(result)));
  }
  return true;
}

std::optional<BitRows> Evaluation::RowsOf(NodeId id, const SelectNode& node, int from) {
  std::variant<BitRows, OpError> rows =
      CompareAll(node.op, SOp(node.keys), SOp(node.queries), from);
  if (const auto* error = std::get_if<OpError>(&rows)) {
    FailAt(id, error->kind, "select: " + error->message, from);
    return std::nullopt;
  }
  return std::get<BitRows>(std::move(rows));
}

std::optional<BitRows> Evaluation::RowsOf(NodeId, const SelectorLogicNode& node, int from) {
  BitRows result = Rows(node.operands[0]);
  const std::span<std::uint64_t> words = result.words();
  for (std::size_t i = 1; i < node.operands.size(); ++i) {
    const std::span<const std::uint64_t> other = Rows(node.operands[i]).words();
    for (std::size_t w = 0; w < words.size(); ++w) {
      words[w] = node.op == SelectorOp::kAnd ? words[w] & other[w] : words[w] | other[w];
    }
  }
  if (node.op == SelectorOp::kNot) {
    for (std::uint64_t& word : words) word = ~word;
    for (int q = from; q < seq_len(); ++q) result.KeepColumns(q, seq_len());
  }
  return result;
}

// Averaging needs numbers. Bools are numbers only beside an int or float.
bool Evaluation::CanAverage(NodeId id, const AggregateNode& node, int position, int count) {
  if (state_[Index(node.values)].has_number) return true;
  const std::string_view type = TypeOfValues(SOp(node.values));
  FailAt(id, ErrorKind::kValue,
         fmt::format("aggregate averages {} values of '{}', which holds {}", count,
                     graph_.Describe(node.values), type),
         position);
  const Node& selector = graph_[node.selector];
  state_[Index(id)].failure->Note(
      selector.location, fmt::format("'{}' selects more than one position; only numbers can be "
                                     "averaged",
                                     graph_.Describe(node.selector)));
  return false;
}

// The values of an s-op are all strings, all bools, or numbers and bools.
bool Evaluation::CheckTypes(NodeId id, int from) {
  NodeState& state = state_[Index(id)];
  const SOpValues& values = SOp(id);
  const bool strings = IsString(values[0]);
  for (auto q = static_cast<std::size_t>(from); q < values.size(); ++q) {
    if (IsString(values[q]) != strings) {
      return Fail(id, ErrorKind::kType,
                  fmt::format("'{}' would hold strings and other values at once: {} at position 0 "
                              "and {} at position {} of the input {}",
                              graph_.Describe(id), ShortText(values[0]), ShortText(values[q]), q,
                              InputText(input_)));
    }
    state.has_number |= std::holds_alternative<std::int64_t>(values[q]) ||
                        std::holds_alternative<double>(values[q]);
  }
  return true;
}

bool Evaluation::EnsureRows(NodeId id, Diagnostics& diag) {
  if (!Ensure(id, diag)) return false;
  NodeState& state = state_[Index(id)];
  if (state.has_rows) return true;
  const auto n = static_cast<std::size_t>(seq_len());
  if (!Reserve(id, n * n)) {
    diag.Add(*state.failure);
    return false;
  }
  SelectorRows rows{seq_len(), std::vector<std::uint8_t>(n * n)};
  for (int q = 0; q < seq_len(); ++q) {
    state.rows.ForEach(q, [&](int k) {
      rows.entries[static_cast<std::size_t>(q) * n + static_cast<std::size_t>(k)] = 1;
    });
  }
  state.value = std::move(rows);
  state.has_rows = true;
  return true;
}

bool Evaluation::Reserve(NodeId id, std::uint64_t bytes) {
  if (bytes <= max_bytes_ && bytes_ + bytes <= max_bytes_) {
    bytes_ += bytes;
    return true;
  }
  return Fail(id, ErrorKind::kLimit,
              fmt::format("evaluating the program on {} tokens needs more than {} MiB", seq_len(),
                          max_bytes_ >> 20));
}

bool Evaluation::Fail(NodeId id, ErrorKind kind, std::string message) {
  Diagnostic failure;
  failure.kind = kind;
  failure.location = graph_[id].location;
  failure.message = std::move(message);
  state_[Index(id)].failure = std::move(failure);
  return false;
}

bool Evaluation::FailAt(NodeId id, ErrorKind kind, const std::string& message, int position) {
  return Fail(
      id, kind,
      fmt::format("{}, at position {} of the input {}", message, position, InputText(input_)));
}

}  // namespace raspc
