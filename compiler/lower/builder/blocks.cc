#include "compiler/lower/builder/blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace raspc {

void Variable::SetMeaning(const VariableMeaning& meaning) {
  label = NameOf(meaning);
  detail = DetailedNameOf(meaning);
  line = meaning.Line();
  if (meaning.kind != VariableMeaning::Kind::kFunction) return;
  if (meaning.of->values.empty() || meaning.of->values.size() > kMaxListedValues) return;
  values = meaning.of;
  code = meaning.code;
}

namespace {

using Terms = std::vector<std::pair<VariableId, double>>;

// Calls use(variable, weight in a, weight in b) for each variable of a or b.
template <typename Use>
void ForEachTerm(const Terms& a, const Terms& b, const Use& use) {
  auto at_a = a.begin();
  auto at_b = b.begin();
  while (at_a != a.end() || at_b != b.end()) {
    if (at_b == b.end() || (at_a != a.end() && at_a->first < at_b->first)) {
      use(at_a->first, at_a->second, 0.0);
      ++at_a;
    } else if (at_a == a.end() || at_b->first < at_a->first) {
      use(at_b->first, 0.0, at_b->second);
      ++at_b;
    } else {
      use(at_a->first, at_a->second, at_b->second);
      ++at_a;
      ++at_b;
    }
  }
}

Terms SumOfErrors(const Terms& a, const Terms& b) {
  Terms sum;
  ForEachTerm(a, b, [&](VariableId variable, double of_a, double of_b) {
    sum.emplace_back(variable, of_a + of_b);
  });
  return sum;
}

}  // namespace

LinearForm Scaled(const LinearForm& form, double factor) {
  if (factor == 0) return {};
  LinearForm result = form;
  Terms rounded;
  for (auto& [variable, weight] : result.terms) {
    const double error = ErrorOfProduct(weight, factor);
    if (error != 0) rounded.emplace_back(variable, error);
    weight *= factor;
  }
  for (auto& [variable, error] : result.weight_errors) error *= std::abs(factor);
  if (!rounded.empty()) result.weight_errors = SumOfErrors(result.weight_errors, rounded);
  result.drift = result.drift * std::abs(factor) + ErrorOfProduct(result.constant, factor);
  result.constant *= factor;
  return result;
}

LinearForm Sum(const LinearForm& a, const LinearForm& b) {
  LinearForm result;
  Terms rounded;
  ForEachTerm(a.terms, b.terms, [&](VariableId variable, double of_a, double of_b) {
    const double weight = of_a + of_b;
    const double error = ErrorOfSum(of_a, of_b);
    if (weight != 0) result.terms.emplace_back(variable, weight);
    if (error != 0) rounded.emplace_back(variable, error);
  });
  result.weight_errors = SumOfErrors(SumOfErrors(a.weight_errors, b.weight_errors), rounded);
  result.constant = a.constant + b.constant;
  result.drift = a.drift + b.drift + ErrorOfSum(a.constant, b.constant);
  return result;
}

LinearForm Shifted(const LinearForm& form, double constant) {
  LinearForm result = form;
  result.drift += ErrorOfSum(form.constant, constant);
  result.constant += constant;
  return result;
}

double DriftOf(const Blocks& blocks, const LinearForm& form) {
  double drift = form.drift;
  for (const auto& [variable, error] : form.weight_errors) {
    drift += error * (blocks[variable].bound.max_abs + blocks[variable].bound.error);
  }
  return drift;
}

namespace {

SumBound SumBoundOf(const Blocks& blocks, const LinearForm& form) {
  SumBound sum(blocks.arithmetic);
  for (const auto& [variable, weight] : form.terms) sum.Add(weight, blocks[variable].bound);
  sum.Add(form.constant, BoundOfConstant(1, blocks.arithmetic));
  return sum;
}

}  // namespace

Bound BoundOf(const Blocks& blocks, const LinearForm& form) {
  return SumBoundOf(blocks, form).Computed(DriftOf(blocks, form));
}

Bound GivenBoundOf(const Blocks& blocks, const LinearForm& form) {
  Bound bound = SumBoundOf(blocks, form).Given();
  bound.error += DriftOf(blocks, form);
  return bound;
}

Bound BoundAtBos(const Blocks& blocks, const LinearForm& form, double at_bos) {
  const Arithmetic wide = ArithmeticOf(DType::kFloat64);  // in which the correction is computed
  SumBound sum(blocks.arithmetic);
  SumBound correction_sum(wide);
  double value = form.constant;
  for (const auto& [variable, weight] : form.terms) {
    Bound there = BoundOfConstant(blocks[variable].at_bos, blocks.arithmetic);
    there.error = std::max(there.error, blocks[variable].bound.error);
    sum.Add(weight, there);
    correction_sum.Add(weight, BoundOfConstant(blocks[variable].at_bos, wide));
    value += weight * blocks[variable].at_bos;
  }
  const double correction = at_bos - value;
  for (const double constant : {form.constant, correction}) {
    sum.Add(constant, BoundOfConstant(1, blocks.arithmetic));
    correction_sum.Add(constant, BoundOfConstant(1, wide));
  }
  Bound bound = sum.Computed();
  bound.error += correction_sum.Computed().error + ErrorOfSum(at_bos, -value);
  bound.max_abs = std::abs(at_bos);
  return bound;
}

int ReadyOf(const Blocks& blocks, const LinearForm& form) {
  int ready = 0;
  for (const auto& [variable, weight] : form.terms) ready = std::max(ready, blocks[variable].ready);
  return ready;
}

namespace {

// Finds what the readout needs, working backwards, and copies it with new ids.
class Pruner {
 public:
  explicit Pruner(const Blocks& blocks)
      : old_(blocks), used_(blocks.variables.size()), new_ids_(blocks.variables.size()) {}

  Blocks Run() {
    for (const LinearForm& readout : old_.readouts) Use(readout);
    // Blocks were made in order: each reads what earlier ones wrote. So a variable's fate is
    // settled when its writer's turn comes, visiting written ids in descending order.
    std::vector<std::pair<std::int32_t, std::pair<bool, std::size_t>>> writers;
    for (std::size_t i = 0; i < old_.heads.size(); ++i) {
      for (const auto& channel : old_.heads[i].channels) {
        writers.push_back({channel.output.value, {true, i}});
      }
    }
    for (std::size_t i = 0; i < old_.mlps.size(); ++i) {
      for (const auto& output : old_.mlps[i].outputs) {
        writers.push_back({output.variable.value, {false, i}});
      }
    }
    std::sort(writers.rbegin(), writers.rend());
    for (const auto& [variable, writer] : writers) {
      if (!used_[static_cast<std::size_t>(variable)]) continue;
      writer.first ? UseHead(old_.heads[writer.second], VariableId{variable})
                   : UseMlp(old_.mlps[writer.second]);
    }
    return Copy();
  }

 private:
  void Use(const LinearForm& form) {
    for (const auto& [variable, weight] : form.terms) {
      used_[static_cast<std::size_t>(variable.value)] = true;
    }
  }
  void UseHead(const HeadBlock& head, VariableId output) {
    for (const auto& term : head.terms) {
      Use(term.query);
      Use(term.key);
    }
    for (const auto& channel : head.channels) {
      if (channel.output == output) Use(channel.value);
    }
  }
  void UseMlp(const MlpBlock& mlp) {
    for (const LinearForm& neuron : mlp.neurons) Use(neuron);
  }

  bool IsUsed(const Margin& margin) const {
    const auto is_used = [&](VariableId id) { return used_[static_cast<std::size_t>(id.value)]; };
    if (margin.variable.value >= 0) return is_used(margin.variable);
    if (!margin.head) return true;
    const auto& channels = old_.heads[*margin.head].channels;
    return std::any_of(channels.begin(), channels.end(),
                       [&](const auto& channel) { return is_used(channel.output); });
  }

  VariableId NewId(VariableId old) const { return new_ids_[static_cast<std::size_t>(old.value)]; }
  LinearForm Renamed(const LinearForm& form) const {
    LinearForm result = form;
    result.weight_errors.clear();  // the bounds include them by now
    for (auto& [variable, weight] : result.terms) {
      variable = NewId(variable);
    }
    return result;
  }

  Blocks Copy() {
    Blocks result;
    result.arithmetic = old_.arithmetic;
    result.dtype = old_.dtype;
    result.decoding = old_.decoding;
    for (std::size_t i = 0; i < old_.variables.size(); ++i) {
      if (!used_[i]) continue;
      new_ids_[i] = VariableId{static_cast<std::int32_t>(result.variables.size())};
      result.variables.push_back(old_.variables[i]);
    }
    for (const Margin& margin : old_.margins) {
      if (!IsUsed(margin)) continue;
      result.margins.push_back(margin);
      if (margin.variable.value >= 0) result.margins.back().variable = NewId(margin.variable);
      result.margins.back().head.reset();  // nothing asks about it any more
    }
    for (const HeadBlock& head : old_.heads) CopyHead(head, result);
    for (const MlpBlock& mlp : old_.mlps) CopyMlp(mlp, result);
    for (const LinearForm& readout : old_.readouts) result.readouts.push_back(Renamed(readout));
    return result;
  }
  void CopyHead(const HeadBlock& head, Blocks& result) const {
    HeadBlock copy;
    copy.label = head.label;
    copy.line = head.line;
    copy.mask = head.mask;
    copy.bos_shares = head.bos_shares;
    copy.takes_least = head.takes_least;
    copy.may_tie = head.may_tie;
    copy.hidden_offsets = head.hidden_offsets;
    for (const auto& channel : head.channels) {
      if (!used_[static_cast<std::size_t>(channel.output.value)]) continue;
      copy.channels.push_back({Renamed(channel.value), channel.at_bos,
                               new_ids_[static_cast<std::size_t>(channel.output.value)]});
    }
    if (copy.channels.empty()) return;
    for (const auto& term : head.terms) {
      copy.terms.push_back({Renamed(term.query), Renamed(term.key), term.key_at_bos});
    }
    result.heads.push_back(std::move(copy));
  }
  void CopyMlp(const MlpBlock& mlp, Blocks& result) const {
    MlpBlock copy{mlp.label, {}, {}};
    for (const auto& output : mlp.outputs) {
      if (!used_[static_cast<std::size_t>(output.variable.value)]) continue;
      copy.outputs.push_back(output);
      copy.outputs.back().variable = new_ids_[static_cast<std::size_t>(output.variable.value)];
    }
    if (copy.outputs.empty()) return;
    for (const LinearForm& neuron : mlp.neurons) copy.neurons.push_back(Renamed(neuron));
    result.mlps.push_back(std::move(copy));
  }

  const Blocks& old_;
  std::vector<bool> used_;
  std::vector<VariableId> new_ids_;
};

std::string ToText(const Blocks& blocks, const LinearForm& form) {
  constexpr std::size_t kMaxShown = 6;
  std::string text;
  for (std::size_t i = 0; i < form.terms.size() && i < kMaxShown; ++i) {
    const auto& [variable, weight] = form.terms[i];
    text += text.empty() ? "" : " + ";
    if (weight != 1) text += fmt::format("{} ", weight);
    text += fmt::format("[{}]", blocks[variable].label);
  }
  if (form.terms.size() > kMaxShown) {
    text += fmt::format(" + … ({} terms)", form.terms.size());
  }
  if (form.constant != 0 || text.empty()) {
    text += fmt::format("{}{}", text.empty() ? "" : " + ", form.constant);
  }
  return text;
}

}  // namespace

Blocks WithoutDeadBlocks(const Blocks& blocks) { return Pruner(blocks).Run(); }

std::string ToText(const Blocks& blocks) {
  std::string text;
  for (const Variable& variable : blocks.variables) {
    if (variable.origin != Variable::Origin::kEmbedding) continue;
    text += fmt::format("embedding [{}]: by {}\n", variable.label,
                        variable.by_token.empty()      ? "position"
                        : variable.by_position.empty() ? "token"
                                                       : "token and position");
  }
  for (const HeadBlock& head : blocks.heads) {
    text += fmt::format(
        "head {}{}{}{}{}\n", head.label,
        head.mask == HeadMask::kNone ? "" : fmt::format(", mask {}", NameOf(head.mask)),
        head.bos_shares ? ", BOS shares" : "", head.may_tie       ? ", takes the least penalties"
        : head.takes_least ? ", takes the least penalty"
                           : "",
        head.hidden_offsets.empty() ? "" : ", hides some offsets");
    for (const auto& term : head.terms) {
      text += fmt::format("  penalty: query {} times key {}{}\n", ToText(blocks, term.query),
                          ToText(blocks, term.key),
                          term.key_at_bos == 0 ? "" : fmt::format(", at BOS {}", term.key_at_bos));
    }
    for (const auto& channel : head.channels) {
      text += fmt::format("  [{}] = {}, at BOS {}; error {:.3g}\n", blocks[channel.output].label,
                          ToText(blocks, channel.value), channel.at_bos,
                          blocks[channel.output].bound.error);
    }
  }
  for (const MlpBlock& mlp : blocks.mlps) {
    text += fmt::format("mlp {}: {} neurons\n", mlp.label, mlp.neurons.size());
    for (const auto& output : mlp.outputs) {
      text += fmt::format("  [{}]: {} neurons from base {}; error {:.3g}\n",
                          blocks[output.variable].label, output.weights.size(), output.base,
                          blocks[output.variable].bound.error);
    }
  }
  for (const LinearForm& readout : blocks.readouts) {
    text += fmt::format("readout: {}\n", ToText(blocks, readout));
  }
  return text;
}

}  // namespace raspc
