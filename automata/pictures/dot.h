// Pictures in Graphviz's `dot` language: an automaton, and the egg-box diagram of its monoid.
#pragma once

#include <string>

#include "automata/algebra/transition_monoid.h"
#include "automata/dfa.h"

namespace raspc {

// The largest sizes that are drawn: beyond these, a picture is unreadable and takes long to lay
// out.
inline constexpr int kMaxDrawnStates = 300;
inline constexpr int kMaxDrawnElements = 2000;

// A digraph of the states: the start has an arrow, accepting states a double line, and a dead
// state a dashed one. Symbols between the same states share an edge. Groups and automata of more
// than 12 states have colors instead of symbols on their edges.
std::string AutomatonDot(const Dfa& dfa, const std::string& title);

// The automaton and below it the egg-box: a table for each J-class with a row for each R-class and
// a column for each L-class. A box is an H-class and holds the shortest words of its elements, ε
// for the identity; a star marks the idempotent of a group. Edges lead from a J-class to those
// immediately below it.
std::string EggBoxDot(const Dfa& dfa, const TransitionMonoid& monoid, const GreensRelations& green,
                      const std::string& title);

}  // namespace raspc
