// One visitor for std::visit from several lambdas, one for each alternative of a variant.
//
// Without a lambda that takes anything, a new alternative does not compile until it is handled.
#pragma once

namespace raspc {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace raspc
