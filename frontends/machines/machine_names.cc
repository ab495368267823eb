#include "frontends/machines/machine_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "frontends/program_header.h"

namespace raspc {

MachineNames::MachineNames(const MachineTable& table) : table_(table) {
  for (std::size_t i = 0; i < table_.observations.size(); ++i) MergeValues(i);
  NameStates();
}

// Groups the values of the i-th observation that have equal effects whatever else is seen.
void MachineNames::MergeValues(std::size_t i) {
  const Observation& observation = table_.observations[i];
  const std::size_t size = observation.values.size();
  std::size_t inner = 1;
  for (std::size_t k = i + 1; k < table_.observations.size(); ++k) {
    inner *= table_.observations[k].values.size();
  }
  const std::size_t outer = table_.effect_at.size() / (inner * size);
  std::map<std::vector<int>, int> known;
  ValueClasses classes;
  for (std::size_t value = 0; value < size; ++value) {
    std::vector<int> effects;
    effects.reserve(outer * inner);
    for (std::size_t o = 0; o < outer; ++o) {
      const auto first =
          table_.effect_at.begin() + static_cast<std::ptrdiff_t>((o * size + value) * inner);
      effects.insert(effects.end(), first, first + static_cast<std::ptrdiff_t>(inner));
    }
    const auto [at, is_new] =
        known.emplace(std::move(effects), static_cast<int>(classes.names.size()));
    classes.class_of.push_back(at->second);
    if (is_new) classes.names.push_back(ValueName(i, value));
  }
  classes_.push_back(std::move(classes));
}

const std::string& MachineNames::ValueName(std::size_t observation, std::size_t value) const {
  return table_.observations[observation].values[value];
}

void MachineNames::NameStates() {
  const std::vector<std::string>& states = table_.frame.states;
  const bool are_fine = std::all_of(states.begin(), states.end(), [](const std::string& state) {
    return state.find(' ') == std::string::npos;
  });
  for (std::size_t q = 0; q < states.size(); ++q) {
    states_.push_back(are_fine ? states[q] : fmt::format("q{}", q));
  }
  // The parts of a key of the table are separated by something that no part contains.
  const auto is_in_a_name = [&](const std::string& text) {
    const auto has = [&](const std::string& name) { return name.find(text) != name.npos; };
    const std::vector<std::string>& outputs = table_.frame.outputs;
    return std::any_of(states_.begin(), states_.end(), has) ||
           std::any_of(outputs.begin(), outputs.end(), has) ||
           std::any_of(classes_.begin(), classes_.end(), [&](const ValueClasses& classes) {
             return std::any_of(classes.names.begin(), classes.names.end(), has);
           });
  };
  for (int i = 0; is_in_a_name(separator_); ++i) separator_ = fmt::format("<{}>", i);
}

// A readable description of a step: `loop read push a`.
std::string MachineNames::EffectText(const StepEffect& effect) const {
  std::string text = states_[static_cast<std::size_t>(effect.to)];
  if (effect.reads) text += " read";
  for (std::size_t k = 0; k < table_.stores.size(); ++k) {
    const StoreEffect& store = effect.stores[k];
    const std::size_t observation = k + (table_.has_input ? 1 : 0);
    const std::string written =
        store.written < 0 ? "" : ValueName(observation, static_cast<std::size_t>(store.written));
    switch (table_.stores[k]) {
      case StoreKind::kCounter:
        text += store.change > 0 ? " +1" : store.change < 0 ? " -1" : " 0";
        break;
      case StoreKind::kStack:
        if (store.written >= 0) text += (store.change > 0 ? " push " : " put ") + written;
        if (store.change < 0) text += " pop";
        break;
      case StoreKind::kTape:
        text += " " + written + (store.change > 0 ? " R" : store.change < 0 ? " L" : " N");
        break;
    }
  }
  if (effect.output >= 0) {
    text += " write " + table_.frame.outputs[static_cast<std::size_t>(effect.output)];
  }
  return text;
}

void MachineNames::NameTokens() {
  std::vector<std::string> plain = table_.frame.alphabet.symbols();
  const std::vector<std::string>& outputs = table_.frame.outputs;
  plain.push_back(table_.frame.end);
  plain.insert(plain.end(), outputs.begin(), outputs.end());
  std::set<std::string> used(plain.begin(), plain.end());
  const auto fresh = [&](std::string token) {
    while (!used.insert(token).second) token += '_';
    return token;
  };
  accept_ = fresh("accept");
  reject_ = fresh("reject");
  for (const StepEffect& effect : table_.effects) {
    const auto halting = table_.halting[static_cast<std::size_t>(effect.to)];
    if (halting == Halting::kNo) {
      steps_.push_back(fresh(EffectText(effect)));
      step_effects_.push_back(effect);
      token_of_.push_back(steps_.back());
    } else {
      token_of_.push_back(halting == Halting::kAccepts ? accept_ : reject_);
    }
  }
  for (const std::string& output : outputs) {
    if (!table_.frame.alphabet.Find(output)) more_tokens_.push_back(output);
  }
  more_tokens_.insert(more_tokens_.end(), steps_.begin(), steps_.end());
  more_tokens_.push_back(accept_);
  more_tokens_.push_back(reject_);
  vocabulary_ = table_.frame.alphabet.symbols();
  vocabulary_.push_back(table_.frame.end);
  vocabulary_.insert(vocabulary_.end(), more_tokens_.begin(), more_tokens_.end());
}

}  // namespace raspc
