// Statements: assignments, loops, definitions, and commands to the interpreter.
#include <array>

#include "compiler/trace/tracer.h"

namespace raspc {
namespace {

// Words that read as names and cannot be assigned anywhere. (Others cannot be names at all.)
constexpr std::array<std::string_view, 13> kReserved = {
    "True",    "False",      "out",        "get",          "range",       "zip",        "len",
    "indices", "tokens_str", "tokens_int", "tokens_float", "tokens_bool", "tokens_asis"};

bool IsReserved(std::string_view name) {
  for (const std::string_view word : kReserved) {
    if (word == name) return true;
  }
  return false;
}

}  // namespace

void Tracer::Run(const Statement& statement) {
  CheckStack(statement.location);
  Charge(1, statement.location);
  std::visit([&](const auto& kind) { RunKind(statement, kind); }, statement.kind);
}

void Tracer::CheckAssignable(const Scope& scope, const std::string& name,
                             const SourceLocation& location) const {
  if (IsReserved(name)) {
    Fail(ErrorKind::kReserved, location,
         fmt::format("'{}' is a reserved word and cannot be assigned", name));
  }
  if (scope.kind() == ScopeKind::kTopLevel && library_names_.contains(name)) {
    Fail(ErrorKind::kReserved, location,
         fmt::format("'{}' belongs to the standard library and cannot be assigned at top level; "
                     "choose another name",
                     name));
  }
}

void Tracer::Assign(const std::string& name, Value value, const SourceLocation& location) {
  const bool is_private = name.starts_with('_');
  for (const Scope* scope = scope_; scope != nullptr; scope = scope->also_assigns()) {
    CheckAssignable(*scope, name, location);
    if (is_private) break;
  }
  for (Scope* scope = scope_; scope != nullptr; scope = scope->also_assigns()) {
    std::optional<Scope::Variable> before =
        scope->Exchange(name, Scope::Variable{value, num_assignments_++});
    // A local scope is dropped when its call fails; only lasting changes must be undone.
    if (scope->kind() != ScopeKind::kLocal) journal_.push_back({scope, name, std::move(before)});
    if (is_private) break;
  }
}

void Tracer::AssignNamed(const std::string& name, Value value, const SourceLocation& location) {
  std::optional<NodeId> id;
  if (const SOpValue* sop = AsSOp(value)) id = sop->id;
  if (const SelectorValue* selector = AsSelector(value)) id = selector->id;
  Assign(name, std::move(value), location);
  // The words of the language and constants are self-explanatory; what the library's functions call
  // something is not the user's name for it.
  if (IsInLibrary(location) && !calls_.empty()) return;
  if (id && !graph_.OperandsOf(*id).empty()) graph_.Name(*id, name);
}

void Tracer::RunKind(const Statement& statement, const Assignment& assignment) {
  std::vector<Value> values;
  for (const ExpressionPtr& value : assignment.values) values.push_back(Evaluate(*value));
  const auto location_of = [&](std::size_t i) {
    return i < assignment.name_locations.size() ? assignment.name_locations[i] : statement.location;
  };
  if (assignment.names.size() == 1) {
    Value value = values.size() == 1 ? std::move(values[0])
                                     : NewList(*assignment.values[0], std::move(values));
    AssignNamed(assignment.names[0], std::move(value), location_of(0));
    return;
  }
  if (values.size() == 1) {
    std::optional<std::vector<Value>> unpacked = Unpacked(values[0]);
    if (!unpacked) {
      Fail(
          ErrorKind::kType, statement.location,
          fmt::format("{} names are assigned one value, {}, which is not a list, string or dict to "
                      "take them from",
                      assignment.names.size(), DescribeValue(values[0])));
    }
    values = *std::move(unpacked);
  }
  if (values.size() != assignment.names.size()) {
    Fail(ErrorKind::kType, statement.location,
         fmt::format("{} names are assigned {} value{}", assignment.names.size(), values.size(),
                     values.size() == 1 ? "" : "s"));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    AssignNamed(assignment.names[i], std::move(values[i]), location_of(i));
  }
}

std::optional<std::vector<Value>> Tracer::Unpacked(const Value& value) const {
  if (const List* list = AsList(value)) return list->items;
  std::vector<Value> items;
  if (const Dict* dict = AsDict(value)) {
    for (const Dict::Entry& entry : dict->entries()) items.emplace_back(entry.key);
    return items;
  }
  const Atom* atom = AsAtom(value);
  const auto* text = atom ? std::get_if<std::string>(atom) : nullptr;
  if (text == nullptr) return std::nullopt;
  for (Atom& character : CodePoints(*text)) items.emplace_back(std::move(character));
  return items;
}

void Tracer::RunKind(const Statement& statement, const FunctionDefinition& definition) {
  scope_->is_captured = true;
  Assign(definition.name,
         std::make_shared<const Function>(
             Function{&definition, scope_, IsInLibrary(statement.location)}),
         statement.location);
}

void Tracer::RunKind(const Statement& statement, const ForLoop& loop) {
  ForEachItem(*loop.iterable, "a loop", [&](const Value& item) {
    Charge(1, statement.location);
    BindLoopNames(loop.names, item, loop.iterable->location);
    for (const auto& inner : loop.body) Run(*inner);
  });
}

void Tracer::BindLoopNames(const std::vector<std::string>& names, const Value& item,
                           const SourceLocation& location) {
  if (names.size() == 1) {
    Assign(names[0], item, location);
    return;
  }
  // Lists of the wrong length, which may be long, are not copied first.
  const List* list = AsList(item);
  const bool fits = list == nullptr || list->items.size() == names.size();
  const std::optional<std::vector<Value>> values =
      fits ? Unpacked(item) : std::optional<std::vector<Value>>();
  if (!values || values->size() != names.size()) {
    Fail(ErrorKind::kType, location,
         fmt::format("the loop has {} names, but {} is {}", names.size(), ValueText(item, graph_),
                     values ? fmt::format("{} values", values->size()) : DescribeValue(item)));
  }
  for (std::size_t i = 0; i < names.size(); ++i) Assign(names[i], (*values)[i], location);
}

void Tracer::RunKind(const Statement& statement, const ExpressionStatement& expression) {
  // Only statements at top level, not inside a loop or function, print their values.
  const bool prints = Prints() && &statement == top_statement_;
  for (const ExpressionPtr& value : expression.values) {
    const auto* call = std::get_if<CallExpression>(&value->kind);
    if (call == nullptr) {
      const Value result = Evaluate(*value);
      const std::string* name = NameWritten(*value);
      if (prints) PrintValue(result, name != nullptr ? *name : "");
      continue;
    }
    Charge(1, value->location);
    ValueOrApplied result = Call(*value, *call);
    if (const auto* applied = std::get_if<Applied>(&result)) {
      if (prints) PrintApplied(*applied);
      continue;
    }
    const Value computed = Computed(*value, std::get<Value>(std::move(result)));
    if (prints) PrintValue(computed, "");
  }
}

void Tracer::RunKind(const Statement& statement, const LoadStatement& load) {
  Load(load.name, statement.location);
}

void Tracer::RunKind(const Statement& statement, const DrawStatement& draw) {
  if (draw.arguments.empty() || draw.arguments.size() > 2) {
    Fail(ErrorKind::kType, statement.location,
         fmt::format("draw takes an s-op and optionally an input, but is given {} arguments",
                     draw.arguments.size()));
  }
  std::vector<Atom> input = try_out_.example();
  const bool has_input = draw.arguments.size() == 2;
  if (has_input) {
    const Expression& given = *draw.arguments[1];
    input = InputFrom(Evaluate(given), given.location, "the input of draw");
  }
  const Expression& what = *draw.arguments[0];
  if (has_input) try_out_.BeginWaiting();
  const Value drawn = Evaluate(what);
  if (has_input) {
    if (auto failure = try_out_.Judge(try_out_.EndWaiting(), &input)) Fail(*std::move(failure));
  }
  const SOpValue* sop = AsSOp(drawn);
  if (sop == nullptr) {
    Fail(ErrorKind::kType, what.location,
         fmt::format("draw shows how an s-op is computed, but this is {}", DescribeValue(drawn)));
  }
  if (Prints() || options_.try_out) {
    EvaluateOn(sop->id, input, what.location);
    if (Prints()) PrintFlow(sop->id, input);
  }
}

std::vector<Atom> Tracer::InputFrom(const Value& value, const SourceLocation& location,
                                    std::string_view what) const {
  const std::optional<std::vector<Value>> items = Unpacked(value);
  if (!items) {
    Fail(ErrorKind::kType, location,
         fmt::format("{} must be a string or a list of tokens, but is {}", what,
                     DescribeValue(value)));
  }
  if (items->empty()) {
    Fail(ErrorKind::kType, location,
         fmt::format("{} is empty: a program needs at least one token", what));
  }
  std::vector<Atom> input;
  for (const Value& item : *items) {
    const Atom* atom = AsAtom(item);
    if (atom == nullptr) {
      Fail(ErrorKind::kType, location,
           fmt::format("{} holds {}; tokens are ints, floats, bools and strings", what,
                       DescribeValue(item)));
    }
    input.push_back(*atom);
  }
  return input;
}

void Tracer::RunKind(const Statement&, const SetExample& set) {
  std::vector<Atom> example =
      InputFrom(Evaluate(*set.value), set.value->location, "the running example");
  if (options_.example_is_fixed) return;
  if (set.which != ExampleKind::kSOp) selector_example_ = example;
  if (set.which != ExampleKind::kSelector) try_out_.SetExample(std::move(example));
}

void Tracer::RunKind(const Statement&, const ToggleExamples& toggle) {
  if (toggle.which != ExampleKind::kSelector) show_sop_examples_ = toggle.on;
  if (toggle.which != ExampleKind::kSOp) show_selector_examples_ = toggle.on;
}

void Tracer::RunKind(const Statement&, const ToggleFullDisplay& toggle) {
  full_display_ = toggle.on;
}

void Tracer::RunKind(const Statement&, const ExitStatement&) {}

}  // namespace raspc
