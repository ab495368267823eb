// What variables carry, for their names: see variable_meaning.h.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.h"
#include "compiler/lower/lowering.h"

namespace raspc {
namespace {

constexpr std::size_t kLongestDetail = 400;  // bytes of a formula in a detailed name

std::shared_ptr<const ValueList> CountsTo(std::int64_t most, std::string subject,
                                          std::string full_subject, int line) {
  ValueList list{std::move(subject), std::move(full_subject), line, {}, {}};
  for (std::int64_t count = 0; count <= most; ++count) list.values.emplace_back(count);
  return std::make_shared<const ValueList>(std::move(list));
}

}  // namespace

int Lowering::LineOf(NodeId id) const {
  const auto& [kind, location, name, text] = graph_[id];
  const bool is_input =
      std::holds_alternative<TokensNode>(kind) || std::holds_alternative<IndicesNode>(kind);
  return is_input || !location.IsKnown() || location.source != program_ ? 0 : location.line;
}

std::shared_ptr<const ValueList> Lowering::ListOf(NodeId id) const {
  std::shared_ptr<const ValueList>& list = lists_[id];
  if (list == nullptr) {
    list = std::make_shared<const ValueList>(
        ValueList{graph_.Describe(id), "", LineOf(id), DomainOf(id).values, {}});
  }
  return list;
}

// Such as `float(x)`.
VariableMeaning Lowering::TextFor(NodeId id, std::string_view function) const {
  return VariableMeaning::Text(fmt::format("{}({})", function, graph_.Describe(id)), LineOf(id));
}

VariableMeaning Lowering::FunctionOf(NodeId id, const Code& code) const {
  VariableMeaning meaning;
  meaning.kind = VariableMeaning::Kind::kFunction;
  meaning.of = ListOf(id);
  meaning.code = code;
  return meaning;
}

VariableMeaning Lowering::NumberMeaning(NodeId id) const {
  if (!IsNumeric(id)) return TextFor(id, "number");
  if (!DomainOf(id).is_finite) return VariableMeaning::Text(graph_.Describe(id), LineOf(id));
  return FunctionOf(id, NumberCode(id));
}

// Of a column for each; empty, or all equal: none.
VariableMeaning Lowering::FreeMeaning(const std::vector<double>& by_token,
                                      const std::vector<double>& by_position) const {
  const auto is_flat = [](const std::vector<double>& column) {
    return std::adjacent_find(column.begin(), column.end(), std::not_equal_to<>()) == column.end();
  };
  std::vector<VariableMeaning> parts;
  if (!is_flat(by_token)) {
    parts.push_back(FunctionOfRows(FreeValues(Feature::Kind::kToken), by_token));
  }
  if (!is_flat(by_position)) {
    parts.push_back(FunctionOfRows(FreeValues(Feature::Kind::kPosition), by_position));
  }
  if (parts.empty()) return {};
  if (parts.size() == 1) return parts[0];
  return VariableMeaning::Text(
      fmt::format("{} + {}", DetailedNameOf(parts[0]), DetailedNameOf(parts[1])), 0);
}

// The tokens of the vocabulary, or the indices.
const Lowering::RowValues& Lowering::FreeValues(Feature::Kind kind) const {
  RowValues& rows = free_values_[kind];
  if (rows.list != nullptr) return rows;
  if (kind == Feature::Kind::kToken) {
    rows.list = std::make_shared<const ValueList>(
        ValueList{"tokens", "", 0, domains_.scope.vocabulary, {}});
  } else {
    rows.list = CountsTo(domains_.scope.context_length - 1, "indices", "", 0);
  }
  rows.of_row.resize(rows.list->size());
  for (std::size_t i = 0; i < rows.of_row.size(); ++i) {
    rows.of_row[i] = static_cast<std::int32_t>(i);
  }
  return rows;
}

Lowering::RowValues Lowering::ValuesOfRows(const std::vector<NodeId>& nodes,
                                           const JointTable& table) const {
  if (nodes.size() == 1) return {ListOf(nodes[0]), table.values[0]};
  ValueList list;
  for (const NodeId id : nodes) {
    list.subject += (list.subject.empty() ? "" : ", ") + graph_.Describe(id);
    list.line = std::max(list.line, LineOf(id));
  }
  list.subject = "(" + list.subject + ")";
  RowValues rows;
  std::map<std::vector<std::int32_t>, std::int32_t> tuples;
  for (std::size_t row = 0; row < static_cast<std::size_t>(table.num_rows); ++row) {
    std::vector<std::int32_t> tuple;
    for (const auto& values : table.values) tuple.push_back(values[row]);
    if (std::find(tuple.begin(), tuple.end(), -1) != tuple.end()) {
      rows.of_row.push_back(-1);
      continue;
    }
    const auto [at, is_new] =
        tuples.try_emplace(tuple, static_cast<std::int32_t>(list.texts.size()));
    rows.of_row.push_back(at->second);
    if (!is_new) continue;
    std::string text;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const Atom& value = DomainOf(nodes[i]).values[static_cast<std::size_t>(tuple[i])];
      text += (i == 0 ? "" : ", ") + NameOfValue(value);
    }
    list.texts.push_back("(" + text + ")");
  }
  rows.list = std::make_shared<const ValueList>(std::move(list));
  return rows;
}

VariableMeaning Lowering::FunctionOfRows(const RowValues& rows, const std::vector<double>& target) {
  VariableMeaning meaning;
  meaning.kind = VariableMeaning::Kind::kFunction;
  meaning.of = rows.list;
  meaning.code.assign(rows.list->size(), std::nan(""));
  for (std::size_t row = 0; row < rows.of_row.size(); ++row) {
    if (rows.of_row[row] < 0 || std::isnan(target[row])) continue;
    meaning.code[static_cast<std::size_t>(rows.of_row[row])] = target[row];
  }
  return meaning;
}

// A selector of the program by its name or expression; what was made of several in theirs.
std::string Lowering::SelectorName(const Formula& formula, std::size_t max_bytes) const {
  const auto known = selectors_.find(KeyOf(formula));
  if (known != selectors_.end()) return graph_.Describe(known->second);
  switch (formula.kind) {
    case Formula::Kind::kKeyIn:
      return NameOf(FunctionOf(formula.values, Code(formula.set.begin(), formula.set.end())));
    case Formula::Kind::kAnd:
    case Formula::Kind::kOr:
      break;
    default: {
      const std::string name = graph_.Describe(formula.select);
      const std::string base = formula.negated ? "not " + AsOperand(name) : name;
      return formula.bit < 0 ? base : fmt::format("{} by bit {}", AsOperand(base), formula.bit);
    }
  }
  std::string text;
  for (const Formula& part : formula.parts) {
    if (!text.empty()) text += formula.kind == Formula::Kind::kAnd ? " and " : " or ";
    const std::string name = SelectorName(part, max_bytes);
    text += part.kind == Formula::Kind::kOr ? "(" + name + ")" : name;
    if (text.size() > max_bytes) break;
  }
  return Shortened(text, max_bytes);
}

int Lowering::LineOf(const Formula& formula) const {
  const auto known = selectors_.find(KeyOf(formula));
  if (known != selectors_.end()) return LineOf(known->second);
  const std::vector<NodeId> comparisons = ComparisonsOf(formula);
  return comparisons.empty() ? 0 : LineOf(comparisons[0]);
}

std::shared_ptr<const ValueList> Lowering::WidthsOf(const Formula& formula) const {
  const auto subject = [&](std::size_t max_bytes) {
    return "width " + AsOperand(SelectorName(formula, max_bytes));
  };
  return CountsTo(domains_.scope.context_length, subject(kLongestSelector), subject(kLongestDetail),
                  LineOf(formula));
}

VariableMeaning Lowering::ShareMeaning(const Formula& formula) const {
  RowValues widths;
  widths.list = WidthsOf(formula);
  std::vector<double> shares;
  for (std::int64_t width = 0; width <= domains_.scope.context_length; ++width) {
    widths.of_row.push_back(static_cast<std::int32_t>(width));
    shares.push_back(1 / (1 + static_cast<double>(width)));
  }
  return FunctionOfRows(widths, shares);
}

// `id` is a width or a sum, and what the formula selects a part of it, or all.
VariableMeaning Lowering::WidthMeaning(NodeId id, const Formula& formula) {
  const auto* width = std::get_if<WidthNode>(&graph_[id].kind);
  const bool is_whole = width != nullptr && KeyOf(FormulaOf(width->selector)) == KeyOf(formula);
  RowValues widths;
  widths.list = is_whole
                    ? CountsTo(domains_.scope.context_length, graph_.Describe(id), "", LineOf(id))
                    : WidthsOf(formula);
  std::vector<double> numbers;
  for (std::int64_t number = 0; number <= domains_.scope.context_length; ++number) {
    widths.of_row.push_back(static_cast<std::int32_t>(number));
    numbers.push_back(static_cast<double>(number));
  }
  return FunctionOfRows(widths, numbers);
}

}  // namespace raspc
