// Calls of functions, and applications of s-ops and selectors to inputs, which look the same.
#include <algorithm>

#include "compiler/interpret/evaluation.h"
#include "compiler/trace/tracer.h"

namespace raspc {

Value Tracer::EvaluateKind(const Expression& where, const CallExpression& call) {
  ValueOrApplied result = Call(where, call);
  if (Value* value = std::get_if<Value>(&result)) return std::move(*value);
  Fail(
      ErrorKind::kType, where.location,
      fmt::format("{} applies an s-op or selector to an input; that is a separate statement, not a "
                  "value to compute with",
                  std::get<Applied>(result).text));
}

Tracer::ValueOrApplied Tracer::Call(const Expression& where, const CallExpression& call) {
  // An applied s-op may fail on the running example as long as it works on the given input.
  const bool may_apply = call.arguments.size() == 1;
  if (may_apply) try_out_.BeginWaiting();
  const Value callee = Evaluate(*call.callee);
  TryOut::Waiting waiting;
  if (may_apply) waiting = try_out_.EndWaiting();

  std::vector<Value> arguments;
  for (const ExpressionPtr& argument : call.arguments) arguments.push_back(Evaluate(*argument));
  const bool applies = AsSOp(callee) || AsSelector(callee);
  if (applies && !may_apply) {
    Fail(ErrorKind::kType, where.location,
         fmt::format("{} is applied to one input, not to {} arguments", KindOf(callee),
                     arguments.size()));
  }
  if (applies && !AsAtom(arguments[0]) && !AsList(arguments[0]) && !AsDict(arguments[0])) {
    Fail(ErrorKind::kType, where.location,
         fmt::format(
             "`{}` is {} and not a function: it can be applied to an input, such as \"abc\", "
             "but this is {}",
             ShortText(*call.callee), KindOf(callee), KindOf(arguments[0])));
  }
  if (!waiting.empty()) {
    std::optional<std::vector<Atom>> input;
    if (applies) input = InputFrom(arguments[0], call.arguments[0]->location, "the input");
    if (auto failure = try_out_.Judge(waiting, input ? &*input : nullptr)) {
      Fail(*std::move(failure));
    }
  }
  if (applies) return Apply(where, *call.callee, callee, arguments[0]);
  const Function* function = AsFunction(callee);
  if (function == nullptr) {
    Fail(ErrorKind::kType, where.location,
         fmt::format("only functions, s-ops and selectors can be called, but this is {}",
                     DescribeValue(callee)));
  }
  return CallFunction(where, call, *function, std::move(arguments));
}

namespace {

// The types that the standard library's functions take, by the names of their parameters (also
// documented in programs/rasplib.rasp). Any other takes an s-op or an atom.
struct ParameterRow {
  std::string_view name, takes;
  bool (*fits)(const Value& value);
};
constexpr ParameterRow kParameters[] = {
    {"sel", "a selector", [](const Value& value) { return AsSelector(value) != nullptr; }},
    {"seq", "an s-op", [](const Value& value) { return AsSOp(value) != nullptr; }},
    {"filler", "an atom", [](const Value& value) { return AsAtom(value) != nullptr; }},
    {"", "an s-op or an atom",
     [](const Value& value) { return AsSOp(value) != nullptr || AsAtom(value) != nullptr; }},
};

const ParameterRow& RowOf(std::string_view parameter) {
  return *std::find_if(
      std::begin(kParameters), std::end(kParameters),
      [&](const ParameterRow& row) { return row.name == parameter || row.name.empty(); });
}

}  // namespace

Value Tracer::CallFunction(const Expression& where, const CallExpression& call,
                           const Function& function, std::vector<Value> arguments) {
  const bool enters_library = function.in_library && !IsInLibrary(where.location);
  if (!enters_library) return RunBody(where, function, std::move(arguments));
  const std::vector<Value> given = arguments;
  try {
    return RunBody(where, function, std::move(arguments));
  } catch (Failure& failure) {
    // If an argument does not fit, the user needs to know that, and not where it failed.
    const FunctionDefinition& definition = *function.definition;
    for (std::size_t i = 0; i < definition.parameters.size() && i < given.size(); ++i) {
      const ParameterRow& row = RowOf(definition.parameters[i]);
      if (row.fits(given[i])) continue;
      const Expression& argument = *call.arguments[i];
      Diagnostic unfit;
      unfit.kind = ErrorKind::kType;
      unfit.location = argument.location;
      unfit.message = fmt::format("{} takes {} here, but `{}` is {}", definition.name, row.takes,
                                  ShortText(argument), KindOf(given[i]));
      unfit.Note(where.location, fmt::format("in the call of {}({})", definition.name,
                                             fmt::join(definition.parameters, ", ")));
      failure = Failure{std::move(unfit)};
      break;
    }
    throw;
  }
}

Value Tracer::RunBody(const Expression& where, const Function& function,
                      std::vector<Value> arguments) {
  const FunctionDefinition& definition = *function.definition;
  if (arguments.size() != definition.parameters.size()) {
    Fail(ErrorKind::kType, where.location,
         fmt::format("'{}' takes {} argument{} ({}), but is given {}", definition.name,
                     definition.parameters.size(), definition.parameters.size() == 1 ? "" : "s",
                     fmt::join(definition.parameters, ", "), arguments.size()));
  }
  if (static_cast<int>(calls_.size()) >= options_.limits.max_call_depth) {
    Fail(ErrorKind::kLimit, where.location,
         fmt::format("calls are nested more than {} deep; does '{}' call itself without end?",
                     options_.limits.max_call_depth, definition.name));
  }
  auto scope = std::make_unique<Scope>(ScopeKind::kLocal, function.scope);
  const ScopeChange change(scope_, scope.get());
  calls_.push_back({&function, where.location});
  const std::size_t outer = try_out_.EnterBody();

  for (std::size_t i = 0; i < arguments.size(); ++i) {
    Assign(definition.parameters[i], std::move(arguments[i]), where.location);
  }
  for (const auto& statement : definition.body) Run(*statement);
  std::vector<Value> results;
  for (const ExpressionPtr& result : definition.results) results.push_back(Evaluate(*result));
  Value value = results.size() == 1 ? std::move(results[0])
                                    : NewList(*definition.results[0], std::move(results));

  // A failure skips this; then the statement's end does it.
  try_out_.LeaveBody(outer);
  calls_.pop_back();
  if (scope->is_captured) kept_scopes_.push_back(std::move(scope));
  return value;
}

Tracer::Applied Tracer::Apply(const Expression& where, const Expression& callee,
                              const Value& applied, const Value& input) {
  const NodeId id = AsSOp(applied) ? AsSOp(applied)->id : AsSelector(applied)->id;
  std::vector<Atom> tokens = InputFrom(input, where.location, "the input");
  const std::string* name = NameWritten(callee);
  std::string text = AppliedText(name != nullptr ? *name : graph_.Describe(id), tokens);
  // If nothing is printed, only trying out needs the result.
  NodeValue values;
  if (Prints() || options_.try_out) values = EvaluateOn(id, tokens, where.location);
  return {std::move(text), std::move(values), std::move(tokens)};
}

NodeValue Tracer::EvaluateOn(NodeId id, const std::vector<Atom>& input,
                             const SourceLocation& location) {
  Diagnostics diag;
  Interpreter interpreter(graph_, input, options_.causal);
  if (const NodeValue* value = interpreter.Evaluate(id, diag)) return *value;
  Diagnostic failure = diag.all().front();
  failure.Note(UserLocation(location), "evaluated here");
  Fail(std::move(failure));
}

}  // namespace raspc
