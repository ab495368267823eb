// The names of a machine's states, steps and observations in its program.
#pragma once

#include <string>
#include <vector>

#include "frontends/machines/machine_table.h"

namespace raspc {

// Which values of an observation need not be distinguished, as the machine does the same for them.
struct ValueClasses {
  std::vector<int> class_of;       // by value
  std::vector<std::string> names;  // by class; one class: the observation does not matter

  // The name of the value's class.
  const std::string& NameOf(int value) const {
    return names[static_cast<std::size_t>(class_of[static_cast<std::size_t>(value)])];
  }
};

// Tokens have names once NameTokens has been called, everything else from the start. No two tokens
// have the same name.
class MachineNames {
 public:
  // Keeps a reference to the table.
  explicit MachineNames(const MachineTable& table);
  void NameTokens();

  const std::vector<ValueClasses>& classes() const { return classes_; }  // by observation
  const std::vector<std::string>& states() const { return states_; }
  // The separator of the parts of a key, which no part contains.
  const std::string& separator() const { return separator_; }
  const std::string& accept() const { return accept_; }
  const std::string& reject() const { return reject_; }
  // The tokens of steps that do not halt, and their effects.
  const std::vector<std::string>& steps() const { return steps_; }
  const std::vector<StepEffect>& step_effects() const { return step_effects_; }
  const std::vector<std::string>& token_of() const { return token_of_; }  // by effect
  // The generated tokens, and all tokens.
  const std::vector<std::string>& more_tokens() const { return more_tokens_; }
  const std::vector<std::string>& vocabulary() const { return vocabulary_; }

 private:
  void MergeValues(std::size_t i);
  void NameStates();
  const std::string& ValueName(std::size_t observation, std::size_t value) const;
  std::string EffectText(const StepEffect& effect) const;

  const MachineTable& table_;
  std::vector<ValueClasses> classes_;
  std::vector<std::string> states_;
  std::string separator_ = " ";
  std::string accept_, reject_;
  std::vector<std::string> steps_;
  std::vector<StepEffect> step_effects_;
  std::vector<std::string> token_of_;
  std::vector<std::string> more_tokens_, vocabulary_;
};

}  // namespace raspc
