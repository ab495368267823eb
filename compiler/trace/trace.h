// Runs a program's statements once and produces its dataflow graph.
//
// Functions, loops and comprehensions are executed here; s-ops and selectors are recorded in the
// graph. Atoms, lists, dicts and functions exist only while tracing.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/graph/dataflow_graph.h"
#include "compiler/syntax/syntax_tree.h"
#include "base/diagnostics.h"

namespace raspc {

struct TraceLimits {
  std::int64_t max_steps = 10'000'000;  // expressions evaluated, loops included
  int max_call_depth = 200;
  int max_nodes = 200'000;
  std::size_t max_collection = 10'000'000;  // elements or bytes in one list, dict or string
};

struct TraceOptions {
  TraceLimits limits;
  // Evaluate each s-op and selector as it is computed on a running example, and reject a statement
  // that fails there (design, section 3). `compile` and `verify` do not.
  bool try_out = true;
  bool causal = false;            // evaluate examples causally
  ArithmeticKind arithmetic = ArithmeticKind::kFloat;  // of the graph, and of what is traced
  std::vector<Atom> example;      // the running example at the start; empty: h e l l o
  bool example_is_fixed = false;  // an option or directive set it: `set example` does not change it
  std::vector<Atom>
      first_input;  // a statement that fails on the example is accepted if it succeeds here
  std::vector<std::string> load_folders;  // where `load` looks after the loading file's own folder
  bool load_standard_library = true;
  // Receives what `show`, `draw` and expression statements print, a line at a time.
  std::function<void(std::string_view)> print;
};

struct TracedProgram {
  DataflowGraph graph;
  // The s-ops and selectors that names hold at the end, in the order of their (last) assignment.
  std::vector<std::pair<std::string, NodeId>> names;
  // The same for the words of the language and the names of the standard library (tokens, length,
  // …).
  std::vector<std::pair<std::string, NodeId>> library_names;
  // Names that hold something else at the end ("a number", "a function", …), for messages.
  std::map<std::string, std::string> other_names;
  // The one of these that the program assigned last, and its value: "5 (an int)".
  struct OtherName {
    std::string name, value;
  };
  std::optional<OtherName> last_other;
  std::vector<int>
      failed_statements;      // numbers of the top-level statements that failed and had no effect
  std::vector<Atom> example;  // the running example at the end
  std::vector<std::string> loaded_files;  // the paths of the files that were loaded

  // The s-op or selector that `name` holds; reports kUndefined, with a suggestion, or kType.
  std::optional<NodeId> Find(std::string_view name, Diagnostics& diag) const;
  // The s-op (or, if there is none, selector) assigned last, library excluded.
  std::optional<NodeId> Last() const;
};

// Statements that fail are reported and have no effect; the others still run. A statement that
// fails only because an earlier failed one assigned nothing is not reported. Code that is allowed
// but most likely unintended, such as a comparison of strings with a number, gives a warning.
TracedProgram Trace(const SyntaxTree& tree, const TraceOptions& options, Diagnostics& diag);

}  // namespace raspc
