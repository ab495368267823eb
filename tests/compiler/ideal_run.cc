#include "tests/compiler/ideal_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace raspc {

IdealRun::IdealRun(const Stages& stages, const std::vector<Atom>& input)
    : stages_(stages), num_positions_(input.size() + 1) {
  const std::vector<Variable>& variables = stages.blocks.variables;
  values_.assign(num_positions_, std::vector<Real>(variables.size(), 0));
  for (std::size_t p = 0; p < num_positions_; ++p) {
    for (std::size_t i = 0; i < variables.size(); ++i) {
      values_[p][i] =
          p == 0 ? static_cast<Real>(variables[i].at_bos) : Embedded(variables[i], input, p);
    }
  }
  selected_.assign(stages.blocks.heads.size(),
                   std::vector(num_positions_, std::vector<bool>(num_positions_, false)));
  for (int layer = 0; layer < stages.schedule.num_layers; ++layer) {
    for (std::size_t i = 0; i < stages.blocks.heads.size(); ++i) {
      if (stages.schedule.layer_of_head[i] == layer) RunHead(i);
    }
    for (std::size_t i = 0; i < stages.blocks.mlps.size(); ++i) {
      if (stages.schedule.layer_of_mlp[i] == layer) RunMlp(stages.blocks.mlps[i]);
    }
  }
}

IdealRun::Real IdealRun::ValueOf(std::size_t position, const LinearForm& form) const {
  Real value = form.constant;
  for (const auto& [variable, weight] : form.terms) {
    value +=
        static_cast<Real>(weight) * values_[position][static_cast<std::size_t>(variable.value)];
  }
  return value;
}

IdealRun::Real IdealRun::Embedded(const Variable& variable, const std::vector<Atom>& input,
                                  std::size_t p) const {
  Real value = 0;
  const std::vector<Atom>& vocabulary = stages_.model.vocabulary;
  for (std::size_t t = 0; t < variable.by_token.size(); ++t) {
    if (Identical(vocabulary[t], input[p - 1])) value += static_cast<Real>(variable.by_token[t]);
  }
  if (!variable.by_position.empty()) value += static_cast<Real>(variable.by_position[p - 1]);
  return value;
}

bool IdealRun::IsVisible(const HeadBlock& head, std::size_t q, std::size_t k) const {
  if (head.mask == HeadMask::kCausal && k > q) return false;
  if (head.mask == HeadMask::kStrictlyCausal && k >= q) return false;
  if (head.hidden_offsets.empty()) return true;
  const auto n = static_cast<std::ptrdiff_t>(stages_.model.context_length);
  const auto at = static_cast<std::ptrdiff_t>(k) - static_cast<std::ptrdiff_t>(q) + n - 1;
  return at < 0 || at >= static_cast<std::ptrdiff_t>(head.hidden_offsets.size()) ||
         !head.hidden_offsets[static_cast<std::size_t>(at)];
}

std::vector<std::size_t> IdealRun::Selected(const HeadBlock& head, std::size_t q,
                                            const std::vector<std::vector<Real>>& queries,
                                            const std::vector<std::vector<Real>>& keys) {
  if (head.takes_least) return OfLeastPenalty(head, q, queries, keys);
  std::vector<std::size_t> selected;
  for (std::size_t k = 1; k < num_positions_; ++k) {
    if (!IsVisible(head, q, k)) continue;
    Real penalty = 0;
    for (std::size_t t = 0; t < head.terms.size(); ++t) penalty += queries[q][t] * keys[k][t];
    const bool is_clear = penalty < Real{1} / 8 || penalty > Real{7} / 8;
    if (!is_clear && problem_.empty()) {
      problem_ = fmt::format("head {}, query {}, key {}: the penalty is {}", head.label, q, k,
                             static_cast<double>(penalty));
    }
    if (penalty < Real{1} / 8) selected.push_back(k);
  }
  return selected;
}

// BOS is half a penalty off, so that it has to be clearer of the others when it is not selected,
// and is less clear when it is.
std::vector<std::size_t> IdealRun::OfLeastPenalty(const HeadBlock& head, std::size_t q,
                                                  const std::vector<std::vector<Real>>& queries,
                                                  const std::vector<std::vector<Real>>& keys) {
  std::vector<std::pair<Real, std::size_t>> penalties;
  for (std::size_t k = 0; k < num_positions_; ++k) {
    if (k != 0 && !IsVisible(head, q, k)) continue;
    Real penalty = k == 0 ? Real{1} / 2 : Real{0};
    for (std::size_t t = 0; t < head.terms.size(); ++t) {
      penalty +=
          queries[q][t] * (k == 0 ? static_cast<Real>(head.terms[t].key_at_bos) : keys[k][t]);
    }
    penalties.emplace_back(penalty, k);
  }
  std::sort(penalties.begin(), penalties.end());
  const auto [least, selected] = penalties.front();
  std::vector<std::size_t> all{selected};
  for (std::size_t i = 1; i < penalties.size(); ++i) {
    if (head.may_tie && penalties[i].first - least < Real{1} / 8) {
      all.push_back(penalties[i].second);
      continue;
    }
    const bool is_by_bos = selected == 0 || penalties[i].second == 0;
    const Real distance = penalties[i].first - least;
    if (distance >= (is_by_bos ? Real{3} / 8 : Real{7} / 8) || !problem_.empty()) continue;
    problem_ =
        fmt::format("head {}, query {}: the penalties of keys {} and {} are {} apart", head.label,
                    q, selected, penalties[i].second, static_cast<double>(distance));
  }
  return selected == 0 ? std::vector<std::size_t>{} : all;
}

void IdealRun::RunHead(std::size_t number) {
  const HeadBlock& head = stages_.blocks.heads[number];
  std::vector<std::vector<Real>> queries(num_positions_), keys(num_positions_);
  for (std::size_t p = 1; p < num_positions_; ++p) {
    for (const auto& term : head.terms) {
      queries[p].push_back(ValueOf(p, term.query));
      keys[p].push_back(ValueOf(p, term.key));
    }
  }
  for (const auto& channel : head.channels) {
    for (std::size_t k = 1; k < num_positions_; ++k) {
      keys[k].push_back(ValueOf(k, channel.value));
    }
  }
  for (std::size_t q = 1; q < num_positions_; ++q) {
    const std::vector<std::size_t> selected = Selected(head, q, queries, keys);
    const bool attends_to_bos = head.bos_shares || selected.empty();
    selected_[number][q][0] = attends_to_bos;
    for (const std::size_t k : selected) selected_[number][q][k] = true;
    for (std::size_t c = 0; c < head.channels.size(); ++c) {
      const auto& channel = head.channels[c];
      Real sum = 0;
      for (const std::size_t k : selected) sum += keys[k][head.terms.size() + c];
      auto count = static_cast<Real>(selected.size());
      if (attends_to_bos) {
        sum += static_cast<Real>(channel.at_bos);
        ++count;
      }
      values_[q][static_cast<std::size_t>(channel.output.value)] = sum / count;
    }
  }
}

void IdealRun::RunMlp(const MlpBlock& mlp) {
  for (std::size_t p = 1; p < num_positions_; ++p) {
    for (const auto& output : mlp.outputs) {
      Real sum = output.base;
      for (const auto& [neuron, weight] : output.weights) {
        const Real input = ValueOf(p, mlp.neurons[static_cast<std::size_t>(neuron)]);
        if (input > 0) sum += static_cast<Real>(weight) * input;
      }
      values_[p][static_cast<std::size_t>(output.variable.value)] = sum;
    }
  }
}

std::vector<int> IdsOf(const Model& model, const std::vector<Atom>& input) {
  std::vector<int> ids;
  for (const Atom& token : input) {
    for (std::size_t i = 0; i < model.vocabulary.size(); ++i) {
      if (Identical(model.vocabulary[i], token)) ids.push_back(static_cast<int>(i));
    }
  }
  return ids;
}

bool IsRight(const OutputDecoding& decoding, const Atom& wanted, const Atom& got) {
  const bool is_listed = decoding.kind == OutputDecoding::Kind::kNearest;
  if (is_listed || TypeOf(wanted) != AtomType::kFloat || TypeOf(got) != AtomType::kFloat) {
    return Identical(wanted, got);
  }
  return std::abs(NumberOf(wanted) - NumberOf(got)) <=
         kFloatTolerance * std::max(1.0, std::abs(NumberOf(wanted)));
}

Computed RunOn(const Engine& engine, const Model& model, const std::vector<Atom>& input) {
  Computed computed;
  Observer observer;
  observer.residual = [&](int, int, const Matrix& residual) { computed.residual = residual; };
  const std::vector<std::vector<int>> sequences{IdsOf(model, input)};
  computed.readout = engine.Run(sequences, &observer)[0];
  return computed;
}

namespace {

// Whether a variable is only promised to be "exactly 0, or at least 1".
bool IsZeroSet(const Variable& variable) {
  return variable.bound.error == std::numeric_limits<double>::denorm_min();
}

// The error of the ideal value itself. A long double has 11 bits more than a double, and the bound
// counts the same operations; what remains are slopes and points that are doubles.
double SlackOf(const Bound& bound) {
  return bound.IsExact() ? 0 : bound.error / 1024 + std::ldexp(1 + bound.max_abs, -58);
}

}  // namespace

ErrorsSeen::ErrorsSeen(const Stages& stages)
    : stages_(stages), of_variable_(stages.blocks.variables.size(), 0) {}

void ErrorsSeen::AddValue(const Variable& variable, std::size_t i, std::size_t position,
                          IdealRun::Real ideal, double got) {
  const auto size = static_cast<double>(std::abs(ideal));
  bool is_within = false;
  if (IsZeroSet(variable)) {
    is_within = size < 0.125 ? got == 0 : got >= 1;
  } else {
    const auto error = static_cast<double>(std::abs(static_cast<IdealRun::Real>(got) - ideal));
    const double slack = SlackOf(variable.bound);
    of_variable_[i] = std::max(of_variable_[i], error);
    is_within = error <= variable.bound.error + slack &&
                size <= variable.bound.max_abs + variable.bound.error + slack;
  }
  if (is_within || !problem_.empty()) return;
  problem_ = fmt::format("[{}] at position {}: ideally {}, got {}; the bound is {}, of at most {}",
                         variable.label, position, static_cast<double>(ideal), got,
                         variable.bound.error, variable.bound.max_abs);
}

void ErrorsSeen::Add(const IdealRun& ideal, const Computed& computed) {
  if (problem_.empty()) problem_ = ideal.problem();
  for (Eigen::Index p = 0; p < computed.residual.rows(); ++p) {
    const auto position = static_cast<std::size_t>(p);
    for (std::size_t i = 0; i < of_variable_.size(); ++i) {
      AddValue(stages_.blocks.variables[i], i, position, ideal.ValueOf(position, i),
               computed.residual(p, stages_.layout.direction[i]));
    }
    if (p == 0) continue;
    AddReadout(ideal.ValueOf(position, stages_.blocks.readouts[0]), computed.readout(p - 1, 0));
  }
}

void ErrorsSeen::AddReadout(IdealRun::Real ideal, double got) {
  const auto error = static_cast<double>(std::abs(static_cast<IdealRun::Real>(got) - ideal));
  const Bound bound = BoundOf(stages_.blocks, stages_.blocks.readouts[0]);
  of_readout_ = std::max(of_readout_, error);
  if (error <= bound.error + SlackOf(bound) || !problem_.empty()) return;
  problem_ = fmt::format("the readout is ideally {}, but {}; the bound is {}",
                         static_cast<double>(ideal), got, bound.error);
}

double ErrorsSeen::LargestShareOfBound() const {
  double largest = 0;
  for (std::size_t i = 0; i < of_variable_.size(); ++i) {
    const Variable& variable = stages_.blocks.variables[i];
    if (variable.bound.IsExact() || IsZeroSet(variable)) continue;
    largest = std::max(largest, of_variable_[i] / variable.bound.error);
  }
  return largest;
}

double ErrorsSeen::BoundOfReadout() const {
  return BoundOf(stages_.blocks, stages_.blocks.readouts[0]).error;
}

}  // namespace raspc
