#include "compiler/operations/host_function.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

namespace raspc {
namespace {

constexpr std::string_view kNoneName = "None";

std::atomic<std::uint64_t> next_host_function_id = 1;

}  // namespace

Atom HostValue(std::string_view name) { return Atom(std::string(kHostValueMark).append(name)); }

bool IsHostValue(const Atom& atom) {
  const auto* text = std::get_if<std::string>(&atom);
  return text != nullptr && text->starts_with(kHostValueMark);
}

Atom NoneValue() { return HostValue(kNoneName); }

bool IsNone(const Atom& atom) {
  return IsHostValue(atom) &&
         std::string_view(std::get<std::string>(atom)).substr(kHostValueMark.size()) == kNoneName;
}

HostFunction::HostFunction(std::string name, Function function, bool keeps_none)
    : name_(std::move(name)),
      function_(std::move(function)),
      keeps_none_(keeps_none),
      id_(next_host_function_id++) {}

std::shared_ptr<const HostFunction> HostFunction::OfTable(
    std::string name, std::span<const std::pair<std::vector<Atom>, Atom>> table) {
  auto result =
      std::make_shared<HostFunction>(std::move(name), [](std::span<const Atom>) -> OpResult {
        return OpError{ErrorKind::kValue, "it has no value there"};
      });
  for (const auto& [point, value] : table) result->results_.emplace(point, value);
  return result;
}

std::size_t HostFunction::PointHash::operator()(const std::vector<Atom>& point) const {
  std::size_t hash = point.size();
  for (const Atom& atom : point) hash = hash * 0x9e3779b97f4a7c15u + IdentityHash{}(atom);
  return hash;
}

bool HostFunction::PointEqual::operator()(const std::vector<Atom>& a,
                                          const std::vector<Atom>& b) const {
  return std::ranges::equal(a, b, Identical);
}

OpResult HostFunction::Call(std::span<const Atom* const> point) const {
  std::vector<Atom> key;
  for (const Atom* atom : point) key.push_back(*atom);
  if (keeps_none_ && std::ranges::any_of(key, IsNone)) return NoneValue();
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = results_.find(key); known != results_.end()) return known->second;
    ++num_calls_;
  }
  OpResult result = CallFunction(key);
  const std::lock_guard lock(mutex_);
  return results_.try_emplace(std::move(key), std::move(result)).first->second;
}

OpResult HostFunction::CallFunction(const std::vector<Atom>& point) const {
  OpResult result = function_(point);
  if (auto* error = std::get_if<OpError>(&result)) {
    std::vector<std::string> shown;
    for (const Atom& atom : point) shown.push_back(ShortText(atom));
    error->message = fmt::format("{}({}): {}", name_, fmt::join(shown, ", "), error->message);
  }
  return result;
}

std::size_t HostFunction::num_calls() const {
  const std::lock_guard lock(mutex_);
  return num_calls_;
}

OpResult HoldsForSelect(const HostFunction& predicate, const Atom& key, const Atom& query) {
  OpResult result = predicate.Call(std::array{&key, &query});
  if (const Atom* value = std::get_if<Atom>(&result))
    return Atom(!IsNone(*value) && IsTrue(*value));
  return result;
}

}  // namespace raspc
