#include "compiler/domains/joint_table.h"

#include <algorithm>
#include <set>

namespace raspc {
namespace {

bool IsOpened(const DataflowGraph& graph, const Domains& domains, NodeId id, NodeId opened) {
  if (id == opened) return !domains.TableOf(id).rows.empty();
  return !IsFeature(graph, domains, id);
}

// For each row of a table over `joint`, the row of a table over `own`, which is a subset of it.
std::vector<std::int64_t> RowsIn(const std::vector<Feature>& own, const std::vector<Feature>& joint,
                                 const std::vector<std::int64_t>& sizes) {
  std::vector<std::int64_t> stride(joint.size(), 0);
  std::int64_t step = 1;
  for (std::size_t i = own.size(); i-- > 0;) {
    const auto at = std::find(joint.begin(), joint.end(), own[i]) - joint.begin();
    stride[static_cast<std::size_t>(at)] = step;
    step *= sizes[static_cast<std::size_t>(at)];
  }
  std::int64_t num_rows = 1;
  for (const std::int64_t size : sizes) num_rows *= size;
  std::vector<std::int64_t> rows(static_cast<std::size_t>(num_rows));
  for (std::int64_t row = 0; row < num_rows; ++row) {
    std::int64_t rest = row;
    for (std::size_t i = joint.size(); i-- > 0;) {
      rows[static_cast<std::size_t>(row)] += rest % sizes[i] * stride[i];
      rest /= sizes[i];
    }
  }
  return rows;
}

std::vector<std::int64_t> SizesOf(const Domains& domains, const std::vector<Feature>& features) {
  std::vector<std::int64_t> sizes;
  for (const Feature& feature : features) {
    sizes.push_back(std::max<std::int64_t>(1, domains.SizeOf(feature)));
  }
  return sizes;
}

}  // namespace

std::int64_t JointTable::Digit(std::size_t feature, std::int64_t row) const {
  for (std::size_t i = features.size() - 1; i > feature; --i) row /= sizes[i];
  return row % sizes[feature];
}

std::optional<JointTable> Tabulate(const DataflowGraph& graph, const Domains& domains,
                                   std::span<const NodeId> nodes, NodeId opened) {
  std::vector<std::vector<Feature>> own;  // [node]
  std::set<Feature> joint;
  for (const NodeId id : nodes) {
    own.push_back(IsOpened(graph, domains, id, opened)
                      ? domains.TableOf(id).features
                      : std::vector<Feature>{Feature{Feature::Kind::kNode, id}});
    joint.insert(own.back().begin(), own.back().end());
  }
  JointTable table;
  table.features.assign(joint.begin(), joint.end());
  table.sizes = SizesOf(domains, table.features);
  if (!domains.scope.IsTabulated(table.sizes)) return std::nullopt;
  for (const std::int64_t size : table.sizes) table.num_rows *= size;
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    const bool is_opened = IsOpened(graph, domains, nodes[n], opened);
    const std::vector<std::int32_t>& rows = domains.TableOf(nodes[n]).rows;
    std::vector<std::int32_t> values;
    for (const std::int64_t at : RowsIn(own[n], table.features, table.sizes)) {
      values.push_back(is_opened ? rows[static_cast<std::size_t>(at)]
                                 : static_cast<std::int32_t>(at));
    }
    table.values.push_back(std::move(values));
  }
  const std::vector<bool> reachable = domains.Reachable(table.features);
  for (std::size_t row = 0; row < reachable.size(); ++row) {
    if (reachable[row]) continue;
    for (auto& values : table.values) values[row] = -1;
  }
  return table;
}

std::vector<std::vector<std::int32_t>> OperandsByRow(const DataflowGraph& graph,
                                                     const Domains& domains, NodeId map) {
  const std::vector<Feature>& features = domains.TableOf(map).features;
  const std::vector<std::int64_t> sizes = SizesOf(domains, features);
  std::vector<std::vector<std::int32_t>> operands;
  for (const NodeId operand : graph.OperandsOf(map)) {
    // An operand that was cut after the map's table was made is still a function in it.
    const Feature itself{Feature::Kind::kNode, operand};
    const bool is_feature = std::find(features.begin(), features.end(), itself) != features.end();
    const FunctionTable& function = domains.TableOf(operand);
    std::vector<std::int32_t> values;
    for (const std::int64_t at :
         RowsIn(is_feature ? std::vector{itself} : function.features, features, sizes)) {
      values.push_back(is_feature ? static_cast<std::int32_t>(at)
                                  : function.rows[static_cast<std::size_t>(at)]);
    }
    operands.push_back(std::move(values));
  }
  return operands;
}

}  // namespace raspc
