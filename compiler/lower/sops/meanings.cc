#include "compiler/lower/sops/meanings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace raspc {

Meanings::Meanings(const Sops& sops, std::shared_ptr<const SourceText> program)
    : sops_(sops), program_(std::move(program)) {}

int Meanings::LineOf(NodeId id) const {
  const auto& [kind, location, use, name, text] = sops_.graph()[id];
  const bool is_input =
      std::holds_alternative<TokensNode>(kind) || std::holds_alternative<IndicesNode>(kind);
  return is_input || !location.IsKnown() || location.source != program_ ? 0 : location.line;
}

std::shared_ptr<const ValueList> Meanings::ListOf(NodeId id) const {
  std::shared_ptr<const ValueList>& list = lists_[id];
  if (list == nullptr) {
    list = std::make_shared<const ValueList>(ValueList{
        sops_.graph().Describe(id), "", LineOf(id), WithoutFractions(sops_[id].values), {}});
  }
  return list;
}

VariableMeaning Meanings::TextFor(NodeId id, std::string_view function) const {
  return VariableMeaning::Text(fmt::format("{}({})", function, sops_.graph().Describe(id)),
                               LineOf(id));
}

VariableMeaning Meanings::FunctionOf(NodeId id, const Code& code) const {
  VariableMeaning meaning;
  meaning.kind = VariableMeaning::Kind::kFunction;
  meaning.of = ListOf(id);
  meaning.code = code;
  return meaning;
}

VariableMeaning Meanings::NumberOf(NodeId id) const {
  if (!sops_.IsNumeric(id)) return TextFor(id, "number");
  if (!sops_[id].is_finite) {
    return VariableMeaning::Text(sops_.graph().Describe(id), LineOf(id));
  }
  return FunctionOf(id, sops_.NumberCode(id));
}

VariableMeaning Meanings::OfColumns(const std::vector<double>& by_token,
                                    const std::vector<double>& by_position) const {
  const auto is_flat = [](const std::vector<double>& column) {
    return std::adjacent_find(column.begin(), column.end(), std::not_equal_to<>()) == column.end();
  };
  std::vector<VariableMeaning> parts;
  if (!is_flat(by_token)) {
    parts.push_back(FunctionOfRows(EmbeddedValues(Feature::Kind::kToken), by_token));
  }
  if (!is_flat(by_position)) {
    parts.push_back(FunctionOfRows(EmbeddedValues(Feature::Kind::kPosition), by_position));
  }
  if (parts.empty()) return {};
  if (parts.size() == 1) return parts[0];
  return VariableMeaning::Text(
      fmt::format("{} + {}", DetailedNameOf(parts[0]), DetailedNameOf(parts[1])), 0);
}

const Meanings::RowValues& Meanings::EmbeddedValues(Feature::Kind kind) const {
  RowValues& rows = embedded_values_[kind];
  if (rows.list != nullptr) return rows;
  if (kind == Feature::Kind::kPosition) {
    return rows = CountsTo(sops_.context_length() - 1, "indices", "", 0);
  }
  rows.list = std::make_shared<const ValueList>(
      ValueList{"tokens", "", 0, sops_.scope().vocabulary, {}});
  rows.of_row.resize(rows.list->size());
  std::iota(rows.of_row.begin(), rows.of_row.end(), 0);
  return rows;
}

Meanings::RowValues Meanings::ValuesOfRows(const std::vector<NodeId>& nodes,
                                           const JointTable& table) const {
  if (nodes.size() == 1) return {ListOf(nodes[0]), table.values[0]};
  ValueList list;
  for (const NodeId id : nodes) {
    list.subject += (list.subject.empty() ? "" : ", ") + sops_.graph().Describe(id);
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
      const Atom& value = sops_[nodes[i]].values[static_cast<std::size_t>(tuple[i])];
      text += (i == 0 ? "" : ", ") + NameOfValue(value);
    }
    list.texts.push_back("(" + text + ")");
  }
  rows.list = std::make_shared<const ValueList>(std::move(list));
  return rows;
}

VariableMeaning Meanings::FunctionOfRows(const RowValues& rows, const std::vector<double>& target) {
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

Meanings::RowValues Meanings::CountsTo(std::int64_t most, std::string subject,
                                       std::string full_subject, int line) {
  ValueList list{std::move(subject), std::move(full_subject), line, {}, {}};
  RowValues rows;
  for (std::int64_t count = 0; count <= most; ++count) {
    list.values.emplace_back(count);
    rows.of_row.push_back(static_cast<std::int32_t>(count));
  }
  rows.list = std::make_shared<const ValueList>(std::move(list));
  return rows;
}

}  // namespace raspc
