#include "frontends/machines/machine.h"

#include <algorithm>
#include <unordered_set>

#include "frontends/machines/simulation.h"
#include "base/input_frame.h"

namespace raspc {

MachineFrame WithStates(MachineFrame frame, const std::vector<std::string>& mentioned) {
  if (!frame.states.empty()) return frame;
  std::unordered_set<std::string> known;
  const auto add = [&](const std::string& state) {
    if (known.insert(state).second) frame.states.push_back(state);
  };
  add(frame.start);
  for (const std::string& state : mentioned) add(state);
  for (const std::string& state : frame.accepting) add(state);
  for (const std::string& state : frame.rejecting) add(state);
  return frame;
}

int PlaceOf(const std::vector<std::string>& names, const std::string& name) {
  const auto at = std::find(names.begin(), names.end(), name);
  return at == names.end() ? -1 : static_cast<int>(at - names.begin());
}

MachineStates::MachineStates(const MachineFrame& frame)
    : halting_(frame.states.size(), Halting::kNo) {
  for (const std::string& state : frame.states) ids_.emplace(state, static_cast<int>(ids_.size()));
  start_ = Find(frame.start);
  const auto mark = [&](const std::vector<std::string>& states, Halting halting) {
    for (const std::string& state : states) {
      if (const int q = Find(state); q >= 0) halting_[static_cast<std::size_t>(q)] = halting;
    }
  };
  mark(frame.accepting, Halting::kAccepts);
  mark(frame.rejecting, Halting::kRejects);
}

int MachineStates::Find(const std::string& name) const {
  const auto found = ids_.find(name);
  return found == ids_.end() ? -1 : found->second;
}

int InputAsked(const MachineFrame& frame, const InputUse& use) {
  const std::optional<std::string>& asked = use.read ? use.read : use.look;
  if (!asked) return -1;
  if (*asked == frame.end) return frame.alphabet.size();
  return frame.alphabet.Find(*asked).value_or(-1);
}

}  // namespace raspc
