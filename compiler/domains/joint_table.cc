#include "compiler/domains/joint_table.h"

#include <algorithm>
#include <set>

namespace raspc {
namespace {

bool IsOpened(const DataflowGraph& graph, const Domains& domains, NodeId id, NodeId opened) {
  if (id == opened) return !domains.TableOf(id).rows.empty();
  return !IsFeature(graph, domains, id);
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
  for (const Feature& feature : table.features) {
    table.sizes.push_back(std::max<std::int64_t>(1, domains.SizeOf(feature)));
  }
  if (!domains.scope.IsTabulated(table.sizes)) return std::nullopt;
  for (const std::int64_t size : table.sizes) table.num_rows *= size;
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    // Where in the node's own table each joint row lies.
    std::vector<std::int64_t> stride(table.features.size(), 0);
    std::int64_t step = 1;
    for (std::size_t i = own[n].size(); i-- > 0;) {
      const auto at = std::find(table.features.begin(), table.features.end(), own[n][i]);
      stride[static_cast<std::size_t>(at - table.features.begin())] = step;
      step *= domains.SizeOf(own[n][i]);
    }
    const bool is_opened = IsOpened(graph, domains, nodes[n], opened);
    const std::vector<std::int32_t>& rows = domains.TableOf(nodes[n]).rows;
    std::vector<std::int32_t> values(static_cast<std::size_t>(table.num_rows));
    for (std::int64_t row = 0; row < table.num_rows; ++row) {
      std::int64_t at = 0;
      std::int64_t rest = row;
      for (std::size_t i = table.features.size(); i-- > 0;) {
        at += rest % table.sizes[i] * stride[i];
        rest /= table.sizes[i];
      }
      values[static_cast<std::size_t>(row)] =
          is_opened ? rows[static_cast<std::size_t>(at)] : static_cast<std::int32_t>(at);
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

}  // namespace raspc
