// The tracer: runs statements and evaluates expressions, and records s-ops and selectors.
//
// Internal to compiler/trace. One class, its methods spread over files by subject:
//
//   trace.cc         the whole program: top-level statements, the effects of failed ones
//   statements.cc    assignments, loops, definitions, commands to the interpreter
//   expressions.cc   names, operators, ternaries, membership
//   collections.cc   lists, dicts, comprehensions, range, zip, len, indexing
//   calls.cc         calls of functions and applications of s-ops
//   nodes.cc         adding nodes to the graph, trying out, failures
//   warnings.cc      code that is allowed but most likely unintended
//   load.cc          load, and the standard library
//   print.cc         output of show, draw and expression statements
//
// A failure inside a statement is thrown as a Failure and caught where the statement began; it
// never leaves Trace.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "compiler/trace/scope.h"
#include "compiler/trace/trace.h"
#include "compiler/trace/try_out.h"
#include "compiler/trace/value.h"

namespace raspc {

// Why a statement is abandoned: its own error, or the failure of an earlier one.
struct Failure {
  Diagnostic diagnostic;
  bool is_consequence = false;
};

// The name that an expression is, or null; `out` names something else each time.
inline const std::string* NameWritten(const Expression& expression) {
  const auto* name = std::get_if<NameExpression>(&expression.kind);
  return name == nullptr || name->name == "out" ? nullptr : &name->name;
}

// Makes a scope the current one, and restores the previous one on destruction.
class ScopeChange {
 public:
  ScopeChange(Scope*& present, Scope* next) : present_(present), former_(present) {
    present_ = next;
  }
  ~ScopeChange() { present_ = former_; }
  ScopeChange(const ScopeChange&) = delete;
  ScopeChange& operator=(const ScopeChange&) = delete;

 private:
  Scope*& present_;
  Scope* former_;
};

class Tracer {
 public:
  // The references must outlive the tracer. `stack_bytes` is how much of the native stack, from
  // here on, evaluation may use.
  Tracer(const TraceOptions& options, std::size_t stack_bytes, Diagnostics& diag,
         TracedProgram& program);

  void Run(const SyntaxTree& tree);

 private:
  // A value, or the result of applying an s-op or selector, which only a statement can use.
  struct Applied {
    std::string text;  // `x("abc")`
    NodeValue values;
    std::vector<Atom> input;
  };
  using ValueOrApplied = std::variant<Value, Applied>;

  // ---- trace.cc
  void RunStatements(const SyntaxTree& tree, bool is_program);
  bool RunTopLevelStatement(const Statement& statement);
  void UndoDownTo(std::size_t journal_size);
  // Reports why a statement failed, unless that was reported already.
  void Report(Failure failure);
  // Remembers what a statement that failed would have assigned.
  void LoseNames(const Statement& statement);
  void CollectNames();

  // ---- statements.cc
  void Run(const Statement& statement);
  void RunKind(const Statement& statement, const Assignment& assignment);
  void RunKind(const Statement& statement, const FunctionDefinition& definition);
  void RunKind(const Statement& statement, const ForLoop& loop);
  void RunKind(const Statement& statement, const ExpressionStatement& expression);
  void RunKind(const Statement& statement, const LoadStatement& load);
  void RunKind(const Statement& statement, const DrawStatement& draw);
  void RunKind(const Statement& statement, const SetExample& set);
  void RunKind(const Statement& statement, const ShowExample& show);
  void RunKind(const Statement& statement, const ToggleExamples& toggle);
  void RunKind(const Statement& statement, const ToggleFullDisplay& toggle);
  void RunKind(const Statement& statement, const ExitStatement& exit);
  void Assign(const std::string& name, Value value, const SourceLocation& location);
  // The same by an assignment, which also names the node; parameters and loops do not.
  void AssignNamed(const std::string& name, Value value, const SourceLocation& location);
  void CheckAssignable(const Scope& scope, const std::string& name,
                       const SourceLocation& location) const;
  // Assigns the names of a loop or comprehension their values for one round.
  void BindLoopNames(const std::vector<std::string>& names, const Value& item,
                     const SourceLocation& location);
  // The items of a list, string or dict (its keys); null for anything else.
  std::optional<std::vector<Value>> Unpacked(const Value& value) const;
  // Evaluates the collection of a loop or comprehension and visits its items (a dict's keys) one by
  // one; fails on anything but a list or dict.
  template <class Visit>
  void ForEachItem(const Expression& iterable, std::string_view what, Visit visit) {
    const Value value = Evaluate(iterable);
    if (const List* list = AsList(value)) {
      for (const Value& item : list->items) visit(item);
    } else if (const Dict* dict = AsDict(value)) {
      for (const Dict::Entry& entry : dict->entries()) visit(Value(entry.key));
    } else {
      Fail(ErrorKind::kType, iterable.location,
           fmt::format("{} runs over a list or dict, but this is {}", what, DescribeValue(value)));
    }
  }
  // The tokens of an example or of an application's input: a string's characters, a list's items, a
  // dict's keys. Fails on anything else and on an empty one, naming `what`.
  std::vector<Atom> InputFrom(const Value& value, const SourceLocation& location,
                              std::string_view what) const;

  // ---- expressions.cc
  // Evaluates, tries out and records the value in `out`.
  Value Evaluate(const Expression& expression);
  // The second half of it.
  Value Computed(const Expression& expression, Value value);
  Value EvaluateKind(const Expression& where, const LiteralExpression& literal);
  Value EvaluateKind(const Expression& where, const NameExpression& name);
  Value EvaluateKind(const Expression& where, const UnaryExpression& unary);
  Value EvaluateKind(const Expression& where, const BinaryExpression& binary);
  Value EvaluateKind(const Expression& where, const TernaryExpression& ternary);
  Value EvaluateKind(const Expression& where, const RoundExpression& round);
  Value EvaluateKind(const Expression& where, const IndicatorExpression& indicator);
  Value EvaluateKind(const Expression& where, const SelectExpression& select);
  Value EvaluateKind(const Expression& where, const AggregateExpression& aggregate);
  Value UnaryValue(const Expression& where, MapOp op, const Value& operand);
  Value AndOr(const Expression& where, BinaryOperator op, const Value& left, const Value& right);
  Value Member(const Expression& where, const Value& item, const Value& container);
  Value MemberPerPosition(const Expression& where, SOpValue sop, const Value& container);
  Value Occurs(const Expression& where, const Atom& atom, SOpValue sop);
  Value BinaryOnSOps(const Expression& where, MapOp op, const Value& left, const Value& right);
  Value BinaryOnCollections(const Expression& where, BinaryOperator op, const Value& left,
                            const Value& right);
  Value Repeated(const Expression& where, const List& list, std::int64_t times);
  const Value& LookUpName(const std::string& name, const SourceLocation& location);
  std::vector<std::string> VisibleNames() const;

  // ---- collections.cc
  Value EvaluateKind(const Expression& where, const ListExpression& list);
  Value EvaluateKind(const Expression& where, const DictExpression& dict);
  Value EvaluateKind(const Expression& where, const ListComprehension& comprehension);
  Value EvaluateKind(const Expression& where, const DictComprehension& comprehension);
  Value EvaluateKind(const Expression& where, const IndexExpression& index);
  Value EvaluateKind(const Expression& where, const RangeExpression& range);
  Value EvaluateKind(const Expression& where, const ZipExpression& zip);
  Value EvaluateKind(const Expression& where, const LenExpression& len);
  Value NewList(const Expression& where, std::vector<Value> items);
  Value NewDict(const Expression& where, Dict dict);
  Atom DictKey(const Expression& key);
  Value IndexSequence(const Expression& where, const std::vector<Value>& items,
                      std::string_view what, const Value& index);
  Value IndexDict(const Expression& where, const Dict& dict, const Value& index);
  Value IndexSOp(const Expression& where, SOpValue sop, const Value& index);
  void CheckSize(const Expression& where, std::uint64_t size) const;

  // ---- calls.cc
  Value EvaluateKind(const Expression& where, const CallExpression& call);
  ValueOrApplied Call(const Expression& where, const CallExpression& call);
  Value CallFunction(const Expression& where, const CallExpression& call, const Function& function,
                     std::vector<Value> arguments);
  // The body of a call.
  Value RunBody(const Expression& where, const Function& function, std::vector<Value> arguments);
  Applied Apply(const Expression& where, const Expression& callee, const Value& sop,
                const Value& input);
  NodeValue EvaluateOn(NodeId id, const std::vector<Atom>& input, const SourceLocation& location);

  // ---- nodes.cc
  NodeId Add(NodeKind kind, const SourceLocation& location);
  // Sets the text of the nodes that evaluating the expression has made, including the node of its
  // value unless that has a better one: the user's own before the library's, a call before the
  // function's body.
  void NoteText(const Expression& expression, std::optional<NodeId> value);
  // Where a node of the standard library is used: at `location` of the program, if that is in it.
  void NoteUse(NodeId id, const SourceLocation& location);
  void NoteUsesOfParts();
  bool IsInLibrary(const SourceLocation& location) const {
    return library_source_ != nullptr && location.source == library_source_;
  }
  NodeId AddMap(MapOp op, std::vector<NodeId> operands, const SourceLocation& location,
                std::shared_ptr<const MapTable> table = nullptr);
  NodeId AddConstant(Atom value, const SourceLocation& location);
  NodeId AddFullSelector(const SourceLocation& location);
  NodeId AddLength(const SourceLocation& location);
  // The s-op that a value stands for: itself, or an atom at every position; fails on anything else,
  // naming `role`.
  NodeId ToSOp(const Value& value, const SourceLocation& location, std::string_view role);
  // The result of an elementwise operation on atoms.
  Atom ApplyToAtoms(MapOp op, std::span<const Atom* const> operands,
                    const SourceLocation& location);
  void TryNode(NodeId id, const SourceLocation& location);
  // Counts work, and fails when the limit is passed.
  void Charge(std::uint64_t work, const SourceLocation& location);
  void CheckStack(const SourceLocation& location) const;
  [[noreturn]] void Fail(ErrorKind kind, const SourceLocation& location, std::string message) const;
  [[noreturn]] void Fail(Diagnostic diagnostic) const;
  // The place in the user's own text; for code in the standard library, the call that led there.
  SourceLocation UserLocation(const SourceLocation& location) const;

  // ---- warnings.cc
  // Warns where the types of two s-ops alone decide a comparison for equality.
  void CheckComparable(const SourceLocation& location, bool is_equal, std::string_view what,
                       const Value& left, const Value& right);
  void CheckMember(const SourceLocation& location, SOpValue sop, const List& list);
  // Warns of a constant on one side of 'and' or 'or', the other side of which is an s-op.
  void CheckCondition(const SourceLocation& location, bool is_and, const Value& side);
  void Warn(const SourceLocation& location, std::string message);
  // The types that the values of an s-op may have, as bits.
  unsigned TypesOf(NodeId id);
  unsigned TypesOf(const Value& value);
  unsigned TypesOfMap(const MapNode& map) const;
  std::string WithTypes(const Value& value);

  // ---- load.cc
  void LoadStandardLibrary();
  void Load(const std::string& name, const SourceLocation& location);
  // A file that was parsed.
  struct LoadedFile {
    std::string path;
    SyntaxTree tree;
  };
  const LoadedFile& FindFile(const std::string& name, const SourceLocation& location);
  // The parsed file, or null if there is none at that path; fails if it cannot be read.
  const LoadedFile* TryFile(const std::string& path, const SourceLocation& location);
  const LoadedFile& ParseFile(const std::string& path, std::string text);
  void RunFile(const SyntaxTree& tree, Scope* also_assigns);

  // ---- print.cc
  // Nothing is printed while a file is being loaded.
  bool Prints() const { return options_.print && loading_.empty(); }
  void Print(std::string_view line) const { options_.print(line); }
  // `name` is what the program calls the value, or empty.
  void PrintValue(const Value& value, const std::string& name);
  void PrintApplied(const Applied& applied);
  void PrintSelector(const SelectorRows& rows, const std::vector<Atom>& input);
  void PrintFlow(NodeId id, const std::vector<Atom>& input);
  // `text(input)`, with parentheses around a text that needs them.
  bool IsStep(NodeId id) const;
  std::string AppliedText(const std::string& text, const std::vector<Atom>& input) const;

  // Added to the levels of texts not written by the user.
  static constexpr int kHiddenLevel = 1'000'000;

  struct ActiveCall {
    const Function* function;
    SourceLocation location;  // of the call
  };
  struct JournalEntry {
    Scope* scope;
    std::string name;
    std::optional<Scope::Variable> before;
  };

  const TraceOptions& options_;
  Diagnostics& diag_;
  TracedProgram& program_;
  DataflowGraph& graph_;
  TryOut try_out_;

  std::uintptr_t stack_end_;
  std::uint64_t work_ = 0;
  bool is_exhausted_ = false;  // the limit on work was reached: nothing more runs
  int num_failed_ = 0;         // top-level statements, including those of loaded files
  std::int64_t num_assignments_ = 0;

  std::shared_ptr<const SourceText> program_source_;
  std::shared_ptr<const SourceText> library_source_;
  std::vector<std::unique_ptr<LoadedFile>> files_;  // parsed, by path; functions refer into them
  std::vector<const LoadedFile*> loading_;          // from the outermost
  std::vector<std::unique_ptr<Scope>> kept_scopes_;
  Scope base_;
  Scope top_;
  Scope* scope_;  // the current one
  std::set<std::string> library_names_;
  std::vector<ActiveCall> calls_;
  std::vector<int> text_levels_;       // by node: nesting level of the expression that named it
  int num_noted_ = 0;                  // nodes that have a text
  std::vector<unsigned> types_;        // by node, where they were needed
  std::vector<Diagnostic> warnings_;   // of the statement that is running
  std::set<std::string> lost_names_;   // reported as not defined, or not assigned by a failure
  bool has_lost_file_ = false;         // a file was not loaded, whatever its names are
  std::vector<JournalEntry> journal_;  // what to undo if a statement fails
  int statement_depth_ = 0;            // top-level statements running inside each other, by load
  const Statement* top_statement_ = nullptr;  // the innermost of them

  std::vector<Atom> selector_example_;
  bool show_sop_examples_ = true;
  bool show_selector_examples_ = true;
  bool full_display_ = false;
};

}  // namespace raspc
