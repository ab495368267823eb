#include "compiler/schedule/schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/topological_sort.hpp>
#include <iterator>

namespace raspc {
namespace {

// The variables a block reads, and those it writes.
struct Uses {
  std::vector<VariableId> reads, writes;
};

void AddReads(const LinearForm& form, Uses& uses) {
  for (const auto& [variable, weight] : form.terms) uses.reads.push_back(variable);
}

Uses UsesOf(const HeadBlock& head) {
  Uses uses;
  for (const auto& term : head.terms) {
    AddReads(term.query, uses);
    AddReads(term.key, uses);
  }
  for (const auto& channel : head.channels) {
    AddReads(channel.value, uses);
    uses.writes.push_back(channel.output);
  }
  return uses;
}

Uses UsesOf(const MlpBlock& mlp) {
  Uses uses;
  for (const LinearForm& neuron : mlp.neurons) AddReads(neuron, uses);
  for (const auto& output : mlp.outputs) uses.writes.push_back(output.variable);
  return uses;
}

// Heads first, then MLP segments.
std::vector<Uses> AllUses(const Blocks& blocks) {
  std::vector<Uses> uses;
  for (const HeadBlock& head : blocks.heads) uses.push_back(UsesOf(head));
  for (const MlpBlock& mlp : blocks.mlps) uses.push_back(UsesOf(mlp));
  return uses;
}

constexpr int kNobody = -1;

// The block that writes each variable; kNobody for the embeddings.
std::vector<int> WritersOf(const Blocks& blocks, const std::vector<Uses>& uses) {
  std::vector<int> writer(blocks.variables.size(), kNobody);
  for (std::size_t i = 0; i < uses.size(); ++i) {
    for (const VariableId variable : uses[i].writes) {
      writer[static_cast<std::size_t>(variable.value)] = static_cast<int>(i);
    }
  }
  return writer;
}

}  // namespace

Schedule ScheduleLayers(const Blocks& blocks) {
  const std::vector<Uses> uses = AllUses(blocks);
  const std::vector<int> writer = WritersOf(blocks, uses);
  boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS> dependencies(uses.size());
  for (std::size_t i = 0; i < uses.size(); ++i) {
    for (const VariableId variable : uses[i].reads) {
      const int from = writer[static_cast<std::size_t>(variable.value)];
      if (from != kNobody) boost::add_edge(static_cast<std::size_t>(from), i, dependencies);
    }
  }
  std::vector<std::size_t> order;  // users first
  boost::topological_sort(dependencies, std::back_inserter(order));

  std::vector<int> ready(uses.size(), 0);  // half-steps, as in Variable::ready
  Schedule schedule;
  schedule.layer_of_head.resize(blocks.heads.size());
  schedule.layer_of_mlp.resize(blocks.mlps.size());
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    int inputs_ready = 0;
    for (const auto edge : boost::make_iterator_range(boost::in_edges(*at, dependencies))) {
      inputs_ready = std::max(inputs_ready, ready[boost::source(edge, dependencies)]);
    }
    const bool is_head = *at < blocks.heads.size();
    const int layer = is_head ? EarliestHeadLayer(inputs_ready) : EarliestMlpLayer(inputs_ready);
    if (is_head) {
      schedule.layer_of_head[*at] = layer;
    } else {
      schedule.layer_of_mlp[*at - blocks.heads.size()] = layer;
    }
    ready[*at] = 2 * layer + (is_head ? 1 : 2);
    schedule.num_layers = std::max(schedule.num_layers, layer + 1);
  }
  return schedule;
}

namespace {

// The first block without a layer, as text.
std::string CheckLayers(const Blocks& blocks, const Schedule& schedule) {
  if (schedule.layer_of_head.size() != blocks.heads.size()) {
    return fmt::format("{} heads have {} layers", blocks.heads.size(),
                       schedule.layer_of_head.size());
  }
  if (schedule.layer_of_mlp.size() != blocks.mlps.size()) {
    return fmt::format("{} MLP segments have {} layers", blocks.mlps.size(),
                       schedule.layer_of_mlp.size());
  }
  std::vector<int> layers = schedule.layer_of_head;
  layers.insert(layers.end(), schedule.layer_of_mlp.begin(), schedule.layer_of_mlp.end());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (layers[i] < 0 || layers[i] >= schedule.num_layers) {
      return fmt::format("block {} is in layer {} of {}", i, layers[i], schedule.num_layers);
    }
  }
  return "";
}

}  // namespace

std::string CheckSchedule(const Blocks& blocks, const Schedule& schedule) {
  if (std::string problem = CheckLayers(blocks, schedule); !problem.empty()) return problem;
  const std::vector<Uses> uses = AllUses(blocks);
  const std::vector<int> writer = WritersOf(blocks, uses);
  const std::size_t num_heads = blocks.heads.size();
  // When a block reads and when its output is ready, in half-steps.
  const auto reads_at = [&](std::size_t i) {
    return i < num_heads ? 2 * schedule.layer_of_head[i]
                         : 2 * schedule.layer_of_mlp[i - num_heads] + 1;
  };
  for (std::size_t i = 0; i < uses.size(); ++i) {
    for (const VariableId variable : uses[i].reads) {
      const int from = writer[static_cast<std::size_t>(variable.value)];
      if (from == kNobody) continue;
      if (reads_at(static_cast<std::size_t>(from)) + 1 > reads_at(i)) {
        return fmt::format("block {} reads [{}] before it is written", i, blocks[variable].label);
      }
    }
  }
  return "";
}

std::string ToText(const Blocks& blocks, const Schedule& schedule) {
  std::string text;
  for (int layer = 0; layer < schedule.num_layers; ++layer) {
    text += fmt::format("layer {}\n", layer);
    for (std::size_t i = 0; i < blocks.heads.size(); ++i) {
      if (schedule.layer_of_head[i] != layer) continue;
      text += fmt::format("  head {}: head_dim {}, value_dim {}\n", blocks.heads[i].label,
                          blocks.heads[i].terms.size() + 1, blocks.heads[i].channels.size());
    }
    for (std::size_t i = 0; i < blocks.mlps.size(); ++i) {
      if (schedule.layer_of_mlp[i] != layer) continue;
      text +=
          fmt::format("  mlp {}: d_mlp {}\n", blocks.mlps[i].label, blocks.mlps[i].neurons.size());
    }
  }
  return text;
}

}  // namespace raspc
