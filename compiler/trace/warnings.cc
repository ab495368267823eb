// Warnings: code that is allowed but most likely unintended.
//
// Values of different types are unequal, so that a comparison of strings with numbers is false at
// every position. The possible types of an s-op are derived conservatively from the graph: a
// warning is given only where no input can make the comparison true.
#include <algorithm>

#include "compiler/trace/tracer.h"

namespace raspc {
namespace {

constexpr unsigned kString = 1, kNumber = 2, kEither = kString | kNumber;

unsigned TypeBit(const Atom& atom) {
  return std::holds_alternative<std::string>(atom) ? kString : kNumber;
}

// For the sum of two values: strings give strings, and nothing else mixes.
unsigned TypesOfSum(unsigned left, unsigned right) {
  const unsigned types = left & right;
  return types == 0 ? kEither : types;
}

}  // namespace

unsigned Tracer::TypesOfMap(const MapNode& map) const {
  const auto types = [&](std::size_t i) {
    return types_[static_cast<std::size_t>(map.operands[i].value)];
  };
  unsigned listed = 0;
  switch (map.op) {
    case MapOp::kAdd:
      return TypesOfSum(types(0), types(1));
    case MapOp::kMultiply:  // 3 * "a"
      return ((types(0) | types(1)) & kString) != 0 ? kEither : kNumber;
    case MapOp::kChoose:
      return types(1) | types(2);
    case MapOp::kLookUp:
      for (const Atom& item : map.table->items) listed |= TypeBit(item);
      return listed == 0 ? kEither : listed;
    case MapOp::kLookUpKey:
      for (const auto& entry : map.table->entries) listed |= TypeBit(entry.second);
      return listed == 0 ? kEither : listed;
    default:
      return kNumber;
  }
}

// Operands come first, so the types of all nodes up to one are found in their order.
unsigned Tracer::TypesOf(NodeId id) {
  for (NodeId next{static_cast<std::int32_t>(types_.size())}; next <= id; ++next.value) {
    const NodeKind& kind = graph_[next].kind;
    unsigned types = kNumber;  // of indices, widths and sums
    if (const auto* tokens = std::get_if<TokensNode>(&kind)) {
      types = tokens->view == TokenView::kString ? kString
              : tokens->view == TokenView::kAsIs ? kEither
                                                 : kNumber;
    } else if (const auto* constant = std::get_if<ConstantNode>(&kind)) {
      types = TypeBit(constant->value);
    } else if (const auto* map = std::get_if<MapNode>(&kind)) {
      types = TypesOfMap(*map);
    } else if (const auto* aggregate = std::get_if<AggregateNode>(&kind)) {
      types = types_[static_cast<std::size_t>(aggregate->values.value)] |
              TypeBit(DefaultOf(*aggregate));
    }
    types_.push_back(types);
  }
  return types_[static_cast<std::size_t>(id.value)];
}

// Collections and functions have none, and so none in common with an s-op.
unsigned Tracer::TypesOf(const Value& value) {
  if (const SOpValue* sop = AsSOp(value)) return TypesOf(sop->id);
  const Atom* atom = AsAtom(value);
  return atom == nullptr ? 0 : TypeBit(*atom);
}

std::string Tracer::WithTypes(const Value& value) {
  const SOpValue* sop = AsSOp(value);
  if (sop == nullptr) return DescribeValue(value);
  return fmt::format("{} ({})", NameInMessage(graph_, sop->id),
                     TypesOf(sop->id) == kString   ? "strings"
                     : TypesOf(sop->id) == kNumber ? "numbers"
                                                   : "an s-op");
}

void Tracer::CheckComparable(const SourceLocation& location, bool is_equal, std::string_view what,
                             const Value& left, const Value& right) {
  if ((TypesOf(left) & TypesOf(right)) != 0) return;
  const bool selects = what == "select";
  const auto is_tokens = [&](const Value& value) {
    const SOpValue* sop = AsSOp(value);
    return sop != nullptr && std::holds_alternative<TokensNode>(graph_[sop->id].kind);
  };
  const bool may_mean_ints = (is_tokens(left) && TypesOf(right) == kNumber) ||
                             (is_tokens(right) && TypesOf(left) == kNumber);
  Warn(location,
       fmt::format("{} {}: values of different types are unequal, and here are {} and {}{}",
                   selects ? "this selects" : fmt::format("'{}' is", what),
                   selects    ? is_equal ? "nothing" : "everything"
                   : is_equal ? "false everywhere"
                              : "true everywhere",
                   WithTypes(left), WithTypes(right),
                   may_mean_ints ? "; tokens_int has the tokens as ints" : ""));
}

void Tracer::CheckMember(const SourceLocation& location, SOpValue sop, const List& list) {
  unsigned types = 0;
  for (const Value& item : list.items) types |= TypesOf(item);
  if (types == 0 || (types & TypesOf(sop.id)) != 0) return;
  Warn(location,
       fmt::format(
           "'in' is false everywhere: values of different types are unequal, and here are {} "
           "and a list of {}",
           WithTypes(sop), types == kString ? "strings" : "numbers"));
}

void Tracer::CheckCondition(const SourceLocation& location, bool is_and, const Value& side) {
  const Atom* atom = AsAtom(side);
  if (atom == nullptr || std::holds_alternative<bool>(*atom)) return;
  const bool is_true = IsTrueValue(side);
  Warn(location, fmt::format("one side of this '{}' is {}, which always counts as {}{}; a "
                             "comparison has two sides, as in x == 1 or x == 2",
                             is_and ? "and" : "or", ShortText(*atom), is_true ? "true" : "false",
                             is_true == is_and ? "" : ", and so does the whole"));
}

void Tracer::Warn(const SourceLocation& location, std::string message) {
  Diagnostic warning;
  warning.severity = Severity::kWarning;
  warning.kind = ErrorKind::kType;
  warning.location = UserLocation(location);
  warning.message = std::move(message);
  if (warning.location.source != location.source) {
    warning.Note(location, "inside the standard library");
  }
  const auto is_same = [&](const Diagnostic& known) {
    return known.location.source == warning.location.source &&
           known.location.line == warning.location.line &&
           known.location.column == warning.location.column;
  };
  // One warning per place, however often a loop or a call gets there.
  if (std::any_of(warnings_.begin(), warnings_.end(), is_same) ||
      std::any_of(diag_.all().begin(), diag_.all().end(), is_same)) {
    return;
  }
  warnings_.push_back(std::move(warning));
}

}  // namespace raspc
