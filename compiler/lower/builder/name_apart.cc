#include "compiler/lower/builder/name_apart.h"

#include <fmt/format.h>

#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace raspc {
namespace {

constexpr std::size_t kMaxListedNames = 48;  // bytes of the names of what a head carries

std::string_view WriterOf(const Variable& variable) {
  switch (variable.origin) {
    case Variable::Origin::kEmbedding:
      return "embedding";
    case Variable::Origin::kHead:
      return "head";
    case Variable::Origin::kMlp:
      return "MLP";
  }
  return "";
}

std::vector<std::string> CandidatesFor(const Variable& variable) {
  const std::string line = variable.line == 0 ? "" : fmt::format(", line {}", variable.line);
  std::vector<std::string> names{variable.label};
  for (const std::string& name :
       {variable.detail, variable.label + line, variable.detail + line,
        fmt::format("{}{} ({})", variable.label, line, WriterOf(variable))}) {
    if (!name.empty() && name != names.back()) names.push_back(name);
  }
  return names;
}

// The names of some variables, as many as are not too long.
std::string Joined(const Blocks& blocks, const std::vector<VariableId>& variables) {
  std::string text;
  for (const VariableId id : variables) {
    if (text.size() > kMaxListedNames) return text + ", …";
    text += (text.empty() ? "" : ", ") + blocks[id].label;
  }
  return text;
}

void NameVariables(Blocks& blocks) {
  std::vector<std::vector<std::string>> candidates;
  for (const Variable& variable : blocks.variables) candidates.push_back(CandidatesFor(variable));
  const auto names = NamedApart(candidates, {kNameOfOne, kNameOfBos});
  for (std::size_t i = 0; i < names.size(); ++i) blocks.variables[i].label = names[i];
  for (Margin& margin : blocks.margins) {
    if (margin.variable.value >= 0)
      margin.label = fmt::format("`{}`", blocks[margin.variable].label);
  }
}

void NameHeads(Blocks& blocks) {
  std::vector<std::vector<std::string>> candidates;
  for (const HeadBlock& head : blocks.heads) {
    std::vector<VariableId> outputs;
    for (const auto& channel : head.channels) outputs.push_back(channel.output);
    const std::string full = fmt::format("{}: {}", head.label, Joined(blocks, outputs));
    candidates.push_back({full});
    // The share is of the head's own selector.
    if (head.bos_shares)
      candidates.back().insert(candidates.back().begin(), head.label + ": 1/(1+width)");
  }
  const auto names = NamedApart(candidates, {});
  for (std::size_t i = 0; i < names.size(); ++i) blocks.heads[i].label = names[i];
}

void NameMlps(Blocks& blocks) {
  std::vector<std::vector<std::string>> candidates;
  for (const MlpBlock& mlp : blocks.mlps) {
    std::vector<VariableId> outputs;
    for (const auto& output : mlp.outputs) outputs.push_back(output.variable);
    candidates.push_back({outputs.empty() ? "unused" : Joined(blocks, outputs)});
  }
  const auto names = NamedApart(candidates, {});
  for (std::size_t i = 0; i < names.size(); ++i) blocks.mlps[i].label = names[i];
}

}  // namespace

std::vector<std::string> NamedApart(const std::vector<std::vector<std::string>>& candidates,
                                    const std::vector<std::string>& taken) {
  std::vector<std::size_t> level(candidates.size());
  for (bool changes = true; changes;) {
    changes = false;
    std::unordered_map<std::string, int> count;
    for (const std::string& name : taken) ++count[name];
    for (std::size_t i = 0; i < candidates.size(); ++i) ++count[candidates[i][level[i]]];
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (count[candidates[i][level[i]]] == 1 || level[i] + 1 == candidates[i].size()) continue;
      ++level[i];
      changes = true;
    }
  }
  std::unordered_set<std::string> used(taken.begin(), taken.end());
  // A name with a number added must not be that of a later item.
  std::unordered_set<std::string> plain;
  for (std::size_t i = 0; i < candidates.size(); ++i) plain.insert(candidates[i][level[i]]);
  std::unordered_map<std::string, int> next;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const std::string& base = candidates[i][level[i]];
    std::string name = base;
    int& number = next.try_emplace(base, 2).first->second;
    while (used.contains(name) || (name != base && plain.contains(name))) {
      name = fmt::format("{} ({})", base, number++);
    }
    used.insert(name);
    names.push_back(std::move(name));
  }
  return names;
}

void NameApart(Blocks& blocks) {
  NameVariables(blocks);
  NameHeads(blocks);
  NameMlps(blocks);
}

}  // namespace raspc
