// The tracer's main function: the standard library, then the program's statements one by one.
//
// A statement takes effect as a whole or not at all: assignments to lasting scopes are first
// recorded in a journal, from which a failed statement is undone.
#include "compiler/trace/trace.h"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include "compiler/trace/tracer.h"
#include "base/large_stack.h"

namespace raspc {
namespace {

// Failed statements after which a program is given up.
constexpr int kMaxFailures = 1000;

void RunTracer(const SyntaxTree& tree, const TraceOptions& options, std::size_t stack_bytes,
               Diagnostics& diag, TracedProgram& program) {
  try {
    Tracer(options, stack_bytes, diag, program).Run(tree);
  } catch (const std::bad_alloc&) {
    diag.Error(ErrorKind::kLimit, {tree.source, 0, 0},
               "running the program needs more memory than is available");
  } catch (const std::exception& problem) {
    diag.Error(ErrorKind::kInternal, {tree.source, 0, 0},
               fmt::format("internal error: {}", problem.what()));
  }
}

std::string ValueKindName(const Value& value) {
  const Atom* atom = AsAtom(value);
  if (atom == nullptr) return KindOf(value);
  if (std::holds_alternative<std::string>(*atom)) return "a string";
  return std::holds_alternative<bool>(*atom) ? "a bool" : "a number";
}

// The names assigned last: "a, b and c".
std::string LastNames(const std::vector<std::pair<std::string, NodeId>>& names) {
  constexpr std::size_t kMaxShown = 8;
  std::string text;
  for (std::size_t i = names.size() - std::min(names.size(), kMaxShown); i < names.size(); ++i) {
    if (!text.empty()) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i].first;
  }
  return (names.size() > kMaxShown ? "…, " : "") + text;
}

}  // namespace

TracedProgram Trace(const SyntaxTree& tree, const TraceOptions& options, Diagnostics& diag) {
  TracedProgram program;
  program.graph = DataflowGraph(options.arithmetic);
  RunOnLargeStack(
      [&](std::size_t stack_bytes) { RunTracer(tree, options, stack_bytes, diag, program); });
  return program;
}

std::optional<NodeId> TracedProgram::Find(std::string_view name, Diagnostics& diag) const {
  const auto find_in = [&](const auto& list) -> std::optional<NodeId> {
    for (const auto& [known, id] : list) {
      if (known == name) return id;
    }
    return std::nullopt;
  };
  if (const auto found = find_in(names)) return found;
  if (const auto other = other_names.find(std::string(name)); other != other_names.end()) {
    diag.Error(ErrorKind::kType, {},
               fmt::format("'{}' is {}, not an s-op or selector", name, other->second));
    return std::nullopt;
  }
  if (const auto found = find_in(library_names)) return found;

  std::vector<std::string> candidates;
  for (const auto* list : {&names, &library_names}) {
    for (const auto& entry : *list) candidates.push_back(entry.first);
  }
  std::string hint;
  if (const std::string closest = ClosestName(name, candidates); !closest.empty()) {
    hint = fmt::format("; did you mean '{}'?", closest);
  } else if (!names.empty()) {
    hint = fmt::format("; it has {}", LastNames(names));
  }
  diag.Error(ErrorKind::kUndefined, {},
             fmt::format("the program has no s-op or selector named '{}'{}", name, hint));
  return std::nullopt;
}

std::optional<NodeId> TracedProgram::Last() const {
  for (auto it = names.rbegin(); it != names.rend(); ++it) {
    if (!graph.IsSelector(it->second)) return it->second;
  }
  if (names.empty()) return std::nullopt;
  return names.back().second;
}

Tracer::Tracer(const TraceOptions& options, std::size_t stack_bytes, Diagnostics& diag,
               TracedProgram& program)
    : options_(options),
      diag_(diag),
      program_(program),
      graph_(program.graph),
      try_out_(program.graph, options),
      stack_end_(reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) - stack_bytes),
      base_(ScopeKind::kBase, nullptr),
      top_(ScopeKind::kTopLevel, &base_),
      scope_(&base_),
      selector_example_(try_out_.example()) {}

void Tracer::Run(const SyntaxTree& tree) {
  program_source_ = tree.source;
  LoadStandardLibrary();
  scope_ = &top_;
  work_ = 0;
  RunStatements(tree, /*is_program=*/true);
  NoteUsesOfParts();
  CollectNames();
}

void Tracer::RunStatements(const SyntaxTree& tree, bool is_program) {
  if (is_program) program_.failed_statements = tree.failed_statements;
  for (const auto& statement : tree.statements) {
    if (std::holds_alternative<ExitStatement>(statement->kind) || is_exhausted_) break;
    if (RunTopLevelStatement(*statement) || !is_program) continue;
    program_.failed_statements.push_back(statement->number);
  }
  std::sort(program_.failed_statements.begin(), program_.failed_statements.end());
}

bool Tracer::RunTopLevelStatement(const Statement& statement) {
  Scope* const scope = scope_;
  const std::size_t journal_size = journal_.size(), num_calls = calls_.size();
  const std::size_t num_loading = loading_.size();
  const Statement* const outer_statement = std::exchange(top_statement_, &statement);
  const std::optional<Value> out = scope->out;
  const std::size_t num_warnings = warnings_.size();
  TryOut::Outside outside = try_out_.BeginStatement();
  ++statement_depth_;
  bool done = true;
  try {
    Run(statement);
  } catch (Failure& failure) {
    Report(std::move(failure));
    LoseNames(statement);
    UndoDownTo(journal_size);
    warnings_.resize(num_warnings);
    calls_.resize(num_calls);
    loading_.resize(num_loading);
    scope_ = scope;
    scope_->out = out;
    done = false;
  }
  --statement_depth_;
  top_statement_ = outer_statement;
  try_out_.EndStatement(std::move(outside));
  if (statement_depth_ == 0) {
    journal_.clear();
    for (Diagnostic& warning : warnings_) diag_.Add(std::move(warning));
    warnings_.clear();
  }
  return done;
}

void Tracer::Report(Failure failure) {
  if (failure.is_consequence) return;
  Diagnostic& diagnostic = failure.diagnostic;
  const auto is_same = [&](const Diagnostic& known) {
    return known.location.source == diagnostic.location.source &&
           known.location.line == diagnostic.location.line &&
           known.location.column == diagnostic.location.column &&
           known.message == diagnostic.message;
  };
  // One mistake in a function shows up in each of its calls.
  if (std::any_of(diag_.all().begin(), diag_.all().end(), is_same)) return;
  if (++num_failed_ == kMaxFailures) {
    is_exhausted_ = true;
    diagnostic.Note({}, fmt::format("{} statements have failed; the rest of the program is not run",
                                    kMaxFailures));
  }
  diag_.Add(std::move(diagnostic));
}

void Tracer::LoseNames(const Statement& statement) {
  if (const auto* assignment = std::get_if<Assignment>(&statement.kind)) {
    lost_names_.insert(assignment->names.begin(), assignment->names.end());
  } else if (const auto* definition = std::get_if<FunctionDefinition>(&statement.kind)) {
    lost_names_.insert(definition->name);
  } else if (const auto* loop = std::get_if<ForLoop>(&statement.kind)) {
    lost_names_.insert(loop->names.begin(), loop->names.end());
    for (const auto& inner : loop->body) LoseNames(*inner);
  } else if (std::holds_alternative<LoadStatement>(statement.kind)) {
    has_lost_file_ = true;
  }
}

void Tracer::UndoDownTo(std::size_t journal_size) {
  while (journal_.size() > journal_size) {
    JournalEntry entry = std::move(journal_.back());
    journal_.pop_back();
    entry.scope->Exchange(entry.name, std::move(entry.before));
  }
}

void Tracer::CollectNames() {
  program_.example = try_out_.example();
  const auto in_order = [](const Scope& scope) {
    std::vector<std::pair<std::string, const Scope::Variable*>> sorted;
    for (const auto& [name, variable] : scope.variables()) sorted.emplace_back(name, &variable);
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& a, const auto& b) { return a.second->order < b.second->order; });
    return sorted;
  };
  const auto collect = [&](const Scope& scope, std::vector<std::pair<std::string, NodeId>>& names) {
    for (const auto& [name, variable] : in_order(scope)) {
      if (const SOpValue* sop = AsSOp(variable->value)) {
        names.emplace_back(name, sop->id);
      } else if (const SelectorValue* selector = AsSelector(variable->value)) {
        names.emplace_back(name, selector->id);
      } else {
        program_.other_names.insert_or_assign(name, ValueKindName(variable->value));
        program_.last_other = {name, DescribeValue(variable->value)};
      }
    }
  };
  collect(base_, program_.library_names);
  program_.last_other.reset();
  collect(top_, program_.names);
}

}  // namespace raspc
