// The graph's nodes, their structural keys, reachability and the printed form.
//
// Hash-consing works on a key: a string that spells a node's kind, its operation, its operands and
// its constants unambiguously (every variable part carries its length). Equal keys mean equal
// nodes.
#include "compiler/graph/dataflow_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/pending/queue.hpp>
#include <cstring>

#include "base/overloaded.h"
#include "compiler/operations/atom_ops.h"
#include "compiler/operations/host_function.h"

namespace raspc {
namespace {

void AppendId(std::string& key, NodeId id) {
  key.append(reinterpret_cast<const char*>(&id.value), sizeof id.value);
}

void AppendSize(std::string& key, std::size_t size) {
  const std::uint64_t wide = size;
  key.append(reinterpret_cast<const char*>(&wide), sizeof wide);
}

// Bit for bit, so that 0.0 and -0.0 are different constants, and so are 1, 1.0 and true.
void AppendAtom(std::string& key, const Atom& atom) {
  key += static_cast<char>('0' + atom.index());
  const auto append_text = [&](const std::string& text) {
    AppendSize(key, text.size());
    key += text;
  };
  std::visit(Overloaded{append_text,
                        [&](const Float& number) {
                          const double nearest = number.nearest();
                          key.append(reinterpret_cast<const char*>(&nearest), sizeof nearest);
                          append_text(number.IsDouble() ? "" : number.exact().ToText());
                        },
                        [&](const auto& number) {
                          key.append(reinterpret_cast<const char*>(&number), sizeof number);
                        }},
             atom);
}

void AppendTable(std::string& key, const MapTable& table) {
  AppendSize(key, table.items.size());
  for (const Atom& item : table.items) AppendAtom(key, item);
  AppendSize(key, table.entries.size());
  for (const auto& [from, to] : table.entries) {
    AppendAtom(key, from);
    AppendAtom(key, to);
  }
  AppendSize(key, table.unfit.size());
  for (const Atom& atom : table.unfit) AppendAtom(key, atom);
  AppendSize(key, table.function != nullptr ? table.function->id() : 0);
}

std::string KeyOf(const NodeKind& kind) {
  std::string key(1, static_cast<char>('a' + kind.index()));
  std::visit(Overloaded{
                 [&](const TokensNode& node) { key += static_cast<char>('0' + int(node.view)); },
                 [&](const IndicesNode&) {},
                 [&](const ConstantNode& node) { AppendAtom(key, node.value); },
                 [&](const MapNode& node) {
                   key += static_cast<char>('0' + int(node.op));
                   for (NodeId id : node.operands) AppendId(key, id);
                   if (node.table != nullptr) AppendTable(key, *node.table);
                 },
                 [&](const SelectNode& node) {
                   key += static_cast<char>('0' + int(node.op));
                   AppendId(key, node.keys);
                   AppendId(key, node.queries);
                 },
                 [&](const SelectorLogicNode& node) {
                   key += static_cast<char>('0' + int(node.op));
                   for (NodeId id : node.operands) AppendId(key, id);
                 },
                 [&](const AggregateNode& node) {
                   AppendId(key, node.selector);
                   AppendId(key, node.values);
                   // A missing default is the int 0, so both are the same node.
                   AppendAtom(key, DefaultOf(node));
                 },
                 [&](const WidthNode& node) { AppendId(key, node.selector); },
                 [&](const SumNode& node) {
                   AppendId(key, node.selector);
                   AppendId(key, node.values);
                 },
                 [&](const HostSelectNode& node) {
                   AppendSize(key, node.predicate->id());
                   AppendId(key, node.keys);
                   AppendId(key, node.queries);
                 },
             },
             kind);
  return key;
}

// Sorts the rows of a table that is searched, so that searching is fast and equal tables are equal
// nodes. The order of a list that is indexed is its meaning, and stays.
std::shared_ptr<const MapTable> Canonical(MapOp op, const std::shared_ptr<const MapTable>& table) {
  const bool keeps_order =
      op == MapOp::kLookUp || op == MapOp::kHost || op == MapOp::kDigit;
  if (table == nullptr || keeps_order) return table;
  MapTable sorted = *table;
  std::stable_sort(sorted.items.begin(), sorted.items.end(), LookUpLess);
  sorted.items.erase(std::unique(sorted.items.begin(), sorted.items.end(), EqualAtoms),
                     sorted.items.end());
  std::stable_sort(sorted.entries.begin(), sorted.entries.end(),
                   [](const auto& a, const auto& b) { return LookUpLess(a.first, b.first); });
  std::stable_sort(sorted.unfit.begin(), sorted.unfit.end(), LookUpLess);
  return std::make_shared<const MapTable>(std::move(sorted));
}

std::string_view NameOf(SelectorOp op) {
  switch (op) {
    case SelectorOp::kAnd:
      return "and";
    case SelectorOp::kOr:
      return "or";
    case SelectorOp::kNot:
      return "not";
  }
  return "?";
}

std::string KindName(const NodeKind& kind) {
  return std::visit(Overloaded{
                        [](const TokensNode& node) { return std::string(NameOf(node.view)); },
                        [](const IndicesNode&) { return std::string("indices"); },
                        [](const ConstantNode& node) { return ShortText(node.value); },
                        [](const MapNode& node) {
                          return node.op == MapOp::kHost ? node.table->function->name()
                                                         : std::string("map");
                        },
                        [](const SelectNode&) { return std::string("select"); },
                        [](const SelectorLogicNode&) { return std::string("selector"); },
                        [](const AggregateNode&) { return std::string("aggregate"); },
                        [](const WidthNode&) { return std::string("width"); },
                        [](const SumNode&) { return std::string("sum"); },
                        [](const HostSelectNode&) { return std::string("select"); },
                    },
                    kind);
}

// Long tables are truncated: the line is for people to read.
constexpr std::size_t kShownRows = 12;

std::string TableText(const MapNode& node) {
  std::vector<std::string> shown;
  const MapTable& table = *node.table;
  for (const Atom& item : table.items) {
    if (shown.size() > kShownRows) break;
    shown.push_back(ShortText(item));
  }
  for (const auto& [from, to] : table.entries) {
    if (shown.size() > kShownRows) break;
    shown.push_back(ShortText(from) + ": " + ShortText(to));
  }
  if (shown.size() > kShownRows) shown.back() = "…";
  const bool is_dict = node.op == MapOp::kLookUpKey;
  return fmt::format("{}{}{}", is_dict ? '{' : '[', fmt::join(shown, ", "), is_dict ? '}' : ']');
}

std::string IdText(NodeId id) { return fmt::format("%{}", id.value); }

std::string IdsText(const std::vector<NodeId>& ids, std::string_view separator) {
  std::vector<std::string> texts;
  for (NodeId id : ids) texts.push_back(IdText(id));
  return fmt::format("{}", fmt::join(texts, separator));
}

std::string MapText(const MapNode& node) {
  const std::vector<NodeId>& in = node.operands;
  switch (node.op) {
    case MapOp::kChoose:
      return fmt::format("%{} if %{} else %{}", in[1].value, in[0].value, in[2].value);
    case MapOp::kMember:
      return fmt::format("%{} in {}", in[0].value, TableText(node));
    case MapOp::kLookUp:
    case MapOp::kLookUpKey:
      return fmt::format("{}[%{}]", TableText(node), in[0].value);
    case MapOp::kPlace:
      return fmt::format("place of %{} among {}", in[0].value, TableText(node));
    case MapOp::kDigit:
      return fmt::format("digit of %{} modulo {} in cells of {}, after %{}", in[0].value,
                         DigitOf(*node.table).radix, PythonFloat(DigitOf(*node.table).width),
                         in[1].value);
    case MapOp::kRound:
    case MapOp::kIndicator:
      return fmt::format("{}(%{})", NameOf(node.op), in[0].value);
    case MapOp::kHost:
      return fmt::format("{}({})", node.table->function->name(), IdsText(in, ", "));
    default:
      break;
  }
  if (in.size() == 1) return fmt::format("{} %{}", NameOf(node.op), in[0].value);
  return IdsText(in, fmt::format(" {} ", NameOf(node.op)));
}

std::string FormulaOf(const NodeKind& kind) {
  return std::visit(
      Overloaded{
          [](const TokensNode& node) { return std::string(NameOf(node.view)); },
          [](const IndicesNode&) { return std::string("indices"); },
          [](const ConstantNode& node) { return "constant " + ShortText(node.value); },
          [](const MapNode& node) { return "map " + MapText(node); },
          [](const SelectNode& node) {
            return fmt::format("select(%{}, %{}, {})", node.keys.value, node.queries.value,
                               Spelling(node.op));
          },
          [](const SelectorLogicNode& node) {
            if (node.operands.size() == 1) {
              return fmt::format("selector {} {}", NameOf(node.op), IdText(node.operands[0]));
            }
            return "selector " + IdsText(node.operands, fmt::format(" {} ", NameOf(node.op)));
          },
          [](const AggregateNode& node) {
            std::string text =
                fmt::format("aggregate(%{}, %{}", node.selector.value, node.values.value);
            if (node.default_value) text += ", " + ShortText(*node.default_value);
            return text + ")";
          },
          [](const WidthNode& node) { return fmt::format("width(%{})", node.selector.value); },
          [](const SumNode& node) {
            return fmt::format("sum(%{}, %{})", node.selector.value, node.values.value);
          },
          [](const HostSelectNode& node) {
            return fmt::format("select(%{}, %{}, {})", node.keys.value, node.queries.value,
                               node.predicate->name());
          },
      },
      kind);
}

}  // namespace

Atom DefaultOf(const AggregateNode& node) {
  return node.default_value.value_or(Atom(std::int64_t{0}));
}

NodeId DataflowGraph::Add(NodeKind kind, SourceLocation location) {
  if (auto* map = std::get_if<MapNode>(&kind)) map->table = Canonical(map->op, map->table);
  const NodeId next{static_cast<std::int32_t>(nodes_.size())};
  const auto [found, is_new] = by_key_.try_emplace(KeyOf(kind), next);
  if (is_new) nodes_.push_back(Node{std::move(kind), std::move(location), {}, {}, {}});
  return found->second;
}

void DataflowGraph::Name(NodeId id, std::string name) {
  Node& node = nodes_[static_cast<std::size_t>(id.value)];
  if (node.name.empty()) node.name = std::move(name);
}

void DataflowGraph::Write(NodeId id, std::string text) {
  nodes_[static_cast<std::size_t>(id.value)].text = std::move(text);
}

void DataflowGraph::Locate(NodeId id, SourceLocation location) {
  Node& node = nodes_[static_cast<std::size_t>(id.value)];
  if (!node.location.IsKnown()) node.location = std::move(location);
}

void DataflowGraph::Use(NodeId id, SourceLocation use) {
  Node& node = nodes_[static_cast<std::size_t>(id.value)];
  if (!node.use.IsKnown()) node.use = std::move(use);
}

bool DataflowGraph::IsSelector(NodeId id) const {
  const NodeKind& kind = (*this)[id].kind;
  return std::holds_alternative<SelectNode>(kind) || std::holds_alternative<HostSelectNode>(kind) ||
         std::holds_alternative<SelectorLogicNode>(kind);
}

std::vector<NodeId> DataflowGraph::OperandsOf(NodeId id) const {
  using Ids = std::vector<NodeId>;
  return std::visit(Overloaded{
                        [](const TokensNode&) { return Ids{}; },
                        [](const IndicesNode&) { return Ids{}; },
                        [](const ConstantNode&) { return Ids{}; },
                        [](const MapNode& node) { return node.operands; },
                        [](const SelectNode& node) {
                          return Ids{node.keys, node.queries};
                        },
                        [](const SelectorLogicNode& node) { return node.operands; },
                        [](const AggregateNode& node) {
                          return Ids{node.selector, node.values};
                        },
                        [](const WidthNode& node) { return Ids{node.selector}; },
                        [](const SumNode& node) {
                          return Ids{node.selector, node.values};
                        },
                        [](const HostSelectNode& node) {
                          return Ids{node.keys, node.queries};
                        },
                    },
                    (*this)[id].kind);
}

NodeKind DataflowGraph::WithOperands(NodeId id,
                                     const std::function<NodeId(NodeId)>& replace) const {
  const auto all = [&](const std::vector<NodeId>& ids) {
    std::vector<NodeId> replaced;
    for (const NodeId operand : ids) replaced.push_back(replace(operand));
    return replaced;
  };
  return std::visit(
      Overloaded{
          [](const TokensNode& node) { return NodeKind(node); },
          [](const IndicesNode& node) { return NodeKind(node); },
          [](const ConstantNode& node) { return NodeKind(node); },
          [&](const MapNode& node) {
            return NodeKind(MapNode{node.op, all(node.operands), node.table});
          },
          [&](const SelectNode& node) {
            return NodeKind(SelectNode{node.op, replace(node.keys), replace(node.queries)});
          },
          [&](const SelectorLogicNode& node) {
            return NodeKind(SelectorLogicNode{node.op, all(node.operands)});
          },
          [&](const AggregateNode& node) {
            return NodeKind(
                AggregateNode{replace(node.selector), replace(node.values), node.default_value});
          },
          [&](const WidthNode& node) { return NodeKind(WidthNode{replace(node.selector)}); },
          [&](const SumNode& node) {
            return NodeKind(SumNode{replace(node.selector), replace(node.values)});
          },
          [&](const HostSelectNode& node) {
            return NodeKind(
                HostSelectNode{node.predicate, replace(node.keys), replace(node.queries)});
          },
      },
      (*this)[id].kind);
}

std::string DataflowGraph::Describe(NodeId id) const {
  const Node& node = (*this)[id];
  if (!node.name.empty()) return node.name;
  const bool speaks_for_itself = std::holds_alternative<IndicesNode>(node.kind) ||
                                 std::holds_alternative<ConstantNode>(node.kind);
  return speaks_for_itself || node.text.empty() ? KindName(node.kind) : node.text;
}

std::vector<NodeId> Reachable(const DataflowGraph& graph, std::span<const NodeId> roots) {
  using Csr = boost::compressed_sparse_row_graph<boost::directedS>;
  std::vector<std::pair<std::int32_t, std::int32_t>> edges;  // from user to operand, by user
  for (NodeId id{0}; id.value < graph.size(); ++id.value) {
    for (NodeId operand : graph.OperandsOf(id)) edges.emplace_back(id.value, operand.value);
  }
  const Csr csr(boost::edges_are_sorted, edges.begin(), edges.end(),
                static_cast<std::size_t>(graph.size()));

  std::vector<boost::default_color_type> colors(static_cast<std::size_t>(graph.size()),
                                                boost::white_color);
  const auto color_map =
      boost::make_iterator_property_map(colors.begin(), boost::get(boost::vertex_index, csr));
  for (NodeId root : roots) {
    const auto vertex = static_cast<std::size_t>(root.value);
    if (colors[vertex] != boost::white_color) continue;
    boost::queue<std::size_t> frontier;
    boost::breadth_first_visit(csr, vertex, frontier, boost::default_bfs_visitor(), color_map);
  }

  std::vector<NodeId> reached;
  for (std::int32_t id = 0; id < graph.size(); ++id) {
    if (colors[static_cast<std::size_t>(id)] != boost::white_color) reached.push_back(NodeId{id});
  }
  return reached;
}

std::string NodeText(const DataflowGraph& graph, NodeId id) {
  const Node& node = graph[id];
  std::string text = fmt::format("%{} = {}", id.value, FormulaOf(node.kind));
  if (!node.name.empty()) text += "    # " + node.name;
  return text;
}

std::string NameInMessage(const DataflowGraph& graph, NodeId id) {
  return fmt::format("`{}`", graph.Describe(id));
}

const SourceLocation& PlaceInMessage(const DataflowGraph& graph, NodeId id) {
  const Node& node = graph[id];
  return node.use.IsKnown() ? node.use : node.location;
}

std::string ToText(const DataflowGraph& graph) {
  std::string text;
  for (NodeId id{0}; id.value < graph.size(); ++id.value) {
    const Node& node = graph[id];
    text += NodeText(graph, id);
    if (node.location.IsKnown()) {
      text += fmt::format("{}{}:{}:{}", node.name.empty() ? "    # " : ", ",
                          node.location.source->name(), node.location.line, node.location.column);
    }
    text += '\n';
  }
  return text;
}

}  // namespace raspc
