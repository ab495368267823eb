// Expressions: names, operators, ternaries, membership, select and aggregate.
#include <algorithm>
#include <array>

#include "compiler/syntax/other_languages.h"
#include "compiler/trace/tracer.h"

namespace raspc {
namespace {

// The elementwise operation of an operator; `in` has none.
MapOp MapOpOf(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::kAdd:
      return MapOp::kAdd;
    case BinaryOperator::kSubtract:
      return MapOp::kSubtract;
    case BinaryOperator::kMultiply:
      return MapOp::kMultiply;
    case BinaryOperator::kDivide:
      return MapOp::kDivide;
    case BinaryOperator::kModulo:
      return MapOp::kModulo;
    case BinaryOperator::kPower:
      return MapOp::kPower;
    case BinaryOperator::kEqual:
      return MapOp::kEqual;
    case BinaryOperator::kNotEqual:
      return MapOp::kNotEqual;
    case BinaryOperator::kLess:
      return MapOp::kLess;
    case BinaryOperator::kLessEqual:
      return MapOp::kLessEqual;
    case BinaryOperator::kGreater:
      return MapOp::kGreater;
    case BinaryOperator::kGreaterEqual:
      return MapOp::kGreaterEqual;
    case BinaryOperator::kAnd:
      return MapOp::kAnd;
    case BinaryOperator::kOr:
      return MapOp::kOr;
    case BinaryOperator::kIn:
      break;
  }
  return MapOp::kMember;
}

MapOp MapOpOf(UnaryOperator op) {
  switch (op) {
    case UnaryOperator::kNegate:
      return MapOp::kNegate;
    case UnaryOperator::kPlus:
      return MapOp::kPlus;
    case UnaryOperator::kNot:
      break;
  }
  return MapOp::kNot;
}

bool OrderHolds(BinaryOperator op, std::strong_ordering order) {
  switch (op) {
    case BinaryOperator::kLess:
      return order < 0;
    case BinaryOperator::kLessEqual:
      return order <= 0;
    case BinaryOperator::kGreater:
      return order > 0;
    default:  // kGreaterEqual
      return order >= 0;
  }
}

bool IsOrdering(BinaryOperator op) {
  return op == BinaryOperator::kLess || op == BinaryOperator::kLessEqual ||
         op == BinaryOperator::kGreater || op == BinaryOperator::kGreaterEqual;
}

}  // namespace

Value Tracer::Evaluate(const Expression& expression) {
  CheckStack(expression.location);
  Charge(1, expression.location);
  return Computed(expression,
                  std::visit([&](const auto& kind) { return EvaluateKind(expression, kind); },
                             expression.kind));
}

Value Tracer::Computed(const Expression& expression, Value value) {
  if (const SOpValue* sop = AsSOp(value)) {
    if (!graph_[sop->id].location.IsKnown()) {
      graph_.Locate(sop->id, UserLocation(expression.location));
    }
    NoteUse(sop->id, expression.location);
    NoteText(expression, sop->id);
    TryNode(sop->id, expression.location);
  } else if (const SelectorValue* selector = AsSelector(value)) {
    NoteUse(selector->id, expression.location);
    NoteText(expression, selector->id);
    TryNode(selector->id, expression.location);
  } else if (const Atom* atom = AsAtom(value)) {
    // Long strings count as work, so that the limit on work bounds their memory.
    if (const auto* text = std::get_if<std::string>(atom)) {
      Charge(text->size() / 64, expression.location);
    }
  }
  scope_->out = value;
  return value;
}

Value Tracer::EvaluateKind(const Expression&, const LiteralExpression& literal) {
  const bool is_rational = graph_.arithmetic() == ArithmeticKind::kRational;
  return is_rational ? literal.value : WithoutFraction(literal.value);
}

Value Tracer::EvaluateKind(const Expression& where, const NameExpression& name) {
  return LookUpName(name.name, where.location);
}

const Value& Tracer::LookUpName(const std::string& name, const SourceLocation& location) {
  if (name == "out") {
    for (const Scope* scope = scope_; scope != nullptr; scope = scope->parent()) {
      if (scope->out) return *scope->out;
    }
  }
  if (const Value* value = scope_->Find(name)) return *value;
  if (has_lost_file_ || !lost_names_.insert(name).second) {
    throw Failure{{}, /*is_consequence=*/true};
  }
  if (const auto advice = AdviceOn(name)) Fail(ErrorKind::kUndefined, location, *advice);
  const std::string closest = ClosestWord(name, VisibleNames());
  Fail(ErrorKind::kUndefined, location,
       fmt::format("'{}' is not defined{}", name,
                   closest.empty() ? "" : fmt::format("; did you mean '{}'?", closest)));
}

std::vector<std::string> Tracer::VisibleNames() const {
  std::set<std::string> names;
  for (const Scope* scope = scope_; scope != nullptr; scope = scope->parent()) {
    for (const auto& entry : scope->variables()) names.insert(entry.first);
  }
  return {names.begin(), names.end()};
}

Value Tracer::EvaluateKind(const Expression& where, const UnaryExpression& unary) {
  const Value operand = Evaluate(*unary.operand);
  if (unary.op == UnaryOperator::kNot) {
    if (const SelectorValue* selector = AsSelector(operand)) {
      return SelectorValue{
          Add(SelectorLogicNode{SelectorOp::kNot, {selector->id}}, where.location)};
    }
    if (!AsSOp(operand)) return Atom(!IsTrueValue(operand));
  }
  return UnaryValue(where, MapOpOf(unary.op), operand);
}

Value Tracer::EvaluateKind(const Expression& where, const RoundExpression& round) {
  return UnaryValue(where, MapOp::kRound, Evaluate(*round.argument));
}

Value Tracer::EvaluateKind(const Expression& where, const IndicatorExpression& indicator) {
  const Value operand = Evaluate(*indicator.argument);
  if (!AsSOp(operand)) {
    Fail(ErrorKind::kType, where.location,
         fmt::format("indicator is for s-ops, but this is {}", DescribeValue(operand)));
  }
  return UnaryValue(where, MapOp::kIndicator, operand);
}

Value Tracer::UnaryValue(const Expression& where, MapOp op, const Value& operand) {
  if (const SOpValue* sop = AsSOp(operand)) {
    return SOpValue{AddMap(op, {sop->id}, where.location)};
  }
  if (const Atom* atom = AsAtom(operand)) {
    const std::array<const Atom*, 1> operands{atom};
    return ApplyToAtoms(op, operands, where.location);
  }
  Fail(ErrorKind::kType, where.location,
       fmt::format("'{}' cannot be applied to {}", NameOf(op), DescribeValue(operand)));
}

Value Tracer::EvaluateKind(const Expression& where, const BinaryExpression& binary) {
  const Value left = Evaluate(*binary.left);
  const Value right = Evaluate(*binary.right);
  const BinaryOperator op = binary.op;
  if (op == BinaryOperator::kIn) return Member(where, left, right);
  if (op == BinaryOperator::kAnd || op == BinaryOperator::kOr) {
    return AndOr(where, op, left, right);
  }
  if (AsSelector(left) || AsSelector(right)) {
    Fail(ErrorKind::kType, where.location,
         fmt::format("'{}' cannot be applied to {} and {}; selectors take 'and', 'or' and 'not'",
                     Spelling(op), DescribeValue(left), DescribeValue(right)));
  }
  if (AsSOp(left) || AsSOp(right)) return BinaryOnSOps(where, MapOpOf(op), left, right);
  if (AsAtom(left) && AsAtom(right)) {
    const std::array<const Atom*, 2> operands{AsAtom(left), AsAtom(right)};
    return ApplyToAtoms(MapOpOf(op), operands, where.location);
  }
  return BinaryOnCollections(where, op, left, right);
}

// On s-ops the result is a bool per position; on anything else it is one of the operands, both of
// which are evaluated.
Value Tracer::AndOr(const Expression& where, BinaryOperator op, const Value& left,
                    const Value& right) {
  const bool is_and = op == BinaryOperator::kAnd;
  const SelectorValue* left_selector = AsSelector(left);
  const SelectorValue* right_selector = AsSelector(right);
  if (left_selector && right_selector) {
    return SelectorValue{Add(SelectorLogicNode{is_and ? SelectorOp::kAnd : SelectorOp::kOr,
                                               {left_selector->id, right_selector->id}},
                             where.location)};
  }
  if (left_selector || right_selector) {
    Fail(ErrorKind::kType, where.location,
         fmt::format("'{}' combines a selector only with a selector, but here are {} and {}",
                     Spelling(op), DescribeValue(left), DescribeValue(right)));
  }
  if (AsSOp(left) || AsSOp(right)) {
    CheckCondition(where.location, is_and, left);
    CheckCondition(where.location, is_and, right);
    return BinaryOnSOps(where, MapOpOf(op), left, right);
  }
  return IsTrueValue(left) == is_and ? right : left;
}

Value Tracer::BinaryOnSOps(const Expression& where, MapOp op, const Value& left,
                           const Value& right) {
  const auto fits = [](const Value& value) { return AsSOp(value) || AsAtom(value); };
  if (op == MapOp::kEqual || op == MapOp::kNotEqual) {
    CheckComparable(where.location, op == MapOp::kEqual, NameOf(op), left, right);
  }
  if (!fits(left) || !fits(right)) {
    // Values of different types are unequal, at every position.
    if (op == MapOp::kEqual || op == MapOp::kNotEqual) {
      const NodeId sop = AsSOp(left) ? AsSOp(left)->id : AsSOp(right)->id;
      const NodeId never =
          AddMap(MapOp::kMember, {sop}, where.location, std::make_shared<const MapTable>());
      if (op == MapOp::kEqual) return SOpValue{never};
      return SOpValue{AddMap(MapOp::kNot, {never}, where.location)};
    }
    Fail(ErrorKind::kType, where.location,
         fmt::format("'{}' cannot be applied to {} and {}", NameOf(op), DescribeValue(left),
                     DescribeValue(right)));
  }
  const NodeId a = ToSOp(left, where.location, "an operand");
  const NodeId b = ToSOp(right, where.location, "an operand");
  return SOpValue{AddMap(op, {a, b}, where.location)};
}

// Neither side is an s-op or selector, and at least one is not an atom.
Value Tracer::BinaryOnCollections(const Expression& where, BinaryOperator op, const Value& left,
                                  const Value& right) {
  Charge(std::min(WeightOf(left), WeightOf(right)), where.location);
  if (op == BinaryOperator::kEqual) return Atom(EqualValues(left, right));
  if (op == BinaryOperator::kNotEqual) return Atom(!EqualValues(left, right));
  const List* a = AsList(left);
  const List* b = AsList(right);
  if (op == BinaryOperator::kAdd && a && b) {
    CheckSize(where, std::uint64_t{a->items.size()} + b->items.size());
    Charge(CopyWork(*a), where.location);
    Charge(CopyWork(*b), where.location);
    std::vector<Value> items = a->items;
    items.insert(items.end(), b->items.begin(), b->items.end());
    return NewList(where, std::move(items));
  }
  if (op == BinaryOperator::kMultiply && a && AsInt(right)) {
    return Repeated(where, *a, *AsInt(right));
  }
  if (op == BinaryOperator::kMultiply && b && AsInt(left)) return Repeated(where, *b, *AsInt(left));
  if (IsOrdering(op) && a && b) {
    if (const auto order = CompareValues(left, right)) return Atom(OrderHolds(op, *order));
  }
  Fail(ErrorKind::kType, where.location,
       fmt::format("'{}' cannot be applied to {} and {}", Spelling(op), DescribeValue(left),
                   DescribeValue(right)));
}

Value Tracer::Repeated(const Expression& where, const List& list, std::int64_t times) {
  std::vector<Value> items;
  if (times > 0 && !list.items.empty()) {
    const std::uint64_t most = options_.limits.max_collection / list.items.size();
    CheckSize(where, static_cast<std::uint64_t>(times) > most
                         ? std::uint64_t{options_.limits.max_collection} + 1
                         : list.items.size() * static_cast<std::uint64_t>(times));
    // Before anything is copied: the strings in the list may be long.
    std::uint64_t work = 0;
    if (__builtin_mul_overflow(CopyWork(list), static_cast<std::uint64_t>(times), &work)) {
      work = ~std::uint64_t{0};
    }
    Charge(work, where.location);
    for (std::int64_t i = 0; i < times; ++i) {
      items.insert(items.end(), list.items.begin(), list.items.end());
    }
  }
  return NewList(where, std::move(items));
}

Value Tracer::Member(const Expression& where, const Value& item, const Value& container) {
  if (const SOpValue* sop = AsSOp(item)) return MemberPerPosition(where, *sop, container);
  const Atom* atom = AsAtom(item);
  if (atom == nullptr) {
    Fail(ErrorKind::kType, where.location,
         fmt::format("'in' looks for an atom or an s-op, but this is {}", DescribeValue(item)));
  }
  if (const SOpValue* sop = AsSOp(container)) return Occurs(where, *atom, *sop);
  const List* list = AsList(container);
  if (list == nullptr) {
    Fail(ErrorKind::kType, where.location,
         fmt::format("'in' looks inside a list or an s-op, but this is {}",
                     DescribeValue(container)));
  }
  Charge(list->items.size(), where.location);
  return Atom(std::any_of(list->items.begin(), list->items.end(),
                          [&](const Value& element) { return EqualValues(item, element); }));
}

Value Tracer::MemberPerPosition(const Expression& where, SOpValue sop, const Value& container) {
  const List* list = AsList(container);
  const auto is_atom = [](const Value& value) { return AsAtom(value) != nullptr; };
  if (list == nullptr || !std::all_of(list->items.begin(), list->items.end(), is_atom)) {
    Fail(ErrorKind::kType, where.location,
         fmt::format("'in' requires a list of atoms after it here, but this is {}",
                     list ? "a list with other elements" : DescribeValue(container)));
  }
  Charge(CopyWork(*list), where.location);
  CheckMember(where.location, sop, *list);
  MapTable table;
  for (const Value& element : list->items) table.items.push_back(*AsAtom(element));
  return SOpValue{AddMap(MapOp::kMember, {sop.id}, where.location,
                         std::make_shared<const MapTable>(std::move(table)))};
}

// Whether any position has the atom: the mean of the indicator is positive.
Value Tracer::Occurs(const Expression& where, const Atom& atom, SOpValue sop) {
  const SourceLocation& at = where.location;
  const NodeId equal = AddMap(MapOp::kEqual, {sop.id, AddConstant(atom, at)}, at);
  const NodeId mark = AddMap(MapOp::kIndicator, {equal}, at);
  const NodeId share = Add(AggregateNode{AddFullSelector(at), mark, std::nullopt}, at);
  return SOpValue{AddMap(MapOp::kGreater, {share, AddConstant(std::int64_t{0}, at)}, at)};
}

Value Tracer::EvaluateKind(const Expression& where, const TernaryExpression& ternary) {
  const Value condition = Evaluate(*ternary.condition);
  if (AsSelector(condition)) {
    Fail(ErrorKind::kType, where.location,
         "the condition is a selector; it must be an s-op or an atom");
  }
  const SOpValue* sop = AsSOp(condition);
  if (sop == nullptr) {
    return Evaluate(IsTrueValue(condition) ? *ternary.then_value : *ternary.else_value);
  }
  // Per position, so both sides are needed.
  const Value then_value = Evaluate(*ternary.then_value);
  const Value else_value = Evaluate(*ternary.else_value);
  const NodeId then_id = ToSOp(then_value, ternary.then_value->location,
                               "the value before 'if', whose condition is an s-op,");
  const NodeId else_id = ToSOp(else_value, ternary.else_value->location,
                               "the value after 'else', whose condition is an s-op,");
  return SOpValue{AddMap(MapOp::kChoose, {sop->id, then_id, else_id}, where.location)};
}

Value Tracer::EvaluateKind(const Expression& where, const SelectExpression& select) {
  const Value keys = Evaluate(*select.keys);
  const Value queries = Evaluate(*select.queries);
  const NodeId keys_id = ToSOp(keys, select.keys->location, "the key of select");
  const NodeId queries_id = ToSOp(queries, select.queries->location, "the query of select");
  if (select.op == Comparison::kEqual || select.op == Comparison::kNotEqual) {
    CheckComparable(where.location, select.op == Comparison::kEqual, "select", keys, queries);
  }
  return SelectorValue{Add(SelectNode{select.op, keys_id, queries_id}, where.location)};
}

Value Tracer::EvaluateKind(const Expression& where, const AggregateExpression& aggregate) {
  const Value selector = Evaluate(*aggregate.selector);
  const Value values = Evaluate(*aggregate.values);
  std::optional<Atom> default_value;
  if (aggregate.default_value != nullptr) {
    const Value given = Evaluate(*aggregate.default_value);
    if (AsAtom(given) == nullptr) {
      Fail(
          ErrorKind::kType, aggregate.default_value->location,
          fmt::format("the default of aggregate must be an atom, but is {}", DescribeValue(given)));
    }
    default_value = *AsAtom(given);
  }
  const SelectorValue* rows = AsSelector(selector);
  if (rows == nullptr) {
    Fail(ErrorKind::kType, aggregate.selector->location,
         fmt::format("aggregate takes a selector first, but this is {}", DescribeValue(selector)));
  }
  const NodeId values_id =
      ToSOp(values, aggregate.values->location, "what aggregate takes the mean of");
  return SOpValue{Add(AggregateNode{rows->id, values_id, default_value}, where.location)};
}

}  // namespace raspc
